"""What the worker notes of each question's promise, from its log alone."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.consultation import reads
from app.consultation.events import LogGrew
from app.consultation.models import PromiseFact
from app.consultation.reads.record import log
from app.consultation.rules.lateness import LateReason, late_reason
from app.consultation.rules.policy import Policy
from app.consultation.rules.promise import FOR_EVER, Happened, QuestionEventKind, begun, promise
from app.consultation.rules.receipt import Logged, chain, head
from app.consultation.rules.record import RECORD
from app.core.db import Session
from app.core.outbox import emit

D, P = reads.D, reads.P
AGAIN = timedelta(seconds=1)


async def note(session: Session, question: UUID, now: datetime) -> None:
    """Notes the promise anew, as far as the log is in its final order; where more is coming, once more a second later.

    The lock comes first and the log is read afterwards: of two at once, the later one has read at least as much.
    """
    locked = select(D.c.policy).where(D.c.question == question).with_for_update(key_share=True)
    version = (await session.rows(locked)).scalar_one_or_none()
    if version is None:
        return  # never sent: nothing was promised
    found = await log(session, question)
    if found.grows:
        await emit(session, LogGrew(question=question), at=now + AGAIN)
    if not begun(row.kind for row in found.rows):
        return
    policy = (await reads.policies(session, [version]))[version]
    told = fact(question, found.rows, policy) | {"computed_at": now}
    noted = upsert(PromiseFact).inline().values(question=question, **told)
    await session.rows(noted.on_conflict_do_update(index_elements=["question"], set_=told))
    session.news(RECORD)


async def why_late(session: Session, question: UUID) -> LateReason | None:
    """For the worker: as the log says it now; None while the promise is not broken."""
    version = (await session.rows(select(D.c.policy).where(D.c.question == question))).scalar_one()
    policy = (await reads.policies(session, [version]))[version]
    return late_reason((await log(session, question)).all, policy)


def fact(question: UUID, rows: list[Logged], policy: Policy) -> dict[str, Any]:
    """The columns that the log decides: the same rows give the same fact, whenever it is made."""
    kept = promise([Happened.of(row.kind, row.at, row.ids) for row in rows], policy)
    entries = chain(question, rows)
    return {
        "asked_at": kept.asked_at,
        "within": policy.within,
        "due_at": kept.last.due_at,
        "first_at": kept.first.reached_at,
        "third_at": kept.last.reached_at,
        "first_paused": kept.paused(kept.first.stopped_at or kept.paused_since or FOR_EVER),
        "third_paused": kept.paused(kept.last.stopped_at or kept.paused_since or FOR_EVER),
        "paused_since": kept.paused_since,
        "ended_at": kept.ended_at,
        "withdrawn_at": kept.withdrawn_at,
        "recategorised": any(row.kind == QuestionEventKind.RECATEGORISED for row in rows),
        "late_reason": late_reason(rows, policy),
        "log_count": len(entries),
        "log_head": head(question, entries),
    }
