"""One way to make a step: look where it stands, ask the machine, seal the reason, write the step. A trigger does the
rest, and would refuse what the machine refuses. Steps of one application stand in line."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, insert

from app.accounts.reads import post, posts
from app.applications import reads
from app.applications.actions.papering import Stepped, makes_papers, order_papers
from app.applications.events import AnswerRanOut, ApplicationMoved, ClockNears, ClockRanOut, IdentityAged, ServiceAged
from app.applications.models import (
    FOREVER,
    ApplicationKind,
    ApplicationStep,
    By,
    Clock,
    Move,
)
from app.applications.rules.acting import (
    INSTITUTION_UNFIT,
    LAWYER_CONFLICTED,
    LAWYER_UNFIT,
    MEDIATOR_DECLINED,
    NO_LONGER_OFFERED,
    NOT_AN_OFFICER,
    NOT_YOUR_VISIT,
    OFFICER_RECUSED,
    OTHER_FORM,
    OWN_APPLICATION,
    SAME_CENTRE,
    STEPPED_BACK,
    Act,
    against_act,
)
from app.applications.rules.forms import FORMS, read
from app.applications.rules.machine import MACHINES, NOT_YOURS_TO_DO, Row
from app.applications.rules.policy import KEPT
from app.applications.rules.running import Past, Running, answer_by, reminders, running
from app.applications.rules.standing import HANDLERS, facts_of, roles_of
from app.appointments.models import State
from app.appointments.reads import appointments
from app.appointments.rules.machine import LIVE
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, Code, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit, emit_each
from app.core.retention import terms
from app.core.sealing import KeyProvider, seal, unseal
from app.directory.reads.opening import calendar
from app.vault.actions.files import attach
from app.vault.actions.keys import release
from app.vault.reads import basis

FIELD = "applicationId"


async def act(session: Session, viewer: Viewer, keys: KeyProvider, said: Act, key: str, now: datetime) -> UUID:
    """The application's id. Refuses what `rules.machine` and `rules.acting` name; a repeat changes nothing."""
    refuse_if(list(against_act(said, _needs_reason(said.move))))
    operation = f"application {said.move}"
    if known := await once(session, keys.secret("idempotency"), key, said, operation, said.application):
        return known
    await one_at_a_time(session, f"application {said.application}")
    found = await reads.applications(session, viewer, [said.application])
    if not found:
        raise refuse(NOT_FOUND, FIELD)
    await _step(session, viewer, keys, found[0], said, now)
    return said.application


async def answer(
    session: Session, viewer: Viewer, keys: KeyProvider, assignment: UUID, said: Act, key: str, now: datetime
) -> UUID:
    """The assignment's id: what a lawyer does with what she was offered. `said.application` is set here."""
    refuse_if(list(against_act(said, _needs_reason(said.move))))
    said = said.model_copy(update={"application": assignment})
    if known := await once(session, keys.secret("idempotency"), key, said, f"assignment {said.move}", assignment):
        return known
    row = await reads.offered_to(session, viewer, assignment)
    if row is not None:
        await one_at_a_time(session, f"application {row.id}")
        row = await reads.offered_to(session, viewer, assignment)
    mine = await reads.assignments(session, viewer, [assignment])
    if not mine:
        raise refuse(NOT_FOUND, "assignmentId")
    if row is None or row.lawyer != viewer.id or mine[0].ended_at is not None:
        raise refuse(NO_LONGER_OFFERED, "assignmentId")
    await _step(session, viewer, keys, row, said.model_copy(update={"application": row.id}), now)
    return assignment


async def may(session: Session, viewer: Viewer, row: Any, move: Move, now: datetime) -> tuple[Row, frozenset[By], Any]:
    """The line of the table by which she may do it, as what, and the steps before. Refuses what the machine names."""
    held = await post(session, viewer)
    by = roles_of(row, viewer.id, await basis(session, viewer, row.id), held)
    past = await reads.steps(session, viewer, [row.id])
    line = MACHINES[ApplicationKind(row.kind)].may(move, row.state, by, facts_of(row, past, viewer.id, now))
    if isinstance(line, Code):
        if line is NOT_YOURS_TO_DO and By.APPLICANT in by and held is not None:
            raise refuse(OWN_APPLICATION, FIELD)
        raise refuse(line, FIELD)
    return line, by, past


async def _step(session: Session, viewer: Viewer, keys: KeyProvider, row: Any, said: Act, now: datetime) -> None:
    line, by, past = await may(session, viewer, row, said.move, now)
    if said.kind is not None and said.kind != row.kind:
        raise refuse(OTHER_FORM, FORMS[said.kind].AT)
    await _fits(session, viewer, row, said)
    data_key = (await release(session, keys, viewer, [row.id])).get(row.id) if _sealed(said) else None
    step: dict[str, Any] = {"id": new_id(), "actor": viewer.id}
    step |= {"institution": said.institution, "officer": said.officer, "lawyer": said.lawyer}
    step |= {"code": said.code, "amount": said.amount, "appointment": said.appointment}
    step["answer_by"] = answer_by(now, await calendar(session)) if said.move is Move.OFFER else None
    if data_key is not None:
        step["reason"] = (
            seal(data_key, said.reason.strip(), "application_step", "reason", step["id"]) if said.reason else None
        )
        step["body"] = seal(data_key, said.form, "application", "body", row.id) if said.form is not None else None
    due = await write(session, row, line, step, past, now)
    if said.files and data_key is not None:
        hung: dict[str, Any] = {"subject": row.id, "key": data_key, "part": step["id"]}
        shows = read(row.kind, said.form).identity_files() if said.form is not None else ()
        await attach(session, viewer, keys, said.files, **hung, from_owner=By.APPLICANT in by, now=now, identity=shows)
    if makes_papers(row.kind, said.move):
        data_key = data_key or (await release(session, keys, viewer, [row.id]))[row.id]
        form = said.form if said.form is not None else opened(data_key, row)
        made = Stepped(row, step["id"], said.move, form, said.reason, due)
        await order_papers(session, keys, data_key, made, now)


