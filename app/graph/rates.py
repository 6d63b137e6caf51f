"""How often one may ask: a signed-in person by who she is, everyone else by where they ask from.

Counted in Redis for all processes together; in this process alone while Redis is away. A person is not held to her
address's share: a whole town may come from one address of its mobile carrier.
"""

import asyncio
import time
from dataclasses import dataclass
from weakref import WeakValueDictionary

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.core.errors import code

PATIENCE = 0.2
"""Seconds for Redis to answer: nobody waits longer in order to be counted."""
AWAY = 1.0
"""Seconds for which Redis is not asked again once it did not answer."""
AHEAD = 10
"""Operations of one who is far from her share that are let go on before they are counted."""
LETS_ON = 1.0
"""Seconds for which they are."""
REMEMBERED = 10_000
"""People and addresses of whom it is known that they are far from their share."""

RATE_LIMITED = code(
    "RATE_LIMITED",
    zh="操作过于频繁，请在 {seconds} 秒后再试。",
    en="Too many requests: please try again in {seconds} seconds.",
    remedy="Wait for `retryAfter` seconds (also the header Retry-After), and longer each time it happens again.",
    status=429,
)
log = structlog.get_logger("rates")


@dataclass(frozen=True)
class Rates:
    """Operations a minute; 0 is no limit."""

    person: int = 600
    address: int = 1200


@dataclass(slots=True)
class _Ahead:
    """Operations of somebody that were let go on before they are counted."""

    until: float
    """Monotonic seconds."""
    left: int
    owed: int = 0


class _Counted(RedisStorage):
    """On the client that the house has: it would import each that it knows and finds (0.04 s)."""

    DEPENDENCIES = {"redis": RedisStorage.DEPENDENCIES["redis"]}  # noqa: RUF012 (as the library has it)


class Limiter:
    """Redis is asked once for a page that is opened, not for each of its operations: whoever has used less than half of
    her share is let go on for a second's share of it, at most AHEAD, which is counted with her next operation after
    that. So much may each process let her have beyond her share.
    """

    def __init__(self, rates: Rates, redis: Redis) -> None:
        self._person = RateLimitItemPerMinute(rates.person) if rates.person else None
        self._address = RateLimitItemPerMinute(rates.address) if rates.address else None
        self._everywhere = _Counted(
            "async+redis://",
            implementation="redispy",
            key_prefix="rate",
            connection_pool=redis.connection_pool,  # type: ignore[arg-type]
        )
        self._here = MemoryStorage()
        self._away_until = 0.0
        self._ahead: dict[str, _Ahead] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def wait(self, person: str | None, address: str) -> int:
        """Counts one operation; 0 where it may go on, else the whole seconds to wait. `address` is a digest."""
        item, who = (self._person, person) if person else (self._address, address)
        if item is None or not who:
            return 0
        if self._lets_on(who):
            return 0
        # A page that is opened asks for much at once: one of its operations is counted, and what that lets on serves
        # the others.
        async with self._turns.setdefault(who, asyncio.Lock()):
            return 0 if self._lets_on(who) else await self._counted(item, who)

    def _lets_on(self, who: str) -> bool:
        ahead = self._ahead.get(who)
        if ahead is None or not ahead.left or time.monotonic() >= ahead.until:
            return False
        ahead.left -= 1
        ahead.owed += 1
        return True

    async def _counted(self, item: RateLimitItem, who: str) -> int:
        now = time.monotonic()
        if now >= self._away_until:
            try:
                async with asyncio.timeout(PATIENCE):
                    return await self._count(self._everywhere, item, who, now)
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("redis_away", error=type(error).__name__)
                self._away_until = time.monotonic() + AWAY
        return await self._count(self._here, item, who, now)

    async def _count(self, storage: RedisStorage | MemoryStorage, item: RateLimitItem, who: str, now: float) -> int:
        if not (ahead := min(item.amount // item.get_expiry(), AHEAD)):
            return await _hit(storage, item, who)
        before = self._ahead.pop(who, None)
        owed = before.owed if before and now - before.until < item.get_expiry() else 0
        half = item.amount // 2
        if await storage.acquire_sliding_window_entry(item.key_for(who), half, item.get_expiry(), 1 + owed):
            if len(self._ahead) >= REMEMBERED:
                self._ahead.clear()
            self._ahead.setdefault(who, _Ahead(now + LETS_ON, ahead))
            return 0
        waits = await _hit(storage, item, who, 1 + owed)
        if waits and before:
            before.left = 0
            self._ahead[who] = before
        return waits


async def _hit(storage: RedisStorage | MemoryStorage, item: RateLimitItem, who: str, cost: int = 1) -> int:
    limiter = SlidingWindowCounterRateLimiter(storage)
    if await limiter.hit(item, who, cost=cost):
        return 0
    stats = await limiter.get_window_stats(item, who)
    return max(1, min(60, round(stats.reset_time - time.time()) + 1))
