"""The promise's clock: what happened and the pinned policy decide, and nothing else."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultation.rules.policy import Policy
from app.consultation.rules.promise import Happened, Promise, QuestionEventKind, begun, promise
from tests.consultation.test_rules import POLICY

K = QuestionEventKind
NINE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


def said(kind: K, seconds: float, about: object = None, counts: bool = False) -> Happened:
    return Happened(kind, at(seconds), counts, about)


ASKED = said(K.QUESTION_ASKED, 0)


def answer(seconds: float, name: object = None, counts: bool = True) -> Happened:
    return said(K.ANSWER_DELIVERED, seconds, name, counts)


def asked_back(begin: float, end: float | None, name: object = "one") -> list[Happened]:
    given = [] if end is None else [said(K.INFORMATION_GIVEN, end, name)]
    return [said(K.INFORMATION_WANTED, begin, name), *given]


def read(*log: Happened, policy: Policy = POLICY) -> Promise:
    return promise([ASKED, *log], policy)


def test_three_answers_in_time() -> None:
    kept = read(answer(100), answer(200), answer(599))
    assert (kept.first.reached_at, kept.last.reached_at) == (at(100), at(599))
    assert kept.first.due_at == kept.last.due_at == at(600)
    assert not kept.last.late
    assert not kept.last.missed(at(10**6))
    assert kept.elapsed(at(599)) == timedelta(seconds=599)


def test_a_pause_moves_what_is_still_due_and_nothing_that_was_reached() -> None:
    waiting = read(answer(100), *asked_back(200, None))
    assert waiting.paused_since == at(200)
    assert waiting.first.due_at == at(600)
    assert waiting.last.due_at is None
    assert not waiting.last.missed(at(10**6))
    going_on = read(answer(100), *asked_back(200, 500))
    assert (going_on.first.due_at, going_on.last.due_at) == (at(600), at(900))
    assert going_on.paused_since is None
    assert going_on.last.missed(at(901))


def test_two_who_ask_back_at_once_stop_the_clock_once() -> None:
    both = [*asked_back(100, 300, "one"), *asked_back(200, 400, "other")]
    kept = read(*both, answer(10), answer(20), answer(890))
    assert kept.last.due_at == at(900)
    assert kept.paused(at(890)) == timedelta(seconds=300)
    assert read(*asked_back(100, 300, "one"), *asked_back(200, None, "other")).paused_since == at(100)
    assert read(*asked_back(100, 150, "one"), *asked_back(200, None, "other")).paused_since == at(200)


def test_a_reply_ends_the_inquiry_it_answers_and_no_other() -> None:
    kept = read(said(K.INFORMATION_WANTED, 100, "one"), said(K.INFORMATION_GIVEN, 200, "other"))
    assert kept.paused_since == at(100)
    assert [(pause.inquiry, pause.end) for pause in kept.pauses] == [("one", None)]


def test_an_answer_by_somebody_else_while_the_clock_stands_still_is_in_time() -> None:
    kept = read(answer(10), answer(20), *asked_back(100, None), answer(50_000))
    assert kept.last.reached_at == at(50_000)
    assert kept.elapsed(at(50_000)) == timedelta(seconds=100)
    assert not kept.last.late
    assert kept.paused_since is None
    assert read(answer(10), answer(20), *asked_back(100, 60_000), answer(50_000)).last == kept.last


def test_asking_back_after_the_time_is_over_saves_nothing() -> None:
    kept = read(*asked_back(601, None))
    assert kept.last.due_at == at(600)
    assert kept.last.missed(at(601))
    late = read(*asked_back(601, 900), answer(700), answer(800), answer(1000))
    assert late.last.late
    assert late.elapsed(at(1000)) == timedelta(seconds=701)


def test_an_answer_found_helpful_counts_from_then_on() -> None:
    log = [answer(10, "a"), answer(20, "b"), answer(30, "c", counts=False)]
    assert read(*log).last.reached_at is None
    counted = read(*log, said(K.ANSWER_COUNTED, 700, "c"))
    assert counted.last.reached_at == at(700)
    assert counted.last.late
    assert counted.delivered == 3
    assert read(*log, said(K.ANSWER_COUNTED, 50, "a")).last.reached_at is None


def test_words_that_had_to_be_changed_begin_the_promise_anew() -> None:
    blocked = read(said(K.QUESTION_BLOCKED, 0))
    assert not blocked.last.missed(at(10**6))
    sent = read(said(K.QUESTION_BLOCKED, 0), said(K.QUESTION_REVISED, 5000), answer(5100))
    assert sent.asked_at == at(5000)
    assert sent.last.due_at == at(5600)
    assert sent.first.reached_at == at(5100)
    assert sent.ended_at is None


def test_a_log_without_a_question_has_no_promise() -> None:
    assert not begun([K.QUESTION_BLOCKED])
    assert begun([K.QUESTION_BLOCKED, K.QUESTION_REVISED])
    with pytest.raises(ValueError, match="begins"):
        promise([], POLICY)


def test_what_is_over_in_time_is_neither_kept_nor_missed() -> None:
    for over in (K.QUESTION_RESOLVED, K.QUESTION_WITHDRAWN):
        kept = read(answer(100), said(over, 300), answer(400), answer(500), answer(700))
        assert kept.first.reached_at == at(100)
        assert (kept.last.reached_at, kept.last.due_at) == (None, None)
        assert not kept.last.missed(at(10**6))
        assert kept.last.until(at(10**6)) == at(300)
    assert read(said(K.QUESTION_WITHDRAWN, 300)).withdrawn_at == at(300)


def test_the_end_of_the_question_ends_every_pause() -> None:
    over = said(K.QUESTION_WITHDRAWN, 300)
    kept = read(*asked_back(100, None, "one"), *asked_back(200, 400, "other"), over, *asked_back(500, 600, "later"))
    assert [(begin, end) for begin, end, _ in kept.pauses] == [(at(100), at(300)), (at(200), at(300))]
    assert kept.paused(at(9000)) == timedelta(seconds=200)


def test_what_was_late_when_it_ended_stays_late() -> None:
    kept = read(answer(100), said(K.QUESTION_RESOLVED, 601))
    assert kept.last.missed(at(601))
    assert kept.last.missed(at(10**6))


# What went wrong elsewhere, one by one. ---------------------------------------------------------------------------


def test_later_replies_do_not_overrule_the_first_response() -> None:
    """zammad #5177: a shorter update time overruled the first response that was still due."""
    first = read(answer(100)).first
    later = [said(kind, 200) for kind in (K.ANSWER_AMENDED, K.FOLLOW_UP_ASKED, K.FOLLOW_UP_ANSWERED, K.SEAT_FREED)]
    assert read(answer(100), *later).first == first
    assert read(*later).first.due_at == at(600)


