"""What residents do, each for herself or for an elder by her consent. Plain statements in their own name; triggers make
the asker and her delegate the first readers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from app.accounts.reads import elder_of, readiness
from app.accounts.rules.consenting import against_asking as against_readiness
from app.consultation import reads
from app.consultation.actions.drafts import DRAFTS
from app.consultation.actions.life import held, moved, stand
from app.consultation.events import PatienceRanOut, PromiseRanOut, QuestionAsked, QuestionBlocked, QuestionWithdrawn
from app.consultation.models import Brief, Dispatch, Question, QuestionStatus
from app.consultation.reads import life
from app.consultation.rules.asking import (
    Ask,
    Revision,
    Words,
    against_asking,
    against_choice,
    against_quota,
    against_revision,
    said_in_all,
)
from app.consultation.rules.life import QuestionAct
from app.consultation.rules.policy import Policy
from app.consultation.rules.promise import QuestionEventKind
from app.consultation.rules.screened import Look, crises, lane, look
from app.core import feed
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit, emit_each
from app.core.sealing import KeyProvider, new_key, seal, unseal
from app.directory.rules.taxonomy import CATEGORIES
from app.places.rules import is_division
from app.screening.rules.parties import party_digest
from app.screening.rules.unlawful import Verdict
from app.vault.actions.files import attach
from app.vault.actions.keys import keep_keys, release
from app.vault.actions.voices import read, speak
from app.vault.reads.files import voice_of

PARTIES = "parties"
"""The secret under which the names of askers' opponents and of lawyers' clients meet, as digests."""
_Told = dict[str, Any]
"""What question and dispatch both say: category, division, policy and asked_at."""


async def ask(session: Session, viewer: Viewer, keys: KeyProvider, said: Ask, key: str, now: datetime) -> UUID:
    """The question's id; the same one for a repeat with the same key. Whether it was sent, its status tells."""
    refuse_if(against_asking(said, said.category in CATEGORIES, is_division(said.division)))
    id, brief = new_id(), new_id()
    if known := await once(session, keys.secret("idempotency"), key, said, "askQuestion", id):
        return known
    await _ready(session, viewer, said.category, said)
    asker = await _asker(session, viewer, said.delegation)
    # Two questions of one person at once would each not see the other and pass the quota together.
    await one_at_a_time(session, f"ask {asker}")
    refuse_if(against_quota(*await reads.asked(session, viewer.id, said.delegation)))
    await _choose(session, said, {viewer.id, asker}, now)
    version, policy = await reads.current_policy(session)
    told = {"category": said.category, "division": said.division, "policy": version, "asked_at": now}
    spoken, heard = said.spoken.voice is not None, said.spoken.transcript
    seen, crisis = look(said.body, said.brief, spoken=spoken, transcript=heard), crises(said.words, said.brief)

    question_key, brief_key = new_key(), new_key()
    sealed = seal(question_key, said.body, "question", "body", id)
    row = {"id": id, "asker": asker, "delegation": said.delegation, "status": seen.stands, "crisis": crisis}
    await session.rows(insert(Question).inline().values(body=sealed, **row, **told))
    sealed = seal(brief_key, said.brief, "brief", "body", brief)
    await session.rows(insert(Brief).inline().values(id=brief, question=id, body=sealed))
    # After their subjects: the policy of `key` asks for the reader that a trigger has made by now.
    await keep_keys(session, keys, {id: question_key, brief: brief_key})
    files = said.attachments
    hung: dict[str, Any] = {"subject": id, "key": question_key, "part": id, "from_owner": True, "now": now}
    await attach(session, viewer, keys, files, **hung)
    await speak(session, viewer, keys, said.spoken, **hung)
    if said.draft is not None:
        await DRAFTS.become(session, viewer, said.draft, id, now)
    if seen.verdict is Verdict.PASS:
        await feed.show(session, QuestionEventKind.QUESTION_ASKED, subject=id)
        await _send(session, keys, id, brief, said, told, policy, crisis, now)
    else:
        await _stop(session, id, seen)
    return id


