"""Destroying what was said. A trigger of the new status does it, in the database and in the same instant: see the
migration `0018_erasure` for what goes and what stays."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert, text

from app.accounts.reads import held_by_law
from app.accounts.rules.closing import LEGAL_HOLD
from app.consultation.actions import asking, life
from app.consultation.events import ErasureAged, QuestionErased, QuestionWithdrawn
from app.consultation.models import ErasedWhy, Erasure, QuestionStatus
from app.consultation.reads import erasing as reads
from app.consultation.reads import life as life_reads
from app.consultation.rules.life import ONLY_THE_ASKER, QuestionAct
from app.consultation.rules.promise import QuestionEventKind
from app.core import feed, retention
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse
from app.core.idempotency import once
from app.core.outbox import emit_each
from app.core.sealing import KeyProvider
from app.vault.models import Basis
from app.vault.reads import basis

LATER = timedelta(minutes=1)
"""Longer than any request may take: what was being written while a question was erased is there by then."""


class _Erase(BaseModel):
    question: UUID


def erasure_of(question: UUID) -> UUID:
    """One a question: whoever erases it again is shown the same."""
    return life.fact(question, "erased")


async def erase(session: Session, viewer: Viewer, keys: KeyProvider, question: UUID, key: str, now: datetime) -> UUID:
    """The erasure's id. What is open is withdrawn first, so that lawyers who are writing hear why they lose it.

    Refuses ONLY_THE_ASKER to who asked for her, KEPT_BY_LAW for what was blocked, and LEGAL_HOLD. Twice changes
    nothing.
    """
    id = erasure_of(question)
    if known := await once(session, keys.secret("idempotency"), key, _Erase(question=question), "eraseQuestion", id):
        return known
    row = await life_reads.held(session, viewer, question)
    if row is None:  # of two at once the second has waited for the first
        if await reads.erasures(session, viewer, [id]):
            return id
        raise refuse(NOT_FOUND, "questionId")
    if await basis(session, viewer, question) != Basis.ASKER:
        raise refuse(ONLY_THE_ASKER, "questionId")
    life.moved(row.status, QuestionAct.ERASE)
    if await held_by_law(session, [question, viewer.id]):
        raise refuse(LEGAL_HOLD, "questionId")
    if row.status == QuestionStatus.OPEN:
        await asking.withdraw(session, viewer, question, now)
    await destroy(session, row, ErasedWhy.ASKED, now)
    return id


async def destroy(session: Session, row: Any, why: ErasedWhy, now: datetime) -> None:
    """For a question (id, asked_at) that is held. The receipt's row comes first: without one nothing is erased. Then
    the news, while there are readers; the new status ends them all."""
    question: UUID = row.id
    kept = await retention.terms(session)
    told = {"id": erasure_of(question), "question": question, "why": why, "asked_at": row.asked_at, "at": now}
    told |= {"backups_until": now + kept.backup, "destroyed": {}}
    await session.rows(insert(Erasure).inline(), told)
    await feed.show(session, QuestionEventKind.QUESTION_ERASED, subject=question)
    erased, aged = QuestionErased(question=question), ErasureAged(question=question)
    await emit_each(session, [(now, erased), (now + LATER, aged)])
    await life.stand(session, question, QuestionStatus.ERASED, now)


AGED = {
    "content": (QuestionStatus.CLOSED, QuestionStatus.WITHDRAWN, QuestionStatus.NEEDS_EDIT),
    "blocked": (QuestionStatus.BLOCKED,),
}
"""By the policy's word: what has come to its end, and waits to be erased since then."""
AT_ONCE = 20


async def erase_aged(session: Session, what: str, now: datetime) -> int:
    """For the worker: what was kept for as long as the policy says; how many there were, at most AT_ONCE."""
    if what not in AGED:
        return 0
    kept: timedelta = getattr(await retention.terms(session), what)
    rows = await reads.ended_before(session, AGED[what], now - kept, AT_ONCE)
    for row in rows:
        await destroy(session, row, ErasedWhy.RETENTION, now)
    return len(rows)


async def give_up(session: Session, person: UUID, now: datetime) -> int:
    """For the worker: what she asked is erased, a few at a time, and what is open withdrawn first. What the law wants
    on record is left to the rounds, and what a hold keeps to its end."""
    rows = await reads.of_person(session, person, AT_ONCE)
    for row in rows:
        await _end(session, row, ErasedWhy.ACCOUNT_CLOSED, now)
    await session.rows(text("SELECT door.give_up_drafts(:person)"), {"person": person})
    return len(rows)


async def erase_again(session: Session, question: UUID, why: ErasedWhy, at: datetime) -> bool:
    """For the worker of a database that was brought back as it stood before `at`, when the question was erased: it is
    so again, and its receipt says that same time. False where there is nothing to erase."""
    row = await reads.to_be_erased(session, question)
    if row is not None:
        await _end(session, row, why, at)
    return row is not None


async def _end(session: Session, row: Any, why: ErasedWhy, now: datetime) -> None:
    """For a question (id, asked_at, status) that is held: what is open is withdrawn first."""
    if row.status == QuestionStatus.OPEN:
        await life.stand(session, row.id, QuestionStatus.WITHDRAWN, now)
        await feed.show(session, QuestionEventKind.QUESTION_WITHDRAWN, subject=row.id)
        await emit_each(session, [(now, QuestionWithdrawn(question=row.id))])
    await destroy(session, row, why, now)


async def sweep(session: Session, question: UUID) -> None:
    """For the worker: whatever was being written while the question was erased follows it."""
    await session.rows(text("SELECT door.destroy(:question)"), {"question": question})
