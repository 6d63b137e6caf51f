"""The worker is killed at a chosen moment of one delivery, in each of its states: it arrives, by no channel twice."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.access import Viewer
from app.core.db import NOBODY
from app.notices.models import Template
from app.notices.rules.verdicts import ASK_AFTER
from app.outside import fakes
from app.outside.fakes.faults import Fault
from app.outside.post import Channel
from scripts.embedded import Embedded
from tests.city import City
from tests.notices.carrying import TOLD, consented, ledger, reachable
from tests.notices.telling import told
from tests.workers.test_drills import Crew
from tests.workers.test_post_drill import World

pytestmark = [pytest.mark.anyio, pytest.mark.full]

MINI, SMS = Channel.MINI_PROGRAM, Channel.SMS
LONG = 4.0
"""Seconds that a provider takes: time enough to aim, and less than the worker's patience."""
AWAITS_A_LOCK = """SELECT 1 FROM pg_stat_activity WHERE usename = 'app_worker' AND datname = current_database()
    AND wait_event_type = 'Lock' AND query LIKE :such"""


@dataclass
class Drill:
    city: City
    crew: Crew
    world: World
    person: Viewer

    async def tell(self) -> None:
        """Ten seconds ago: it is to leave the house now."""
        await told(self.city, self.person)
        await self.city.turn(TOLD)

    def kill(self) -> None:
        self.crew.kill("worker")

    async def states(self, state: str) -> bool:
        return any(row[1] == state for row in await ledger(self.city))

    @asynccontextmanager
    async def held(self, rows: str, statement: str) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
        """Nobody else gets these rows; gives a look whether the worker waits for them in such a statement."""
        async with self.city.super.acting(NOBODY) as session:
            await session.rows(text(f"SELECT 1 FROM {rows} FOR UPDATE"))

            async def awaited() -> bool:
                return bool(await self.city.sql(AWAITS_A_LOCK, such=statement))

            yield awaited


async def until(there: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not await there():
            await asyncio.sleep(0.02)


async def pending_and_just_taken(drill: Drill) -> None:
    """The taking is not committed: its last step, the hour's budget, waits for us."""
    async with drill.held("app.sms_budget", "%spend_sms%") as awaited:
        await drill.tell()
        await until(awaited)
        assert await drill.states("PENDING")
        drill.kill()


async def taken_and_not_handed_over(drill: Drill) -> None:
    """It is asking for a token: the message has not left."""
    tokens = drill.world.accounts.tokens.faults
    tokens.next_are(Fault(latency=LONG))
    await drill.tell()
    await until(lambda: _is(tokens.calls > 0))
    assert await drill.states("SENDING")
    drill.kill()


async def under_way(drill: Drill) -> None:
    """The request has left, and the provider does what it asks after the worker's death."""
    drill.world.accounts.mini.next_are(Fault(latency=LONG))
    await _called_and_killed(drill)


async def under_way_and_lost(drill: Drill) -> None:
    """The request has left, and the provider never does what it asks."""
    drill.world.accounts.mini.next_are(Fault(latency=LONG, cut=True))
    await _called_and_killed(drill)


async def done_and_not_answered(drill: Drill) -> None:
    drill.world.accounts.mini.next_are(Fault(hesitation=LONG))
    await drill.tell()
    await until(lambda: _is(bool(drill.world.phones.arrived(channel=MINI))))
    assert await drill.states("SENDING")
    drill.kill()


async def answered_and_not_marked(drill: Drill) -> None:
    """The worker has the answer, and its mark waits for us."""
    drill.world.accounts.mini.next_are(Fault(latency=1))
    await drill.tell()
    await until(lambda: _is(drill.world.accounts.mini.calls > 0))
    async with drill.held("app.delivery", "%SET state = 'SENT'%") as awaited:
        await until(awaited)
        assert drill.world.phones.arrived(channel=MINI)
        drill.kill()


async def unknown_and_asking(drill: Drill) -> None:
    """It left without an answer, and the carrier is asked what became of it."""
    sms = drill.world.sms.faults
    sms.next_are(Fault(cut=True, done=True), Fault(latency=LONG))
    await drill.tell()
    await until(lambda: drill.states("UNKNOWN"))
    await drill.city.turn(ASK_AFTER[0])
    await until(lambda: _is(sms.calls > 1))
    assert await drill.states("UNKNOWN")
    drill.kill()


async def _called_and_killed(drill: Drill) -> None:
    await drill.tell()
    await until(lambda: _is(drill.world.accounts.mini.calls > 0))
    assert await drill.states("SENDING")
    drill.kill()


async def _is(so: bool) -> bool:
    return so


Aim = Callable[[Drill], Awaitable[None]]
BY_BOTH, BY_SMS = (MINI, SMS), (SMS,)
AIMS: list[tuple[Aim, tuple[Channel, ...], dict[Channel, int], list[tuple[str, str]]]] = [
    (pending_and_just_taken, BY_SMS, {SMS: 1}, [(SMS, "SENT")]),
    (taken_and_not_handed_over, BY_BOTH, {SMS: 1}, [(MINI, "UNKNOWN"), (SMS, "SENT")]),
    (under_way, BY_BOTH, {MINI: 1, SMS: 1}, [(MINI, "UNKNOWN"), (SMS, "SENT")]),
    (under_way_and_lost, BY_BOTH, {SMS: 1}, [(MINI, "UNKNOWN"), (SMS, "SENT")]),
    (done_and_not_answered, BY_BOTH, {MINI: 1, SMS: 1}, [(MINI, "UNKNOWN"), (SMS, "SENT")]),
    (answered_and_not_marked, BY_BOTH, {MINI: 1, SMS: 1}, [(MINI, "UNKNOWN"), (SMS, "SENT")]),
    (unknown_and_asking, BY_SMS, {SMS: 1}, [(SMS, "SENT")]),
]
"""Who is killed when, how she can be reached, what arrives, and what the ledger says in the end."""


@pytest.mark.parametrize(("aim", "channels", "arrives", "stands"), AIMS, ids=[aim[0].__name__ for aim in AIMS])
async def test_killed_in_this_state_it_still_arrives_and_never_twice(
    city: City,
    tmp_path: Path,
    keys_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    aim: Aim,
    channels: tuple[Channel, ...],
    arrives: dict[Channel, int],
    stands: list[tuple[str, str]],
) -> None:
    world, person = World(), await city.resident()
    names = await reachable(city, person, *channels)
    if MINI in channels:
        await consented(city, person)
        world.accounts.agrees(names[MINI], fakes.WECHAT_TEMPLATES[Template.REPLY])
    with world.running(), Embedded(tmp_path / "valkey", throwaway=True, postgres=False) as valkey:
        for name, value in fakes.settings(world.url).items():
            monkeypatch.setenv(name, value)
        crew = Crew(city, valkey, tmp_path, keys_folder)
        async with crew.at_work():
            worker = crew.children["worker"].process
            await aim(Drill(city, crew, world, person))
            assert worker
            assert await asyncio.to_thread(worker.wait) == -signal.SIGKILL

            async def over() -> bool:
                return [row[:2] for row in await ledger(city)] == stands

            await until(over)
            await asyncio.sleep(LONG)  # what the provider still does for the dead
    assert Counter(one.channel for one in world.phones.arrived()) == arrives
    assert {one.to.removeprefix("+86") for one in world.phones.arrived()} <= {
        name.removeprefix("+86") for name in names.values()
    }
