"""The moderator's desk: taking a report, giving it back, and deciding it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert, select, update

from app.accounts.rules.minors import MINOR_ACCESS_NEEDED
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, new_key, seal
from app.directory.reads.opening import calendar
from app.moderation import reads, rules
from app.moderation.events import ReportDecided
from app.moderation.models import OPEN, Measure, MeasureKind, Report, ReportState
from app.moderation.reads import RP
from app.moderation.rules import Reasons
from app.places.rules import add_workdays
from app.vault.actions.keys import keep_keys, release


class Decision(BaseModel):
    """Without a measure it is dismissed, for these reasons."""

    report: UUID
    measure: MeasureKind | None
    reasons: str
    ground: str | None


async def take(session: Session, viewer: Viewer, report: UUID, now: datetime) -> None:
    """Of many at once the first has it, for a day. Twice changes nothing."""
    row = await _seen(session, viewer, report)
    if row.taker == viewer.id and _held(row, now):
        return
    free = update(Report).where(RP.c.id == report, reads.FREE, reads.desk(viewer))
    taken = free.values(state=ReportState.TAKEN, taker=viewer.id, taken_until=now + rules.LEASE)
    if not (await session.rows(taken)).rowcount:
        (row,) = await reads.on_desk(session, viewer, report) or [row]  # meanwhile it may have become hers
        if row.taker != viewer.id or not _held(row, now):
            raise refuse(rules.REPORT_TAKEN if row.state in OPEN else rules.REPORT_OVER, "reportId")


async def give_back(session: Session, viewer: Viewer, report: UUID, now: datetime) -> None:
    """Free for another; her reading ends. Twice changes nothing."""
    row = await _seen(session, viewer, report)
    if row.state not in OPEN:
        raise refuse(rules.REPORT_OVER, "reportId")
    if row.taker == viewer.id and _held(row, now):
        free = {"state": ReportState.WAITING, "taker": None, "taken_until": None}
        await session.rows(update(Report).where(RP.c.id == report, RP.c.taker == viewer.id).values(**free))


async def decide(session: Session, viewer: Viewer, keys: KeyProvider, said: Decision, key: str, now: datetime) -> UUID:
    """The report's id. Her reading ends with the decision.

    Refuses REPORT_NOT_TAKEN, REPORT_OVER, MINOR_ACCESS_NEEDED, and GROUND_NEEDED for a step that leaves one out.
    """
    refuse_if(rules.against_decision(said.reasons, said.ground))
    if known := await once(session, keys.secret("idempotency"), key, said, "decideReport", said.report):
        return known
    await _seen(session, viewer, said.report)
    held = select(*RP.c).where(RP.c.id == said.report, RP.c.taker == viewer.id, RP.c.state.in_(OPEN))
    row = (await session.rows(held.with_for_update())).one_or_none()
    if row is None or not _held(row, now):
        (row,) = await reads.reports(session, viewer, [said.report])
        raise refuse(rules.REPORT_NOT_TAKEN if row.state in OPEN else rules.REPORT_OVER, "reportId")
    own = (await release(session, keys, viewer, [row.id])).get(row.id)
    if own is None:  # she has it, and what it says is a minor's
        raise refuse(MINOR_ACCESS_NEEDED, "reportId")
    if said.measure is None:
        reply = seal(own, said.reasons, "report", "reply", row.id)
        over = {"state": ReportState.DISMISSED, "reply": reply, "decided_at": now, "settled_at": now}
        await session.rows(update(Report).where(RP.c.id == row.id).values(**over))
        await emit(session, ReportDecided(report=row.id, measure=None))
    else:
        measure = await _measure(session, viewer, keys, said, said.measure, now)
        await emit(session, ReportDecided(report=row.id, measure=measure))
    return said.report


async def _measure(
    session: Session, viewer: Viewer, keys: KeyProvider, said: Decision, kind: MeasureKind, now: datetime
) -> UUID:
    """About whom it is, a trigger knows."""
    refuse_if(rules.against_measure(kind, [kind for kind, _ in await reads.earlier(session, said.report)], said.ground))
    id, own = new_id(), new_key()
    reasons = Reasons(reasons=said.reasons, ground=said.ground)
    row = {"id": id, "report": said.report, "kind": kind, "decided_by": viewer.id, "at": now}
    row |= {"content": seal(own, reasons.model_dump_json(), "measure", "content", id)}
    row |= {"appeal_until": add_workdays(now, rules.APPEAL_DAYS, await calendar(session))}
    await session.rows(insert(Measure).inline().values(row))
    await keep_keys(session, keys, {id: own})
    return id


async def _seen(session: Session, viewer: Viewer, report: UUID) -> Any:
    """A report of the desk; her own, or one of which she is a part, is none."""
    rows = await reads.on_desk(session, viewer, report)
    if not rows:
        raise refuse(NOT_FOUND, "reportId")
    return rows[0]


def _held(row: Any, now: datetime) -> bool:
    return bool(row.state == ReportState.TAKEN and row.taken_until > now)
