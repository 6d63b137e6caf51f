"""What seated lawyers write: drafts, answers."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert

from app.consultation import reads
from app.consultation.actions.seats import held
from app.consultation.events import AnswerDelivered
from app.consultation.models import Answer, AnswerDraft, OfferEventKind
from app.consultation.rules.answering import (
    LEASE_ENDED,
    Content,
    against_content,
    against_draft,
    counts,
)
from app.consultation.rules.promise import QuestionEventKind
from app.core import feed
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, seal
from app.vault.actions import release


class _Delivery(BaseModel):
    seat: UUID
    content: Content


async def save_draft(
    session: Session, viewer: Viewer, keys: KeyProvider, seat: UUID, content: Content, now: datetime
) -> UUID:
    """Keeps what is written so far, sealed; the last one wins. Returns the question."""
    refuse_if(against_draft(content))
    found = await reads.seats(session, viewer, [seat])
    if not found:
        raise refuse(NOT_FOUND, "seatId")
    question: UUID = found[0].question
    key = (await release(session, keys, viewer, [question])).get(question)
    if key is None:
        raise refuse(LEASE_ENDED, "seatId")
    sealed = seal(key, content.model_dump_json(), "answer_draft", "content", viewer.id)
    kept = upsert(AnswerDraft).inline().values(question=question, lawyer=viewer.id, content=sealed, saved_at=now)
    again = {"content": sealed, "saved_at": now}
    await session.rows(kept.on_conflict_do_update(index_elements=["question", "lawyer"], set_=again))
    return question


async def deliver(
    session: Session, viewer: Viewer, keys: KeyProvider, seat: UUID, content: Content, key: str, now: datetime
) -> UUID:
    """The answer's id. Her reading of the question stays for good from now on, and the peers' answers open to her."""
    refuse_if(against_content(content))
    id = new_id()
    said = _Delivery(seat=seat, content=content)
    if known := await once(session, keys.secret("idempotency"), key, said, "submitAnswer", id):
        return known
    row = await held(session, viewer, seat, now)
    question: UUID = row.question
    data_key = (await release(session, keys, viewer, [question])).get(question)
    if data_key is None:
        raise refuse(LEASE_ENDED, "seatId")
    good = counts(content)
    sealed = seal(data_key, content.model_dump_json(), "answer", "content", id)
    answer = {"id": id, "question": question, "lawyer": viewer.id, "delivered_at": now, "counts": good}
    await session.rows(insert(Answer).inline(), answer | {"content": sealed})
    await feed.show(session, QuestionEventKind.ANSWER_DELIVERED, subject=question, answer=id, counts=int(good))
    await feed.show(session, OfferEventKind.SEAT_CHANGED, people=[viewer.id], question=question, seat=seat)
    await emit(session, AnswerDelivered(question=question, answer=id, seat=seat, lawyer=viewer.id))
    return id
