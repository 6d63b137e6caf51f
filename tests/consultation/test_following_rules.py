"""A follow-up's clock, whom thanks thank, and how long a lease waits: pure."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultation.rules import pauses
from app.consultation.rules.following import (
    WaitingOn,
    clock,
    counting,
    due,
    held_until,
    lease_after,
    look_again,
    pauses_of,
    stage_began,
    thanked_for,
    waiting_on,
)
from app.consultation.rules.pauses import Pause
from app.consultation.rules.policy import Policy
from app.core.ids import new_id
from app.places.rules.workdays import CITY_TIME

WAVE = {"after": 0, "pools": ["LOCAL"], "match": True, "cap": 16}
POLICY = Policy.of(
    dict.fromkeys(("promised", "seats", "reserved_seats", "per_firm", "leases_a_lawyer", "offers_a_window"), 3)
    | dict.fromkeys(("within", "reserved_for", "lease", "lease_extension", "window", "offer_lives"), 300)
    | {"repeat_every": 600, "refill": 8, "catch_up": 3, "waves": [WAVE]}
)


def at(hour: int, minute: int = 0, second: int = 0, day: int = 5) -> datetime:
    return datetime(2026, 1, day, hour, minute, second, tzinfo=CITY_TIME)


@pytest.mark.parametrize(
    ("asked", "falls"),
    [
        (at(9), at(9, 30)),
        (at(21, 30), at(22)),
        (at(21, 45), at(0, day=6)),  # half of it spent by day
        (at(21, 59, 59), at(1, 59, 52, day=6)),
        (at(22), at(2, day=6)),
        (at(3), at(7)),
        (at(4), at(8)),
        (at(7), at(8, 22, 30)),  # a quarter of it spent by night
        (at(8), at(8, 30)),
    ],
)
def test_patience_is_short_by_day_and_long_by_night(asked: datetime, falls: datetime) -> None:
    assert due(asked, [], POLICY, asked) == falls


def test_while_the_asker_owes_a_reply_no_patience_is_spent() -> None:
    pause = (at(9, 10), at(9, 40))
    assert due(at(9), [pause], POLICY, at(10)) == at(10)
    assert due(at(9), [pause, (at(9, 20), at(9, 50))], POLICY, at(10)) == at(10, 10)
    assert due(at(9), [(at(8), at(9, 20))], POLICY, at(10)) == at(9, 50)
    assert due(at(9), [(at(9, 30), at(11))], POLICY, at(12)) == at(9, 30)
    # A pause into the night: fifteen of thirty minutes were left, which are two hours then.
    assert due(at(21, 30), [(at(21, 45), at(22, 30))], POLICY, at(23)) == at(0, 30, day=6)
    assert due(at(9), [(at(9, 10), None)], POLICY, at(9, 5)) == at(9, 30)
    assert due(at(9), [(at(9, 10), None)], POLICY, at(20, day=9)) is None
    assert look_again(at(9), [(at(9, 10), None)], POLICY, at(11)) == at(11, 20)


STEP = timedelta(minutes=10)
STEPS = st.integers(0, 3 * 24 * 6)
SPANS = st.lists(st.tuples(STEPS, st.one_of(st.none(), STEPS)), max_size=5)


def step(number: int) -> datetime:
    return at(6) + STEP * number


def stood(spans: list[tuple[int, int | None]]) -> list[Pause]:
    return [(step(b), None if e is None else step(e)) for b, e in spans if e is None or e >= b]


def patience(when: datetime) -> timedelta:
    return POLICY.follow_up_day if 8 <= when.astimezone(CITY_TIME).hour < 22 else POLICY.follow_up_night


@given(STEPS, STEPS, SPANS, STEPS)
def test_what_is_asked_later_is_never_due_earlier(
    one: int, other: int, spans: list[tuple[int, int | None]], now: int
) -> None:
    first, second = (due(step(n), stood(spans), POLICY, step(now)) for n in sorted((one, other)))
    if first and second:
        assert first <= second


@given(STEPS, SPANS, STEPS)
def test_exactly_one_patience_is_spent_while_the_clock_runs(
    asked: int, spans: list[tuple[int, int | None]], now: int
) -> None:
    """Step by step: what each adds is its part of the patience of its hour, and nothing in a pause."""
    known = [(b, e if e and e <= step(now) else None) for b, e in stood(spans) if b <= step(now)]
    falls = due(step(asked), stood(spans), POLICY, step(now))
    horizon = max([now, asked, *(n for span in spans for n in span if n is not None)]) + 24 * 6
    spent = 0.0
    for number in range(asked, horizon):
        begin = step(number)
        if falls and begin >= falls:
            break
        end = min(begin + STEP, falls or begin + STEP)
        ran = (end - begin) - (pauses.union(known, end) - pauses.union(known, begin))
        spent += ran / patience(begin)
    if falls:
        assert spent == pytest.approx(1)
    else:
        assert spent < 1
        assert any(e is None for _, e in known)


@given(STEPS, SPANS, STEPS, STEPS)
def test_what_is_due_depends_on_no_look(asked: int, spans: list[tuple[int, int | None]], now: int, more: int) -> None:
    known = stood(spans)
    earlier, later = step(now), step(now + more)
    first, second = due(step(asked), known, POLICY, earlier), due(step(asked), known, POLICY, later)
    if first and first <= earlier:
        assert second == first
    if first and second:
        assert first <= second
    assert look_again(step(asked), known, POLICY, earlier) <= look_again(step(asked), known, POLICY, later)


@given(STEPS, SPANS, STEPS, STEPS, st.one_of(st.none(), STEPS))
def test_late_stays_late(
    asked: int, spans: list[tuple[int, int | None]], now: int, more: int, answered: int | None
) -> None:
    known, ended = stood(spans), None if answered is None else step(asked + 1 + answered)

    def seen(when: datetime) -> Any:
        over = ended is not None and ended <= when
        row = SimpleNamespace(asked_at=step(asked), ended_at=ended if over else None)
        row.state = "ANSWERED" if over else "WAITING"
        return clock(row, known, POLICY, when)

    first, second = seen(step(asked + now)), seen(step(asked + now + more))
    assert second.late or not first.late
    if ended and ended <= step(asked + now):
        assert second == first


def entry(kind: str, moment: datetime, **ids: Any) -> Any:
    return SimpleNamespace(kind=kind, at=moment, ids=ids)


def test_the_log_says_when_the_clocks_stood_still() -> None:
    log = [
        entry("INFORMATION_GIVEN", at(10), inquiry="a"),
        entry("INFORMATION_WANTED", at(9), inquiry="a"),
        entry("INFORMATION_WANTED", at(11), inquiry="b"),
        entry("ANSWER_DELIVERED", at(12), answer="c"),
    ]
    assert pauses_of(log) == [(at(9), at(10)), (at(11), None)]
    over = [entry("QUESTION_RESOLVED", at(13)), entry("INFORMATION_GIVEN", at(14), inquiry="b")]
    assert pauses_of([*log, *over]) == [(at(9), at(10)), (at(11), at(13))]


def test_a_stage_begins_when_the_follow_up_was_last_put_to_more() -> None:
    id = new_id()
    opened = [entry("FOLLOW_UP_OPENED", at(hour), follow_up=str(id)) for hour in (10, 11)]
    other = entry("FOLLOW_UP_OPENED", at(12), follow_up=str(new_id()))
    assert stage_began(id, at(9), [other]) == at(9)
    assert stage_began(id, at(9), [*opened, other]) == at(11)


def test_thanks_end_what_they_thank_for() -> None:
    li, wang = new_id(), new_id()
    to_li, to_all = (SimpleNamespace(id=new_id(), lawyer=lawyer, asked_at=at(9)) for lawyer in (li, None))
    waiting = [to_li, to_all]
    assert thanked_for(waiting, [], None) == []
    assert thanked_for(waiting, [(li, at(8)), (wang, at(9))], None) == []
    assert thanked_for(waiting, [(li, at(10))], None) == [to_li.id, to_all.id]
    assert thanked_for(waiting, [(wang, at(10))], None) == [to_all.id]
    assert thanked_for(waiting, [(wang, at(10))], wang) == [to_all.id]
    assert thanked_for(waiting, [(wang, at(10))], li) == []
    assert thanked_for(waiting, [(wang, at(10)), (li, at(11))], li) == [to_li.id, to_all.id]


def test_a_lease_waits_for_the_asker_and_never_longer_than_an_hour() -> None:
    claimed = datetime(2026, 1, 5, 9, tzinfo=UTC)
    minutes = timedelta(minutes=1)
    assert held_until(claimed + 5 * minutes, claimed, POLICY) == claimed + 35 * minutes
    assert held_until(claimed + 40 * minutes, claimed, POLICY) == claimed + 60 * minutes
    assert lease_after(claimed + 20 * minutes, 4 * minutes, claimed) == claimed + 24 * minutes
    assert lease_after(claimed + 20 * minutes, timedelta(seconds=9), claimed) == claimed + 22 * minutes
    assert lease_after(claimed + 59 * minutes, 4 * minutes, claimed) == claimed + 60 * minutes


def test_answers_count_once_and_whenever_they_came() -> None:
    delivered = [entry("ANSWER_DELIVERED", at(9), answer=name, counts=counts) for name, counts in (("a", 1), ("b", 0))]
    assert counting(delivered) == 1
    assert counting([*delivered, entry("ANSWER_COUNTED", at(10), answer="b")]) == 2
    assert counting([*delivered, entry("ANSWER_COUNTED", at(10), answer="a")]) == 1


@pytest.mark.parametrize(
    ("status", "kept", "follow_ups", "inquiries", "whom"),
    [
        ("OPEN", False, 0, 0, WaitingOn.LAWYER),
        ("OPEN", False, 0, 1, WaitingOn.LAWYER),
        ("OPEN", True, 1, 1, WaitingOn.LAWYER),
        ("OPEN", True, 0, 1, WaitingOn.ASKER),
        ("OPEN", True, 0, 0, WaitingOn.NONE),
        ("NEEDS_EDIT", False, 0, 0, WaitingOn.ASKER),
        ("BLOCKED", False, 0, 0, WaitingOn.NONE),
        ("RESOLVED", False, 0, 0, WaitingOn.NONE),
        ("WITHDRAWN", False, 1, 1, WaitingOn.NONE),
    ],
)
def test_whose_turn_it_is(status: str, kept: bool, follow_ups: int, inquiries: int, whom: WaitingOn) -> None:
    assert waiting_on(status, kept, follow_ups, inquiries) is whom
