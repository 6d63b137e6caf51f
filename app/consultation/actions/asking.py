"""What residents do, each for herself or for an elder by her consent. Plain statements in their own name; triggers make
the asker and her delegate the first readers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, update

from app.accounts.reads import elder_of
from app.accounts.rules.consenting import against_asking as against_readiness
from app.consultation import reads
from app.consultation.actions.drafts import DRAFTS
from app.consultation.actions.life import held, moved, stand
from app.consultation.events import PatienceRanOut, PromiseRanOut, QuestionAsked, QuestionBlocked, QuestionWithdrawn
from app.consultation.models import QuestionStatus
from app.consultation.reads import life
from app.consultation.reads.asking import before
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
from app.core.idempotency import FIRST_ALONE, once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, new_key, seal, unseal
from app.core.telling import tell, telling
from app.directory.rules.taxonomy import CATEGORIES
from app.places.rules import is_division
from app.screening.rules.parties import party_digest
from app.screening.rules.unlawful import Verdict
from app.vault.actions.files import attach
from app.vault.actions.keys import Kept, keep_keys, keeping, release
from app.vault.actions.voices import read, speak
from app.vault.reads.files import voice_of

PARTIES = "parties"
"""The secret under which the names of askers' opponents and of lawyers' clients meet, as digests."""
_QUESTION: Final = insert(reads.Q).inline()
_BRIEF: Final = insert(reads.B).inline()
_DISPATCH: Final = insert(reads.D).inline()
_SEND: Final = telling(
    "brief AS (INSERT INTO app.brief (id, question, body) VALUES (:brief, :question, :line))",
    """
INSERT INTO app.dispatch (question, brief, category, division, policy, asked_at, wave, board, wanted,
                          lane, named, named_until, party)
