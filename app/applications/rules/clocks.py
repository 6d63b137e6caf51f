"""How long each step of an application may take, and until when: pure, by the calendar of the city.

The periods are data with their article (`data/clocks.toml`). A period of days begins with the day after the event and
ends with its last day, at 24:00. A day at whose end the clock stands still is not counted, nor is the one on which it
goes on, for that is again the day of an event; a pause within one day takes nothing.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.places.rules.workdays import CITY_TIME, is_workday

_FILE = Path(__file__).parents[1] / "data" / "clocks.toml"
_DAY = timedelta(days=1)

Pause = tuple[datetime, datetime | None]
"""From when to when a clock stands still; the end None while it does. Pauses may overlap."""
Workday = Callable[[date], bool]


class Clock(StrEnum):
    REVIEW = "REVIEW"
    ASSIGN = "ASSIGN"
    OBJECTION = "OBJECTION"
    FORWARD = "FORWARD"
    SUPPLEMENT = "SUPPLEMENT"
    ANSWER = "ANSWER"
    REGISTER = "REGISTER"
    INVITE = "INVITE"
    MEDIATE = "MEDIATE"
    EXTENSION = "EXTENSION"
    PRE_REVIEW = "PRE_REVIEW"
    CERTIFY = "CERTIFY"
    RECHECK = "RECHECK"


class Unit(StrEnum):
    HOURS = "HOURS"
    DAYS = "DAYS"
    WORKDAYS = "WORKDAYS"


@dataclass(frozen=True, slots=True)
class Period:
    """`pausable`: whether it may stand still, as the policy says; `lawful`: whether the law says so itself.

    `law` and `article` are None where the house set it.
    """

    unit: Unit
    length: int
    pausable: bool
    lawful: bool
    remind: tuple[int, ...]
    zh: str
    en: str
    law: str | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True)
class ClockPolicy:
    version: int
    supplement_excluded: bool


def due(
    clock: Clock,
    since: datetime,
    pauses: Iterable[Pause] = (),
    policy: ClockPolicy | None = None,
    workday: Workday = is_workday,
) -> datetime | None:
    """The end of the period that began with what happened at `since`; None while it stands still and has not run out.

    `policy` is the one in force when it began, the newest where none is said. ValueError without a time zone.
    """
    if since.tzinfo is None:
        raise ValueError("a period begins at a moment with a time zone")
    period = PERIODS[clock]
    if period.unit is Unit.HOURS:
        return since + timedelta(hours=period.length)
    stands = period.lawful or (period.pausable and (policy or POLICY).supplement_excluded)
    halts = [(_day(begin), end and _day(end)) for begin, end in pauses] if stands else []
    last = _day(since)
    left = period.length
    while left:
        last += _DAY
        held = [end for begin, end in halts if begin <= last and (end is None or (begin < end and last <= end))]
        if None in held:
            return None
        left -= not held and (period.unit is Unit.DAYS or workday(last))
    while not workday(last):
        last += _DAY
    return datetime.combine(last + _DAY, time.min, CITY_TIME)


def reminders(clock: Clock, until: datetime) -> list[datetime]:
    """When to remind of what ends at `until`, earliest first."""
    return [until - timedelta(days=days) for days in sorted(PERIODS[clock].remind, reverse=True)]


def _day(moment: datetime) -> date:
    return moment.astimezone(CITY_TIME).date()


def _read() -> tuple[ClockPolicy, Mapping[Clock, Period]]:
    data = tomllib.loads(_FILE.read_text("utf-8"))
    policy = ClockPolicy(data["policy"]["version"], data["policy"]["supplementExcluded"])
    return policy, MappingProxyType({clock: _period(data["clocks"][clock.value]) for clock in Clock})


def _period(said: Mapping[str, Any]) -> Period:
    return Period(
        unit=Unit(said.get("unit", Unit.HOURS)),
        length=said.get("days") or said["hours"],
        pausable=bool(said.get("pauses")),
        lawful=said.get("lawful", False),
        remind=tuple(said["remind"]),
        zh=said["zh"],
        en=said["en"],
        law=said.get("law"),
        article=said.get("article"),
    )


POLICY, PERIODS = _read()
