"""Judicial confirmation: a machine of its own, read from `data/court.toml`. Both sides may say yes at different times;
what the second says moves it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from app.core.errors import Code, code
from app.mediation.models import CourtMove, CourtState
from app.mediation.rules.policy import DATA
from app.places.rules.workdays import CITY_TIME, Calendar, today

NOT_FOR_COURT = code(
    "NOT_FOR_COURT",
    zh="该协议不能申请司法确认：尚未生效、已超过三十日、已经申请，或者涉及身份关系。",
    en="No court confirms it: it has no effect yet, the thirty days are over, it was filed, or it is about status.",
    remedy="Read `confirmation`: its state, and until when.",
)


class CourtBy(StrEnum):
    BOTH = "BOTH"
    MEDIATOR = "MEDIATOR"
    HOUSE = "HOUSE"


@dataclass(frozen=True, slots=True)
class CourtRow:
    move: CourtMove
    before: CourtState
    after: CourtState
    by: CourtBy
    article: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class CourtMachine:
    rows: tuple[CourtRow, ...]
    days: int
    remind: tuple[int, ...]

    def may(self, move: CourtMove, before: str, by: CourtBy) -> CourtRow | Code:
        for row in self.rows:
            if row.move is move and row.before == before and row.by is by:
                return row
        return NOT_FOR_COURT


def _row(said: Mapping[str, Any]) -> CourtRow:
    return CourtRow(
        CourtMove(said["move"]),
        CourtState(said["before"]),
        CourtState(said["after"]),
        CourtBy(said["by"]),
        said["article"],
        said["zh"],
        said["en"],
    )


def _read() -> CourtMachine:
    said = tomllib.loads((DATA / "court.toml").read_text("utf-8"))
    return CourtMachine(tuple(map(_row, said["move"])), said["days"], tuple(said["remind"]))


COURT: Final = _read()


def until(effective: datetime, calendar: Calendar) -> datetime:
    """The end of the thirtieth day after the one on which it took effect, at 24:00 in the city; where courts rest on
    it, of the next on which they work (民法典第二百零一条、第二百零三条, 民事诉讼法第八十五条)."""
    last = _day(effective, COURT.days)
    while not calendar.is_workday(last):
        last += timedelta(days=1)
    return datetime.combine(last + timedelta(days=1), time.min, CITY_TIME)


def reminders(effective: datetime) -> list[datetime]:
    """At nine in the morning of the 20th, 25th and 29th of those days."""
    return [datetime.combine(_day(effective, day), time(9), CITY_TIME) for day in COURT.remind]


def _day(effective: datetime, days: int) -> date:
    """So many days after the one on which it took effect."""
    return today(effective) + timedelta(days=days)
