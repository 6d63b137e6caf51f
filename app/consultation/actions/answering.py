"""What seated lawyers write: drafts, answers and their later versions; what the asker finds helpful."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError

from app.consultation import reads
from app.consultation.actions.seats import FIRST_LOCKED, live
from app.consultation.events import AnswerAmended, AnswerCounted, AnswerDelivered
from app.consultation.models import (
    Amendment,
    AnswerDraft,
    Helpful,
    OfferEventKind,
    QuestionStatus,
    Sketch,
)
from app.consultation.reads.answering import ITS_QUESTION, SEAT, K
from app.consultation.rules.agreement import AgreementField, stance
from app.consultation.rules.answering import (
    LEASE_ENDED,
    TOO_MANY_VERSIONS,
    VERSIONS_MAX,
    Content,
    against_content,
    against_draft,
    counts,
)
from app.consultation.rules.asking import said_in_all
from app.consultation.rules.dispatch import QUESTION_CLOSED
from app.consultation.rules.promise import QuestionEventKind
from app.core import feed
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.faults import walled
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, seal
from app.core.telling import tell, telling
from app.screening.rules.contacts import against_solicitation
from app.screening.rules.sketches import SIMILAR, similarity, sketch, token
from app.vault.actions.files import attach
from app.vault.actions.keys import Kept, release, release_with, with_key
from app.vault.actions.voices import speak
from app.vault.models import OWNERS, Basis
from app.vault.reads.files import seconds_of, voice_of
from app.vault.rules.voices import Spoken, against_spoken

OPEN_TO_CHANGE = (QuestionStatus.OPEN, QuestionStatus.RESOLVED)


class _Delivery(BaseModel):
    seat: UUID
    content: Content
    attachments: list[UUID]
    spoken: Spoken


class _Amendment(BaseModel):
    answer: UUID
    content: Content
    attachments: list[UUID]


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
    try:
        await session.rows(kept.on_conflict_do_update(index_elements=["question", "lawyer"], set_=again))
    except DBAPIError as error:
        if walled(error):
            raise refuse(LEASE_ENDED, "seatId") from error
        raise
    return question


async def deliver(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    seat: UUID,
    content: Content,
    key: str,
    now: datetime,
    attachments: Sequence[UUID] = (),
    spoken: Spoken = Spoken(),  # noqa: B008 - nobody changes it
) -> Kept:
    """The answer, under its question's key. Her reading of the question stays for good from now on, and the peers'
    answers open to her."""
    heard = spoken.transcript
    refuse_if([*against_content(content, spoken.voice is not None), *against_spoken(spoken)])
    refuse_if(against_solicitation(heard or "", "transcript.text"))
    id = new_id()
    said = _Delivery(seat=seat, content=content, attachments=list(attachments), spoken=spoken)
    secret, lock = keys.secret("idempotency"), {"seat": seat, "person": viewer.id}
    if known := await once(session, secret, key, said, "submitAnswer", id, FIRST_LOCKED, **lock):
        return Kept(known)
    found = await release_with(session, keys, viewer, _SEAT, seat=seat)
    if not found:
        raise refuse(NOT_FOUND, "seatId")
    row, data_key = found[0]
    question: UUID = live(row, now).question
    if data_key is None:
        raise refuse(LEASE_ENDED, "seatId")
    drawn = sketch(in_words(content, heard, id), keys.secret("answer sketch"))
    suspect = any(similarity(drawn, other) >= SIMILAR for other in row.likenesses)
    good = counts(content, suspect, await seconds_of(session, viewer, spoken.voice), heard)
    sealed = seal(data_key, content.model_dump_json(), "answer", "content", id)
    answer = {"id": id, "question": question, "lawyer": viewer.id, "delivered_at": now, "content": sealed}
    digests = {"counts": good, "suspect": suspect, "minhash": drawn} | _tokens(keys, question, id, content)
    news = [
        feed.Line(QuestionEventKind.ANSWER_DELIVERED, {"answer": id, "counts": int(good)}, question),
        feed.Line(OfferEventKind.SEAT_CHANGED, {"question": question, "seat": seat}, person=viewer.id),
    ]
    facts: list[Any] = [(now, AnswerDelivered(question=question, answer=id, seat=seat, lawyer=viewer.id))]
    delivered = (await tell(session, news, facts, _DELIVER, **answer, **digests)).one()
    hung: dict[str, Any] = {"subject": question, "key": data_key, "part": id, "from_owner": False}
    await attach(session, viewer, keys, attachments, **hung, now=now)
    await speak(session, viewer, keys, spoken, **hung, now=now)
    return Kept(id, data_key, delivered)


_SEAT: Final = with_key(SEAT, reads.S.c.question, ITS_QUESTION)
_DELIVER: Final = telling(
    """
