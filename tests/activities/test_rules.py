"""Where an activity may go, and what it may say of itself. Pure."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.activities.models import ActivityKind, ActivityState
from app.activities.rules.content import Content, against_content
from app.activities.rules.machine import TABLE, Move, Mover, way_of
from tests.city import TOWN

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
GOOD: dict[str, Any] = {
    "title": "民法典讲座",
    "words": "欢迎参加",
    "division": TOWN,
    "institution": None,
    "place": "文化广场",
    "opens_at": NOW,
    "closes_at": NOW + 2 * HOUR,
    "begins_at": NOW + 3 * HOUR,
    "ends_at": NOW + 4 * HOUR,
    "places": 20,
}
QUIZ = GOOD | {"place": "", "begins_at": None, "ends_at": None, "places": None}


@given(st.lists(st.sampled_from(Move), max_size=12), st.sampled_from(ActivityKind))
def test_nothing_is_public_that_no_second_person_passed_and_what_is_over_stays_so(
    moves: list[Move], kind: ActivityKind
) -> None:
    state, passed = ActivityState.DRAFT, False
    for what in moves:
        if (way := way_of(what, kind, state)) is None:
            continue
        assert state not in (ActivityState.ARCHIVED, ActivityState.CANCELLED)
        if what is Move.PASS:
            assert way.movers == {Mover.SECOND}
        passed = passed or what is Move.PASS
        state = way.after
        if state not in (ActivityState.DRAFT, ActivityState.IN_REVIEW, ActivityState.CANCELLED):
            assert passed
        if kind is ActivityKind.GATHERING:
            assert state is not ActivityState.SCORING


def test_every_state_is_reached_and_left() -> None:
    reached = {way.after for ways in TABLE.values() for way in ways}
    left = {state for ways in TABLE.values() for way in ways for state in way.before}
    assert reached == set(ActivityState)
    assert left == set(ActivityState) - {ActivityState.ARCHIVED, ActivityState.CANCELLED}


@pytest.mark.parametrize(
    ("kind", "other", "expected"),
    [
        ("GATHERING", {}, []),
        ("QUIZ", {}, []),
        ("CONTEST", {"place": "少年宫"}, []),
        ("GATHERING", {"title": "会"}, ["content.title"]),
        ("GATHERING", {"words": "字" * 5001}, ["content.words"]),
        ("GATHERING", {"place": ""}, ["content.place"]),
        ("GATHERING", {"division": "419999"}, ["content.divisionCode"]),
        ("GATHERING", {"places": 0}, ["content.places"]),
        ("QUIZ", {"places": 5}, ["content.places"]),
        ("GATHERING", {"begins_at": None}, ["content.beginsAt"]),
        ("QUIZ", {"begins_at": NOW, "ends_at": NOW + HOUR}, ["content.beginsAt"]),
        ("QUIZ", {"closes_at": NOW}, ["content.closesAt"]),
        ("GATHERING", {"closes_at": NOW + 5 * HOUR}, ["content.closesAt"]),
        ("GATHERING", {"ends_at": NOW + 3 * HOUR}, ["content.closesAt"]),
        ("GATHERING", {"begins_at": NOW - HOUR}, ["content.closesAt"]),
        ("QUIZ", {"opens_at": NOW - 2 * HOUR, "closes_at": NOW - HOUR}, ["content.closesAt"]),
        ("QUIZ", {"closes_at": NOW + timedelta(days=367)}, ["content.closesAt"]),
    ],
)
def test_what_does_not_fit_is_named(kind: str, other: dict[str, Any], expected: list[str]) -> None:
    said = Content(**((GOOD if kind == "GATHERING" else QUIZ) | other))
    assert [reason.field for reason in against_content(ActivityKind(kind), said, NOW)] == expected
