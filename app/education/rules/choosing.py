"""Which articles find a reader, and why: by what she said herself, never by what she asked a lawyer (PIPL 24)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from app.accounts.models import AgeBand
from app.core.access import Role
from app.directory.rules.areas import areas_of


class Why(StrEnum):
    """Why it is shown to her."""

    TOPIC_CHOSEN = "TOPIC_CHOSEN"
    TOWN = "TOWN"
    ROLE = "ROLE"
    AGE_BAND = "AGE_BAND"
    NEWEST = "NEWEST"


@dataclass(frozen=True)
class Reader:
    """What somebody said of herself, as far as she did."""

    topics: frozenset[str] = frozenset()
    village: str | None = None
    roles: frozenset[Role] = frozenset({Role.RESIDENT})
    band: AgeBand | None = None


_WEIGHTS: Final = {Why.TOPIC_CHOSEN: 8, Why.TOWN: 4, Why.ROLE: 2, Why.AGE_BAND: 1, Why.NEWEST: 0}


def fits(divisions: Collection[str], roles: Collection[str], bands: Collection[str], reader: Reader) -> bool:
    """Whether it is meant for her; what says nothing of an audience is for everybody."""
    where = areas_of(reader.village) if reader.village else ()
    return (
        (not divisions or not set(divisions).isdisjoint(where))
        and (not roles or not set(roles).isdisjoint(reader.roles))
        and (not bands or reader.band in bands)
    )


def reasons(row: Any, reader: Reader) -> list[Why]:
    """`row` (topic, divisions, roles, bands) is meant for her. At least one, the weightiest first."""
    told = [
        (Why.TOPIC_CHOSEN, row.topic in reader.topics),
        (Why.TOWN, bool(row.divisions)),
        (Why.ROLE, bool(row.roles)),
        (Why.AGE_BAND, bool(row.bands)),
    ]
    return [why for why, holds in told if holds] or [Why.NEWEST]


def chosen(rows: Iterable[Any], reader: Reader, most: int, read: Collection[Any]) -> list[tuple[Any, list[Why]]]:
    """At most so many with their reasons: what she has not read first, then the weightier reasons, then the newest.
    `rows` have besides article and listed_at; `read` are the articles that she has read."""
    meant = [(row, reasons(row, reader)) for row in rows if fits(row.divisions, row.roles, row.bands, reader)]

    def place(one: tuple[Any, list[Why]]) -> tuple[bool, int, datetime]:
        row, why = one
        return row.article not in read, sum(_WEIGHTS[each] for each in why), row.listed_at

    return sorted(meant, key=place, reverse=True)[:most]