delivered AS (
    INSERT INTO app.answer (id, question, lawyer, delivered_at, counts, suspect, content)
    VALUES (:id, :question, :lawyer, :delivered_at, :counts, :suspect, :content) RETURNING *),
sketched AS (
    INSERT INTO app.sketch (answer, question, lawyer, at, minhash, outlook, forum, deadline)
    VALUES (:id, :question, :lawyer, :delivered_at, :minhash, :outlook, :forum, :deadline))""",
    f"SELECT *, NULL AS later_ids, NULL AS later_at, NULL AS later, '{Basis.ANSWERED}' AS basis FROM delivered",
)
"""Gives the answer as `reads.answers` does, to whom a trigger now makes her."""


def in_words(content: Content, heard: str | None, answer: UUID) -> str:
    """What is compared with other answers; of one without words, what is like nothing."""
    return said_in_all(content.text, heard).strip() or answer.hex


def _tokens(keys: KeyProvider, question: UUID, answer: UUID, content: Content) -> dict[str, bytes | None]:
    """What the answer says in each field, for the worker to see who says the same; good within this question alone."""
    secret, said = keys.secret("answer stance"), stance(content, answer)
    columns = {"outlook": AgreementField.OUTLOOK, "forum": AgreementField.FORUM, "deadline": AgreementField.LIMIT}
    return {
        column: token(said[field], field, question, secret) if field in said else None
        for column, field in columns.items()
    }


async def amend(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    answer: UUID,
    content: Content,
    key: str,
    now: datetime,
    attachments: Sequence[UUID] = (),
) -> UUID:
    """A new version of her answer; the earlier ones stay to be read, and its files are added to those it has. Returns
    the answer."""
    voice = None if content.text.strip() else await voice_of(session, viewer, answer)
    refuse_if(against_content(content, voice is not None))
    id = new_id()
    said = _Amendment(answer=answer, content=content, attachments=list(attachments))
    if await once(session, keys.secret("idempotency"), key, said, "amendAnswer", id):
        return answer
    await _one_at_a_time(session, answer)
    row = await _answer(session, viewer, answer)
    if row.lawyer != viewer.id:
        raise refuse(NOT_FOUND, "answerId")
    question: UUID = row.question
    await _still_open(session, viewer, question)
    if len(row.later_ids or ()) >= VERSIONS_MAX - 1:
        raise refuse(TOO_MANY_VERSIONS, "answerId", limit=VERSIONS_MAX)
    data_key = (await release(session, keys, viewer, [question]))[question]
    sealed = seal(data_key, content.model_dump_json(), "amendment", "content", id)
    version = {"id": id, "answer": answer, "question": question, "lawyer": viewer.id, "amended_at": now}
    await session.rows(insert(Amendment).inline(), version | {"content": sealed})
    hung: dict[str, Any] = {"subject": question, "key": data_key, "part": answer, "from_owner": False}
    await attach(session, viewer, keys, attachments, **hung, now=now)
    again = update(Sketch).where(K.c.answer == answer)
    # What is only spoken is as like to others as it was.
    drawn = {} if voice else {"minhash": sketch(content.text, keys.secret("answer sketch"))}
    await session.rows(again.values(**drawn, **_tokens(keys, question, answer, content)))
    await feed.show(session, QuestionEventKind.ANSWER_AMENDED, subject=question, answer=answer)
    await emit(session, AnswerAmended(question=question, answer=answer, amendment=id, lawyer=viewer.id))
    return answer


async def mark_helpful(session: Session, viewer: Viewer, answer: UUID, now: datetime) -> UUID:
    """The asker's word that an answer which did not count helped her: it counts from now on. Twice changes nothing."""
    row = await _answer(session, viewer, answer)
    if row.basis not in OWNERS:
        raise refuse(NOT_FOUND, "answerId")
    if row.counts:
        return answer
    await _still_open(session, viewer, row.question)
    helped = upsert(Helpful).inline().values(answer=answer, question=row.question, at=now).on_conflict_do_nothing()
    if (await session.rows(helped)).rowcount:
        await feed.show(session, QuestionEventKind.ANSWER_COUNTED, subject=row.question, answer=answer, counts=1)
        await emit(session, AnswerCounted(question=row.question, answer=answer, lawyer=row.lawyer))
    return answer


async def _answer(session: Session, viewer: Viewer, answer: UUID) -> Any:
    found = await reads.answers(session, viewer, [answer])
    if not found:
        raise refuse(NOT_FOUND, "answerId")
    return found[0]


async def _still_open(session: Session, viewer: Viewer, question: UUID) -> None:
    (row,) = await reads.questions(session, viewer, [question])
    if row.status not in OPEN_TO_CHANGE:
        raise refuse(QUESTION_CLOSED, "answerId")


async def _one_at_a_time(session: Session, answer: UUID) -> None:
    """Two versions at once would each not see the other and pass the most there may be together."""
    await one_at_a_time(session, f"amend {answer}")
