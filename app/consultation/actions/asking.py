"""What residents do. Plain statements in the asker's name; triggers make her the first reader."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, literal, select, update

from app.consultation import reads
from app.consultation.events import PatienceRanOut, PromiseRanOut, QuestionAsked, QuestionWithdrawn
from app.consultation.models import Brief, Dispatch, Question, QuestionStatus
from app.consultation.rules.asking import Ask, against_asking, against_quota
from app.consultation.rules.dispatch import QUESTION_CLOSED
from app.consultation.rules.promise import QuestionEventKind
from app.core import feed
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit, emit_each
from app.core.sealing import KeyProvider, new_key, seal
from app.directory.rules.taxonomy import CATEGORIES
from app.places.rules import is_division
from app.vault.actions import keep_keys
from app.vault.models import OWNERS
from app.vault.reads import basis


async def ask(session: Session, viewer: Viewer, keys: KeyProvider, said: Ask, key: str, now: datetime) -> UUID:
    """The question's id; the same one for a repeat with the same key."""
    refuse_if(against_asking(said, said.category in CATEGORIES, is_division(said.division)))
    id, brief = new_id(), new_id()
    if known := await once(session, keys.secret("idempotency"), key, said, "askQuestion", id):
        return known
    await _one_at_a_time(session, viewer)
    refuse_if(against_quota(*await reads.asked(session, viewer.id)))
    version, policy = await reads.current_policy(session)
    told = {"category": said.category, "division": said.division, "policy": version, "asked_at": now}

    question_key, brief_key = new_key(), new_key()
    sealed = seal(question_key, said.body, "question", "body", id)
    await session.rows(
        insert(Question).inline().values(id=id, asker=viewer.id, body=sealed, status="OPEN", crisis=[], **told)
    )
    sealed = seal(brief_key, said.brief, "brief", "body", brief)
    await session.rows(insert(Brief).inline().values(id=brief, question=id, body=sealed))
    # After their subjects: the policy of `key` asks for the reader that a trigger has made by now.
    await keep_keys(session, keys, {id: question_key, brief: brief_key})
    await session.rows(
        insert(Dispatch)
        .inline()
        .values(question=id, brief=brief, wave=-1, board="OPEN", wanted=policy.promised, **told)
    )
    await feed.show(session, QuestionEventKind.QUESTION_ASKED, subject=id)
    due = [(now + wave.after, PatienceRanOut(question=id)) for wave in policy.waves]
    end = (now + policy.within, PromiseRanOut(question=id, round=0))
    await emit_each(session, [(now, QuestionAsked(question=id)), *due, end])
    return id


async def _one_at_a_time(session: Session, viewer: Viewer) -> None:
    """Two questions of one person at once would each not see the other and pass the quota together."""
    await session.rows(select(func.pg_advisory_xact_lock(func.hashtextextended(literal(f"ask {viewer.id}"), 0))))


async def withdraw(session: Session, viewer: Viewer, question: UUID, now: datetime) -> None:
    """Takes the question back: a trigger frees seats and offers in the same instant. Twice changes nothing."""
    if await basis(session, viewer, question) not in OWNERS:
        raise refuse(NOT_FOUND, "questionId")
    gone = (
        update(Question)
        .where(reads.Q.c.id == question, reads.Q.c.status == QuestionStatus.OPEN)
        .values(status=QuestionStatus.WITHDRAWN)
    )
    if (await session.rows(gone)).rowcount:
        await feed.show(session, QuestionEventKind.QUESTION_WITHDRAWN, subject=question)
        await emit(session, QuestionWithdrawn(question=question))
        return
    (row,) = await reads.questions(session, viewer, [question])
    if row.status != QuestionStatus.WITHDRAWN:
        raise refuse(QUESTION_CLOSED, "questionId")
