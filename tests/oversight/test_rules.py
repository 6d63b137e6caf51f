"""Until when, and how a task may end."""

from datetime import UTC, datetime, timedelta

import pytest

from app.consultation.models import Outcome
from app.oversight.models import TaskKind
from app.oversight.rules import (
    OWN_CASE,
    TASK_DONE,
    TASK_NOT_TAKEN,
    TASK_TAKEN,
    against_ending,
    against_taking,
    due,
    ends,
    held_too_long,
)

FRIDAY = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)


def test_a_breach_is_due_in_half_an_hour_also_at_night_and_on_sundays() -> None:
    for hours in range(0, 24 * 7, 5):
        moment = FRIDAY + timedelta(hours=hours)
        assert due(TaskKind.BREACH, moment) - moment == timedelta(minutes=30)


def test_our_settings_are_mended_in_two_hours_also_at_night() -> None:
    assert due(TaskKind.MISCONFIGURED, FRIDAY) - FRIDAY == timedelta(hours=2)


def test_an_unhappy_asker_is_seen_to_in_two_working_days() -> None:
    assert due(TaskKind.LOW_RATING, FRIDAY) == datetime(
        2026, 3, 10, 16, 0, tzinfo=UTC
    )  # the end of Tuesday in the city


@pytest.mark.parametrize("kind", TaskKind)
def test_appeals_are_decided_and_everything_else_is_done(kind: TaskKind) -> None:
    fits = {outcome for outcome in Outcome if ends(kind, outcome)}
    appeal = kind is TaskKind.APPEAL
    assert fits == ({Outcome.UPHELD, Outcome.DISMISSED} if appeal else {Outcome.DONE, Outcome.NOT_REACHED})


def test_a_task_held_for_a_day_is_held_too_long() -> None:
    assert not held_too_long(None, FRIDAY)
    assert not held_too_long(FRIDAY - timedelta(hours=23, minutes=59), FRIDAY)
    assert held_too_long(FRIDAY - timedelta(hours=24), FRIDAY)


def test_why_a_task_cannot_be_taken() -> None:
    assert against_taking(done=True, taken=True, mine=True) is TASK_DONE
    assert against_taking(done=False, taken=True, mine=False) is TASK_TAKEN
    assert against_taking(done=False, taken=True, mine=True) is None
    assert against_taking(done=False, taken=False, mine=False) is OWN_CASE


def test_why_a_task_cannot_be_ended() -> None:
    assert against_ending(done=True, taken=True, mine=True) is TASK_DONE
    assert against_ending(done=False, taken=True, mine=False) is TASK_TAKEN
    assert against_ending(done=False, taken=False, mine=False) is TASK_NOT_TAKEN
    assert against_ending(done=False, taken=True, mine=True) is None
