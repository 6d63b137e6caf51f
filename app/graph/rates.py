"""How often one may ask: a signed-in person by who she is, everyone else by where they ask from.

Counted in Redis for all processes together; in this process alone while Redis is away. A person is not held to her
address's share: a whole town may come from one address of its mobile carrier.
"""

import asyncio
import time
from dataclasses import dataclass

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


class Limiter:
    def __init__(self, rates: Rates, redis: Redis) -> None:
        self._person = RateLimitItemPerMinute(rates.person) if rates.person else None
        self._address = RateLimitItemPerMinute(rates.address) if rates.address else None
        shared = RedisStorage(
            "async+redis://",
            implementation="redispy",
            key_prefix="rate",
            connection_pool=redis.connection_pool,  # type: ignore[arg-type]
        )
        self._everywhere = SlidingWindowCounterRateLimiter(shared)
        self._here = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._away_until = 0.0

    async def wait(self, person: str | None, address: str) -> int:
        """Counts one operation; 0 where it may go on, else the whole seconds to wait. `address` is a digest."""
        item, who = (self._person, person) if person else (self._address, address)
        if item is None or not who:
            return 0
        if time.monotonic() >= self._away_until:
            try:
                async with asyncio.timeout(PATIENCE):
                    return await _count(self._everywhere, item, who)
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("redis_away", error=type(error).__name__)
                self._away_until = time.monotonic() + AWAY
        return await _count(self._here, item, who)


async def _count(limiter: SlidingWindowCounterRateLimiter, item: RateLimitItem, who: str) -> int:
    if await limiter.hit(item, who):
        return 0
    stats = await limiter.get_window_stats(item, who)
    return max(1, min(60, round(stats.reset_time - time.time()) + 1))
