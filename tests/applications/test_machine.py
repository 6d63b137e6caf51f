"""The machine: what its table says, how it is drawn, that the database holds the same, and random lives of it."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.applications.models import ApplicationKind, ApplicationState, By, Move
from app.applications.rules.guards import GUARDS, Facts
from app.applications.rules.machine import DATA, MACHINES, MOVED_ON, NOT_YOURS_TO_DO, OVER, Row, drawn
from app.applications.rules.telling import TELLING
from app.core.errors import Code
from tests.city import City

AID = MACHINES[ApplicationKind.LEGAL_AID]
S, M = ApplicationState, Move


def test_every_word_of_the_table_means_something() -> None:
    machines, rows = MACHINES.values(), [row for machine in MACHINES.values() for row in machine.rows]
    assert {state for machine in machines for state in machine.states} == set(ApplicationState)
    assert {row.move for row in rows} == set(Move)
    assert {row.guard for row in rows if row.guard} == set(GUARDS)
    assert {row.by for row in rows} == set(By)
    for machine in machines:
        assert {state for row in machine.rows for state in (row.before, row.after)} == set(machine.states)
        assert max(Counter((row.move, row.before) for row in machine.rows).values()) == 1
        assert machine.over <= machine.ends <= set(machine.states)
        assert OVER & set(machine.states) == machine.over


def test_who_makes_a_step_knows_of_it_and_it_is_told_to_the_others() -> None:
    silent = {
        ApplicationKind.LEGAL_AID: {M.SUBSIDISE, M.FOLLOW_UP},
        # The room of mediation tells both sides; who offers one knows of it.
        ApplicationKind.MEDIATION: {M.BEGIN, M.PERFORM, M.FAIL, M.FOLLOW_UP, M.OFFER_MEDIATION},
        ApplicationKind.NOTARISATION: set[Move](),
        ApplicationKind.CERTIFICATE_REVIEW: set[Move](),
    }
    for kind, machine in MACHINES.items():
        told, moves = TELLING[kind], {row.move for row in machine.rows}
        heard = set(told.applicant) | told.staff | told.supervisors | told.ends_work
        assert heard <= moves
        assert moves - heard == silent[kind]


def test_every_state_is_reached_and_what_does_not_end_can_be_ended() -> None:
    reached, before = {S.NEW}, set[ApplicationState]()
    while reached != before:
        before = set(reached)
        reached |= {row.after for row in AID.rows if row.before in before}
    assert reached == set(AID.states)
    ends = set(AID.states) - {row.before for row in AID.rows if row.after != row.before}
    assert ends == {S.FOLLOWED_UP, S.UPHELD, S.WITHDRAWN, S.DEEMED_WITHDRAWN}
    # Whoever closes her account leaves nothing that anybody would still have to act on.
    waits = {row.before for row in AID.rows if row.by in (By.STAFF, By.LAWYER)} | {S.OBJECTION, S.NEEDS_SUPPLEMENT}
    # Of a closed case only what is the institution's own is left: the subsidy, and to ask how it went.
    assert waits - {S.CLOSED_REPORTED} <= {row.before for row in AID.rows if row.move is M.GIVE_UP}


def test_a_clock_runs_wherever_the_law_sets_a_time() -> None:
    for row in AID.rows:
        match row.after:
            case S.SUBMITTED | S.TRANSFERRED if row.before is not row.after:
                assert row.clock == "REVIEW"
            case S.NEEDS_SUPPLEMENT if row.before is not S.NEEDS_SUPPLEMENT:
                assert row.clock == "SUPPLEMENT"
            case S.OBJECTION if row.before is not S.OBJECTION:
                assert row.clock == "OBJECTION"
            case S.GRANTED if row.before not in (S.GRANTED, S.ASSIGNED):
                assert row.clock == "ASSIGN"
            case S.DENIED | S.UPHELD | S.TERMINATED | S.WITHDRAWN | S.DEEMED_WITHDRAWN:
                assert row.stops


def test_the_page_beside_the_table_is_current() -> None:
    for kind, machine in MACHINES.items():
        assert (DATA / f"{kind.lower()}.md").read_text("utf-8") == drawn(machine), "python -m scripts.draw_machines"


@pytest.mark.anyio
async def test_the_database_holds_the_same_table(city: City) -> None:
    rows = await city.sql("SELECT kind, move, before, after, by_whom FROM app.application_move")
    said = [(m.kind, row.move, row.before, row.after, row.by) for m in MACHINES.values() for row in m.rows]
    assert sorted(map(tuple, rows)) == sorted(said)
    kinds = await city.sql("SELECT kind, institution, ends, decides, reopens FROM app.application_kind")
    told = {row.kind: (row.institution, set(row.ends), set(row.decides), set(row.reopens)) for row in kinds}
    machines = MACHINES.values()
    assert told == {str(m.kind): (m.institution, set(m.ends), set(m.decides), set(m.reopens)) for m in machines}


class Life(RuleBasedStateMachine):
    """Somebody tries something, again and again: what the table allows happens, everything else has a name."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.facts, self.log = S.NEW, Facts(), list[Row]()

    @initialize(urgent=st.booleans())
    def applies(self, urgent: bool) -> None:
        self.facts = Facts(urgent=urgent)
        self.tries(M.SUBMIT, By.APPLICANT, False)
        assert self.state is S.SUBMITTED

    @rule(move=st.sampled_from(Move), by=st.sampled_from(By), herself=st.booleans())
    def tries(self, move: Move, by: By, herself: bool) -> None:
        facts = replace(self.facts, decided_by_herself=herself)
        allowed = AID.allowed(self.state, frozenset({by}), facts)
        found = AID.may(move, self.state, frozenset({by}), facts)
        assert (move in allowed) == isinstance(found, Row)
        if isinstance(found, Code):
            row = AID.row(move, self.state)
            assert (found is MOVED_ON) == (row is None)
            assert (found is NOT_YOURS_TO_DO) == (row is not None and row.by is not by)
            return
        self.happens(found)

    @rule(pick=st.integers(0, 100))
    def does_what_is_allowed(self, pick: int) -> None:
        """Otherwise most tries are refused, and no life is long."""
        allowed = AID.allowed(self.state, frozenset(By), self.facts)
        if allowed:
            found = AID.may(allowed[pick % len(allowed)], self.state, frozenset(By), self.facts)
            assert isinstance(found, Row)
            self.happens(found)

    def happens(self, row: Row) -> None:
        self.state, facts = row.after, self.facts
        changes: dict[Move, dict[str, Any]] = {
            M.ASK_SUPPLEMENT: {"lists": facts.lists + 1},
            M.ASK_SUPPLEMENT_AGAIN: {"lists": facts.lists + 1},
            M.GRANT_IN_ADVANCE: {"advance": True},
            M.ASK_CHANGE: {"change_asked": True},
            M.KEEP_LAWYER: {"change_asked": False},
            M.CHANGE_LAWYER: {"change_asked": False, "reported": False},
            M.REPORT: {"reported": True},
            M.OBJECT: {"objected": True},
            M.SUBSIDISE: {"subsidised": True},
        }
        self.facts = replace(facts, **changes.get(row.move, {}))
        self.log.append(row)

    @invariant()
    def what_the_law_promises_holds(self) -> None:
        moves = [row.move for row in self.log]
        assert moves.count(M.ASK_SUPPLEMENT) <= 1  # 一次性告知
        assert moves.count(M.OBJECT) <= 1
        assert moves.count(M.SUBSIDISE) <= 1
        for at, row in enumerate(self.log):
            done = moves[:at]
            if row.move is M.ASK_SUPPLEMENT_AGAIN:
                assert M.ASK_SUPPLEMENT in done
                assert row.by is By.SUPERVISOR
            if row.move is M.CLOSE:
                assert M.REPORT in done
            if row.move is M.ACCEPT:
                assert moves[at - 1] in (M.OFFER, M.HAND_OVER, M.SUPPLEMENT)
            if row.move in (M.UPHOLD, M.OVERTURN):
                assert M.OBJECT in done
            if row.after in (S.DENIED, S.TERMINATED, S.UPHELD) and row.by is not By.APPLICANT:
                assert row.reason  # in writing
        if self.facts.advance:
            assert self.facts.urgent


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
