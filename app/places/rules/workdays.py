"""Working days, as the State Council announces them every autumn for the year to come (国务院办公厅节假日安排)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from chinese_calendar.constants import holidays, workdays  # type: ignore[import-untyped]

CITY_TIME = ZoneInfo("Asia/Shanghai")
"""One time for the whole country, without summer time since 1992."""
_YEARS = frozenset(day.year for day in holidays)


class DayKind(StrEnum):
    """What the calendar makes of a day."""

    ORDINARY = "ORDINARY"
    HOLIDAY = "HOLIDAY"
    MAKE_UP = "MAKE_UP"


@dataclass(frozen=True)
class Calendar:
    """What the staff entered, day by day, before what the library `chinesecalendar` knows."""

    days: Mapping[date, DayKind] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    """Of which the staff entered the whole announcement."""

    def kind(self, day: date) -> DayKind:
        """Of a year that nobody has announced yet every day is as its weekday says."""
        if (said := self.days.get(day)) is not None:
            return said
        if day in holidays:
            return DayKind.HOLIDAY
        return DayKind.MAKE_UP if day in workdays else DayKind.ORDINARY

    def is_workday(self, day: date) -> bool:
        """Whether offices work: holidays do not count, the Saturdays and Sundays worked instead of them do."""
        kind = self.kind(day)
        return kind is DayKind.MAKE_UP or (kind is DayKind.ORDINARY and day.weekday() < 5)

    def knows(self, year: int) -> bool:
        """Whether that year's holidays were announced and are here."""
        return year in self.years or year in _YEARS

    def known_until(self, day: date) -> date | None:
        """The last day of the years from `day` on whose holidays are known; None where already its own are not."""
        year = day.year
        while self.knows(year):
            year += 1
        return date(year - 1, 12, 31) if year > day.year else None


PUBLISHED = Calendar()
"""The library alone."""


def today(now: datetime) -> date:
    """The day in the city."""
    return now.astimezone(CITY_TIME).date()


def is_workday(day: date) -> bool:
    return PUBLISHED.is_workday(day)


def add_workdays(moment: datetime, days: int, calendar: Calendar = PUBLISHED) -> datetime:
    """The end of the last of so many working days: midnight after it, in the city's time.

    The day of the event is not counted and the last day ends at 24:00 (民法典第二百零一条、第二百零三条), so that what
    happens in the evening or on a holiday has its whole days too. ValueError for a moment without a time zone, or less
    than one day.
    """
    if moment.tzinfo is None or days < 1:
        raise ValueError("working days are counted from a moment with a time zone, one at least")
    day = today(moment)
    while days:
        day += timedelta(days=1)
        days -= calendar.is_workday(day)
    return datetime.combine(day + timedelta(days=1), time.min, CITY_TIME)
