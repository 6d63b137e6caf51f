"""What stands out by Poisson's distribution, and how coarsely it is told."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.insights.rules.issues import LEAST, RARE, STEPS, Week, at_least, hot, step, times


def week(questions: int, before: int, askers: int | None = None, days: int = 56) -> Week:
    return Week("labour.wages", "419001001", questions, questions if askers is None else askers, before, days)


def test_poissons_distribution_is_that_of_the_tables() -> None:
    assert at_least(0, 3.0) == 1.0
    assert at_least(1, 1.0) == pytest.approx(0.6321206, abs=1e-7)
    assert at_least(5, 2.0) == pytest.approx(0.0526530, abs=1e-7)
    assert at_least(10, 2.5) == pytest.approx(0.0002774, abs=1e-7)
    assert at_least(1_150, 1_000.0) == pytest.approx(0.0000021, abs=1e-6)


@pytest.mark.parametrize(
    ("seen", "is_hot"),
    [
        (week(5, 0), True),  # never before, and now five people
        (week(5, 8), False),  # one a week was usual
        (week(6, 8), True),
        (week(14, 40), True),  # five a week
        (week(13, 40), False),
        (week(132, 800), True),  # a hundred a week, where three deviations are thirty
        (week(131, 800), False),
        (week(9, 0, askers=4), False),  # few people who ask much
        (week(50, 0, days=13), False),  # nobody knows yet what is usual
        (week(5, 0, days=14), True),
    ],
)
def test_what_is_so_improbable_stands_out(seen: Week, is_hot: bool) -> None:
    assert bool(hot([seen])) is is_hot


@given(st.integers(LEAST, 60), st.integers(0, 300), st.integers(14, 56))
def test_more_is_never_less_hot(questions: int, before: int, days: int) -> None:
    if hot([week(questions, before, days=days)]):
        assert hot([week(questions + 1, before, days=days)])
        assert at_least(questions, before * 7 / days) < RARE if before else True


@given(st.integers(LEAST, 9_999))
def test_numbers_are_told_as_steps_that_were_reached(askers: int) -> None:
    assert step(askers) in STEPS
    assert step(askers) <= askers


def test_how_many_times_as_much_as_usual() -> None:
    assert times(week(12, 40)) == Decimal("2.4")
    assert times(week(13, 8)) == Decimal("13.0")
    assert times(week(5, 8, days=28)) == Decimal("2.5")
    assert times(week(5, 0)) is None
