"""Two relays and an arq worker as they run in earnest, and what is done to them. Nothing is lost, nothing is twice."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from sqlalchemy import insert

from app.consultation.models import DispatchPolicy
from app.consultation.rules.policy import faster
from app.core.db import NOBODY
from scripts.children import Child, Supervisor
from scripts.embedded import Embedded
from tests.city import City
from tests.consultation.test_rules import TERMS

pytestmark = [pytest.mark.anyio, pytest.mark.full]

ROOT = Path(__file__).parent.parent.parent
SPEED = 60
QUESTIONS = 60
LEASE = 3.0
LOADED = 1.0
"""Seconds of grace: these processes share two cores with the test that watches them."""


class Crew:
    """The processes of one house, tended as scripts/start tends them."""

    def __init__(self, city: City, valkey: Embedded, logs: Path, keys: Path) -> None:
        environment = os.environ | {
            "API_DATABASE_URL": city.urls.api,
            "WORKER_DATABASE_URL": city.urls.worker,
            "REDIS_URL": valkey.redis_url,
            "KEYS_DIR": str(keys),
            "FILES_DIR": str(keys / "files"),
        }
        commands = {
            "relay-1": ["workers.relay"],
            "relay-2": ["workers.relay"],
            "worker": ["arq", "workers.main.WorkerSettings"],
        }
        self.children = {
            name: Child(name, [sys.executable, "-m", *command], logs / f"{name}.log", environment, ROOT)
            for name, command in commands.items()
        }
        self.valkey, self.logs = valkey, logs
        self.begins_within = 0.0
        """Seconds that all three took side by side, from nothing to work."""
        self.supervisor = Supervisor(lambda _: None)

    def kill(self, name: str) -> None:
        process = self.children[name].process
        assert process
        process.kill()

    def signal_valkey(self, number: int) -> None:
        process = self.valkey.children[0].process
        assert process
        process.send_signal(number)

    async def flush(self) -> None:
        redis = Redis.from_url(self.valkey.redis_url)
        await redis.flushall()
        await redis.aclose()

    async def listens(self) -> None:
        """Until arq says so, and the relays, which began before it, are at work as well."""
        log, began = self.logs / "worker.log", time.monotonic()
        async with asyncio.timeout(60):
            while not (log.exists() and "Starting worker" in log.read_text()):
                await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        self.begins_within = time.monotonic() - began

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        self.supervisor.take(self.children.values())

        async def tend() -> None:
            while True:
                self.supervisor.tend()
                await asyncio.sleep(0.05)

        tending = asyncio.create_task(tend())
        try:
            await self.listens()
            yield
        finally:
            tending.cancel()
            self.supervisor.stop()


async def calm(crew: Crew) -> None:
    await asyncio.sleep(0)


async def processes_die(crew: Crew) -> None:
    for name in ("relay-1", "worker", "relay-2", "worker", "relay-1"):
        await asyncio.sleep(max(3.5, crew.begins_within))  # one at a time: the one before is back at work
        crew.kill(name)


async def redis_is_wiped(crew: Crew) -> None:
    for _ in range(20):
        await asyncio.sleep(0.4)
        await crew.flush()


async def redis_freezes(crew: Crew) -> None:
    for _ in range(2):
        await asyncio.sleep(1)
        crew.signal_valkey(signal.SIGSTOP)
        await asyncio.sleep(3)
        crew.signal_valkey(signal.SIGCONT)


async def redis_dies(crew: Crew) -> None:
    await asyncio.sleep(2)
    crew.signal_valkey(signal.SIGKILL)


@pytest.mark.parametrize(
    ("fault", "bound"),
    [
        (calm, 1.0),
        (processes_die, LEASE),
        (redis_is_wiped, LEASE),
        (redis_freezes, LEASE),
        (redis_dies, LEASE),
    ],
)
async def test_every_wave_comes_once_and_in_time(
    city: City, tmp_path: Path, keys_folder: Path, fault: Callable[[Crew], Awaitable[None]], bound: float
) -> None:
    await hurry(city)
    for pool in ("LOCAL", "PROVINCE", "NATION"):
        await city.lawyers(10, pool=pool)
    with Embedded(tmp_path / "valkey", throwaway=True, postgres=False) as valkey:
        crew = Crew(city, valkey, tmp_path, keys_folder)
        async with crew.at_work():
            harm = asyncio.ensure_future(fault(crew))
            for _ in range(QUESTIONS):
                await city.asked(await city.resident())
                await asyncio.sleep(0.25)
            await harm
            await all_done(city)
    late = [row[0] for row in await city.sql(LATENESS)]
    print(f"\n{fault.__name__}: {len(late)} events, lateness p50 {late[len(late) // 2]:.3f} s, max {late[-1]:.3f} s")
    assert len(late) == QUESTIONS * 4
    assert late[-1] <= bound + LOADED
    waves = await city.sql("SELECT subject, ids->>'wave' AS wave FROM app.feed WHERE kind = 'WAVE_SENT'")
    assert len(waves) == len({(row.subject, row.wave) for row in waves})
    last = await city.sql("SELECT DISTINCT wave FROM app.dispatch")
    assert [row.wave for row in last] == [3]
    twice = await city.sql("SELECT 1 FROM app.outbox WHERE cardinality(reacted) > 1 AND kind = 'PatienceRanOut'")
    assert twice == []


LATENESS = """SELECT extract(epoch FROM done_at - due_at)::float8 FROM app.outbox
              WHERE kind = 'PatienceRanOut' ORDER BY 1"""


async def hurry(city: City) -> None:
    """The city's policy in a sixtieth of the time; the breach stays far away."""
    terms: dict[str, Any] = faster(TERMS, SPEED) | {"within": 600, "repeat_every": 600, "offers_a_window": 1000}
    async with city.owner.acting(NOBODY) as session:
        row = {"version": 99, "terms": terms, "since": await city.now()}
        await session.rows(insert(DispatchPolicy).inline().values(row))


async def all_done(city: City) -> None:
    async with asyncio.timeout(60):
        while await city.sql("SELECT 1 FROM app.outbox WHERE kind = 'PatienceRanOut' AND done_at IS NULL"):
            await asyncio.sleep(0.1)
