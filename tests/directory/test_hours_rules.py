"""Opening hours, against somebody who looks at the door every minute."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.directory.rules.hours import (
    Hours,
    OpenDay,
    Stretch,
    against_hours,
    intervals,
    next_change,
    open_at,
    opens_at,
    whole,
)
from app.places.rules.workdays import CITY_TIME, PUBLISHED, Calendar, DayKind

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
GOLDEN_WEEK = date(2026, 9, 28)
WORK = [("09:00", "12:00"), ("14:00", "17:30")]
OFFICE = whole(Hours(days={day: WORK for day in tuple(OpenDay)[:5]}))


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def stretches(draw: st.DrawFn) -> list[Stretch]:
    """None, some, the whole day; some touch one another, or midnight."""
    marks = st.one_of(st.integers(0, 96).map(lambda quarter: quarter * 15), st.integers(0, 1440))
    edges = sorted(draw(st.sets(marks, max_size=6)))
    return [(clock(begin), clock(end)) for begin, end in zip(edges[::2], edges[1::2], strict=False)] + (
        [(clock(edges[1]), clock(edges[2]))] if len(edges) > 3 and draw(st.booleans()) else []
    )


DATES = st.integers(0, 9).map(lambda number: GOLDEN_WEEK + DAY * number)
HOURS = st.builds(
    Hours, days=st.dictionaries(st.sampled_from(OpenDay), stretches()), dates=st.dictionaries(DATES, stretches())
).map(whole)
CALENDARS = st.builds(Calendar, days=st.dictionaries(DATES, st.sampled_from(DayKind)))


def brute(hours: Hours, at: datetime, calendar: Calendar) -> bool:
    """Written out as the law and the sign on the door have it."""
    day, now = at.date(), at.strftime("%H:%M")
    if day in hours.dates:
        today = hours.dates[day]
    else:
        kind = calendar.days.get(day) or PUBLISHED.kind(day)
        name = day.strftime("%A").upper() if kind == "ORDINARY" else kind.value
        today = hours.days[OpenDay(name)]
    return any(begin <= now < end for begin, end in today)


NIGHT = whole(Hours(days={}, dates={GOLDEN_WEEK: [("00:00", "00:15")]}))


@settings(max_examples=60, deadline=None)
@example(NIGHT, Calendar(), GOLDEN_WEEK, 1, 0)  # no time at all is never open
@given(HOURS, CALENDARS, DATES, st.integers(0, 1439), st.integers(0, 4000))
def test_every_minute_is_as_who_looks_at_the_door_finds_it(
    hours: Hours, calendar: Calendar, day: date, minute: int, length: int
) -> None:
    assert not list(against_hours(hours))
    since = datetime.combine(day, time(), CITY_TIME) + minute * MINUTE
    minutes = [since + number * MINUTE for number in range(length)]
    seen = [brute(hours, at, calendar) for at in minutes]
    assert [open_at(hours, at, calendar) for at in minutes[:300]] == seen[:300]
    found = intervals(hours, since, since + length * MINUTE, calendar)
    assert all(begin < end for begin, end in found)
    assert all(one[1] < other[0] for one, other in pairwise(found))
    open = {begin + number * MINUTE for begin, end in found for number in range(int((end - begin) / MINUTE))}
    assert [at in open for at in minutes] == seen
    changes = [at for at, was, is_ in zip(minutes[1:], seen, seen[1:], strict=False) if was != is_]
    if changes:
        assert next_change(hours, since, calendar) == changes[0]
        assert opens_at(hours, since, calendar) == (None if seen[0] else changes[0])


@pytest.mark.parametrize(
    ("at", "open", "change"),
    [
        ("2026-11-30T08:59:59", False, "2026-11-30T09:00"),  # a Monday
        ("2026-11-30T09:00", True, "2026-11-30T12:00"),
        ("2026-11-30T12:00", False, "2026-11-30T14:00"),
        ("2026-11-27T17:30", False, "2026-11-30T09:00"),  # over a weekend
        ("2026-09-30T18:00", False, "2026-10-08T09:00"),  # over the National Day
        ("2026-10-10T10:00", True, "2026-10-10T12:00"),  # a Saturday worked instead, as a Monday
        ("2026-09-19T10:00", False, "2026-09-20T09:00"),  # and the Sunday after a Saturday that is none
    ],
)
def test_an_office_keeps_the_hours_of_offices(at: str, open: bool, change: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=CITY_TIME)
    assert open_at(OFFICE, moment, PUBLISHED) is open
    assert next_change(OFFICE, moment, PUBLISHED) == datetime.fromisoformat(change).replace(tzinfo=CITY_TIME)
    assert (opens_at(OFFICE, moment, PUBLISHED) is None) is open


def test_what_never_opens_and_what_never_shuts_does_not_change() -> None:
    at = datetime(2026, 11, 30, 10, tzinfo=CITY_TIME)
    shut = whole(Hours(days={}))
    assert (open_at(shut, at, PUBLISHED), next_change(shut, at, PUBLISHED), opens_at(shut, at, PUBLISHED)) == (
        False,
        None,
        None,
    )
    always = whole(Hours(days={day: [("00:00", "24:00")] for day in OpenDay}))
    assert (open_at(always, at, PUBLISHED), next_change(always, at, PUBLISHED)) == (True, None)
    assert intervals(always, at, at + 9 * DAY, PUBLISHED) == [(at, at + 9 * DAY)]


@pytest.mark.parametrize(
    "open",
    [
        [("9:00", "12:00")],
        [("09:00", "24:30")],
        [("12:00", "09:00")],
        [("09:00", "09:00")],
        [("24:00", "24:00")],
        [("09:00", "12:00"), ("11:59", "14:00")],
        [("09:00", "12:00\x00")],
        [("０９:00", "12:00")],
        [(f"{hour:02}:00", f"{hour:02}:30") for hour in range(7)],
    ],
)
def test_what_are_no_hours_is_refused_by_name(open: list[Stretch]) -> None:
    (wrong,) = against_hours(Hours(days={OpenDay.MONDAY: [], OpenDay.FRIDAY: open}))
    assert (wrong.code.name, wrong.field) == ("BAD_HOURS", "hours.days.1.open")
    (wrong,) = against_hours(Hours(days={}, dates={date(2026, 12, 24): open}))
    assert (wrong.code.name, wrong.field) == ("BAD_HOURS", "hours.dates.0.open")
    many = {date(2026, 1, 1) + DAY * number: WORK for number in range(101)}
    assert [wrong.field for wrong in against_hours(Hours(days={}, dates=many))] == ["hours.dates"]
