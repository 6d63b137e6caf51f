"""Generated lives: nobody's question is ever stuck, whatever people do and leave undone."""

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tests.city import City
from tests.conftest import Servers
from tests.consultation.lives import Lives
from tests.house.one_city import one_city

pytestmark = pytest.mark.anyio

BATCH = 20
"""As many questions as a lawyer may be offered within the hour."""
SPANS = (
    timedelta(seconds=20),
    timedelta(seconds=70),
    timedelta(minutes=4),
    timedelta(minutes=7),
    timedelta(minutes=40),
    timedelta(hours=7),
    timedelta(days=3, minutes=1),
    timedelta(days=3, minutes=1),
    timedelta(days=12),
    timedelta(days=31),
)


@pytest.fixture(scope="module")
async def city(servers: Servers, template: str, keys_folder: Path) -> AsyncIterator[City]:
    async with one_city(servers, template, keys_folder) as city:
        yield city


async def play(city: City, count: int, seed: int) -> Lives:
    random = Random(seed)
    lawyers = [await city.lawyer(pool=pool) for pool in ("LOCAL", "LOCAL", "LOCAL", "LOCAL", "PROVINCE", "NATION")]
    played = Lives(city, random, lawyers)
    for _ in range(0, count, BATCH):
        batch = Lives(city, random, lawyers)
        await batch.begin(BATCH)
        for span in SPANS:
            await batch.pass_time(span * random.uniform(1, 1.2))
            await batch.step(random.choice([0.2, 0.5, 0.8]))
        await batch.pass_time(timedelta(0))
        await batch.give_up()
        played.done += batch.done
        played.lives += batch.lives
    return played


async def test_a_hundred_lives(city: City) -> None:
    began = time.monotonic()
    played = await play(city, 100, seed=2026)
    print(len(played.lives), time.monotonic() - began, played.done)
