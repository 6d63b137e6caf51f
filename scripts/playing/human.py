"""How long people take, in seconds of the city's policy."""

import asyncio
import math
import time
from random import Random


class Watch:
    """Tells policy seconds from now on; how long the house takes to answer is not added to how long people take."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._began = time.monotonic()

    async def wait_until(self, seconds: float) -> None:
        await asyncio.sleep(self._began + seconds / self._speed - time.monotonic())


def about(chance: Random, median: float, spread: float) -> float:
    """A time of human work: log-normal around its median, `spread` of the logarithm."""
    return chance.lognormvariate(math.log(median), spread)
