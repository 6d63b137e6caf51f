"""What the staff say of a year's days: the announcement of the State Council, and what the city adds to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.errors import BAD_VALUE, Reason, because
from app.core.texts import against_text
from app.places.rules.workdays import Calendar, DayKind

YEARS: Final = range(2000, 2101)
MOST_DAYS: Final = 120
SOURCE: Final = (2, 100)


@dataclass(frozen=True)
class Told:
    """`complete` where it is the whole announcement; then a year that the library does not know is known."""

    year: int
    days: Sequence[tuple[date, DayKind]]
    complete: bool
    source: str


def against_year(said: Told) -> Iterator[Reason]:
    if said.year not in YEARS:
        yield because(BAD_VALUE, "year")
    if len(said.days) > MOST_DAYS:
        yield because(BAD_VALUE, "days")
    seen: set[date] = set()
    for place, (day, kind) in enumerate(said.days[:MOST_DAYS]):
        weekend = day.weekday() >= 5
        if day.year != said.year or day in seen or (kind is DayKind.MAKE_UP and not weekend):
            yield because(BAD_VALUE, f"days.{place}.day")
        seen.add(day)
    yield from against_text(said.source.strip(), "source", *SOURCE)


def special(calendar: Calendar, year: int) -> list[tuple[date, DayKind]]:
    """Its holidays and the days worked instead, in order."""
    days = (
        date.fromordinal(number) for number in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    )
    return [(day, kind) for day in days if (kind := calendar.kind(day)) is not DayKind.ORDINARY]
