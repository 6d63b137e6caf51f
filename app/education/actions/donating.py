"""Whoever it happened to gives a case away, without names, and takes it back until it is published."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.consultation import reads as consultation
from app.consultation.models import QuestionStatus
from app.consultation.reads.rating import best
from app.consultation.rules.answering import Content
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.sealing import KeyProvider, new_key, seal, unseal
from app.core.texts import against_text
from app.directory.rules.taxonomy import specialty_of
from app.education.models import CaseDonation, DonationSource, DonationState
from app.education.reads import donating as reads
from app.education.reads.donating import CD
from app.education.rules import redacting as rules
from app.education.rules.writing import Written
from app.vault.actions.keys import keep_keys, release

ENDED = (QuestionStatus.RESOLVED, QuestionStatus.CLOSED)


class Given(BaseModel):
    question: UUID
    strikes: list[str]
    digest: str


async def preview(
    session: Session, viewer: Viewer, keys: KeyProvider, question: UUID, strikes: list[str]
) -> tuple[str, str]:
    """(text, topic) as it would be given away. Refuses NOT_FOUND where the question is not her own."""
    refuse_if(rules.against_strikes(strikes))
    rows = await consultation.questions(session, viewer, [question])
    if not rows or rows[0].asker != viewer.id:
        raise refuse(NOT_FOUND, "questionId")
    if rows[0].status not in ENDED:
        raise refuse(rules.CASE_NOT_ENDED, "questionId")
    key = (await release(session, keys, viewer, [question])).get(question)
    if key is None:
        raise refuse(NOT_FOUND, "questionId")
    body = unseal(key, rows[0].body, "question", "body", question)
    answers = await consultation.answers_of(session, viewer, [question])
    chosen = (await best(session, viewer, [question])).get(question)
    answer = next((one for one in answers if one.id == chosen), answers[0] if answers else None)
    said = answer and Content.model_validate_json(unseal(key, answer.content, "answer", "content", answer.id))
    told = rules.redacted(rules.told(body, said.conclusion if said else None), strikes)
    return told, specialty_of(rows[0].category)


async def give(session: Session, viewer: Viewer, keys: KeyProvider, said: Given, key: str, now: datetime) -> UUID:
    """Its id. Refuses CASE_CHANGED where it is not the text she was shown, and CASE_GIVEN the second time."""
    id = new_id()
    refuse_if([*rules.against_strikes(said.strikes), *against_text(said.digest, "digest", 1, 64)])
    if known := await once(session, keys.secret("idempotency"), key, said, "donateCase", id):
        return known
    told, topic = await preview(session, viewer, keys, said.question, said.strikes)
    if rules.digest_of(told) != said.digest:
        raise refuse(rules.CASE_CHANGED, "digest")
    own = new_key()
    row = {"id": id, "topic": topic, "state": DonationState.OFFERED, "donated_at": now, "taker": None}
    body = seal(own, told, "case_donation", "body", id)
    await session.rows(insert(CaseDonation).inline().values(row | {"body": body}))
    source = {"donation": id, "asker": viewer.id, "question": said.question}
    made = upsert(DonationSource).inline().values(source).on_conflict_do_nothing()
    if not (await session.rows(made)).rowcount:
        raise refuse(rules.CASE_GIVEN, "questionId")
    await keep_keys(session, keys, {id: own})
    return id


async def revoke(session: Session, viewer: Viewer, donation: UUID) -> None:
    """Nobody reads it any more, and drafts that would tell it do not. Refuses CASE_SETTLED once it is published."""
    rows = await reads.hers(session, viewer)
    if donation not in {row.id for row in rows}:
        raise refuse(NOT_FOUND, "donationId")
    open = CD.c.id == donation, CD.c.state.in_((DonationState.OFFERED, DonationState.TAKEN))
    gone = update(CaseDonation).where(*open).values(state=DonationState.REVOKED, body=b"")
    if not (await session.rows(gone)).rowcount:
        raise refuse(rules.CASE_SETTLED, "donationId")


async def take(session: Session, viewer: Viewer, donation: UUID) -> None:
    """Of many editors one reads it. Refuses CASE_SETTLED."""
    rows = await reads.donations(session, viewer, [donation])
    if not rows:
        raise refuse(NOT_FOUND, "donationId")
    if rows[0].taker == viewer.id:
        return
    if donation in {row.id for row in await reads.hers(session, viewer)}:
        raise refuse(rules.CASE_SETTLED, "donationId")
    offered = CD.c.id == donation, CD.c.state == DonationState.OFFERED
    taken = update(CaseDonation).where(*offered).values(state=DonationState.TAKEN, taker=viewer.id)
    if not (await session.rows(taken)).rowcount:
        raise refuse(rules.CASE_SETTLED, "donationId")


async def cited(session: Session, viewer: Viewer, said: Written, before: Iterable[UUID] = ()) -> None:
    """Who writes it took the cases that it tells, or they stood there before. Refuses NOT_FOUND by their place."""
    named = {one.donation: place for place, one in enumerate(said.cases) if one.donation}
    if wanted := named.keys() - set(before):
        known = {row.id for row in await reads.donations(session, viewer, wanted) if row.taker == viewer.id}
        for id in sorted(wanted - known, key=lambda one: named[one]):
            raise refuse(NOT_FOUND, f"content.cases.{named[id]}.donationId")


async def forget(session: Session, question: UUID | None = None, person: UUID | None = None) -> None:
    """For the worker: the question was erased, or its asker closes her account."""
    both = {"question": question, "person": person}
    await session.rows(text("SELECT door.forget_donations(:question, :person)"), both)
