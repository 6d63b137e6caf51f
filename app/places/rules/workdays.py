"""Working days, as the State Council announces them every autumn for the year to come (国务院办公厅节假日安排)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar  # type: ignore[import-untyped]

CITY_TIME = ZoneInfo("Asia/Shanghai")
"""One time for the whole country, without summer time since 1992."""


def is_workday(day: date) -> bool:
    """Whether offices work: holidays do not count, the Saturdays and Sundays worked instead of them do.

    A year that the calendar does not know yet has its Mondays to Fridays.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # how chinese_calendar says that a year is not announced yet
        return day.weekday() < 5


def add_workdays(moment: datetime, days: int) -> datetime:
    """The end of the last of so many working days: midnight after it, in the city's time.

    The day of the event is not counted and the last day ends at 24:00 (民法典第二百零一条、第二百零三条), so that what
    happens in the evening or on a holiday has its whole days too. ValueError for a moment without a time zone, or less
    than one day.
    """
    if moment.tzinfo is None or days < 1:
        raise ValueError("working days are counted from a moment with a time zone, one at least")
    day = moment.astimezone(CITY_TIME).date()
    while days:
        day += timedelta(days=1)
        days -= is_workday(day)
    return datetime.combine(day + timedelta(days=1), time.min, CITY_TIME)