def test_what_was_answered_does_not_escalate() -> None:
    """zammad #3140: escalated although the agent had answered."""
    kept = read(answer(1), answer(2), answer(3), said(K.FOLLOW_UP_ASKED, 650), said(K.PROMISE_BROKEN, 700))
    assert not any(mark.missed(at(10**6)) for mark in (kept.first, kept.last))


def test_the_first_answer_is_seen_at_once() -> None:
    """zammad #2082: the due time changed with the second reply only."""
    assert read().first.reached_at is None
    assert read(answer(100)).first.reached_at == at(100)
    assert read(answer(100)).first.stopped_at == at(100)


def test_the_end_is_always_set() -> None:
    """zammad #2579: closing never set the times of closing, in whatever constellation."""
    for before in ([], [answer(10)], asked_back(20, None), asked_back(20, 30), [answer(700)]):
        for over in (K.QUESTION_RESOLVED, K.QUESTION_WITHDRAWN):
            kept = read(*before, said(over, 800))
            assert kept.ended_at == at(800)
            assert kept.last.stopped_at == at(800)
            assert kept.paused_since is None
            assert kept.elapsed(kept.last.until(at(9000))) == kept.elapsed(at(800))


def test_a_pause_outlives_a_change_of_policy() -> None:
    """GLPI #6902: the time on hold was lost when another agreement was applied."""
    log = [*asked_back(100, 400), answer(500)]
    for within in (60, 600, 6000):
        kept = read(*log, policy=replace(POLICY, within=timedelta(seconds=within)))
        assert kept.paused(at(500)) == timedelta(seconds=300)
        assert kept.elapsed(at(500)) == timedelta(seconds=200)


