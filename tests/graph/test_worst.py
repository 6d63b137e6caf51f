"""What is sent to break the house is told no by name, and others do not notice."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from app.graph import http, server
from app.settings import Settings
from scripts.bench.attacks import BODIES, DOCUMENTS, VALUES, Attack, Target, is_well
from scripts.bench.floods import LINES, SOCKETS
from tests.city import City
from tests.sockets import served, token

pytestmark = pytest.mark.anyio

SOON = 0.6
"""Seconds in place of the five and ten that a test has no time for."""


@pytest.fixture
async def target(city: City, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Target]:
    monkeypatch.setattr(http, "BODY_WAIT", SOON)
    monkeypatch.setattr(server, "INIT_WAIT", timedelta(seconds=SOON))
    city.settings = Settings(demo=True, head_seconds=SOON, requests_a_person=0, requests_an_address=0)
    residents = [token(city, await city.resident()) for _ in range(100)]
    async with served(city) as url, httpx.AsyncClient(timeout=20, trust_env=False) as client:
        yield Target(url, residents.pop, client)


@pytest.mark.parametrize("attacks", [DOCUMENTS, VALUES, BODIES, LINES, SOCKETS], ids=["documents", "values", "bodies", "lines", "sockets"])
async def test_the_worst(target: Target, attacks: list[Attack]) -> None:
    wrong = {}
    for attack in attacks:
        try:
            found = await attack.strike(target)
        except Exception as error:
            found = repr(error)[:300]
        if found not in attack.right:
            wrong[attack.name] = found
        assert await is_well(target), attack.name
    assert wrong == {}