async def revise(session: Session, viewer: Viewer, keys: KeyProvider, said: Revision, key: str, now: datetime) -> UUID:
    """Other words for a question that was not sent, under its own key. If they can be, they are sent: a new T0."""
    id = said.question
    voice = await voice_of(session, viewer, id)
    refuse_if(against_revision(said, voice is not None))
    if known := await once(session, keys.secret("idempotency"), key, said, "reviseQuestion", id):
        return known
    row = await held(session, viewer, id)
    moved(row.status, QuestionAct.REVISE)
    await _ready(session, viewer, row.category, said)
    await one_at_a_time(session, f"ask {row.asker}")
    delegation = None if row.asker == viewer.id else row.delegation
    refuse_if(against_quota(*await reads.asked(session, viewer.id, delegation, besides=id)))
    await _choose(session, said, {viewer.id, row.asker}, now)
    version, policy = await reads.current_policy(session)
    told = {"category": row.category, "division": row.division, "policy": version, "asked_at": now}
    brief = await life.brief_of(session, id)
    found = await release(session, keys, viewer, [id, brief])
    # On the words that were appealed for a supervisor has decided; on others nobody has.
    decided = row.cleared and unseal(found[id], row.body, "question", "body", id) == said.body
    heard = read(found[id], voice) if voice else None
    words = None if decided else said.body
    seen = look(words, said.brief, spoken=voice is not None, transcript=None if decided else heard)
    crisis = crises(said_in_all(said.body, heard), said.brief)
    if row.cleared and seen.reason:
        raise refuse(seen.reason, seen.field)  # what was cleared is kept, to be sent as it is
    sealed = seal(found[brief], said.brief, "brief", "body", brief)
    await session.rows(update(Brief).where(reads.B.c.id == brief).values(body=sealed))
    sealed = seal(found[id], said.body, "question", "body", id)
    sent = {"policy": version, "asked_at": now} if seen.verdict is Verdict.PASS else {}
    await stand(session, id, seen.stands, now, body=sealed, crisis=crisis, **sent)
    if seen.verdict is Verdict.PASS:
        await feed.show(session, QuestionEventKind.QUESTION_REVISED, subject=id)
        await _send(session, keys, id, brief, said, told, policy, crisis, now)
    else:
        await _stop(session, id, seen)
    return id


async def _ready(session: Session, viewer: Viewer, category: str, said: Words) -> None:
    """Whoever writes has agreed to what is done with it; for an elder, besides her own consent to be asked for."""
    ready = await readiness(session, viewer.id)
    refuse_if(list(against_readiness(ready, category, bool(crises(said.body, said.brief)))))


async def _asker(session: Session, viewer: Viewer, delegation: UUID | None) -> UUID:
    if delegation is None:
        return viewer.id
    elder = await elder_of(session, viewer, delegation)
    if elder is None:
        raise refuse(NOT_FOUND, "onBehalfOf")
    return elder


async def _choose(session: Session, said: Words, asking: set[UUID], now: datetime) -> None:
    if said.lawyers:
        refuse_if(against_choice(said.lawyers, await life.requestable(session, said.lawyers, now), asking))


async def _send(
    session: Session,
    keys: KeyProvider,
    question: UUID,
    brief: UUID,
    said: Words,
    told: _Told,
    policy: Policy,
    crisis: Sequence[str],
    now: datetime,
) -> None:
    """Lawyers may be called from now on, and the promise runs."""
    chosen = {
        "lane": lane(crisis),
        "named": said.lawyers,
        "named_until": now + policy.named_for if said.lawyers else None,
        "party": party_digest(said.party, keys.secret(PARTIES)) if said.party else None,
    }
    row = {"question": question, "brief": brief, "wave": -1, "board": "OPEN", "wanted": policy.promised}
    await session.rows(insert(Dispatch).inline().values(**row, **chosen, **told))
    due = [(now + wave.after, PatienceRanOut(question=question)) for wave in policy.waves]
    end = (now + policy.within, PromiseRanOut(question=question, round=0))
    await emit_each(session, [(now, QuestionAsked(question=question)), *due, end])


async def _stop(session: Session, question: UUID, seen: Look) -> None:
    """It stays with its asker, who sees why."""
    await feed.show(session, QuestionEventKind.QUESTION_BLOCKED, subject=question)
    if seen.verdict is Verdict.BLOCK:
        await emit(session, QuestionBlocked(question=question))


async def withdraw(session: Session, viewer: Viewer, question: UUID, now: datetime) -> None:
    """Takes the question back: a trigger frees seats and offers in the same instant. Twice changes nothing."""
    row = await held(session, viewer, question)
    if row.status == QuestionStatus.WITHDRAWN:
        return
    await stand(session, question, moved(row.status, QuestionAct.WITHDRAW), now)
    await feed.show(session, QuestionEventKind.QUESTION_WITHDRAWN, subject=question)
    if row.status == QuestionStatus.OPEN:  # before that nobody was called
        await emit(session, QuestionWithdrawn(question=question))
