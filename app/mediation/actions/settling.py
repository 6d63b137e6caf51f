"""For the worker: what both sides said comes to a step, what is due is told, and the court's thirty days run."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.accounts.models import Duty
from app.applications import reads as applications
from app.applications.actions.timing import by_the_house
from app.applications.models import ApplicationKind, Move
from app.applications.rules.machine import MACHINES
from app.core.db import Session, one_at_a_time
from app.core.outbox import emit_each
from app.directory.reads.opening import calendar
from app.mediation import reads
from app.mediation.events import CourtClosed, CourtNears, TermNears, TermOverdue
from app.mediation.models import About, AgreementForm, Confirmation, CourtMove, CourtState
from app.mediation.reads import working
from app.mediation.rules import court
from app.mediation.rules.policy import TERM_REMINDERS
from app.mediation.rules.standing import answered
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.places.rules.workdays import CITY_TIME
from app.vault.reads import owners

C = reads.C
_NINE = time(9)


async def step(session: Session, case: Any, move: Move, now: datetime) -> None:
    """By nobody, or by who has no account; where it is not to be made any more, nothing."""
    await one_at_a_time(session, f"application {case.application}")
    row = await applications.standing(session, case.application)
    if row is not None and MACHINES[ApplicationKind.MEDIATION].row(move, row.state) is not None:
        await by_the_house(session, row, move, now)


async def take_answer(session: Session, mediation: UUID, now: datetime) -> None:
    """All consent, or one refuses: that is a step, made once."""
    case = await reads.standing(session, mediation)
    if case is None:
        return
    answers = [(row.side, row.answer) for row in await reads.answers(session, mediation)]
    if (move := answered(answers, applied=case.applied)) is not None:
        await step(session, case, move, now)


async def spoken(session: Session, mediation: UUID, thing: UUID, about: str, now: datetime) -> None:
    """What both sides said yes to is done; a mediator whom one of them does not accept steps back."""
    case = await reads.standing(session, mediation)
    if case is not None and about == About.MEDIATOR:
        await _not_accepted(session, case, thing, now)
        return
    if case is None or await working.yeses(session, thing, about) < 2:
        return
    if about == About.EXTENSION:
        await step(session, case, Move.EXTEND, now)
    elif about == About.COURT:
        filed = update(Confirmation).where(C.c.mediation == mediation, C.c.state == CourtState.ELIGIBLE)
        await session.rows(filed.values(state=CourtState.FILED, filed_at=now))
    elif about == About.AGREEMENT:
        agreement = await working.in_effect(session, mediation)
        if agreement is not None and agreement.id == thing:
            written = agreement.form == AgreementForm.WRITTEN
            await step(session, case, Move.AGREE_WRITTEN if written else Move.AGREE_ORALLY, now)


async def _not_accepted(session: Session, case: Any, mediator: UUID, now: datetime) -> None:
    await one_at_a_time(session, f"application {case.application}")
    row = await applications.standing(session, case.application)
    if row is None or row.officer != mediator:  # both said so, or she has stepped back
        return
    if MACHINES[ApplicationKind.MEDIATION].row(Move.DECLINE_MEDIATOR, row.state) is not None:
        await by_the_house(session, row, Move.DECLINE_MEDIATOR, now)


async def begin_performing(session: Session, case: Any, now: datetime) -> None:
    """An agreement binds: what is to be done is due, and the court's thirty days begin."""
    agreement = await working.in_effect(session, case.id)
    if agreement is None:
        return
    due: list[tuple[datetime, Any]] = []
    for term in await working.terms(session, agreement.id):
        morning = datetime.combine(term.due_on, _NINE, CITY_TIME)
        for days in TERM_REMINDERS:
            if (at := morning - timedelta(days=days)) > now:
                due.append((at, TermNears(mediation=case.id, term=term.id, days=days)))
        midnight = datetime.combine(term.due_on + timedelta(days=1), time(), CITY_TIME)
        due.append((midnight, TermOverdue(mediation=case.id, term=term.id)))
    if not agreement.about_status:
        since, until = agreement.effective_at, court.until(agreement.effective_at, await calendar(session))
        row = {"mediation": case.id, "agreement": agreement.id, "state": CourtState.ELIGIBLE}
        made = upsert(Confirmation).inline().values(row | {"since": since, "until": until}).on_conflict_do_nothing()
        if (await session.rows(made)).rowcount:
            nears = zip(court.COURT.remind, court.reminders(since), strict=True)
            due += [(at, CourtNears(mediation=case.id, day=day)) for day, at in nears]
            due.append((until, CourtClosed(mediation=case.id)))
    await emit_each(session, due)
    await step(session, case, Move.PERFORM, now)


async def kept(session: Session, mediation: UUID, now: datetime) -> None:
    """All of it is done."""
    case, agreement = await reads.standing(session, mediation), await working.in_effect(session, mediation)
    if case is None or agreement is None:
        return
    if all(term.kept_at is not None for term in await working.terms(session, agreement.id)):
        await step(session, case, Move.COMPLETE, now)


async def remind_of_term(session: Session, mediation: UUID, term: UUID, mark: str, now: datetime) -> None:
    """Both sides: who owes it, and who waits for it. Once it is overdue the mediator too; where there is none any more,
    the committee's supervisors."""
    case, row = await reads.standing(session, mediation), await working.term(session, term)
    if case is None or row is None or row.kept_at is not None or case.state != "PERFORMING":
        return
    overdue = mark == "overdue"
    kind = NoticeKind.MEDIATION_OVERDUE if overdue else NoticeKind.MEDIATION_DUE
    people = set(await owners(session, case.id))
    if overdue:
        supervisors = await applications.staff(session, case.institution, Duty.SUPERVISOR, of=case.application)
        people |= {case.mediator} if case.mediator else {*supervisors}
    await tell(session, people, kind, case.id, uuid5(term, f"term {mark}"), now)


async def court_nears(session: Session, mediation: UUID, day: int, now: datetime) -> None:
    standing = await working.confirmation(session, mediation)
    if standing is not None and standing.state == CourtState.ELIGIBLE:
        people = await owners(session, mediation)
        await tell(session, people, NoticeKind.MEDIATION_COURT, mediation, uuid5(mediation, f"court {day}"), now)


async def court_closed(session: Session, mediation: UUID, now: datetime) -> None:
    assert court.COURT.may(CourtMove.LAPSE, CourtState.ELIGIBLE, court.CourtBy.HOUSE)
    over = update(Confirmation).where(C.c.mediation == mediation, C.c.state == CourtState.ELIGIBLE, C.c.until <= now)
    await session.rows(over.values(state=CourtState.LAPSED, ended_at=now))


async def leave(session: Session, person: UUID) -> None:
    """What somebody said who closes her account."""
    await session.rows(select(func.door.leave_mediations(person)))


async def forget(session: Session, application: UUID) -> None:
    await session.rows(select(func.door.forget_mediation(application)))
