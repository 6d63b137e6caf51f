"""Rows by the thousand, written past the walls."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from random import Random
from typing import Any
from uuid import UUID

from app.core.access import Role, Viewer
from tests.city import City


async def copy_in(city: City, table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """COPY as the superuser."""
    async with city.super.engine.begin() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        await raw.copy_records_to_table(table, schema_name="app", columns=columns.split(), records=list(rows))


def some_id(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128))


async def residents(city: City, count: int, *roles: Role, random: Random | None = None) -> list[Viewer]:
    chance, now, may = random or Random(1), datetime.now(UTC), frozenset({Role.RESIDENT, *roles})
    people = [Viewer(some_id(chance), some_id(chance), may) for _ in range(count)]
    await copy_in(city, "person", "id standing created_at", [(p.id, "ACTIVE", now) for p in people])
    await city.signed_in(*people)
    return people


async def lawyers(city: City, count: int, random: Random | None = None) -> list[Viewer]:
    """All of one firm."""
    people = await residents(city, count, Role.LAWYER, random=random)
    firm, now = await city.firm(), datetime.now(UTC)
    columns = "id licence title name firm pool specialties divisions languages gender practising_since introduction "
    columns += "standing availability offered_at seats_ended seats_kept"
    since = date(2015, 1, 1)
    practice: tuple[Any, ...] = ("律师", "李律师", firm, "LOCAL", ["labour"], ["419001001"], [], "FEMALE", since, "")
    rows = [(p.id, p.id.hex, *practice, "ACTIVE", "AVAILABLE", now, 0, 0) for p in people]
    await copy_in(city, "lawyer", columns, rows)
    return people
