"""The clock stands still while a lawyer waits for the asker's word: once, however many ask her."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultation.rules.pauses import Pause, due, union

NINE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
WITHIN = timedelta(seconds=600)


def at(seconds: int) -> datetime:
    return NINE + timedelta(seconds=seconds)


def paused(*spans: tuple[int, int | None]) -> list[Pause]:
    return [(at(begin), None if end is None else at(end)) for begin, end in spans]


@pytest.mark.parametrize(
    ("spans", "seconds"),
    [
        ([], 0),
        ([(10, 40)], 30),
        ([(10, 40), (20, 50)], 40),
        ([(10, 40), (40, 50)], 40),
        ([(10, 100), (20, 30)], 90),
        ([(10, None)], 990),
        ([(10, 2000)], 990),
        ([(2000, None)], 0),
        ([(30, 10)], 0),
    ],
)
def test_two_who_wait_at_once_stop_the_clock_once(spans: list[tuple[int, int | None]], seconds: int) -> None:
    assert union(paused(*spans), at(1000)) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("spans", "now", "falls"),
    [
        ([], 0, 600),
        ([(100, 160)], 200, 660),
        ([(100, 160)], 130, None),
        ([(100, None)], 9999, None),
        ([(100, 160), (150, 200)], 300, 700),
        ([(600, None)], 9999, 600),  # the time was over when she asked back
        ([(599, None)], 9999, None),
        ([(100, 160), (650, None)], 9999, None),  # the first pause made room for the second
        ([(100, 160), (650, 680)], 9999, 690),
        ([(-50, 100)], 200, 700),  # asked anew while a pause lasted: it counts from the asking
        ([(-50, -10)], 200, 600),
    ],
)
def test_when_the_time_is_over(spans: list[tuple[int, int | None]], now: int, falls: int | None) -> None:
    assert due(NINE, WITHIN, paused(*spans), at(now)) == (None if falls is None else at(falls))


SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(0, 80))).filter(
        lambda span: span[1] is None or span[1] >= span[0]
    ),
    max_size=6,
)


def stands_still(spans: list[tuple[int, int | None]], second: int) -> bool:
    return any(begin <= second and (end is None or second < end) for begin, end in spans)


@given(SPANS, st.integers(0, 100))
def test_the_union_is_the_seconds_that_any_pause_covers(spans: list[tuple[int, int | None]], until: int) -> None:
    assert union(paused(*spans), at(until)).total_seconds() == sum(stands_still(spans, n) for n in range(until))


@given(SPANS, st.integers(0, 100), st.integers(0, 100))
def test_time_elapsed_never_runs_backwards(spans: list[tuple[int, int | None]], one: int, other: int) -> None:
    earlier, later = sorted((at(one), at(other)))
    pauses = paused(*spans)
    ran = (later - union(pauses, later)) - (earlier - union(pauses, earlier))
    assert timedelta(0) <= ran <= later - earlier


@given(SPANS, st.integers(1, 60), st.integers(0, 200))
def test_due_is_the_first_second_at_which_the_clock_has_run_its_time(
    spans: list[tuple[int, int | None]], within: int, now: int
) -> None:
    def as_known(second: int) -> bool:
        """A pause that lasts beyond `now` has no end yet."""
        return any(
            b <= second and b <= now and (e is None or e > now or second < e) for b, e in spans if e is None or b < e
        )

    falls, ran = None, 0
    for second in range(400):
        if ran == within:
            falls = second
            break
        ran += not as_known(second)
    assert due(NINE, timedelta(seconds=within), paused(*spans), at(now)) == (None if falls is None else at(falls))


@given(SPANS, st.integers(1, 60), st.integers(0, 100), st.integers(0, 100))
def test_what_is_due_depends_on_no_look(spans: list[tuple[int, int | None]], within: int, now: int, later: int) -> None:
    """Once reached it stays; it is never said to be earlier than was said before."""
    pauses, span = paused(*spans), timedelta(seconds=within)
    first = due(NINE, span, pauses, at(now))
    second = due(NINE, span, pauses, at(now + later))
    if first and first <= at(now):
        assert second == first
    if first and second:
        assert second >= first
