"""What a lawyer says of her clients, and of what a question is about."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.consultation import reads
from app.consultation.actions.asking import PARTIES
from app.consultation.events import QuestionRecategorised
from app.consultation.models import Client, QuestionStatus, Recategorised
from app.consultation.reads import practice
from app.consultation.rules.dispatch import QUESTION_CLOSED
from app.consultation.rules.practice import RECATEGORISED_ALREADY, SAME_CATEGORY, against_clients
from app.consultation.rules.promise import QuestionEventKind
from app.core import feed
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.outbox import emit
from app.core.sealing import KeyProvider
from app.directory.models import Lawyer
from app.directory.rules.taxonomy import CATEGORIES
from app.screening.rules.parties import party_digest
from app.vault.models import Basis
from app.vault.reads import basis

C: Any = Client.__table__  # type: ignore[attr-defined]
L: Any = Lawyer.__table__  # type: ignore[attr-defined]


async def set_clients(session: Session, viewer: Viewer, keys: KeyProvider, names: Sequence[str], now: datetime) -> None:
    """Her whole list of clients from now on. The same list again changes nothing.

    Kept as digests alone: conflicts are avoided (律师法 第三十九条), and clients not told of (第三十八条).
    """
    refuse_if(against_clients(names))
    if (await session.rows(select(1).where(L.c.id == viewer.id))).first() is None:
        raise refuse(NOT_FOUND)
    secret = keys.secret(PARTIES)
    wanted = {party_digest(name, secret) for name in names}
    # Of two lists at once the later one stands, not both.
    await one_at_a_time(session, f"clients {viewer.id}")
    known = await practice.client_digests(session, viewer)
    if gone := known - wanted:
        over = update(Client).where(C.c.lawyer == viewer.id, C.c.digest.in_(gone)).values(removed_at=now)
        await session.rows(over)
    if new := wanted - known:
        rows = [{"lawyer": viewer.id, "digest": digest, "since": now, "removed_at": None} for digest in sorted(new)]
        made = upsert(Client).inline()
        again = {"since": made.excluded.since, "removed_at": None}
        await session.rows(made.on_conflict_do_update(index_elements=["lawyer", "digest"], set_=again), rows)


class Correction(BaseModel):
    question: UUID
    category: str


async def recategorise(
    session: Session, viewer: Viewer, keys: KeyProvider, said: Correction, key: str, now: datetime
) -> None:
    """A lawyer who reads the question says what it is really about: once a question, whoever says it."""
    if said.category not in CATEGORIES:
        raise refuse(BAD_VALUE, "categoryId")
    if await basis(session, viewer, said.question) not in (Basis.SEAT, Basis.ANSWERED):
        raise refuse(NOT_FOUND, "questionId")
    if await once(session, keys.secret("idempotency"), key, said, "recategoriseQuestion", said.question):
        return
    (question,) = await reads.questions(session, viewer, [said.question])
    if question.status not in (QuestionStatus.OPEN, QuestionStatus.RESOLVED):
        raise refuse(QUESTION_CLOSED, "questionId")
    if question.category == said.category:
        raise refuse(SAME_CATEGORY, "categoryId")
    row = {"question": said.question, "lawyer": viewer.id, "was": question.category, "is_now": said.category, "at": now}
    first = upsert(Recategorised).inline().values(row).on_conflict_do_nothing()
    if not (await session.rows(first)).rowcount:
        raise refuse(RECATEGORISED_ALREADY, "questionId")
    log = {"was": question.category, "is_now": said.category}
    await feed.show(session, QuestionEventKind.RECATEGORISED, subject=said.question, **log)
    await emit(session, QuestionRecategorised(question=said.question, lawyer=viewer.id))
