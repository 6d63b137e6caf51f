"""What is sent to break the house is told no by name, and others do not notice. scripts/bench/worst.py measures."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import httpx
import pytest

from app.core.errors import TABLE
from app.graph import http, server
from app.settings import Settings
from scripts.bench.attacks import Attack, Target, is_well
from scripts.bench.attacks.bodies import BODIES
from scripts.bench.attacks.documents import DOCUMENTS, introspections
from scripts.bench.attacks.lines import LINES
from scripts.bench.attacks.sockets import SOCKETS
from scripts.bench.attacks.values import VALUES
from tests.city import City
from tests.sockets import receive, served, socket, subscribe, token

pytestmark = pytest.mark.anyio

SOON = 3.0
"""Seconds in place of the five and ten for which a test has no time."""


@pytest.fixture
async def target(city: City, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Target]:
    monkeypatch.setattr(http, "BODY_WAIT", SOON)
    monkeypatch.setattr(server, "INIT_WAIT", timedelta(seconds=SOON))
    city.settings = Settings(demo=True, head_seconds=SOON, requests_a_person=0, requests_an_address=0)
    people = [await city.resident() for _ in SOCKETS]
    tokens = iter([token(city, person) for person in people])
    async with served(city) as url, httpx.AsyncClient(timeout=20, trust_env=False) as client:
        yield Target(url, tokens.__next__, client)


EVERYTHING = {
    "documents": [*DOCUMENTS, introspections(3, 1)],
    "values": VALUES,
    "bodies": BODIES,
    "lines": LINES,
    "sockets": SOCKETS,
}


@pytest.mark.parametrize("attacks", EVERYTHING.values(), ids=EVERYTHING)
async def test_each_is_answered_rightly_and_others_go_on(city: City, target: Target, attacks: Sequence[Attack]) -> None:
    wrong = {}
    async with socket(target.url, token(city, await city.resident())) as innocent:
        await receive(innocent)
        for attack in attacks:
            async with asyncio.timeout(60):
                found = await attack.strike(target)
            if found not in attack.right or not all(code in TABLE for code in codes(found)):
                wrong[attack.name] = found
            assert await is_well(target), attack.name
        await subscribe(innocent, "still", "{ __typename }")
        assert (await receive(innocent))["payload"]["data"] == {"__typename": "Query"}
    assert wrong == {}


def codes(found: str) -> list[str]:
    return [word.strip(",") for word in found.split() if word.isupper()]
