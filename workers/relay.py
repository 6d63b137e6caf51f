"""From the outbox to arq, and done on the spot where arq did not or Redis is away; beside it a look at the post. Any
number may run side by side."""

import asyncio
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

from app.light import light

with light():
    import structlog
    from redis.exceptions import RedisError

    from app.core.db import NOBODY, Database
    from app.core.logs import set_up_logs
    from app.core.outbox import claim_due, next_due, settle
    from app.vault.actions.rounds import await_night
    from workers import reactions
    from workers.post import Postman, Watch
    from workers.tools import Tools, open_tools

NAP = 0.1
"""Seconds at most between two looks: an empty look reads two pages of the index."""
REDIS_AWAY = 1.0
"""Seconds for which Redis is not asked again once it did not answer."""
AT_ONCE = 8

log = structlog.get_logger("relay")


class Queue(Protocol):
    async def enqueue_job(self, function: str, *args: Any, _job_id: str | None = None, _expires: Any = None) -> Any: ...


class Relay:
    def __init__(self, db: Database, queue: Queue) -> None:
        self.db, self._queue = db, queue
        self._away_until = 0.0
        self.soonest = 0.0
        """Seconds until something is due, as the last look that found nothing saw it."""

    async def sweep(self) -> int:
        """Hand over what is due. O(due): what is not yet due is not looked at."""
        async with self.db.acting(NOBODY) as session:
            due = await claim_due(session)
            for event in due:
                if not reactions.names(event.kind):
                    await settle(session, event.id)
            if not due:
                self.soonest = await next_due(session)
        await self._hand_over([(e, name) for e in due for name in reactions.names(e.kind) if name not in e.reacted])
        return len(due)

    async def _hand_over(self, jobs: Sequence[tuple[Any, str]]) -> None:
        own = [job for job in jobs if not await self._queued(*job)]
        room = asyncio.Semaphore(AT_ONCE)

        async def do(event: Any, name: str) -> None:
            async with room:
                await self.do(event, name)

        # All of them come to their end: what still ran would hold its event's row, and the next look pass it over.
        for failed in await asyncio.gather(*(do(*job) for job in own), return_exceptions=True):
            if failed is not None:
                raise failed

    async def do(self, event: Any, name: str) -> None:
        """arq's work, done here. What fails is logged there, and its lease hands it over again."""
        with suppress(Exception):
            await reactions.run(self.db, event.id, event.kind, event.ids, name)

    async def _queued(self, event: Any, name: str) -> bool:
        """Whether arq has it now. What arq was given before and did not acknowledge is not given to it again:
        its worker may have died, or not be back yet, and a second lease would be one too many."""
        if event.handed > 1 or time.monotonic() < self._away_until:
            return False
        try:
            job = f"{event.id}:{name}"
            await self._queue.enqueue_job("react", str(event.id), event.kind, event.ids, name, _job_id=job, _expires=60)
        except (RedisError, OSError, TimeoutError):
            log.warning("redis_away")
            self._away_until = time.monotonic() + REDIS_AWAY
            return False
        return True

    async def run(self, stopped: asyncio.Event) -> None:
        awaited = False
        while not stopped.is_set():
            try:
                if not awaited:
                    async with self.db.acting(NOBODY) as session:
                        await await_night(session)
                    awaited = True
                if await self.sweep():
                    continue
                wait = min(NAP, self.soonest)
            except Exception as error:  # a lost connection, a database that restarts: look again
                log.warning("sweep_failed", error=type(error).__name__)
                wait = NAP
            with suppress(TimeoutError):
                async with asyncio.timeout(wait or 0.001):
                    await stopped.wait()


async def main() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    set_up_logs()
    tools: Tools = await open_tools()
    try:
        watch = Watch(tools.db, tools.queue, Postman(tools.db, tools.post, tools.keys))
        await asyncio.gather(Relay(tools.db, tools.queue).run(stopped), watch.run(stopped))
    finally:
        await tools.close()


if __name__ == "__main__":
    asyncio.run(main())
