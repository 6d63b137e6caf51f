"""Messages on their way out while the worker is killed in the midst of sending, relays die, Redis is wiped, a provider
answers nobody after it has done its work, and its tokens expire: nothing is lost, and no channel rings twice."""

import asyncio
import os
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
import uvicorn
from sqlalchemy import insert

from app.accounts.actions.identity import digest_of
from app.accounts.models import Identity, IdentityKind, Person
from app.core.access import Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.core.sealing import KeyProvider, seal_bytes
from app.notices.models import NoticeKind, Template
from app.outside import fakes
from app.outside.fakes.accounts import FakeAccounts
from app.outside.fakes.faults import Fault
from app.outside.fakes.phones import Phones
from app.outside.fakes.server import create_app
from app.outside.fakes.sms import FakeSms
from app.outside.post import Channel
from scripts.embedded import Embedded, free_port
from tests.city import City
from tests.notices.carrying import reachable
from tests.notices.telling import told
from tests.workers.test_drills import LOADED, Crew

pytestmark = [pytest.mark.anyio, pytest.mark.full]

WECHAT, SMS = Channel.MINI_PROGRAM, Channel.SMS
PEOPLE = 30
"""No more than one worker can write to in a second or two: what is looked at is the harm, not the machine."""
CAMPAIGN = int(os.environ.get("NOTICES", "1000"))


class World:
    """The fakes in a thread of their own, in the hands of the drill."""

    def __init__(self) -> None:
        self.phones = Phones()
        self.accounts = FakeAccounts(self.phones, monotonic)
        self.sms = FakeSms(self.phones)
        self.url = ""

    @contextmanager
    def running(self) -> Iterator[None]:
        port = free_port()
        app = create_app(sms=self.sms, phones=self.phones, accounts=self.accounts)
        config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", log_config=None)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            threading.Event().wait(0.02)
        self.url = f"http://127.0.0.1:{port}"
        yield
        server.should_exit = True
        thread.join(10)

    def slow(self, calls: int, seconds: float) -> None:
        self.accounts.mini.next_are(*[Fault(latency=seconds)] * calls)


async def calm(crew: Crew, world: World) -> None:
    await asyncio.sleep(0)


async def the_worker_is_killed(crew: Crew, world: World) -> None:
    """While some wait, some are being sent, and some were sent a moment ago."""
    for _ in range(4):
        await asyncio.sleep(1.3)
        crew.kill("worker")


async def relays_are_killed(crew: Crew, world: World) -> None:
    for name in ("relay-1", "relay-2", "relay-1", "relay-2"):
        await asyncio.sleep(1.3)
        crew.kill(name)


async def redis_is_wiped(crew: Crew, world: World) -> None:
    for _ in range(20):
        await asyncio.sleep(0.3)
        await crew.flush()


async def answers_are_lost(crew: Crew, world: World) -> None:
    """The message went out, and nobody was told."""
    world.accounts.mini.clear()
    world.accounts.mini.next_are(*[Fault(cut=True, done=True), Fault(), Fault()] * 20)
    await asyncio.sleep(0)


async def tokens_expire(crew: Crew, world: World) -> None:
    await asyncio.sleep(1.5)
    world.accounts.tokens.expire(fakes.WECHAT_APP_ID)


Harm = Callable[[Crew, World], Awaitable[None]]
HARMS: list[Harm] = [
    calm,
    the_worker_is_killed,
    relays_are_killed,
    redis_is_wiped,
    answers_are_lost,
    tokens_expire,
]


