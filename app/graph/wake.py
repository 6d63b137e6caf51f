"""Wake-ups over Redis: a topic's number, nothing else, and lossy by design. What was missed is found by looking."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from math import inf
from random import uniform
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

CHANNEL = "wake"
LOOK_WHILE_DEAF = 2.0
LOOK_ANYWAY = 10.0
A_ROUND = 0.1
"""Of those seconds: streams that look many at once look anyway at whole multiples of it, or each would look alone."""
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
        self._alarm: asyncio.TimerHandle | None = None
        self._due, self._set_for = inf, inf
        """When it is time to look anyway, and when the alarm goes off: they are times of the loop."""
        self.hears: Callable[[], None] | None = None
        """What is called by whoever rings, for those who wait for many bells."""

    def ring(self) -> None:
        self._rung.set()
        if self.hears is not None:
            self.hears()

    @property
    def is_rung(self) -> bool:
        return self._rung.is_set()

    def answered(self) -> None:
        """Somebody looks now: what rings from here on is news again."""
        self._rung.clear()
        self._due = inf

    async def rung(self) -> None:
        """Until rung, however long that is."""
        await self._rung.wait()
        self.answered()

    async def wait(self, *, pending: bool) -> None:
        """Until rung, or long enough to look anyway."""
        self.look_anyway(pending=pending)
        await self.rung()

    def look_anyway(self, *, pending: bool) -> None:
        """It rings before long. `pending`: news is committed but not yet in order; look soon."""
        now = asyncio.get_running_loop().time()
        if pending:
            self._due = now + _SOON[min(self._soon, len(_SOON) - 1)]
            self._soon += 1
        else:
            # Streams that began together shall not look together for ever.
            longest = LOOK_ANYWAY if self._wake.hears else LOOK_WHILE_DEAF
            self._due = now + longest * uniform(0.8, 1)
            if self.hears is not None:
                self._due -= self._due % (longest * A_ROUND)
            self._soon = 0
        self._set_alarm()

    def _set_alarm(self) -> None:
        """One that is set for an earlier time is only moved when it goes off: most streams are rung for before."""
        if self._alarm is None or self._set_for > self._due:
            self.off()
            self._set_for = self._due
            self._alarm = asyncio.get_running_loop().call_at(self._due, self._goes_off)

    def _goes_off(self) -> None:
        self._alarm = None
        if self._set_for == self._due:
            self.ring()
        elif self._due != inf:
            self._set_alarm()

    def off(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None


class Wake:
    """One publisher and one listener a process."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._bells: dict[str, set[Bell]] = defaultdict(set)
        """By topic, as it is sent."""
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
            for bell in self._bells.get(topic, ()):
                bell.ring()

    async def close(self) -> None:
        """Let what is on its way leave before the connection goes."""
        await asyncio.gather(*self._sending, return_exceptions=True)

    @contextmanager
    def bell(self, *topics: UUID) -> Iterator[Bell]:
        """Ring it before the first look, so that nothing falls between the look and the waiting."""
        bell, named = Bell(self), [topic.hex for topic in topics]
        for topic in named:
            self._bells[topic].add(bell)
        try:
            yield bell
        finally:
            bell.off()
            for topic in named:
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