VALUES (:question, :brief, :category, :division, :policy, :asked_at, :wave, :board, :wanted,
        :lane, :named, :named_until, :party)""",
)
_KEEP_AND_LOOK: Final = keeping(reads.QUESTIONS)
_Told = dict[str, Any]
"""What question and dispatch both say: category, division, policy and asked_at."""


async def ask(session: Session, viewer: Viewer, keys: KeyProvider, said: Ask, key: str, now: datetime) -> Kept:
    """The question; the same one for a repeat with the same key. Whether it was sent, its status tells."""
    refuse_if(against_asking(said, said.category in CATEGORIES, is_division(said.division)))
    id, brief, elder = new_id(), new_id(), said.delegation is not None
    lock: dict[str, Any] = {} if elder else {"first": FIRST_ALONE, "alone": _alone(viewer.id)}
    if known := await once(session, keys.secret("idempotency"), key, said, "askQuestion", id, **lock):
        return Kept(known)
    asker = await _elder(session, viewer, said.delegation) if said.delegation else viewer.id
    stands = await before(session, viewer, said.delegation)
    crisis = crises(said.words, said.brief)
    refuse_if(list(against_readiness(stands.ready, said.category, bool(crisis))))
    if asker is None:
        raise refuse(NOT_FOUND, "onBehalfOf")
    refuse_if(against_quota(stands.waiting, stands.again))
    await _choose(session, said, {viewer.id, asker}, now)
    told = {"category": said.category, "division": said.division, "policy": stands.version, "asked_at": now}
    spoken, heard = said.spoken.voice is not None, said.spoken.transcript
    seen = look(said.body, said.brief, spoken=spoken, transcript=heard)

    question_key, brief_key = new_key(), new_key()
    sealed = seal(question_key, said.body, "question", "body", id)
    asked = {"id": id, "asker": asker, "delegation": said.delegation, "status": seen.stands, "crisis": crisis}
    await session.rows(_QUESTION, asked | told | {"body": sealed})
    files = said.attachments
    hung: dict[str, Any] = {"subject": id, "key": question_key, "part": id, "from_owner": True, "now": now}
    await attach(session, viewer, keys, files, **hung)
    await speak(session, viewer, keys, said.spoken, **hung)
    if said.draft is not None:
        await DRAFTS.become(session, viewer, said.draft, id, now)
    line = seal(brief_key, said.brief, "brief", "body", brief)
    if seen.verdict is Verdict.PASS:
        news = feed.Line(QuestionEventKind.QUESTION_ASKED, {}, id)
        await _send(session, keys, id, brief, said, told, stands.policy, crisis, now, news, line)
    else:
        await session.rows(_BRIEF, {"id": brief, "question": id, "body": line})
        await _stop(session, id, seen)
    # After their subjects: the policy of `key` asks for the reader that a trigger has made by now.
    own = {id: question_key, brief: brief_key}
    row = (await keep_keys(session, keys, own, _KEEP_AND_LOOK, person=viewer.id, ids=[id])).one()
    # Whoever asks for another is written down each time she is given the key.
    return Kept(id, None if elder else question_key, row)


async def revise(session: Session, viewer: Viewer, keys: KeyProvider, said: Revision, key: str, now: datetime) -> UUID:
    """Other words for a question that was not sent, under its own key. If they can be, they are sent: a new T0."""
    id = said.question
    voice = await voice_of(session, viewer, id)
    refuse_if(against_revision(said, voice is not None))
    if known := await once(session, keys.secret("idempotency"), key, said, "reviseQuestion", id):
        return known
    row = await held(session, viewer, id)
    moved(row.status, QuestionAct.REVISE)
    await one_at_a_time(session, _alone(row.asker))
    stands = await before(session, viewer, None if row.asker == viewer.id else row.delegation, besides=id)
    brief = await life.brief_of(session, id)
    found = await release(session, keys, viewer, [id, brief])
    heard = read(found[id], voice) if voice else None
    crisis = crises(said_in_all(said.body, heard), said.brief)
    refuse_if(list(against_readiness(stands.ready, row.category, bool(crisis))))
    refuse_if(against_quota(stands.waiting, stands.again))
    await _choose(session, said, {viewer.id, row.asker}, now)
    told = {"category": row.category, "division": row.division, "policy": stands.version, "asked_at": now}
    # On the words that were appealed for a supervisor has decided; on others nobody has.
    decided = row.cleared and unseal(found[id], row.body, "question", "body", id) == said.body
    words = None if decided else said.body
    seen = look(words, said.brief, spoken=voice is not None, transcript=None if decided else heard)
    if row.cleared and seen.reason:
        raise refuse(seen.reason, seen.field)  # what was cleared is kept, to be sent as it is
    sealed = seal(found[brief], said.brief, "brief", "body", brief)
    await session.rows(update(reads.B).where(reads.B.c.id == brief).values(body=sealed))
    sealed = seal(found[id], said.body, "question", "body", id)
    sent = {"policy": stands.version, "asked_at": now} if seen.verdict is Verdict.PASS else {}
    await stand(session, id, seen.stands, now, body=sealed, crisis=crisis, **sent)
    if seen.verdict is Verdict.PASS:
        revised = feed.Line(QuestionEventKind.QUESTION_REVISED, {}, id)
        await _send(session, keys, id, brief, said, told, stands.policy, crisis, now, revised)
    else:
        await _stop(session, id, seen)
    return id


def _alone(asker: UUID) -> str:
    """Two questions of one person at once would each not see the other and pass the quota together."""
    return f"ask {asker}"


async def _elder(session: Session, viewer: Viewer, delegation: UUID) -> UUID | None:
    """For whom she asks, and nobody else meanwhile; None where that is not hers to do."""
    elder = await elder_of(session, viewer, delegation)
    if elder is not None:
        await one_at_a_time(session, _alone(elder))
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
    news: feed.Line,
    line: bytes | None = None,
) -> None:
    """Lawyers may be called from now on, and the promise runs. `line`: the brief as it is sealed, where it is new."""
    chosen = {
        "lane": lane(crisis),
        "named": said.lawyers,
        "named_until": now + policy.named_for if said.lawyers else None,
        "party": party_digest(said.party, keys.secret(PARTIES)) if said.party else None,
    }
    row = {"question": question, "brief": brief, "wave": -1, "board": "OPEN", "wanted": policy.promised}
    row |= chosen | told
    due = [(now + wave.after, PatienceRanOut(question=question)) for wave in policy.waves]
    end = (now + policy.within, PromiseRanOut(question=question, round=0))
    facts = [(now, QuestionAsked(question=question)), *due, end]
    if line is None:
        await session.rows(_DISPATCH, row)
        await tell(session, [news], facts)
    else:
        await tell(session, [news], facts, _SEND, line=line, **row)


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
