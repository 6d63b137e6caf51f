"""Wake-ups over Redis: a topic's number, nothing else, and lossy by design. What was missed is found by looking."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from random import uniform
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

CHANNEL = "wake"
LOOK_WHILE_DEAF = 2.0
LOOK_ANYWAY = 10.0
SENDING = 100
LOOKS_AT_ONCE = 8
"""A wave wakes a hundred streams: they queue for a look, and requests find other connections of the pool free."""
_SOON = (0.05, 0.2, 1.0)
log = structlog.get_logger("wake")


class Bell:
    """Rings when a topic has news. One bit: a slow client holds no queue."""

    def __init__(self, wake: "Wake") -> None:
        self._wake = wake
        self._rung = asyncio.Event()
        self._soon = 0

    def ring(self) -> None:
        self._rung.set()

    async def rung(self) -> None:
        """Until rung, however long that is."""
        await self._rung.wait()
        self._rung.clear()

    async def wait(self, *, pending: bool) -> None:
        """Until rung, or long enough to look anyway. `pending`: news is committed but not yet in order; look soon."""
        if pending:
            patience = _SOON[min(self._soon, len(_SOON) - 1)]
            self._soon += 1
        else:
            # Streams that began together shall not look together for ever.
            patience = (LOOK_ANYWAY if self._wake.hears else LOOK_WHILE_DEAF) * uniform(0.8, 1)
            self._soon = 0
        look_anyway = asyncio.get_running_loop().call_later(patience, self.ring)
        try:
            await self.rung()
        finally:
            look_anyway.cancel()


class Wake:
    """One publisher and one listener a process."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._bells: dict[UUID, set[Bell]] = defaultdict(set)
        self._sending: set[asyncio.Task[None]] = set()
        self.hears = False
        self.looks = asyncio.Semaphore(LOOKS_AT_ONCE)

    async def ring(self, topics: Iterable[UUID]) -> None:
        """Tell every process. Never waits for Redis and never fails: the feed has the news already."""
        said = " ".join(topic.hex for topic in topics)
        self._heard(said)
        if len(self._sending) >= SENDING:
            return  # Redis is slower than we are; whoever is not woken looks by itself
        task = asyncio.create_task(self._publish(said))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _publish(self, said: str) -> None:
        with suppress(RedisError, OSError, TimeoutError):
            await self.redis.publish(CHANNEL, said)

    def _heard(self, said: str) -> None:
        for topic in said.split():
            for bell in self._bells.get(UUID(topic), ()):
                bell.ring()

    async def close(self) -> None:
        """Let what is on its way leave before the connection goes."""
        await asyncio.gather(*self._sending, return_exceptions=True)

    @contextmanager
    def bell(self, *topics: UUID) -> Iterator[Bell]:
        """Ring it before the first look, so that nothing falls between the look and the waiting."""
        bell = Bell(self)
        for topic in topics:
            self._bells[topic].add(bell)
        try:
            yield bell
        finally:
            for topic in topics:
                self._bells[topic].discard(bell)
                if not self._bells[topic]:
                    del self._bells[topic]

    async def listen(self) -> None:
        """Runs as long as the process; a lost connection is tried again each second."""
        while True:
            with suppress(RedisError, OSError, TimeoutError):
                async with self.redis.pubsub() as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    self.hears = True
                    self._ring_all()
                    await self._hear(pubsub)
            if self.hears:
                log.warning("redis_lost")
            self.hears = False
            await asyncio.sleep(1)

    async def _hear(self, pubsub: object) -> None:
        while True:
            message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=5)  # type: ignore[attr-defined]
            if message:
                self._heard(message["data"].decode())
            else:
                # Silence may be a frozen server: a ping that is not answered raises within the socket's time-out.
                await self.redis.ping()

    def _ring_all(self) -> None:
        for bells in self._bells.values():
            for bell in bells:
                bell.ring()