@pytest.mark.parametrize("harm", HARMS)
async def test_everybody_is_told_and_no_channel_rings_twice(
    city: City, tmp_path: Path, keys_folder: Path, harm: Harm, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, names = World(), dict[Viewer, set[str]]()
    for _ in range(PEOPLE):
        person = await city.resident()
        hers = (await reachable(city, person, WECHAT, SMS)).values()
        names[person] = {name.removeprefix("+86") for name in hers}  # the carrier knows the mainland's numbers bare
        (openid,) = (name for name in names[person] if name.startswith("o"))
        world.accounts.agrees(openid, fakes.WECHAT_TEMPLATES[Template.REPLY])
    await city.sql(
        "INSERT INTO app.message_consent (id, person, channel, template, lasting, told_by, at)"
        " SELECT gen_random_uuid(), person, 'MINI_PROGRAM', 'REPLY', false, 'WECHAT', now() FROM app.identity"
        " WHERE kind = 'wechat'"
    )
    world.slow(PEOPLE, 0.2)
    with world.running(), Embedded(tmp_path / "valkey", throwaway=True, postgres=False) as valkey:
        for name, value in fakes.settings(world.url).items():
            monkeypatch.setenv(name, value)
        crew = Crew(city, valkey, tmp_path, keys_folder)
        async with crew.at_work():
            await told(city, *names)
            await first_arrival(world)
            await harm(crew, world)
            await all_seen_to(city, world, len(names))
    arrived = Counter((one.channel, one.to) for one in world.phones.arrived())
    assert max(arrived.values()) == 1
    reached = {to.removeprefix("+86") for _, to in arrived}
    lost = [person for person, addresses in names.items() if not addresses & reached]
    late = sorted((first - due).total_seconds() for first, due in await latencies(city, world, names))
    states = {tuple(row) for row in await city.sql("SELECT channel, state, count(*) FROM app.delivery GROUP BY 1, 2")}
    by_channel = dict(Counter(channel for channel, _ in arrived))
    print(
        f"\n{harm.__name__:<22} told {len(names)}, arrived {by_channel}, lost {len(lost)}, twice 0, to the provider "
        f"p50 {late[len(late) // 2]:.2f} s, p99 {late[len(late) * 99 // 100]:.2f} s; {sorted(states)}"
    )
    assert lost == []
    # Who was being written to by a worker that died is written to by the next channel once its lease has run out.
    assert late[len(late) * (90 if harm is the_worker_is_killed else 99) // 100] < 5 + LOADED


async def latencies(city: City, world: World, names: dict[Viewer, set[str]]) -> list[tuple[datetime, datetime]]:
    """When the first message reached a provider, and when it was due."""
    due = dict((row[0], row[1]) for row in await city.sql("SELECT person, min(due_at) FROM app.delivery GROUP BY 1"))
    first: dict[str, datetime] = {}
    for one in world.phones.arrived():
        first.setdefault(one.to.removeprefix("+86"), one.at)
    found = []
    for person, addresses in names.items():
        came = [first[name] for name in addresses if name in first]
        if came:
            found.append((min(came).astimezone(UTC), due[person.id]))
    return found


async def first_arrival(world: World) -> None:
    async with asyncio.timeout(60):
        while not world.phones.arrived():
            await asyncio.sleep(0.05)


async def all_seen_to(city: City, world: World, people: int) -> None:
    async with asyncio.timeout(120):
        while True:
            ((waiting, made),) = await city.sql(
                "SELECT count(*) FILTER (WHERE state IN ('PENDING', 'SENDING')), count(DISTINCT person)"
                " FROM app.delivery"
            )
            if made == people and not waiting:
                return
            await asyncio.sleep(0.2)


async def test_a_campaign_drains_at_the_providers_rate_and_offers_overtake_it(
    city: City, tmp_path: Path, keys_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand; `NOTICES=10000` sends as many as anybody has patience for."""
    world = World()
    openids = await crowd(city, world, CAMPAIGN)
    lawyers = [await city.lawyer() for _ in range(10)]
    hers = set()
    for lawyer in lawyers:
        names = await reachable(city, lawyer, WECHAT)
        hers |= set(names.values())
        world.accounts.agrees(names[WECHAT], fakes.WECHAT_TEMPLATES[Template.OFFER])
        await city.sql(CONSENT, person=lawyer.id, template="OFFER")
    world.slow(CAMPAIGN, 0.02)
    with world.running(), Embedded(tmp_path / "valkey", throwaway=True, postgres=False) as valkey:
        for name, value in fakes.settings(world.url).items():
            monkeypatch.setenv(name, value)
        crew = Crew(city, valkey, tmp_path, keys_folder)
        async with crew.at_work():
            await first_arrival(world)
            began, before = monotonic(), len(world.phones.arrived())
            waits = []
            for lawyer in lawyers:
                await asyncio.sleep(1)
                waits.append(await an_offer(city, world, lawyer))
            async with asyncio.timeout(60 + CAMPAIGN / 10):
                while len(world.phones.arrived(channel=WECHAT)) < CAMPAIGN:
                    await asyncio.sleep(1)
            rate = (len(world.phones.arrived()) - before) / (monotonic() - began)
    arrived = Counter(one.to for one in world.phones.arrived())
    print(f"\n{CAMPAIGN} drained at {rate:.0f} a second; offers went out within {max(waits):.2f} s of being due")
    assert max(arrived.values()) == 1
    assert len(openids & set(arrived)) >= CAMPAIGN - len(lawyers)
    assert max(waits) < 2


CONSENT = """INSERT INTO app.message_consent (id, person, channel, template, lasting, told_by, at)
    VALUES (gen_random_uuid(), :person, 'MINI_PROGRAM', :template, false, 'WECHAT', now())"""


async def an_offer(city: City, world: World, lawyer: Viewer) -> float:
    """Put into the ledger as a wave would, ten seconds after it: how long until it is on her phone."""
    due = datetime.now(UTC)
    await city.sql(
        "WITH told AS (INSERT INTO app.notice (id, person, kind, about, cause, at)"
        " VALUES (gen_random_uuid(), :person, 'INFORMATION_GIVEN', :person, :person, now()) RETURNING id)"
        " INSERT INTO app.delivery (id, person, notice, kind, template, channel, lane, state, attempts, failures,"
        " next_push, due_at, until, made_at) SELECT gen_random_uuid(), :person, id, 'INFORMATION_GIVEN', 'OFFER',"
        " 'MINI_PROGRAM', 0, 'PENDING', 0, 0, now(), now(), now() + interval '1 h', now() FROM told",
        person=lawyer.id,
    )
    async with asyncio.timeout(60):
        while True:
            ((sent,),) = await city.sql("SELECT done_at FROM app.delivery WHERE person = :me", me=lawyer.id)
            if sent:
                return float((sent - due).total_seconds())
            await asyncio.sleep(0.05)


async def crowd(city: City, world: World, size: int) -> set[str]:
    """So many people, each told something an hour ago that is due now."""
    keys: KeyProvider = city.doors[KeyProvider]
    moment = await city.now()
    people = [new_id() for _ in range(size)]
    names = {person: f"o{person.hex[:27]}" for person in people}
    rows = []
    for person, name in names.items():
        known = digest_of(keys, IdentityKind.WECHAT, name)
        sealed = seal_bytes(keys.secret("identity"), name.encode(), f"identity|wechat|{known.hex()}")
        rows.append({"kind": "wechat", "digest": known, "person": person, "sealed": sealed, "since": moment})
        world.accounts.agrees(name, fakes.WECHAT_TEMPLATES[Template.REPLY])
    async with city.owner.acting(NOBODY) as session:
        standing = [{"id": person, "standing": "ACTIVE", "created_at": moment} for person in people]
        await session.rows(insert(Person).inline(), standing)
        await session.rows(insert(Identity).inline(), rows)
    await city.sql(
        "INSERT INTO app.notice (id, person, kind, about, cause, at)"
        " SELECT gen_random_uuid(), person, :kind, person, person, now() FROM app.identity",
        kind=NoticeKind.NEW_ANSWER,
    )
    await city.sql(
        "INSERT INTO app.message_consent (id, person, channel, template, lasting, told_by, at)"
        " SELECT gen_random_uuid(), person, 'MINI_PROGRAM', 'REPLY', false, 'WECHAT', now() FROM app.identity"
    )
    await city.sql(
        "INSERT INTO app.delivery (id, person, notice, kind, template, channel, lane, state, attempts, failures,"
        " next_push, due_at, until, made_at) SELECT gen_random_uuid(), person, id, kind, 'REPLY', 'MINI_PROGRAM', 1,"
        " 'PENDING', 0, 0, now(), now(), now() + :lives, now() FROM app.notice",
        lives=timedelta(hours=3),
    )
    await city.sql("ANALYZE")
    return set(names.values())
