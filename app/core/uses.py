"""How often each version of a client used what is on its way out of the graph: numbers of a day, and no person."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import BigInteger, Text, func, select, text
from sqlmodel import Field, col

from app.core.db import Session
from app.core.tables import Table

Use = tuple[str, str, str]
"""(element, client, version)."""


class DeprecatedUse(Table, table=True):
    """Days are the city's (UTC+8)."""

    __tablename__ = "deprecated_use"

    day: date = Field(primary_key=True)
    element: str = Field(primary_key=True, sa_type=Text)
    client: str = Field(primary_key=True, sa_type=Text)
    version: str = Field(primary_key=True, sa_type=Text)
    uses: int = Field(sa_type=BigInteger)


_ADD = text("""SELECT door.count_uses(CAST(:elements AS text[]), CAST(:clients AS text[]), CAST(:versions AS text[]),
                                      CAST(:uses AS bigint[]))""")


async def add(session: Session, uses: Mapping[Use, int]) -> date:
    """Add to the counts of today, by the database's clock, and return which day that is. At least one, and none 0."""
    keys = zip(*uses, strict=True)
    columns = dict(zip(("elements", "clients", "versions"), map(list, keys), strict=True))
    day: date = (await session.rows(_ADD, columns | {"uses": list(uses.values())})).scalar_one()
    return day


class Users(NamedTuple):
    """Of one element: a version of a client, how often it used it, and on which day last."""

    element: str
    client: str
    version: str
    uses: int
    last: date


async def since(session: Session, first: date) -> list[Users]:
    """From that day on, by element, who uses it most coming first. For the owner of the tables alone."""
    uses = func.sum(DeprecatedUse.uses)
    who = col(DeprecatedUse.element), col(DeprecatedUse.client), col(DeprecatedUse.version)
    found = (
        select(*who, uses, func.max(DeprecatedUse.day))
        .where(col(DeprecatedUse.day) >= first)
        .group_by(*who)
        .order_by(who[0], uses.desc(), who[1], who[2])
    )
    return [
        Users(element, client, version, int(n), last) for element, client, version, n, last in await session.rows(found)
    ]
