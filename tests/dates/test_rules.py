"""When somebody is reminded, and what she is advised to do."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.core.errors import Language
from app.dates.models import DateSource, OwnDate
from app.dates.rules import (
    OWN,
    WORDS,
    Advice,
    Period,
    Said,
    about,
    advice,
    against,
    ahead,
    day_of,
    last_workday,
    over,
    reminders,
)
from app.guidance.rules.limits import LIMITS, PeriodUnit
from app.places.rules.workdays import CITY_TIME, PUBLISHED, Calendar, DayKind

THURSDAY, SUNDAY = date(2026, 7, 16), date(2026, 7, 19)


def test_she_is_told_thirty_seven_and_one_days_before() -> None:
    assert reminders(THURSDAY, PUBLISHED) == [date(2026, 6, 16), date(2026, 7, 9), date(2026, 7, 15)]


def test_of_a_rest_day_on_the_last_day_too_on_which_offices_work() -> None:
    told = [date(2026, 6, 19), date(2026, 7, 12), date(2026, 7, 17), date(2026, 7, 18)]
    assert reminders(SUNDAY, PUBLISHED) == told
    assert last_workday(SUNDAY, PUBLISHED) == date(2026, 7, 17)


def test_a_monday_after_a_weekend_is_told_once_on_sunday() -> None:
    assert len(reminders(date(2026, 7, 20), PUBLISHED)) == 3


def test_the_calendar_that_the_staff_entered_counts() -> None:
    spring = {date(2031, 1, 22) + timedelta(days=n): DayKind.HOLIDAY for n in range(10)}
    last = max(spring)
    assert last_workday(last, Calendar(spring)) == date(2031, 1, 21)
    assert reminders(last, Calendar(spring))[1] == date(2031, 1, 21), "earlier than seven days before"


@pytest.mark.parametrize(
    ("hour", "left"),
    [("2026-07-09T00:59:59+00:00", 2), ("2026-07-09T01:00:00+00:00", 1), ("2026-07-15T01:00:01+00:00", 0)],
)
def test_what_lies_behind_is_not_told(hour: str, left: int) -> None:
    assert len(ahead(THURSDAY, datetime.fromisoformat(hour), PUBLISHED)) == left


def test_a_day_ends_at_midnight_in_the_city() -> None:
    assert over(THURSDAY).astimezone(UTC) == datetime(2026, 7, 16, 16, tzinfo=UTC)
    assert day_of(over(THURSDAY)) == THURSDAY


@pytest.mark.parametrize("kind", OwnDate)
def test_a_day_of_her_own_moves_as_it_is(kind: OwnDate) -> None:
    said = Said(source=DateSource.OWN, day=THURSDAY, kind=kind).on(SUNDAY)
    assert (said.day, said.since) == (SUNDAY, None)
    assert about(said) == OWN[kind]


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.id)
def test_a_period_of_the_law_is_reckoned_by_the_law(limit: object) -> None:
    (law,) = [one for one in LIMITS if one is limit]
    said = Said(source=DateSource.LIMIT, day=date.min, limit=law.id).on(date(2026, 2, 28))
    assert said.day == law.last_day(date(2026, 2, 28))
    assert said.is_limit
    assert about(said).told(Language.ZH) == law.about.zh


def test_a_period_that_a_lawyer_named_is_reckoned_by_its_length() -> None:
    said = Said(source=DateSource.ANSWER, day=date.min, period=Period(amount=6, unit=PeriodUnit.MONTHS))
    assert said.on(date(2026, 8, 31)).day == date(2027, 2, 28)
    assert about(said).en == "A period that a lawyer named (6 months)"


def test_what_the_law_has_no_more_stays_as_long_as_it_was() -> None:
    said = Said(source=DateSource.LIMIT, day=date(2026, 7, 11), since=date(2026, 7, 1), limit="gone")
    assert said.on(date(2026, 7, 5)).day == date(2026, 7, 15)


def test_neither_yesterday_nor_the_next_century_is_kept() -> None:
    now = datetime(2026, 7, 16, 23, 59, tzinfo=CITY_TIME)

    def why(day: date) -> list[str]:
        return [reason.code.name for reason in against(Said(source=DateSource.OWN, day=day, kind=OwnDate.OTHER), now)]

    assert why(THURSDAY) == [], "today is not over"
    assert why(THURSDAY - timedelta(days=1)) == ["DATE_OVER"]
    assert why(date(2126, 7, 16)) == ["BAD_VALUE"]


def test_with_less_than_seven_days_left_of_a_period_legal_aid_may_come_in_advance() -> None:
    period = Said(source=DateSource.OWN, day=THURSDAY, kind=OwnDate.FILING)
    hearing = Said(source=DateSource.OWN, day=THURSDAY, kind=OwnDate.HEARING)

    def left(said: Said, days: int) -> list[Advice]:
        return advice(said, said.day - timedelta(days=days), PUBLISHED)

    assert left(period, 7) == [Advice.ASK_LAWYER, Advice.APPLY_FOR_LEGAL_AID]
    assert left(period, 6) == left(period, 0) == [Advice.ASK_LAWYER, Advice.LEGAL_AID_IN_ADVANCE]
    assert left(period, -1) == [Advice.ASK_WHAT_IS_LEFT]
    assert left(hearing, 0) == [Advice.ASK_LAWYER, Advice.APPLY_FOR_LEGAL_AID]
    assert left(hearing, -1) == []
    # The first day of a holiday of a week: it ends with the first day after it (民法典第二百零三条).
    period = period.model_copy(update={"day": date(2026, 10, 1)})
    assert left(period, -7) == [Advice.ASK_LAWYER, Advice.LEGAL_AID_IN_ADVANCE]
    assert left(period, -8) == [Advice.ASK_WHAT_IS_LEFT]
    assert WORDS.keys() == set(Advice)
