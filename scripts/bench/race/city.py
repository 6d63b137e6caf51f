"""The city that is raced in: the same people, questions and answers behind walls, without walls, and in plain tables.

Everything comes from one seed, so that the two databases and the plain tables hold the same, ids included.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.core.access import Role, Viewer
from app.core.db import Database, address
from app.core.sealing import KeyProvider, seal
from app.directory.actions.register import write_down
from app.directory.models import RegisterKind
from app.directory.rules.grid import Grid, grid_over
from app.directory.rules.register import Office
from app.outside.keys import FileKeys
from app.places.rules.coordinates import Bounds, Spot, System
from scripts.bench.race.served import plain_seal
from scripts.bench.race.sql import INDEXES, TABLES
from scripts.database import Urls, migrate, prepare
from tests.city import TOWN, City
from tests.conftest import named
from tests.core.full_city import fill
from tests.vault.bulk import copy_in, some_id
from tests.vault.stories import answer, stories

_REPLICA = text("SET LOCAL session_replication_role = replica")
_PLACE = text(
    "UPDATE app.institution i SET longitude = p.x, latitude = p.y, place_source = '示例', place_precision = 'BUILDING' "
    "FROM unnest(CAST(:ids AS uuid[]), CAST(:x AS float8[]), CAST(:y AS float8[])) AS p (id, x, y) WHERE i.id = p.id"
)
Seal = Callable[[bytes, str, str, str, UUID], bytes]

ASKERS, QUESTIONS, ANSWERS = 40, 25, 3
LAWYERS, FIRMS = 2_000, 200
"""As many lawyers as live sockets: each is told of offers of her own."""
WRITERS, SEATS = 2_400, 2_000
"""Who asks in the race, once each, and where an answer can still be delivered, once each."""
PLACES: Final = 17
"""Institutions along each side of the map."""
CATEGORY: Final = "labour.wages"
VIEW: Final = Bounds(112.40, 34.95, 112.40 + 12 * 360 / 2**16, 34.95 + 12 * 0.81 * 360 / 2**16)
"""A window of some 12 by 12 cells at zoom 14."""
ZOOM: Final = 14
SINCE: Final = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass
class World:
    """Who and what is asked for in the race."""

    askers: list[Viewer]
    lawyers: list[Viewer]
    writers: list[Viewer]
    questions: dict[UUID, list[UUID]]
    """By asker, the newest first."""
    seats: list[tuple[UUID, UUID, UUID]]
    """(seat, its question, its lawyer): undelivered."""
    plain: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    """The same without walls: rows by table and columns."""

    @property
    def grid(self) -> Grid:
        return grid_over(VIEW, System.WGS84, ZOOM)


def imagined() -> World:
    """Out of the seed alone."""
    dice = Random(12348)

    def viewers(count: int, *roles: Role) -> list[Viewer]:
        return [Viewer(some_id(dice), some_id(dice), frozenset({Role.RESIDENT, *roles})) for _ in range(count)]

    askers, lawyers, writers = viewers(ASKERS), viewers(LAWYERS, Role.LAWYER), viewers(WRITERS)
    questions: dict[UUID, list[UUID]] = {one.id: [some_id(dice) for _ in range(QUESTIONS)] for one in askers}
    seats = [(some_id(dice), some_id(dice), lawyers[n % LAWYERS].id) for n in range(SEATS)]
    return World(askers, lawyers, writers, questions, seats)


async def settle(city: City, world: World, seal: Seal, wrap: Callable[[bytes, str], tuple[str, bytes]]) -> None:
    """Writes it all down in one database; what has to be sealed, sealed by `seal`."""
    dice = Random(4)
    everybody = [*world.askers, *world.lawyers, *world.writers]
    await copy_in(city, "person", "id standing created_at", [(one.id, "ACTIVE", SINCE) for one in everybody])
    await city.signed_in(*everybody)
    firms = [(some_id(dice), f"济源衡正{n:02d}律师事务所") for n in range(FIRMS)]
    await copy_in(city, "firm", "id name division province", [(id, name, TOWN, "41") for id, name in firms])
    await _lawyers(city, world, firms)
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    plain: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    plain["firm id name province"] = [(id, name, "41") for id, name in firms]
    plain["lawyer id name title introduction languages firm"] = [
        (one.id, _name(n), "律师", _about(n), ["普通话"], firms[n % FIRMS][0]) for n, one in enumerate(world.lawyers)
    ]
    asked = [(id, asker, True) for asker, ids in world.questions.items() for id in ids]
    waiting = [(question, world.writers[n % WRITERS].id, False) for n, (_, question, _) in enumerate(world.seats)]
    for number, ((body, line), (question, asker, answered)) in enumerate(
        zip(stories(len(asked) + len(waiting)), [*asked, *waiting], strict=True)
    ):
        brief, key, at = some_id(dice), dice.randbytes(32), SINCE - timedelta(minutes=number)
        rows["question id asker category division status asked_at policy body"].append(
            (question, asker, CATEGORY, TOWN, "OPEN", at, 1, seal(key, body, "question", "body", question))
        )
        plain["question id asker category division status asked_at body"].append(
            (question, asker, CATEGORY, TOWN, "OPEN", at, body)
        )
        rows["brief id question body"].append((brief, question, seal(key, line, "brief", "body", brief)))
        rows["key subject kek wrapped"] += [(one, *wrap(key, str(one))) for one in (question, brief)]
        rows["dispatch question brief category division policy asked_at wave board"].append(
            (question, brief, CATEGORY, TOWN, 1, at, 0, "FILLED")
        )
        if answered:
            _answered(rows, plain, world, seal, dice, number, question, key, at)
    now = datetime.now(UTC)
    for seat, question, lawyer in world.seats:
        rows["offer question lawyer firm pool wave offered_at until why"].append(
            (question, lawyer, question, "LOCAL", 0, now, now, "{}")
        )
        rows["seat id question lawyer firm local place claimed_at lease_until extended counts"].append(
            (seat, question, lawyer, question, True, 1, now, now + timedelta(hours=1), False, False)
        )
    for table, records in rows.items():
        name, _, columns = table.partition(" ")
        await copy_in(city, name, columns, records)
    places = await _places(city)
    plain["place id longitude latitude"] = [(id, spot.longitude, spot.latitude) for id, spot in places]
    world.plain = plain


def _answered(
    rows: Any, plain: Any, world: World, seal: Seal, dice: Random, number: int, question: UUID, key: bytes, at: datetime
) -> None:
    for place, lawyer in enumerate(dice.sample(world.lawyers, ANSWERS), 1):
        id, said, when = some_id(dice), answer(number + place), at + timedelta(seconds=place)
        rows["offer question lawyer firm pool wave offered_at until why"].append(
            (question, lawyer.id, question, "LOCAL", 0, at, at, "{}")
        )
        seat = (some_id(dice), question, lawyer.id, question, True, place, at, at, False, False)
        rows["seat id question lawyer firm local place claimed_at lease_until extended counts"].append(seat)
        rows["answer id question lawyer delivered_at counts content"].append(
            (id, question, lawyer.id, when, True, seal(key, said.model_dump_json(), "answer", "content", id))
        )
        plain["answer id question lawyer delivered_at counts conclusion text next_steps summary"].append(
            (id, question, lawyer.id, when, True, said.conclusion, said.text, said.next_steps, said.summary)
        )


def _name(number: int) -> str:
    return f"李律师{number:03d}"


def _about(number: int) -> str:
    return f"执业{number % 30 + 1}年，处理劳动争议。"


async def _lawyers(city: City, world: World, firms: list[tuple[UUID, str]]) -> None:
    columns = "id licence title name firm pool specialties divisions languages gender practising_since introduction "
    columns += "standing availability offered_at seats_ended seats_kept"
    since = date(2015, 1, 1)
    rows = []
    for n, one in enumerate(world.lawyers):
        practice = (["labour"], [TOWN], ["普通话"], "FEMALE", since, _about(n))
        told = (one.id, f"1410{n:013d}", "律师", _name(n), firms[n % FIRMS][0], "LOCAL", *practice)
        rows.append((*told, "ACTIVE", "AVAILABLE", SINCE, 0, 0))
    await copy_in(city, "lawyer", columns, rows)


async def _places(city: City) -> list[tuple[UUID, Spot]]:
    """Institutions on a lattice that covers the map's window, one in most cells."""
    dice, east, north = Random(5), (VIEW.east - VIEW.west) / 12, (VIEW.north - VIEW.south) / 12
    found: list[tuple[UUID, Spot]] = []
    offices = []
    for number in range(PLACES * PLACES):
        id = some_id(dice)
        x, y = VIEW.west + (number % PLACES - 2) * east, VIEW.south + (number // PLACES - 2) * north
        found.append((id, Spot(round(x, 6), round(y, 6))))
        said: dict[str, Any] = {
            "kind": RegisterKind.LAW_FIRM,
            "division": TOWN,
            "source": "示例",
            "verified_at": SINCE,
            "example": True,
        }
        offices.append((id, Office(number=f"示-{number:05d}", name=f"示例律师事务所{number:05d}", **said)))
    async with city.super.acting("") as session:
        await session.rows(_REPLICA)
        for begin in range(0, len(offices), 200):
            await write_down(session, offices[begin : begin + 200], None, "示例", SINCE)
        for begin in range(0, len(found), 1000):
            part = found[begin : begin + 1000]
            values = {
                "ids": [id for id, _ in part],
                "x": [spot.longitude for _, spot in part],
                "y": [spot.latitude for _, spot in part],
            }
            await session.rows(_PLACE, values)
    return found


async def lay_open(city: City, world: World) -> None:
    """The plain tables, in the database without walls."""
    for statement in TABLES.split(";\n"):
        await city.sql(statement)
    for table, records in world.plain.items():
        name, _, columns = table.partition(" ")
        async with city.super.engine.begin() as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            assert raw is not None
            await raw.copy_records_to_table(name, schema_name="plain", columns=columns.split(), records=records)
    async with city.super.engine.begin() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        await raw.execute(INDEXES)


WALLED, OPEN = "walled", "open"


def found(admin_url: str) -> tuple[Urls, str]:
    """The walled city's database, migrated; and where the one without walls will be, as the superuser sees it."""

    async def made() -> Urls:
        admin = await asyncpg.connect(admin_url)
        await admin.execute(f"CREATE DATABASE {WALLED} TEMPLATE template0 ENCODING 'UTF8'")
        await admin.close()
        return await prepare(named(admin_url, WALLED), b"race")

    urls = asyncio.run(made())
    migrate(urls.owner)
    return urls, named(admin_url, OPEN)


async def people(admin_url: str, redis_url: str, urls: Urls, keys: Path, rows: int) -> World:
    """Both databases, filled."""
    provider = FileKeys(keys)
    world = imagined()

    @asynccontextmanager
    async def patient(name: str) -> AsyncIterator[City]:
        async with City.open(urls, named(admin_url, name), redis_url, {KeyProvider: provider}) as city:
            await city.super.engine.dispose()
            # Two million rows in one statement take longer than any of the house's may.
            city.super = Database(create_async_engine(address(named(admin_url, name))))
            yield city

    async with patient(WALLED) as city:
        await fill(city, rows)
    admin = await asyncpg.connect(admin_url)
    await admin.execute(f"CREATE DATABASE {OPEN} TEMPLATE {WALLED} STRATEGY file_copy")
    await admin.close()
    async with patient(WALLED) as city:
        await settle(city, world, seal, provider.wrap)
    async with patient(OPEN) as city:
        await settle(city, world, _unsealed, lambda key, _: ("none", key))
        await lay_open(city, world)
    for name in (WALLED, OPEN):
        await _tidy(named(admin_url, name))
    return world


async def _tidy(url: str) -> None:
    """As a house is that has run for a while. Autovacuum would begin in the middle of the race, and count as its
    contestants' work."""
    admin = await asyncpg.connect(url)
    await admin.execute("VACUUM (ANALYZE)")
    await admin.close()


def _unsealed(key: bytes, value: str, table: str, column: str, row: UUID) -> bytes:
    return plain_seal(key, value.encode(), "")
