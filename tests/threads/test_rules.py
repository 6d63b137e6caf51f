"""Twenty messages a minute."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.threads.rules import A_MINUTE, MINUTE, seconds_to_wait

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ages", "wait"),
    [([], 0), ([0] * 19, 0), ([0] * 20, 60), ([10] * 20, 50), ([0.5] * 20, 60), ([1] * 19 + [59.2], 1), ([60] * 20, 0)],
)
def test_the_twentieth_last_message_says_how_long_to_wait(ages: list[float], wait: int) -> None:
    assert seconds_to_wait([NINE - timedelta(seconds=age) for age in ages], NINE) == wait


@given(st.lists(st.floats(0, 90), max_size=40))
def test_whoever_waits_as_told_may_send(ages: list[float]) -> None:
    sent = [NINE - timedelta(seconds=age) for age in sorted(ages)]
    later = NINE + timedelta(seconds=seconds_to_wait([at for at in sent if at > NINE - MINUTE][:A_MINUTE], NINE))
    assert seconds_to_wait([at for at in sent if at > later - MINUTE][:A_MINUTE], later) == 0
