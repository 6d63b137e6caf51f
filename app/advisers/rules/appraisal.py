"""How an adviser's year is appraised: from what she logged and answered, line by line. The weights are data."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from app.advisers.models import Line
from app.advisers.rules.months import first_of, next_month, owed
from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text

_DATA: Final = json.loads(Path(__file__).parents[1].joinpath("data", "appraisal.json").read_text("utf-8"))
VERSION: Final[int] = _DATA["version"]
WEIGHTS: Final[Mapping[Line, int]] = {line: _DATA["lines"][line]["weight"] for line in Line}
A_YEAR: Final[Mapping[Line, int]] = {line: _DATA["lines"][line]["a_year"] for line in (Line.TALKS, Line.MEDIATIONS)}
TELLING: Final[int] = _DATA["lines"][Line.QUESTIONS]["telling"]
"""A share of fewer questions says nothing, and would tell who in the village asked."""
REASON: Final = (4, 300)
MOST_CREDITED: Final = 100

CONTEST_OPEN = code(
    "CONTEST_OPEN",
    zh="该项已提出异议，正在处理。",
    en="This line is contested already.",
    remedy="Wait for the decision.",
)
LINE_NOT_COUNTED = code(
    "LINE_NOT_COUNTED",
    zh="该项本年度不计分，无需提出异议。",
    en="This line is not counted for that year.",
    remedy="Contest a line that is counted.",
)
CONTEST_DECIDED = code(
    "CONTEST_DECIDED",
    zh="该异议已处理。",
    en="This has been decided already.",
    remedy="Read it again.",
)
OWN_CONTEST = code(
    "OWN_CONTEST",
    zh="不能处理自己提出的异议。",
    en="Nobody decides what she contested herself.",
    remedy="Let a colleague decide it.",
)


@dataclass(frozen=True)
class Counted:
    """What is known of a term in a year: the months with a visit, the numbers of the rest, and what was credited."""

    visited: frozenset[date]
    talks: int = 0
    mediations: int = 0
    offered: int = 0
    answered: int = 0
    credited: Mapping[Line, int] | None = None


@dataclass(frozen=True)
class Item:
    """A line: so many done, credits among them, of so many due; None where it is not counted."""

    line: Line
    done: int | None
    due: int | None
    credited: int
    weight: int

    @property
    def points(self) -> float | None:
        """0 to the weight, to a tenth."""
        return round(self.weight * min(1.0, (self.done or 0) / self.due), 1) if self.due else None


def period(year: int, since: date, until: date, today: date) -> tuple[date, date] | None:
    """The days of the term in that year, as far as they have come; None where there are none."""
    first, last = max(since, date(year, 1, 1)), min(until, date(year, 12, 31), today)
    return (first, last) if first <= last else None


def appraised(counted: Counted, year: int, since: date, until: date, today: date) -> list[Item]:
    """All lines, in their order."""
    days = period(year, since, until, today)
    credited = counted.credited or {}
    months = _months(*days, since, until, counted.visited, today) if days else set()
    length = (days[1] - days[0]).days + 1 if days else 0
    said: dict[Line, tuple[int, int]] = {
        Line.VISITS: (len(months & counted.visited), len(months)),
        Line.TALKS: (counted.talks, round(A_YEAR[Line.TALKS] * length / 365)),
        Line.MEDIATIONS: (counted.mediations, round(A_YEAR[Line.MEDIATIONS] * length / 365)),
        Line.QUESTIONS: (counted.answered, counted.offered if counted.offered >= TELLING else 0),
    }
    return [_item(line, *said[line], credited.get(line, 0)) for line in Line]


def _item(line: Line, done: int, due: int, credited: int) -> Item:
    if not due:
        return Item(line, None, None, credited, WEIGHTS[line])
    return Item(
        line,
        min(done + credited, due) if line in (Line.VISITS, Line.QUESTIONS) else done + credited,
        due,
        credited,
        WEIGHTS[line],
    )


def _months(first: date, last: date, since: date, until: date, visited: frozenset[date], today: date) -> set[date]:
    """Those in which a visit was owed: the one that is not over yet once she has been there."""
    found, month = set(), first_of(first)
    while month <= last:
        over = min(next_month(month), until + timedelta(days=1)) <= today
        if owed(month, since, until) and (over or month in visited):
            found.add(month)
        month = next_month(month)
    return found


def total(items: list[Item]) -> tuple[float, int]:
    """The points, and how many there could be, of the lines that are counted."""
    counted = [(item.points, item.weight) for item in items if item.points is not None]
    return round(sum(points for points, _ in counted), 1), sum(weight for _, weight in counted)


class Contest(BaseModel):
    """As she said it."""

    term: UUID
    year: int
    line: Line
    reason: str


def against_year(year: int) -> Iterator[Reason]:
    if not 2000 <= year <= 2200:
        yield because(BAD_VALUE, "year")


def against_contest(said: Contest) -> list[Reason]:
    return [*against_year(said.year), *against_text(said.reason, "reason", *REASON)]


def against_decision(uphold: bool, credited: int, reason: str) -> list[Reason]:
    """Who is right is credited something; who is not, nothing."""
    wrong = not 1 <= credited <= MOST_CREDITED if uphold else credited != 0
    return [*([because(BAD_VALUE, "credited")] if wrong else []), *against_text(reason, "reason", *REASON)]