def test_a_resolved_question_does_not_go_on_counting() -> None:
    """chatwoot #10178: the clock of the next response ran on after the conversation was resolved."""
    kept = read(answer(10), said(K.FOLLOW_UP_ASKED, 20), said(K.QUESTION_RESOLVED, 30))
    assert not kept.first.missed(at(10**6))
    assert not kept.last.missed(at(10**6))
    assert kept.last.until(at(10**6)) == at(30)


def test_opening_again_does_not_revive_the_promise() -> None:
    """The same: what comes in the second round, days later, is measured by its own clock."""
    kept = read(answer(10), said(K.QUESTION_RESOLVED, 30), said(K.QUESTION_REOPENED, 90_000), answer(90_100))
    assert kept.last.stopped_at == at(30)
    assert not kept.last.missed(at(10**6))
    assert kept.delivered == 2


def test_a_miss_stays_visible_once_answered() -> None:
    """chatwoot #13392: a first reply that came late hid the miss."""
    kept = read(answer(601), answer(602), answer(603))
    assert kept.first.late
    assert kept.first.missed(at(601))
    assert kept.first.missed(at(10**6))


def test_what_is_due_moves_with_the_pause() -> None:
    """frappe #1675: the time of resolution was not computed anew after a pause."""
    assert [read(*asked_back(100, end)).last.due_at for end in (101, 160, 10_000)] == [at(601), at(660), at(10_500)]


# Any log ----------------------------------------------------------------------------------------------------------

QUICK = replace(POLICY, within=timedelta(seconds=60), promised=3)
LAST, SEEN = 120, 200
"""No event comes later than LAST; by SEEN every clock that runs has run out."""
QUIET = [K.WAVE_SENT, K.PROMISE_BROKEN, K.ANSWER_AMENDED, K.QUESTION_REOPENED, K.SEAT_FREED]


@st.composite
def logs(draw: st.DrawFn, revised: bool = True) -> list[Happened]:
    """Any order, any times; answers count at once, later or never; a reply may be missing, or there before its time."""
    second = st.integers(0, LAST)
    log = [ASKED]
    for name in "abcd"[: draw(st.integers(0, 4))]:
        log.append(answer(draw(second), name, draw(st.booleans())))
        log += [said(K.ANSWER_COUNTED, draw(second), name)] * draw(st.integers(0, 1))
    for name in "wxyz"[: draw(st.integers(0, 4))]:
        log.append(said(K.INFORMATION_WANTED, draw(second), name))
        log += [said(K.INFORMATION_GIVEN, at, name) for at in draw(st.lists(second, max_size=2))]
    rare = [K.QUESTION_RESOLVED, K.QUESTION_WITHDRAWN] + [K.QUESTION_REVISED] * revised
    log += [said(kind, draw(second)) for kind in rare if draw(st.integers(0, 3)) == 0]
    log += [said(draw(st.sampled_from(QUIET)), draw(second)) for _ in range(draw(st.integers(0, 3)))]
    return draw(st.permutations(log))


