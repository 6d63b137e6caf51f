"""The words of a recording that come after it: written down by a client or a machine, or corrected by who spoke.

A recording is passed on at once, so its words are looked at when they come. What could not have been written is not
kept: of a message that the law or the platform stops the words are refused, as its text would have been. A question is
taken back from the lawyers where its words are such that the law forbids to pass them on (网络安全法: stop it as
soon as it is known), and keeps them, for its asker to see why; danger that is heard late shows the cards and hastens
the waves.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.consultation import reads
from app.consultation.actions import life
from app.consultation.actions.answering import OPEN_TO_CHANGE, in_words
from app.consultation.events import AnswerCounted, QuestionWithdrawn
from app.consultation.models import MessageKind, QuestionStatus, Sketch
from app.consultation.reads.answering import K, likenesses
from app.consultation.rules.answering import Content, counts
from app.consultation.rules.life import BLOCKED_FOR_NOW, HouseAct
from app.consultation.rules.promise import QuestionEventKind
from app.consultation.rules.screened import against_follow_up, crises, unlawful
from app.core import feed
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import refuse, refuse_if
from app.core.outbox import emit
from app.core.sealing import KeyProvider, unseal
from app.screening.rules.contacts import against_solicitation
from app.screening.rules.sketches import SIMILAR, similarity, sketch
from app.threads.reads import messages
from app.vault.actions import voices
from app.vault.actions.keys import release
from app.vault.models import TranscriptSource
from app.vault.rules.voices import NO_TRANSCRIPT, TRANSCRIBED_ALREADY, against_words

_FIXED = (QuestionStatus.BLOCKED, QuestionStatus.ERASED)
"""What was blocked stays as it is, for whoever decides about it."""


async def write_down(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    file: UUID,
    words: str,
    engine: str | None,
    now: datetime,
    source: TranscriptSource = TranscriptSource.CLIENT,
) -> None:
    """Words that were not there yet; the same again change nothing. Refuses TRANSCRIBED_ALREADY."""
    refuse_if(list(against_words(words, engine, "text", "engine")))
    row, key = await _hers(session, viewer, keys, file)
    if row.words:
        if voices.read(key, row) == words:
            return
        raise refuse(TRANSCRIBED_ALREADY, "fileId")
    good = await _heard(session, viewer, keys, row, key, words, now)
    if not await voices.write_down(session, file, key, words, source, engine, now, counts=good):
        raise refuse(TRANSCRIBED_ALREADY, "fileId")
    await _tell(session, row)


async def correct(session: Session, viewer: Viewer, keys: KeyProvider, file: UUID, words: str, now: datetime) -> None:
    """Other words in place of those that were written down. Refuses NO_TRANSCRIPT where there are none."""
    refuse_if(list(against_words(words, None, "text", "")))
    row, key = await _hers(session, viewer, keys, file)
    if not row.words:
        raise refuse(NO_TRANSCRIPT, "fileId")
    good = await _heard(session, viewer, keys, row, key, words, now)
    await voices.correct(session, file, key, words, now, counts=good)
    await _tell(session, row)


async def _hers(session: Session, viewer: Viewer, keys: KeyProvider, file: UUID) -> tuple[Any, bytes]:
    row = await voices.writable(session, viewer, file)
    return row, (await release(session, keys, viewer, [row.subject]))[row.subject]


async def _tell(session: Session, row: Any) -> None:
    await feed.show(session, QuestionEventKind.TRANSCRIPT_WRITTEN, subject=row.subject)


async def _heard(
    session: Session, viewer: Viewer, keys: KeyProvider, row: Any, key: bytes, words: str, now: datetime
) -> bool:
    """What follows from the words; whether an answer is one of the promised from now on."""
    if row.from_owner:
        await _heard_asker(session, viewer, row, words, now)
        return False
    refuse_if(against_solicitation(words, "text"))
    return await _heard_answer(session, viewer, keys, row, key, words)


async def _heard_asker(session: Session, viewer: Viewer, row: Any, words: str, now: datetime) -> None:
    question = await life.held(session, viewer, row.subject, "fileId")
    asking = row.part == question.id
    if question.status in _FIXED or (asking and question.cleared):
        raise refuse(BLOCKED_FOR_NOW, "fileId")
    if not asking:
        (said,) = await messages(session, viewer, [row.part])
        if said.kind != MessageKind.INFORMATION:  # facts that a lawyer asked for are no offer, written or spoken
            refuse_if(against_follow_up(words, "text"))
    elif question.status == QuestionStatus.OPEN and unlawful(words):
        await _take_back(session, question, now)
        return
    await life.note_danger(session, question, crises(words, ""))


async def _take_back(session: Session, question: Any, now: datetime) -> None:
    there = life.moved(question.status, HouseAct.STOP)
    await life.stand(session, question.id, there, now)
    for kind in (QuestionEventKind.QUESTION_BLOCKED, QuestionEventKind.QUESTION_WITHDRAWN):
        await feed.show(session, kind, subject=question.id)
    await emit(session, QuestionWithdrawn(question=question.id))


async def _heard_answer(session: Session, viewer: Viewer, keys: KeyProvider, row: Any, key: bytes, words: str) -> bool:
    found = await reads.answers(session, viewer, [row.part])
    if not found or found[0].counts or found[0].suspect:
        return False
    answer = found[0]
    (question,) = await reads.questions(session, viewer, [row.subject])
    if question.status not in OPEN_TO_CHANGE:
        return False
    content = Content.model_validate_json(unseal(key, answer.content, "answer", "content", answer.id))
    drawn = sketch(in_words(content, words, answer.id), keys.secret("answer sketch"))
    others = await likenesses(session, viewer, answer.question, besides=answer.id)
    suspect = any(similarity(drawn, other) >= SIMILAR for other in others)
    await session.rows(update(Sketch).where(K.c.answer == answer.id).values(minhash=drawn))
    if not counts(content, suspect, row.duration / 1000, words):
        return False
    ids = {"answer": answer.id, "counts": 1}
    await feed.show(session, QuestionEventKind.ANSWER_COUNTED, subject=answer.question, **ids)
    await emit(session, AnswerCounted(question=answer.question, answer=answer.id, lawyer=viewer.id))
    return True
