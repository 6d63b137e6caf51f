"""Generated lives: nobody's question is ever stuck, whatever people do and leave undone."""

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from app.core.access import Viewer
from scripts.database import Urls
from tests.city import City
from tests.conftest import Servers
from tests.consultation.lives import Lives
from tests.consultation.truths import true
from tests.house.one_city import one_city

pytestmark = pytest.mark.anyio

BATCH = 20
"""As many questions as a lawyer may be offered within the hour."""
LAWYERS = ("LOCAL", "LOCAL", "LOCAL", "LOCAL", "PROVINCE", "NATION")
SPANS = (
    timedelta(seconds=20),
    timedelta(seconds=90),
    timedelta(minutes=6),
    timedelta(minutes=40),
    timedelta(hours=9),
    timedelta(days=3),
    timedelta(days=3),
    timedelta(days=31),
)


@pytest.fixture(scope="module")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The loop that the house runs on: a fifth faster."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="module")
async def city(servers: Servers, template: Urls, keys_folder: Path) -> AsyncIterator[City]:
    async with one_city(servers, template, keys_folder) as city:
        yield city


@pytest.fixture(scope="module")
async def lawyers(city: City) -> list[Viewer]:
    return [await city.lawyer(pool=pool) for pool in LAWYERS]


async def play(city: City, lawyers: list[Viewer], count: int, seed: int) -> Lives:
    """So many lives, a batch at a time, each from its first word to its end."""
    random = Random(seed)
    played = Lives(city, random, lawyers)
    while len(played.lives) < count:
        batch = Lives(city, random, lawyers)
        await batch.begin(BATCH)
        for span in SPANS:
            await city.pass_time(span * random.uniform(1, 1.2))
            await true(batch)
            await batch.step(random.choice([0.3, 0.6, 1.0]))
            await batch.see_to_tasks()
        await city.settle()
        await true(batch)
        await batch.give_up()
        await city.settle()
        await true(batch)
        played.done += batch.done
        played.lives += batch.lives
    return played


@pytest.mark.short
async def test_some_lives(city: City, lawyers: list[Viewer]) -> None:
    lived(await play(city, lawyers, 40, seed=2026), COMMON)


@pytest.mark.full
async def test_many_lives(city: City, lawyers: list[Viewer]) -> None:
    """Five hundred; `LIVES` and `SEED` play as many others as anybody has patience for."""
    lives, seed = int(os.environ.get("LIVES", "500")), int(os.environ.get("SEED", "12348"))
    played = await play(city, lawyers, lives, seed)
    lived(played, COMMON | RARE)
    print(dict(sorted(played.done.items())))


COMMON = {"ASK OPEN", "CLAIM", "ANSWER", "FOLLOW_UP", "RESOLVE", "WITHDRAW"}
RARE = {"ASK NEEDS_EDIT", "ASK BLOCKED", "REVISE", "DECLINE", "RELEASE", "INQUIRE", "INFORM", "REPLY", "STOP"}
RARE |= {"FALL_SILENT", "AGE"}


def lived(played: Lives, must: set[str]) -> None:
    """What can happen did, or these lives prove little; and each has come to its end."""
    assert must <= {*played.done}
    assert {life.status for life in played.lives} <= {"RESOLVED", "CLOSED", "WITHDRAWN", "BLOCKED"}