@dataclass
class Slow:
    """The promise by a clock that ticks every second and looks at nothing but what happens in it."""

    ran: int = 0
    ended: int | None = None
    due: int | None = None
    counted: list[int] = field(default_factory=list)
    known: set[object] = field(default_factory=set)
    waiting: set[object] = field(default_factory=set)
    had: set[object] = field(default_factory=set)

    def tick(self, now: int, events: list[Happened]) -> None:
        kinds = {event.kind for event in events}
        if kinds & {K.QUESTION_ASKED, K.QUESTION_REVISED}:
            self.ran, self.ended, self.due, self.counted = 0, None, None, []
        for event in events:
            if event.kind == K.INFORMATION_WANTED and event.about not in self.had:
                self.waiting.add(event.about)
        self.had |= self.waiting
        self.waiting -= {event.about for event in events if event.kind == K.INFORMATION_GIVEN}
        if self.ran == 60 and self.due is None and self.ended is None:
            self.due = now
        counting = {
            e.about for e in events if e.kind == K.ANSWER_COUNTED or (e.kind == K.ANSWER_DELIVERED and e.counts)
        }
        if self.ended is None:
            self.counted += [now] * len(counting - self.known)
        self.known |= counting
        if self.ended is None and kinds & {K.QUESTION_RESOLVED, K.QUESTION_WITHDRAWN}:
            self.ended = now

    def tock(self) -> None:
        self.ran += self.ended is None and not self.waiting

    def reached(self, number: int) -> int | None:
        return self.counted[number - 1] if len(self.counted) >= number else None

    def missed(self, number: int, now: int) -> bool:
        stopped = self.reached(number)
        stopped = self.ended if stopped is None else stopped
        return self.due is not None and (now if stopped is None else stopped) > self.due


@given(logs())
def test_the_clock_is_that_of_who_counts_the_seconds(log: list[Happened]) -> None:
    """At every second, from what had happened until then; whatever the order in which it is read."""
    slow = Slow()
    for now in range(SEEN):
        slow.tick(now, [event for event in log if event.at == at(now)])
        kept = promise([event for event in log if event.at <= at(now)], QUICK)
        for number, mark in ((1, kept.first), (3, kept.last)):
            reached = slow.reached(number)
            assert mark.reached_at == (None if reached is None else at(reached))
            assert mark.missed(at(now)) is slow.missed(number, now)
        assert kept.elapsed(at(now) if slow.ended is None else at(slow.ended)).total_seconds() == slow.ran
        standing = slow.ended is None and bool(slow.waiting) and slow.reached(3) is None
        assert (kept.paused_since is not None) is standing
        slow.tock()


@given(logs(), st.randoms(use_true_random=False))
def test_the_order_of_reading_is_irrelevant(log: list[Happened], chance: Random) -> None:
    shuffled = list(log)
    chance.shuffle(shuffled)
    assert promise(shuffled, QUICK) == promise(log, QUICK)


@given(logs(revised=False))
def test_late_never_turns_back_and_time_never_runs_backwards(log: list[Happened]) -> None:
    known = [promise([event for event in log if event.at <= at(now)], QUICK) for now in range(SEEN)]
    for number in ("first", "last"):
        missed = [getattr(kept, number).missed(at(now)) for now, kept in enumerate(known)]
        assert missed == sorted(missed)
    ran = [kept.elapsed(kept.last.until(at(now))) for now, kept in enumerate(known)]
    assert ran == sorted(ran)
    final = promise(log, QUICK)
    looks = [final.last.missed(at(now)) for now in range(SEEN, 10 * SEEN, 50)]
    assert len(set(looks)) == 1


@given(logs())
def test_what_happens_after_the_promise_is_over_changes_nothing(log: list[Happened]) -> None:
    """No later event can make a mark that was reached late or in time again."""
    kept = promise(log, QUICK)
    later = [said(K.INFORMATION_WANTED, 150, "later"), answer(160, "later"), said(K.QUESTION_RESOLVED, 170)]
    if kept.last.stopped_at:
        assert promise([*log, *later], QUICK).last == kept.last


@given(st.lists(st.tuples(st.floats(0, 5000), st.booleans()), max_size=8))
def test_without_pauses_it_is_the_clock_on_the_wall(answers: list[tuple[float, bool]]) -> None:
    kept = read(*(answer(seconds, counts=counts) for seconds, counts in answers))
    counting = sorted(at(seconds) for seconds, counts in answers if counts)
    assert kept.first.reached_at == (counting[0] if counting else None)
    assert kept.last.reached_at == (counting[2] if len(counting) > 2 else None)
    assert kept.first.due_at == kept.last.due_at == at(600)
    assert kept.last.late is (len(counting) > 2 and counting[2] > at(600))
