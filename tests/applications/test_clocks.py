"""The periods of an application against a calendar that is walked day by day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.applications.rules.clocks import PERIODS, POLICY, Clock, ClockPolicy, Pause, Unit, due, reminders
from app.places.rules.workdays import CITY_TIME, add_workdays, is_workday

DAY = timedelta(days=1)
COUNTED = ClockPolicy(0, supplement_excluded=False)
in_days = st.sampled_from([clock for clock in Clock if PERIODS[clock].unit is not Unit.HOURS])
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001
spans = st.timedeltas(timedelta(0), timedelta(days=12))


@st.composite
def pauses_of(draw: st.DrawFn) -> list[Pause]:
    found = draw(st.lists(st.tuples(moments, spans), max_size=3))
    return [(begin, begin + span) for begin, span in found]


@st.composite
def near(draw: st.DrawFn) -> tuple[datetime, list[Pause]]:
    """A moment, and pauses that begin in the fortnight after it."""
    since = draw(moments)
    found = draw(st.lists(st.tuples(spans, spans), max_size=3))
    return since, [(since + after, since + after + span) for after, span in found]


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=CITY_TIME)


def walked(clock: Clock, since: datetime, pauses: list[Pause]) -> date:
    """The last day, by looking at every midnight: which days ended while the clock ran, and on which it began again."""
    day, counted, period = since.astimezone(CITY_TIME).date(), 0, PERIODS[clock]
    while counted < period.length:
        day += DAY
        midnight = datetime.combine(day + DAY, time.min, CITY_TIME)
        before = datetime.combine(day, time.min, CITY_TIME)
        stood = began_again = False
        for begin, end in pauses:
            assert end is not None
            if period.pausable:
                stood |= begin < midnight <= end
                began_again |= begin < before <= end < midnight
        works = period.unit is Unit.DAYS or is_workday(day)
        counted += works and not stood and not began_again
    while not is_workday(day):
        day += DAY
    return day


@given(clock=in_days, when=near())
@settings(max_examples=500, deadline=None)
def test_the_period_is_what_a_walk_through_the_days_finds(clock: Clock, when: tuple[datetime, list[Pause]]) -> None:
    since, pauses = when
    found = due(clock, since, pauses)
    assert found == datetime.combine(walked(clock, since, pauses) + DAY, time.min, CITY_TIME)


@given(clock=in_days, when=near(), later=spans)
@settings(max_examples=300, deadline=None)
def test_later_or_longer_paused_never_ends_earlier(
    clock: Clock, when: tuple[datetime, list[Pause]], later: timedelta
) -> None:
    since, pauses = when
    end, plain = due(clock, since, pauses), due(clock, since)
    assert end is not None
    assert plain is not None
    assert plain <= end
    longer = due(clock, since, [(begin, stop and stop + later) for begin, stop in pauses])
    after = due(clock, since + later)
    assert longer is not None
    assert after is not None
    assert longer >= end
    assert after >= plain
    assert due(clock, since, [*pauses, *pauses]) == end
    assert due(clock, since, pauses, COUNTED) == (end if PERIODS[clock].lawful else plain)


@given(since=moments, after=spans)
@settings(max_examples=200, deadline=None)
def test_an_open_pause_leaves_the_end_open_unless_it_came_too_late(since: datetime, after: timedelta) -> None:
    plain, paused = due(Clock.REVIEW, since), due(Clock.REVIEW, since, [(since + after, None)])
    seventh = since.astimezone(CITY_TIME).date() + 7 * DAY
    began = (since + after).astimezone(CITY_TIME).date()
    assert paused == (plain if began > seventh else None)
    assert due(Clock.REVIEW, since, [(since + after, None)], COUNTED) == plain
    assert due(Clock.ASSIGN, since, [(since + after, None)]) == due(Clock.ASSIGN, since)


@pytest.mark.parametrize(
    ("clock", "since", "pauses", "end"),
    [
        (Clock.REVIEW, "2026-03-02T09:00", [], "2026-03-10T00:00"),  # Monday to Monday
        (Clock.REVIEW, "2026-03-02T23:59", [], "2026-03-10T00:00"),
        (Clock.REVIEW, "2026-03-07T09:00", [], "2026-03-17T00:00"),  # the seventh day is a Saturday
        (Clock.REVIEW, "2026-09-24T09:00", [], "2026-10-09T00:00"),  # the seventh is the first of the National Day
        (Clock.ASSIGN, "2026-03-02T09:00", [], "2026-03-06T00:00"),
        (Clock.OBJECTION, "2026-03-02T09:00", [], "2026-03-10T00:00"),  # the fifth is a Saturday
        # Asked on the third day, supplied a week later: four days are left, from the day after.
        (Clock.REVIEW, "2026-03-02T09:00", [("2026-03-05T10:00", "2026-03-12T16:00")], "2026-03-18T00:00"),
        (Clock.REVIEW, "2026-03-02T09:00", [("2026-03-05T10:00", "2026-03-05T16:00")], "2026-03-10T00:00"),
        (Clock.ANSWER, "2026-02-14T09:00", [], "2026-02-25T00:00"),  # the Spring Festival
        (Clock.FORWARD, "2026-03-07T09:30", [], "2026-03-08T09:30"),
    ],
)
def test_known_periods(clock: Clock, since: str, pauses: list[tuple[str, str]], end: str) -> None:
    assert due(clock, at(since), [(at(begin), at(stop)) for begin, stop in pauses]) == at(end)


@given(since=moments)
def test_working_days_are_those_of_the_calendar(since: datetime) -> None:
    assert due(Clock.ANSWER, since) == add_workdays(since, 1)


def test_the_periods_are_those_of_the_law() -> None:
    said = {clock: (one.length, one.unit, one.article) for clock, one in PERIODS.items() if one.law == "法律援助法"}
    assert said == {
        Clock.REVIEW: (7, Unit.DAYS, "43"),
        Clock.ASSIGN: (3, Unit.DAYS, "43"),
        Clock.OBJECTION: (5, Unit.DAYS, "49"),
        Clock.FORWARD: (24, Unit.HOURS, "39"),
    }
    assert POLICY.supplement_excluded
    paused = {Clock.REVIEW: False, Clock.PRE_REVIEW: True, Clock.CERTIFY: True, Clock.RECHECK: True}
    assert {clock: one.lawful for clock, one in PERIODS.items() if one.pausable} == paused
    certify, recheck = PERIODS[Clock.CERTIFY], PERIODS[Clock.RECHECK]
    assert (certify.length, certify.unit, certify.law, certify.article) == (15, Unit.WORKDAYS, "公证法", "30")
    assert (recheck.length, recheck.unit, recheck.law, recheck.article) == (30, Unit.DAYS, "公证程序规则", "64")


@given(clock=st.sampled_from(Clock), since=moments)
def test_reminders_come_in_order_before_the_end(clock: Clock, since: datetime) -> None:
    end = due(clock, since)
    assert end is not None
    told = reminders(clock, end)
    assert told == sorted(told)
    assert all(since < moment < end for moment in told)
    assume(told)
    assert len(set(told)) == len(PERIODS[clock].remind)


def test_a_moment_without_a_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="time zone"):
        due(Clock.REVIEW, datetime(2026, 3, 2))  # noqa: DTZ001
