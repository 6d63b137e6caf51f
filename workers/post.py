"""The post: what is due in the ledger of deliveries goes to its provider. Any number may run side by side.

A delivery is taken in one transaction, handed over outside any, and marked in another. Unlike reactions, deliveries
are not handed to arq one by one: a job takes the most urgent that there is, again and again for a second or two. So
an offer to a lawyer waits for no queue, whatever a campaign has put into the ledger, and one of the jobs takes
nothing else.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, Protocol

import structlog
from redis.exceptions import RedisError

from app.activities.reactions import STANDS as ACTIVITIES_STAND
from app.applications.reactions import STANDS as APPLICATIONS_STAND
from app.appointments.reactions import STANDS as APPOINTMENTS_STAND
from app.consultation.reactions import STANDS as CONSULTATION_STANDS
from app.core.db import NOBODY, Database, now
from app.core.sealing import KeyProvider
from app.dates.reactions import STANDS as DATES_STAND
from app.notices.actions import posting
from app.notices.actions.posting import Letter, Seen
from app.notices.models import DeliveryState, Lane
from app.notices.reads import deliveries
from app.notices.rules.verdicts import LEASE, PATIENCE
from app.outside.post import Fate, NotSent, Post, Verdict
from app.places.rules.workdays import CITY_TIME
from workers.metrics import note_delivery

NAP: Final = 0.2
"""Seconds between two looks of a relay."""
LATE: Final = 2.0
"""Where no worker has taken anything for so many seconds though something is due, the relay sees to it itself."""
A_JOB: Final = 1.5
"""Seconds after which a job takes nothing new: with the patience for a provider it ends before arq would end it."""
EVERY_LANE: Final = tuple(Lane)
AT_ONCE: Final = 4
"""Messages that one job has under way: it waits for providers most of its time."""
JOBS: Final[Mapping[str, Sequence[Lane]]] = {"express": (Lane.EXPRESS,)} | {
    f"any-{number}": EVERY_LANE for number in range(4)
}
"""By arq's names for them. They leave most of a worker's places to reactions."""
STAND: Final = CONSULTATION_STANDS | APPLICATIONS_STAND | APPOINTMENTS_STAND | ACTIVITIES_STAND | DATES_STAND

log = structlog.get_logger("post")


class Postman:
    """Whoever carries: a worker, or a relay while there is none."""

    def __init__(self, db: Database, post: Post, keys: KeyProvider) -> None:
        self._db, self._post, self._keys = db, post, keys

    async def carry(self, lanes: Sequence[Lane] = EVERY_LANE, seconds: float = A_JOB) -> int:
        """See to what is due in these lanes, the most urgent first, a few at once; how many it were."""
        until = time.monotonic() + seconds
        return sum(await asyncio.gather(*(self._carry_until(until, lanes) for _ in range(AT_ONCE))))

    async def _carry_until(self, until: float, lanes: Sequence[Lane]) -> int:
        seen = 0
        while time.monotonic() < until and await self.carry_one(lanes):
            seen += 1
        return seen

    async def carry_one(self, lanes: Sequence[Lane] = EVERY_LANE) -> bool:
        """False where nothing is due."""
        async with self._db.acting(NOBODY) as session:
            found = await posting.take(session, self._keys, lanes, STAND, now(session))
        if found is None:
            return False
        if isinstance(found, Seen):
            note_delivery(found.channel, found.state)
            return True
        await (self._ask(found) if found.asks else self._send(found))
        return True

    async def _send(self, letter: Letter) -> None:
        began = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                id = await self._post.send(letter.channel, letter.address, letter.message, letter.id)
        except Exception as error:
            await self._failed(letter, *_verdict(error))
            return
        took = time.monotonic() - began
        async with self._db.acting(NOBODY) as session:
            await posting.sent(session, letter, id, now(session))
        note_delivery(letter.channel, DeliveryState.SENT, letter.lane, letter.late, took)

    async def _ask(self, letter: Letter) -> None:
        # What left a moment before midnight may have come to the provider's books on the next day.
        days = sorted({at.astimezone(CITY_TIME).date() for at in (letter.pushed_at, letter.pushed_at + LEASE)})
        fate = Fate.NOT_KNOWN
        try:
            async with asyncio.timeout(PATIENCE):
                for day in days:
                    if fate is Fate.NOT_KNOWN:
                        fate = await self._post.ask(letter.channel, letter.address, letter.id, day)
        except Exception as error:
            await self._failed(letter, *_verdict(error))
            return
        async with self._db.acting(NOBODY) as session:
            sequel = await posting.learned(session, letter, fate, now(session))
        if sequel:
            note_delivery(letter.channel, sequel.state)

    async def _failed(self, letter: Letter, verdict: Verdict, code: str | None) -> None:
        async with self._db.acting(NOBODY) as session:
            sequel = await posting.failed(session, letter, verdict, code, now(session))
        if sequel is None:
            return
        note_delivery(letter.channel, sequel.state)
        how = {"channel": letter.channel.value, "template": letter.message.template, "code": code}
        if sequel.alarm:
            log.error("channel_misconfigured", **how)
        elif sequel.state is not DeliveryState.SENT:
            log.warning("not_delivered", **how, verdict=verdict.value, state=sequel.state.value)


def _verdict(error: Exception) -> tuple[Verdict, str | None]:
    """Whatever went wrong that no client foresaw: the message may have left."""
    if isinstance(error, NotSent):
        return error.verdict, error.code
    return Verdict.UNKNOWN, type(error).__name__


class Queue(Protocol):
    async def enqueue_job(self, function: str, *args: Any, _job_id: str | None = None, _expires: Any = None) -> Any: ...


class Watch:
    """A relay's look at the ledger: it wakes the workers, and does it itself where they do not come."""

    def __init__(self, db: Database, queue: Queue, postman: Postman) -> None:
        self._db, self._queue, self._postman = db, queue, postman

    async def look(self) -> bool:
        """Whether anything is due."""
        async with self._db.acting(NOBODY) as session:
            lanes, idle = await deliveries.due(session)
        if not lanes:
            return False
        jobs = {name: of for name, of in JOBS.items() if not set(of).isdisjoint(lanes)}
        if not await self._wake(jobs) or idle > LATE:
            await asyncio.gather(*(self._carry(of) for of in jobs.values()))
        return True

    async def _carry(self, lanes: Sequence[Lane]) -> None:
        with suppress(Exception):  # a lost connection: its lease runs out, or it is taken by the next look
            await self._postman.carry(lanes)

    async def _wake(self, jobs: Mapping[str, Sequence[Lane]]) -> bool:
        """arq knows each job by its name and takes it once. Its arguments are lanes: no id, no address."""
        try:
            for name, lanes in jobs.items():
                of = [int(lane) for lane in lanes]
                await self._queue.enqueue_job("deliver", of, _job_id=f"deliver:{name}", _expires=5)
        except (RedisError, OSError, TimeoutError):
            return False
        return True

    async def run(self, stopped: asyncio.Event) -> None:
        while not stopped.is_set():
            try:
                await self.look()
            except Exception as error:  # a database that restarts: look again
                log.warning("look_failed", error=type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(NAP):
                    await stopped.wait()