async def write(
    session: Session,
    row: Any,
    line: Row,
    step: dict[str, Any],
    past: Any,
    now: datetime,
    enter: Callable[[dict[str, Any]], Executable] = lambda step: insert(ApplicationStep).inline().values(step),
) -> datetime:
    """The step, and what is due because of it; until when what runs now does. `enter`: the statement that writes it,
    where it is another's to make."""
    before = Running(Clock(row.clock) if row.clock else None, row.clock_since, row.due_at)
    told = [Past(Clock(one.clock) if one.clock else None, one.clock_since, one.at) for one in past]
    runs, seq = running(line, before, told, now, await calendar(session)), row.seq + 1
    whole = {"application": row.id, "seq": seq, "kind": row.kind, "move": line.move, "before": line.before}
    whole |= {"after": line.after, "by_whom": line.by, "at": now}
    whole |= {"clock": runs.clock, "clock_since": runs.since, "due_at": runs.until}
    await session.rows(enter(step | whole))
    await emit(session, ApplicationMoved(application=row.id, step=step["id"], move=line.move))
    due: list[tuple[datetime, Any]] = []
    if runs.until < FOREVER:
        due.append((runs.until, ClockRanOut(application=row.id, seq=seq, round=0)))
        due += [(moment, ClockNears(application=row.id, seq=seq, due=moment)) for moment in reminders(runs, now)]
    if line.move is Move.OFFER:
        due.append((step["answer_by"], AnswerRanOut(application=row.id, seq=seq)))
    machine = MACHINES[ApplicationKind(row.kind)]
    if line.after in machine.ends:
        due.append((now + KEPT, ServiceAged(application=row.id, seq=seq)))
    if line.after in machine.ends or line.move in machine.decides:
        due.append((now + (await terms(session)).identity, IdentityAged(application=row.id)))
    if due:
        await emit_each(session, due)
    return runs.until


async def _fits(session: Session, viewer: Viewer, row: Any, said: Act) -> None:
    """Whom, or which institution, the step names."""
    if said.move is Move.TRANSFER:
        if said.institution == row.institution:
            raise refuse(SAME_CENTRE, "institutionId")
        if said.institution is None or not await reads.takes(session, said.institution, row.kind):
            raise refuse(INSTITUTION_UNFIT, "institutionId")
    if said.move is Move.TAKE and await reads.stepped_back(session, row.id, viewer.id):
        raise refuse(STEPPED_BACK, FIELD)
    if said.move is Move.HAND_OVER and said.officer is not None:
        await _may_handle(session, viewer, row, said.officer)
    if said.appointment is not None:
        visit = await appointments(session, viewer, [said.appointment])
        if not visit or not _comes(visit[0], viewer, row):
            raise refuse(NOT_YOUR_VISIT, "appointmentId")
    if said.move is Move.OFFER and said.lawyer is not None:
        hindrance = await reads.hindrance(session, row.id, said.lawyer)
        if hindrance is not None:
            raise refuse(LAWYER_CONFLICTED if hindrance == "CONFLICT" else LAWYER_UNFIT, "lawyerId")


async def _may_handle(session: Session, viewer: Viewer, row: Any, officer: UUID) -> None:
    held = await posts(session, viewer, [officer])
    fit = held and held[0].institution == row.institution and held[0].duty in HANDLERS
    if not fit or officer == row.applicant:
        raise refuse(NOT_AN_OFFICER, "officerId")
    if await reads.stepped_back(session, row.id, officer):
        raise refuse(OFFICER_RECUSED, "officerId")
    if row.kind == ApplicationKind.MEDIATION:
        hindrance = await reads.mediator_hindrance(session, row.id, officer)
        if hindrance is not None:
            raise refuse(MEDIATOR_DECLINED if hindrance == "DECLINED" else NOT_AN_OFFICER, "officerId")


def _comes(visit: Any, viewer: Viewer, row: Any) -> bool:
    hers = visit.person == viewer.id and visit.institution == row.institution
    return hers and visit.state in LIVE - {State.HELD}


def _needs_reason(move: Move) -> bool:
    return any(row.reason for machine in MACHINES.values() for row in machine.rows if row.move is move)


def _sealed(said: Act) -> bool:
    return bool(said.reason or said.form is not None or said.files)


def opened(key: bytes, row: Any) -> str:
    """What it says, as it was sealed: for who has the application's key."""
    return unseal(key, row.body, "application", "body", row.id)


def reason_of(key: bytes, step: Any) -> str | None:
    """Its words, for who has the application's key."""
    return unseal(key, step.reason, "application_step", "reason", step.id) if step.reason else None
