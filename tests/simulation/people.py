"""A thousand lawyers and whoever asks, made at once; and the questions they will ask."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from app.accounts.models import Person, RoleHeld
from app.core.access import Role, Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.directory.models import Firm, Lawyer
from app.directory.rules.taxonomy import CATEGORIES, SPECIALTIES, specialty_of
from app.places.rules import DIVISIONS, DivisionKind
from tests.city import LONG_AGO, City
from tests.simulation.fixture import (
    ARRIVAL_EVERY,
    BODIES,
    DEMAND,
    FIRM_SIZES,
    POOLS,
    SPECIALTIES_EACH,
    SUPPLY_FLOOR,
    Setting,
)

HOME_CITY, HOME_PROVINCE = "419001", "41"
OTHER_PROVINCES = ("11", "13", "31", "32", "33", "37", "42", "44", "51", "61")
TOWNS = [code for code, division in DIVISIONS.items() if division.kind in (DivisionKind.TOWN, DivisionKind.SUBDISTRICT)]


@dataclass(frozen=True)
class Asking:
    """A question to come: `at` seconds after the beginning."""

    number: int
    at: float
    asker: Viewer
    category: str
    division: str

    @property
    def body(self) -> str:
        return BODIES[specialty_of(self.category)]


@dataclass
class People:
    lawyers: dict[UUID, tuple[int, Viewer]]
    """By id, with the number that her behaviour is drawn from."""
    askings: list[Asking]


async def settle_in(city: City, setting: Setting) -> People:
    """Write the lawyers and residents of this seed into the city; the ids too are drawn from the seed."""
    chance = random.Random(f"people {setting.seed}")
    firms: list[dict[str, Any]] = []
    lawyers = [row for pool, size in POOLS.items() for row in _pool(chance, pool, size, firms)]
    askings = list(_askings(setting))
    now = datetime.now(UTC)
    people = [row["id"] for row in lawyers] + [asking.asker.id for asking in askings]
    persons = [{"id": id, "standing": "ACTIVE", "created_at": now} for id in people]
    roles = [{"person": row["id"], "role": Role.LAWYER, "since": now} for row in lawyers]
    async with city.owner.acting(NOBODY) as session:
        for table, rows in ((Person, persons), (RoleHeld, roles), (Firm, firms), (Lawyer, lawyers)):
            await session.rows(insert(table).inline(), rows)
    as_lawyer = frozenset({Role.RESIDENT, Role.LAWYER})
    viewers = [Viewer(row["id"], new_id(), as_lawyer) for row in lawyers]
    await city.signed_in(*viewers, *(asking.asker for asking in askings))
    return People({viewer.id: (number, viewer) for number, viewer in enumerate(viewers)}, askings)


def _id(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def _pool(chance: random.Random, pool: str, size: int, firms: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    sizes, weights = list(FIRM_SIZES), [1 / n for n in FIRM_SIZES]
    left = size
    while left:
        members = min(left, chance.choices(sizes, weights)[0])
        left -= members
        province = chance.choice(OTHER_PROVINCES) if pool == "NATION" else HOME_PROVINCE
        division = HOME_CITY if pool == "LOCAL" else f"{province}0100"
        firm = {"id": _id(chance), "name": f"第{len(firms) + 1}律师事务所", "division": division, "province": province}
        firms.append(firm)
        for _ in range(members):
            yield _lawyer(chance, firm["id"], pool, province)


def _lawyer(chance: random.Random, firm: Any, pool: str, province: str) -> dict[str, Any]:
    id = _id(chance)
    return {
        "id": id,
        "licence": f"1{province}{id.int % 10**14:014d}",
        "title": "律师",
        "name": "某律师",
        "firm": firm,
        "pool": pool,
        "specialties": _fields(chance),
        "divisions": TOWNS if pool == "LOCAL" else [],
        "languages": ["普通话"],
        "gender": chance.choice(("FEMALE", "MALE")),
        "practising_since": date(chance.randint(1995, 2024), 1, 1),
        "introduction": "",
        "standing": "ACTIVE",
        "availability": "AVAILABLE",
        "offered_at": LONG_AGO,
        "seats_ended": 0,
        "seats_kept": 0,
    }


def _fields(chance: random.Random) -> list[str]:
    wanted, found = chance.choice(SPECIALTIES_EACH), set[str]()
    weights = [DEMAND[field] + SUPPLY_FLOOR for field in SPECIALTIES]
    while len(found) < wanted:
        found.update(chance.choices(SPECIALTIES, weights))
    return sorted(found)


def _askings(setting: Setting) -> Iterator[Asking]:
    """One resident a question: nobody has more than three open."""
    chance = random.Random(f"questions {setting.seed}")
    at = 0.0
    for number in range(setting.questions):
        at += chance.expovariate(1 / ARRIVAL_EVERY)
        field = chance.choices(list(DEMAND), list(DEMAND.values()))[0]
        category = chance.choice([code for code, known in CATEGORIES.items() if known.parent == field])
        asker = Viewer(_id(chance), new_id(), frozenset({Role.RESIDENT}))
        yield Asking(number, at, asker, category, chance.choice(TOWNS))
