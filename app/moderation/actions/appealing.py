"""Whom a measure is about appeals against it; a supervisor who had no hand in it decides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import or_, select, update

from app.core.access import Viewer
from app.core.db import Session, clock
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.outbox import emit
from app.core.sealing import KeyProvider, seal
from app.core.texts import against_text
from app.directory.reads.opening import calendar
from app.moderation import reads, rules
from app.moderation.events import AppealOverdue, MeasureAppealed, MeasureJudged
from app.moderation.models import Measure
from app.moderation.reads import MS
from app.places.rules import add_workdays
from app.vault.actions.keys import release
from app.vault.reads import asked_by


class Appeal(BaseModel):
    measure: UUID
    text: str


class Judgement(BaseModel):
    measure: UUID
    lift: bool
    reasons: str


async def appeal(session: Session, viewer: Viewer, keys: KeyProvider, said: Appeal, key: str, now: datetime) -> None:
    """Refuses APPEAL_OVER once she has appealed, or the time has passed."""
    refuse_if(list(against_text(said.text, "text", *rules.REASONS)))
    if await once(session, keys.secret("idempotency"), key, said, "appealMeasure", said.measure):
        return
    own = (await release(session, keys, viewer, await _own(session, viewer, said.measure))).get(said.measure)
    if own is None:
        raise refuse(NOT_FOUND, "measureId")
    due = add_workdays(now, rules.DUE_DAYS, await calendar(session))
    open = MS.c.id == said.measure, MS.c.appealed_at.is_(None), MS.c.appeal_until > clock()
    words = seal(own, said.text, "measure", "appeal", said.measure)
    made = update(Measure).where(*open).values(appealed_at=now, appeal=words, appeal_due=due)
    if not (await session.rows(made)).rowcount:
        raise refuse(rules.APPEAL_OVER, "measureId")
    await emit(session, MeasureAppealed(measure=said.measure))
    await emit(session, AppealOverdue(measure=said.measure, round=0), at=due)


async def _own(session: Session, viewer: Viewer, measure: UUID) -> list[UUID]:
    hers = select(MS.c.id).where(MS.c.id == measure, asked_by(viewer, MS.c.id))
    return list((await session.rows(hers)).scalars())


async def take(session: Session, viewer: Viewer, measure: UUID, now: datetime) -> None:
    """Of many at once the first has it, for a day. Twice changes nothing."""
    row = await _seen(session, viewer, measure)
    if row.judge == viewer.id and _held(row, now):
        return
    free = MS.c.id == measure, MS.c.judged_at.is_(None), or_(MS.c.judge.is_(None), MS.c.judge_until <= clock())
    taken = update(Measure).where(*free, reads.appealed(viewer)).values(judge=viewer.id, judge_until=now + rules.LEASE)
    if not (await session.rows(taken)).rowcount:
        row = (await session.rows(_wanted(viewer, measure))).one_or_none() or row  # meanwhile it may have become hers
        if row.judge != viewer.id or not _held(row, now):
            raise refuse(rules.APPEAL_OVER if row.judged_at else rules.APPEAL_TAKEN, "measureId")


async def decide(session: Session, viewer: Viewer, keys: KeyProvider, said: Judgement, key: str, now: datetime) -> None:
    """Refuses APPEAL_NOT_TAKEN and APPEAL_OVER. Her reading ends with it."""
    refuse_if(list(against_text(said.reasons, "reasons", *rules.REASONS)))
    if await once(session, keys.secret("idempotency"), key, said, "decideMeasureAppeal", said.measure):
        return
    row = await _seen(session, viewer, said.measure)
    if row.judged_at is not None:
        raise refuse(rules.APPEAL_OVER, "measureId")
    own = (await release(session, keys, viewer, [row.id])).get(row.id)
    if own is None or row.judge != viewer.id or not _held(row, now):
        raise refuse(rules.APPEAL_NOT_TAKEN, "measureId")
    answer = seal(own, said.reasons, "measure", "answer", row.id)
    judged = update(Measure).where(MS.c.id == row.id, MS.c.judge == viewer.id, MS.c.judged_at.is_(None))
    if not (await session.rows(judged.values(judged_at=now, lifted=said.lift, answer=answer))).rowcount:
        raise refuse(rules.APPEAL_OVER, "measureId")
    await emit(session, MeasureJudged(measure=row.id))


async def _seen(session: Session, viewer: Viewer, measure: UUID) -> Any:
    """One whose appeal she may decide, or has."""
    row = (await session.rows(_wanted(viewer, measure))).one_or_none()
    if row is None:
        raise refuse(NOT_FOUND, "measureId")
    return row


def _wanted(viewer: Viewer, measure: UUID) -> Any:
    return select(*MS.c).where(MS.c.id == measure, reads.appealed(viewer))


def _held(row: Any, now: datetime) -> bool:
    return row.judge_until is not None and row.judge_until > now
