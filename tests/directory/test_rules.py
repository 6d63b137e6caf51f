from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refused
from app.directory.models import Availability
from app.directory.rules.areas import areas_of
from app.directory.rules.practice import begun_by, share, years_practising
from app.directory.rules.presence import FRESH, came_online, online, snooze_for
from app.directory.rules.searching import language, within, wording

NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
JUST_NOW, LONG_AGO = NOON - timedelta(seconds=5), NOON - timedelta(minutes=5)
HERE, DUTY, AWAY = Availability.AVAILABLE, Availability.ON_DUTY, Availability.AWAY


def test_a_sign_of_life_is_good_for_ninety_seconds() -> None:
    assert online(NOON - FRESH, HERE, NOON)
    assert not online(NOON - FRESH - timedelta(microseconds=1), HERE, NOON)
    assert not online(None, HERE, NOON)
    assert online(JUST_NOW, DUTY, NOON)
    assert not online(JUST_NOW, AWAY, NOON)


@pytest.mark.parametrize(
    ("seen_at", "was", "becomes", "came"),
    [
        (JUST_NOW, AWAY, HERE, True),
        (JUST_NOW, AWAY, DUTY, True),
        (LONG_AGO, HERE, HERE, True),
        (None, HERE, HERE, True),
        (JUST_NOW, HERE, HERE, False),
        (JUST_NOW, HERE, DUTY, False),
        (LONG_AGO, AWAY, AWAY, False),
        (None, HERE, AWAY, False),
    ],
)
def test_who_was_absent_and_takes_questions_has_come_online(
    seen_at: datetime | None, was: Availability, becomes: Availability, came: bool
) -> None:
    assert came_online(seen_at, was, becomes, NOON) is came


def test_who_is_snoozed_is_not_online_and_her_signs_of_life_are_no_arrival() -> None:
    later, over = NOON + timedelta(minutes=5), NOON
    assert not online(JUST_NOW, HERE, NOON, later)
    assert online(JUST_NOW, HERE, NOON, over)
    assert not came_online(LONG_AGO, HERE, HERE, NOON, later)
    assert not came_online(JUST_NOW, AWAY, HERE, NOON, later)
    assert came_online(LONG_AGO, HERE, HERE, NOON, over)


def test_a_snooze_is_a_break_and_not_a_holiday() -> None:
    assert (snooze_for(5), snooze_for(720)) == (timedelta(minutes=5), timedelta(hours=12))
    for minutes in (4, 721, -5, 0):
        with pytest.raises(Refused, match="BAD_VALUE"):
            snooze_for(minutes)


@given(st.timedeltas(timedelta(0), timedelta(days=15_000)), st.integers(0, 80))
def test_whoever_began_by_then_has_the_years_and_nobody_who_began_later(later: timedelta, years: int) -> None:
    now = NOON + later
    by = begun_by(years, now)
    assert years_practising(by, now) == years
    assert years_practising(by + timedelta(days=1), now) < years or years == 0


def test_years_in_practice_are_full_years_of_the_citys_calendar() -> None:
    since = date(2016, 3, 1)
    midnight = datetime(2026, 2, 28, 16, 0, tzinfo=UTC)
    assert years_practising(since, midnight) == 10
    assert years_practising(since, midnight - timedelta(seconds=1)) == 9
    assert years_practising(date(2030, 1, 1), midnight) == 0


def test_a_share_of_four_says_nothing() -> None:
    assert share(4, 4) is None
    assert share(4, 5) == 0.8
    assert share(0, 5) == 0


def test_who_serves_a_town_or_the_city_serves_its_villages() -> None:
    assert areas_of("419001001001") == ("419001001001", "419001001", "419001")
    assert areas_of("419001001") == ("419001001", "419001")
    assert areas_of("419001") == ("419001",)


def test_a_number_is_within_its_bounds_or_refused() -> None:
    assert within(None, (1, 3), "f") is None
    assert [within(number, (1, 3), "f") for number in (1, 3)] == [1, 3]
    for number in (0, 4):
        with pytest.raises(Refused, match="BAD_VALUE"):
            within(number, (1, 3), "f")
    with pytest.raises(Refused, match="BAD_VALUE"):
        within(float("nan"), (0.0, 1.0), "f")


def test_a_language_has_a_name() -> None:
    assert language(None, "f") is None
    assert language(" 济源话 ", "f") == "济源话"
    for said in ("", "  ", "字" * 21, "a\x00", "\ud800"):
        with pytest.raises(Refused, match="BAD_VALUE"):
            language(said, "f")


def test_blank_words_ask_for_nothing_and_long_ones_are_refused() -> None:
    assert wording("  ", "query") is None
    assert wording(None, "query") is None
    assert wording(" 李 ", "query") == "李"
    for said, code in (("字" * 51, "TOO_LONG"), ("a\x00b", "BAD_TEXT"), ("a\ud800", "BAD_TEXT")):
        with pytest.raises(Refused, match=code):
            wording(said, "query")
