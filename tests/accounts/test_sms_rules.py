"""How often a code may be sent and tried, and what counts as a number, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.accounts.rules import codes
from app.accounts.rules.codes import Limit, Sent, against_sending, against_trying, against_wrong, free_at, phone_free_at
from app.accounts.rules.said import counted_as, mobile, six_digits
from app.core.errors import Reason

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
MOMENTS = some.lists(some.integers(0, 90_000).map(lambda seconds: NOON - timedelta(seconds=seconds)), max_size=30)
LIMITS = some.lists(
    some.builds(Limit, some.integers(1, 12), some.integers(1, 90_000).map(lambda s: timedelta(seconds=s))), max_size=4
)


def names(reasons: list[Reason]) -> list[str]:
    return [reason.code.name for reason in reasons]


def ago(**span: float) -> Sent:
    return Sent(NOON - timedelta(**span))


@settings(deadline=None)
@given(MOMENTS, LIMITS)
def test_the_moment_it_names_is_the_first_at_which_nothing_is_in_the_way(
    sent: list[datetime], limits: list[Limit]
) -> None:
    def stands_in_the_way(at: datetime) -> bool:
        return any(sum(one + limit.within > at for one in sent) >= limit.most for limit in limits)

    free = free_at(sent, limits, NOON)
    assert not stands_in_the_way(free)
    if free > NOON:
        assert stands_in_the_way(NOON)
        assert stands_in_the_way(free - timedelta(microseconds=1))
    else:
        assert free == NOON


def test_a_first_code_goes_at_once() -> None:
    assert list(against_sending([], [], NOON)) == []


def test_the_next_waits_for_the_minute_to_the_second() -> None:
    [reason] = against_sending([ago(seconds=59.5)], [], NOON)
    assert (reason.code, reason.values) == (codes.CODE_TOO_SOON, {"seconds": 1})
    assert list(against_sending([ago(seconds=60)], [], NOON)) == []


def test_the_hour_and_the_day_are_said_in_minutes() -> None:
    hour = [ago(minutes=2 * turn) for turn in range(1, 6)]
    [reason] = against_sending(hour, [], NOON)
    assert (reason.code, reason.values) == (codes.CODE_LIMIT, {"minutes": 50})
    day = [ago(hours=2 * turn) for turn in range(1, 11)]
    [reason] = against_sending(day, [], NOON)
    assert (reason.code, reason.values) == (codes.CODE_LIMIT, {"minutes": 4 * 60})


def test_what_was_not_sent_holds_back_the_minute_alone() -> None:
    unsent = [Sent(NOON - timedelta(minutes=turn), left=False) for turn in range(1, 20)]
    assert phone_free_at(unsent, NOON) == NOON
    assert phone_free_at([Sent(NOON, left=False)], NOON) == NOON + timedelta(minutes=1)


def test_an_address_has_twenty_an_hour_whatever_the_numbers() -> None:
    busy = [NOON - timedelta(minutes=turn) for turn in range(20)]
    [reason] = against_sending([], busy, NOON)
    assert (reason.code, reason.field, reason.values) == (codes.ADDRESS_LIMIT, None, {"minutes": 41})
    assert names(list(against_sending([ago(seconds=1)], busy, NOON))) == ["CODE_TOO_SOON", "ADDRESS_LIMIT"]


@pytest.mark.parametrize(
    ("left", "tries", "used", "said"),
    [
        (timedelta(seconds=1), 0, False, []),
        (timedelta(seconds=1), 4, False, []),
        (timedelta(seconds=1), 5, False, ["CODE_TRIED_OUT"]),
        (timedelta(), 0, False, ["CODE_EXPIRED"]),
        (timedelta(minutes=1), 0, True, ["CODE_EXPIRED"]),
    ],
)
def test_when_a_code_may_be_compared(left: timedelta, tries: int, used: bool, said: list[str]) -> None:
    assert names(list(against_trying(NOON + left, tries, NOON if used else None, NOON))) == said


def test_a_wrong_try_says_how_many_are_left() -> None:
    assert [against_wrong(tries).values for tries in (1, 4)] == [{"left": 4}, {"left": 1}]
    assert against_wrong(5).code is codes.CODE_TRIED_OUT


@pytest.mark.parametrize(
    "said",
    ["13800000000", " 138 0000 0000 ", "138-0000-0000", "+8613800000000", "008613800000000", "１３８００００００００"],
)
def test_a_number_is_written_in_many_ways_and_kept_in_one(said: str) -> None:
    assert mobile(said) == "+8613800000000"


@settings(deadline=None)
@given(some.text(max_size=40))
def test_whatever_is_said_is_a_number_or_not(said: str) -> None:
    found = mobile(said)
    assert found is None or (found.startswith("+861") and len(found) == 14)
    digits = six_digits(said)
    assert digits is None or (digits.isascii() and digits.isdigit() and len(digits) == 6)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix:", "unix:"),
        ("", ""),
    ],
)
def test_an_address_is_counted_as_its_subscriber(address: str, counted: str) -> None:
    assert counted_as(address) == counted
