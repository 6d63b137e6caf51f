"""Pure: random lives of the machine of notarisation, with what the law promises of each."""

from dataclasses import replace
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.applications.models import ApplicationKind, ApplicationState, By, Move
from app.applications.rules.guards import Facts
from app.applications.rules.machine import MACHINES, MOVED_ON, NOT_YOURS_TO_DO, Row
from app.core.errors import Code

NOTARISATION = MACHINES[ApplicationKind.NOTARISATION]
S, M = ApplicationState, Move
DECIDED = (S.NOT_ACCEPTED, S.REFUSED, S.TERMINATED, S.REVIEW_DECIDED)
HERSELF = (M.ADMIT, M.PAUSE, M.RESUME, M.DRAFT, M.ISSUE)
NEEDS = {
    M.ASK_SUPPLEMENT_AGAIN: {M.ASK_SUPPLEMENT},
    M.ADMIT: {M.BOOK},  # once somebody has said when she comes
    M.PAUSE: {M.ADMIT},
    M.RESUME: {M.PAUSE},
    M.DRAFT: {M.ADMIT},
    M.ISSUE: {M.DRAFT},
    M.COLLECT: {M.ISSUE},
    M.MAIL: {M.ISSUE},
}
"""What lies before a step, however long the life."""


def test_every_state_is_reached_and_what_does_not_end_can_be_ended() -> None:
    reached, before = {S.NEW}, set[ApplicationState]()
    while reached != before:
        before = set(reached)
        reached |= {row.after for row in NOTARISATION.rows if row.before in before}
    assert reached == set(NOTARISATION.states)
    ends = set(NOTARISATION.states) - {row.before for row in NOTARISATION.rows if row.after != row.before}
    # What was collected or posted is over, and may be looked into for a year.
    assert ends | {S.COLLECTED, S.MAILED} == NOTARISATION.over
    waits = {S.SUBMITTED, S.PRE_REVIEW, S.NEEDS_SUPPLEMENT, S.APPOINTMENT, S.ACCEPTED, S.PAUSED, S.DRAFTED}
    for move in (M.WITHDRAW, M.GIVE_UP):
        assert {row.before for row in NOTARISATION.rows if row.move is move} >= waits


class Life(RuleBasedStateMachine):
    """Somebody tries something, again and again: what the table allows happens, everything else has a name."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.facts, self.log = S.NEW, Facts(), list[Row]()

    @initialize()
    def applies(self) -> None:
        self.tries(M.SUBMIT, By.APPLICANT, False, False)
        assert self.state is S.SUBMITTED

    @rule(move=st.sampled_from(Move), by=st.sampled_from(By), herself=st.booleans(), late=st.booleans())
    def tries(self, move: Move, by: By, herself: bool, late: bool) -> None:
        facts = replace(self.facts, decided_by_herself=herself, review_closed=late)
        found = NOTARISATION.may(move, self.state, frozenset({by}), facts)
        assert (move in NOTARISATION.allowed(self.state, frozenset({by}), facts)) == isinstance(found, Row)
        if isinstance(found, Code):
            row = NOTARISATION.row(move, self.state)
            assert (found is MOVED_ON) == (row is None)
            assert (found is NOT_YOURS_TO_DO) == (row is not None and row.by is not by)
            return
        assert not (herself and move in (M.UPHOLD, M.CORRECT, M.REVOKE))  # 公证程序规则第六十二条
        assert not (late and move is M.REQUEST_REVIEW)  # 第六十一条: within a year
        self.happens(found)

    @rule(pick=st.integers(0, 100))
    def does_what_is_allowed(self, pick: int) -> None:
        """Otherwise most tries are refused, and no life is long."""
        allowed = NOTARISATION.allowed(self.state, frozenset(By), self.facts)
        if allowed:
            found = NOTARISATION.may(allowed[pick % len(allowed)], self.state, frozenset(By), self.facts)
            assert isinstance(found, Row)
            self.happens(found)

    def happens(self, row: Row) -> None:
        changes: dict[Move, dict[str, Any]] = {
            M.TAKE: {"taken": True},
            M.HAND_OVER: {"taken": True},
            M.ASK_SUPPLEMENT: {"lists": self.facts.lists + 1},
            M.ASK_SUPPLEMENT_AGAIN: {"lists": self.facts.lists + 1},
            M.BOOK: {"booked": True},
        }
        self.facts = replace(self.facts, **changes.get(row.move, {}))
        self.state = row.after
        self.log.append(row)

    @invariant()
    def each_step_comes_after_what_it_needs(self) -> None:
        moves = [row.move for row in self.log]
        for once in (M.ASK_SUPPLEMENT, M.ADMIT, M.ISSUE):
            assert moves.count(once) <= 1
        for at, move in enumerate(moves):
            assert NEEDS.get(move, frozenset()) <= {*moves[:at]}
            if move is M.REQUEST_REVIEW:
                assert {M.COLLECT, M.MAIL} & {*moves[:at]}

    @invariant()
    def what_the_law_promises_holds(self) -> None:
        for row in self.log:
            if row.move in HERSELF:
                assert row.by is By.NOTARY
            if row.move is M.ASK_SUPPLEMENT_AGAIN:
                assert row.by is By.SUPERVISOR
            if row.move is M.RESUME:
                assert row.goes_on  # 公证法第三十条: what a pause took is not counted
            if row.after in DECIDED and row.by not in (By.APPLICANT, By.HOUSE):
                assert row.reason  # in writing
        if self.state in NOTARISATION.over:
            assert self.log[-1].stops or self.log[-1].before == self.state


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
