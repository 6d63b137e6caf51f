"""Pure: random lives of both machines, the days of the court, the other ways, and who speaks for whom."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.applications.models import ApplicationKind, ApplicationState, By, Clock, Move, Route
from app.applications.rules import routes
from app.applications.rules.forms.mediation import DisputeKind
from app.applications.rules.guards import Facts
from app.applications.rules.machine import MACHINES, MOVED_ON, NOT_YOURS_TO_DO, Row
from app.applications.rules.running import Running, running
from app.core.errors import Code
from app.mediation.models import Answer, CourtMove, CourtState, Side, Teller, Where
from app.mediation.rules import court
from app.mediation.rules.court import COURT, CourtBy, CourtRow
from app.mediation.rules.standing import answered, may_write, teller_of
from app.places.rules.workdays import CITY_TIME, PUBLISHED, today
from app.vault.models import Basis

MEDIATION = MACHINES[ApplicationKind.MEDIATION]
S, M = ApplicationState, Move
START = datetime(2026, 1, 1, tzinfo=UTC)


def test_every_state_is_reached_and_what_does_not_end_can_be_ended() -> None:
    reached, before = {S.NEW}, set[ApplicationState]()
    while reached != before:
        before = set(reached)
        reached |= {row.after for row in MEDIATION.rows if row.before in before}
    assert reached == set(MEDIATION.states)
    ends = set(MEDIATION.states) - {row.before for row in MEDIATION.rows if row.after != row.before}
    assert ends == MEDIATION.over
    for row in MEDIATION.rows:
        assert row.stops == (row.after in MEDIATION.over | {S.AGREED_ORAL, S.AGREED_WRITTEN}) or row.after in (
            S.PERFORMED,
            row.before,
        )
    # Wherever nothing is agreed on yet she may take it back, and a dispute may be told to the police.
    open_ones = {S.SUBMITTED, S.REGISTERED, S.RESPONDENT_INVITED, S.CONSENTED, S.MEDIATING}
    for move in (M.WITHDRAW, M.GIVE_UP):
        assert {row.before for row in MEDIATION.rows if row.move is move} == open_ones
    assert {row.before for row in MEDIATION.rows if row.move is M.ESCALATE} == open_ones | {S.PERFORMING}


class Life(RuleBasedStateMachine):
    """Somebody tries something, again and again: what the table allows happens, everything else has a name."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.facts, self.log = S.NEW, Facts(), list[Row]()

    @initialize()
    def applies(self) -> None:
        self.tries(M.SUBMIT, By.APPLICANT)
        assert self.state is S.SUBMITTED

    @rule(move=st.sampled_from(Move), by=st.sampled_from(By))
    def tries(self, move: Move, by: By) -> None:
        found = MEDIATION.may(move, self.state, frozenset({by}), self.facts)
        assert (move in MEDIATION.allowed(self.state, frozenset({by}), self.facts)) == isinstance(found, Row)
        if isinstance(found, Code):
            row = MEDIATION.row(move, self.state)
            assert (found is MOVED_ON) == (row is None)
            assert (found is NOT_YOURS_TO_DO) == (row is not None and row.by is not by)
            return
        self.happens(found)

    @rule(pick=st.integers(0, 100))
    def does_what_is_allowed(self, pick: int) -> None:
        allowed = MEDIATION.allowed(self.state, frozenset(By), self.facts)
        if allowed:
            found = MEDIATION.may(allowed[pick % len(allowed)], self.state, frozenset(By), self.facts)
            assert isinstance(found, Row)
            self.happens(found)

    def happens(self, row: Row) -> None:
        changes: dict[Move, dict[str, Any]] = {
            M.TAKE: {"taken": True},
            M.HAND_OVER: {"taken": True},
            M.RECUSE: {"taken": False},
            M.DECLINE_MEDIATOR: {"taken": False},
        }
        self.facts = replace(self.facts, **changes.get(row.move, {}))
        self.state = row.after
        self.log.append(row)

    @invariant()
    def what_the_law_promises_holds(self) -> None:
        moves = [row.move for row in self.log]
        assert Counter(moves)[M.CONSENT] <= 1
        for at, row in enumerate(self.log):
            done = moves[:at]
            if row.after in (S.CONSENTED, S.MEDIATING, S.AGREED_ORAL, S.AGREED_WRITTEN, S.PERFORMING, S.PERFORMED):
                assert M.CONSENT in [*done, row.move]  # 第十七条: nobody is mediated who did not consent
            if row.move in (M.AGREE_ORALLY, M.AGREE_WRITTEN):
                assert M.BEGIN in done
            if row.move is M.COMPLETE:
                assert {M.AGREE_ORALLY, M.AGREE_WRITTEN} & {*done}
            if row.after in (S.NOT_ELIGIBLE, S.ESCALATED_SAFETY) or row.move is M.FAIL:
                assert row.reason
            if row.move is M.REFUSE:
                assert row.by is By.RESPONDENT
                assert row.stops


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


