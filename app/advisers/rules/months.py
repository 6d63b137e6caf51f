"""In which months an adviser owes her village a visit, and when it is said that there was none."""

from datetime import date, datetime, time, timedelta
from typing import Final

from app.places.rules.workdays import CITY_TIME

ALERT_DAY: Final = 25
ALERT_HOUR: Final = 9
OWED_FROM: Final = 10
"""Who begins later in a month owes none in it; nor does who ends before the alert."""


def first_of(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return first_of(month + timedelta(days=31))


def alert_at(month: date) -> datetime:
    """At nine on the 25th, in the city."""
    return datetime.combine(month.replace(day=ALERT_DAY), time(ALERT_HOUR), CITY_TIME)


def owed(month: date, since: date, until: date) -> bool:
    """Whether a visit is owed in that month by whose term it is."""
    return since <= month.replace(day=OWED_FROM) and until >= month.replace(day=ALERT_DAY)


def next_alert(since: date, until: date, after: datetime) -> date | None:
    """The first month whose alert lies after that moment; None where the term ends before it."""
    month = first_of(max(since, after.astimezone(CITY_TIME).date()))
    while not owed(month, since, until) or alert_at(month) <= after:
        if month > until:
            return None
        month = next_month(month)
    return month


def bounds(month: date) -> tuple[datetime, datetime]:
    """From its first moment to that of the next month, in the city."""
    return tuple(datetime.combine(day, time.min, CITY_TIME) for day in (month, next_month(month)))  # type: ignore[return-value]


def said(month: date) -> str:
    return f"{month:%Y-%m}"


def read(said: str) -> date:
    return date.fromisoformat(f"{said}-01")
