"""When an institution is open: on days of the week, on holidays, on days worked instead, and on dates of their own.

All by the city's time, which knows no summer time. A stretch is half open: at its end the door is shut.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from pydantic import BaseModel

from app.core.errors import BAD_VALUE, Reason, because, code
from app.places.rules.workdays import CITY_TIME, Calendar, DayKind

MOST_STRETCHES: Final = 6
MOST_DATES: Final = 100
AHEAD: Final = timedelta(days=60)
"""What does not change within so long is said not to change."""
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)
_DAY: Final = timedelta(days=1)

Stretch = tuple[str, str]
"""From and to, HH:MM, until 24:00; what goes on after midnight is the next day's."""
Interval = tuple[datetime, datetime]

BAD_HOURS = code(
    "BAD_HOURS",
    zh="开放时间无效：应为 00:00 至 24:00，开始早于结束，同一天内各段不重叠。",
    en="These are no opening hours.",
    remedy="Send times as HH:MM up to 24:00, each stretch's beginning before its end, none of a day over another.",
)


class OpenDay(StrEnum):
    """A day of the week, if it is neither a holiday nor worked instead of one."""

    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"
    HOLIDAY = "HOLIDAY"
    MAKE_UP = "MAKE_UP"


WEEK: Final = tuple(OpenDay)[:7]


class Hours(BaseModel):
    """`days` has each of the nine; `dates` what is different on a date, an empty list where it is closed."""

    days: dict[OpenDay, list[Stretch]]
    dates: dict[date, list[Stretch]] = {}


def whole(said: Hours) -> Hours:
    """In order, with every day: those that are not said are closed; a day worked instead is as a Monday."""
    days = {day: sorted(said.days.get(day, [])) for day in OpenDay}
    if OpenDay.MAKE_UP not in said.days:
        days[OpenDay.MAKE_UP] = days[OpenDay.MONDAY]
    return Hours(days=days, dates={day: sorted(open) for day, open in sorted(said.dates.items())})


def against_hours(said: Hours) -> Iterator[Reason]:
    """Fields by the names of the graph."""
    if len(said.dates) > MOST_DATES:
        yield because(BAD_VALUE, "hours.dates")
    for part, stretches in (("days", said.days.values()), ("dates", said.dates.values())):
        for place, open in enumerate(stretches):
            if not _fits(open):
                yield because(BAD_HOURS, f"hours.{part}.{place}.open")


def _fits(open: list[Stretch]) -> bool:
    told = all(_TIME.fullmatch(begin) and _TIME.fullmatch(end) and begin < end for begin, end in open)
    apart = all(one[1] <= other[0] for one, other in pairwise(sorted(open)))
    return told and apart and len(open) <= MOST_STRETCHES


def written(hours: Hours) -> str:
    """For a table's cell: `MONDAY,TUESDAY=09:00-12:00 14:00-17:30;2026-12-24=`; what is not named is shut."""
    alike: dict[str, list[str]] = {}
    for day in OpenDay:
        if hours.days[day] or day is OpenDay.MAKE_UP:
            alike.setdefault(_cell(hours.days[day]), []).append(day.value)
    days = [f"{','.join(days)}={open}" for open, days in alike.items()]
    return ";".join(days + [f"{day.isoformat()}={_cell(open)}" for day, open in hours.dates.items()])


def read(cell: str) -> Hours | None:
    """What `written` wrote; None for what is no such thing."""
    days: dict[OpenDay, list[Stretch]] = {}
    dates: dict[date, list[Stretch]] = {}
    try:
        for part in cell.replace("；", ";").split(";"):
            names, _, said = part.partition("=")
            for name in (one.strip() for one in names.split(",")):
                stretches = [(begin, end) for begin, end in (one.split("-") for one in said.split())]
                if name in OpenDay.__members__:
                    days[OpenDay(name)] = stretches
                else:
                    dates[date.fromisoformat(name)] = stretches
    except ValueError:
        return None
    return whole(Hours(days=days, dates=dates))


def _cell(open: list[Stretch]) -> str:
    return " ".join(f"{begin}-{end}" for begin, end in open)


def day_of(day: date, kind: DayKind) -> OpenDay:
    return WEEK[day.weekday()] if kind is DayKind.ORDINARY else OpenDay(kind)


def open_on(hours: Hours, day: date, calendar: Calendar) -> list[Stretch]:
    known = hours.dates.get(day)
    return hours.days[day_of(day, calendar.kind(day))] if known is None else known


def open_at(hours: Hours, at: datetime, calendar: Calendar) -> bool:
    day = at.astimezone(CITY_TIME).date()
    return any(begin <= at < end for begin, end in _on(hours, day, calendar))


def intervals(hours: Hours, since: datetime, until: datetime, calendar: Calendar) -> list[Interval]:
    """When it is open between the two, in order and apart, cut where they cut it; what touches is one."""
    found = _from(hours, since, until.astimezone(CITY_TIME).date(), calendar)
    cut = [(max(begin, since), min(end, until)) for begin, end in found]
    return [(begin, end) for begin, end in cut if begin < end]


def opens_at(hours: Hours, at: datetime, calendar: Calendar) -> datetime | None:
    """Of what is shut when it next opens; None of what is open, and where it does not open soon."""
    change = next_change(hours, at, calendar)
    return None if open_at(hours, at, calendar) else change


def next_change(hours: Hours, at: datetime, calendar: Calendar) -> datetime | None:
    """When it next opens or shuts; None where neither happens soon."""
    last = at.astimezone(CITY_TIME).date() + AHEAD
    for begin, end in _from(hours, at, last, calendar):
        if begin > at:
            return begin
        if end > at:
            return end if end < _midnight(last + _DAY) else None
    return None


def _from(hours: Hours, since: datetime, last: date, calendar: Calendar) -> Iterator[Interval]:
    """From the beginning of a day on, what touches joined: also over midnight."""
    day, held = since.astimezone(CITY_TIME).date(), None
    while day <= last:
        for begin, end in _on(hours, day, calendar):
            if held and held[1] == begin:
                held = (held[0], end)
                continue
            if held:
                yield held
            held = (begin, end)
        day += _DAY
    if held:
        yield held


def _on(hours: Hours, day: date, calendar: Calendar) -> Iterator[Interval]:
    for begin, end in open_on(hours, day, calendar):
        yield _moment(day, begin), _moment(day, end)


def _moment(day: date, said: str) -> datetime:
    return _midnight(day + _DAY) if said == "24:00" else datetime.combine(day, time.fromisoformat(said), CITY_TIME)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, CITY_TIME)
