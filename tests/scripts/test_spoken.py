"""The question of the demonstration that is spoken: sent, asked and heard by the real routes."""

import asyncio
from collections import Counter

import pytest

from app.outside.storage import Address as Public
from scripts.playing.spoken import WORDS, play
from scripts.playing.wire import Address, Line
from tests.city import City
from tests.sockets import served, token

pytestmark = pytest.mark.anyio


async def test_it_is_asked_by_voice_and_heard_in_parts(city: City) -> None:
    resident, lawyer = await city.resident(), await city.lawyer()
    async with served(city) as url:
        city.doors[Public] = Public(url.removesuffix("/graphql"))
        address = Address(url, url.replace("http", "ws"), (token(city, resident),), (token(city, lawyer),))
        async with Line.open(address, Counter()) as line:
            playing = asyncio.create_task(play(line))
            while not playing.done():
                await city.settle()
                await asyncio.sleep(0.2)
    length, part, words = await playing
    assert (length >= 5000, part, words) == (True, 4096, WORDS)