class Court(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.state, self.log = CourtState.ELIGIBLE, list[CourtRow]()

    @rule(move=st.sampled_from(CourtMove), by=st.sampled_from(CourtBy))
    def tries(self, move: CourtMove, by: CourtBy) -> None:
        found = COURT.may(move, self.state, by)
        if isinstance(found, Code):
            assert not [row for row in COURT.rows if (row.move, row.before, row.by) == (move, self.state, by)]
            return
        self.state = found.after
        self.log.append(found)

    @invariant()
    def nothing_is_confirmed_that_both_did_not_bring(self) -> None:
        moves = [row.move for row in self.log]
        assert len(moves) <= 2
        if self.state in (CourtState.CONFIRMED, CourtState.REFUSED):
            assert moves[0] is CourtMove.FILE
            assert self.log[0].by is CourtBy.BOTH
        if self.state is CourtState.LAPSED:
            assert moves == [CourtMove.LAPSE]


TestCourt = Court.TestCase
TestCourt.settings = settings(max_examples=30, stateful_step_count=10, deadline=None)


@given(at=st.timedeltas(timedelta(), timedelta(days=7000)).map(lambda since: START + since))
def test_the_court_s_thirty_days_begin_the_day_after_and_are_told_three_times(at: datetime) -> None:
    until = court.until(at, PUBLISHED)
    assert timedelta(days=30) < until - at
    assert until.astimezone(CITY_TIME).hour == 0
    assert PUBLISHED.is_workday(today(until) - timedelta(days=1))
    told = court.reminders(at)
    assert [(today(one) - today(at)).days for one in told] == [20, 25, 29]
    assert all(at < one < until and one.astimezone(CITY_TIME).hour == 9 for one in told)


@pytest.mark.parametrize(
    ("effective", "last"),
    [
        ("2026-06-01T23:59", "2026-07-01"),
        ("2026-06-04T00:00", "2026-07-06"),  # the thirtieth day is a Saturday
        ("2026-09-01T12:00", "2026-10-08"),  # the National Day
        ("2026-08-21T12:00", "2026-09-20"),  # a Sunday worked instead
    ],
)
def test_what_courts_rest_on_is_not_the_last_of_the_days(effective: str, last: str) -> None:
    at = datetime.fromisoformat(effective).replace(tzinfo=CITY_TIME)
    end = date.fromisoformat(last) + timedelta(days=1)
    assert court.until(at, PUBLISHED) == datetime.combine(end, time.min, CITY_TIME)


@given(at=st.timedeltas(timedelta(), timedelta(days=330)).map(lambda since: START + since))
def test_what_both_add_comes_after_the_last_of_the_thirty_days(at: datetime) -> None:
    consent = MEDIATION.row(M.CONSENT, S.RESPONDENT_INVITED)
    extend = MEDIATION.row(M.EXTEND, S.MEDIATING)
    assert consent is not None
    assert extend is not None
    first = running(consent, Running(), [], at, PUBLISHED)
    more = running(extend, first, [], at + timedelta(days=3), PUBLISHED)
    assert (first.clock, more.clock) == (Clock.MEDIATE, Clock.EXTENSION)
    assert timedelta(days=30) < first.until - at < timedelta(days=42)
    assert timedelta(days=30) <= more.until - first.until < timedelta(days=42)


def test_who_speaks_for_whom_and_where() -> None:
    assert teller_of(Basis.ASKER, None) is teller_of(Basis.DELEGATE, None) is Teller.APPLICANT
    assert teller_of(None, Basis.ASKER) is Teller.RESPONDENT
    assert teller_of(Basis.STAFF, Basis.STAFF) is teller_of(Basis.SUPERVISOR, Basis.SUPERVISOR) is Teller.MEDIATOR
    assert teller_of(None, None) is None
    allowed = {(teller, where) for teller in Teller for where in Where if may_write(teller, where)}
    own = {(Teller.APPLICANT, Where.APPLICANT), (Teller.RESPONDENT, Where.RESPONDENT)}
    shared = {(teller, Where.SHARED) for teller in Teller}
    assert allowed == own | shared | {(Teller.MEDIATOR, where) for where in Where}


@given(st.lists(st.tuples(st.sampled_from([*Side]), st.sampled_from([None, *Answer])), max_size=6), st.booleans())
def test_one_who_refuses_ends_it_and_all_have_to_consent(
    answers: list[tuple[Side, Answer | None]], applied: bool
) -> None:
    found, said = answered(answers, applied=applied), [answer for _, answer in answers]
    assert (found is M.REFUSE) == (Answer.REFUSES in said)
    if found is M.CONSENT:
        assert set(said) == {Answer.CONSENTS}
        assert {side for side, _ in answers} >= ({Side.RESPONDENT} if applied else {*Side})
    if found is None:
        asked = {side for side, _ in answers}
        assert None in said or Side.RESPONDENT not in asked or (not applied and Side.APPLICANT not in asked)


def test_of_each_dispute_other_ways_are_told_with_their_law() -> None:
    for matter in DisputeKind:
        ways = routes.told(S.FAILED, matter)
        assert Route.COURT in {way.route for way in ways}
        assert all(way.law and way.article and way.zh and way.en for way in ways)
    assert routes.told(S.FAILED, DisputeKind.LABOUR)[0].route is Route.LABOUR_ARBITRATION
    assert routes.told(S.RESPONDENT_REFUSED, DisputeKind.OTHER) == routes.told(S.FAILED, DisputeKind.OTHER)
    assert {way.route for way in routes.told(S.PERFORMING, DisputeKind.OTHER)} == {
        Route.COURT,
        Route.LEGAL_AID,
    }
    assert routes.told(S.MEDIATING, DisputeKind.OTHER) == []
    assert {*routes.WAYS} == set(Route)
