"""A resident and an institution talk at once: she asks, one of the staff takes it, hands it on, and closes it."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.accounts.reads import posts, readiness
from app.accounts.rules.consenting import against_keeping
from app.core import feed
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.portable import Page, Source
from app.core.sealing import KeyProvider, new_key
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.threads.actions import say
from app.threads.events import ConsultationAged, ConsultationAsked, ConsultationReplied
from app.threads.models import ConsultationState, ConsultationWords, InstitutionConsultation
from app.threads.reads import consulting as reads
from app.threads.reads.consulting import C
from app.threads.rules import consulting as rules
from app.threads.rules.consulting import ConsultationEventKind, ConsultationRecord
from app.vault.actions.files import attach
from app.vault.actions.keys import keep_keys, release

AGAIN: Final = timedelta(days=1)


class Opened(BaseModel):
    institution: UUID
    body: str
    files: list[UUID] = []
    application: UUID | None = None
    """What it is about: one of hers with that institution."""


class Said(BaseModel):
    consultation: UUID
    body: str
    files: list[UUID] = []


async def open(session: Session, viewer: Viewer, keys: KeyProvider, said: Opened, key: str, now: datetime) -> UUID:
    """The consultation's id. One is open per person and institution; of fifty that begin at once, one does."""
    refuse_if(rules.against_asking(said.body, rules.FIRST))
    id = new_id()
    if known := await once(session, keys.secret("idempotency"), key, said, "consultInstitution", id):
        return known
    if not await reads.works(session, said.institution):
        raise refuse(NOT_FOUND, "institutionId")
    if said.application and not await reads.applied(session, viewer, said.application, said.institution):
        raise refuse(NOT_FOUND, "applicationId")
    refuse_if(list(against_keeping(await readiness(session, viewer.id))))
    row: dict[str, Any] = {
        "id": id,
        "institution": said.institution,
        "person": viewer.id,
        "state": ConsultationState.WAITING,
    }
    row |= {"application": said.application, "opened_at": now, "state_at": now}
    begun = insert(InstitutionConsultation).inline().values(row)
    if not (await session.rows(begun.on_conflict_do_nothing())).rowcount:
        raise refuse(rules.CONSULTATION_OPEN, "institutionId")
    own = new_key()
    await keep_keys(session, keys, {id: own})
    message = await _say(session, viewer, id, own, said.body, ConsultationWords.ASKED, now)
    await attach(session, viewer, keys, said.files, subject=id, key=own, part=message, from_owner=True, now=now)
    return id


async def send(session: Session, viewer: Viewer, keys: KeyProvider, said: Said, key: str, now: datetime) -> UUID:
    """By whose it is: to who holds it, or to who will. The message's id."""
    refuse_if(rules.against_asking(said.body, rules.LATER))
    return await _go_on(session, viewer, keys, said, key, ConsultationWords.ASKED, now)


async def reply(session: Session, viewer: Viewer, keys: KeyProvider, said: Said, key: str, now: datetime) -> UUID:
    """By who holds it. The message's id."""
    refuse_if(rules.against_replying(said.body))
    return await _go_on(session, viewer, keys, said, key, ConsultationWords.REPLIED, now)


async def take(session: Session, viewer: Viewer, id: UUID, now: datetime) -> None:
    """One that waits at her institution is hers; of fifty who take it one does, who may take it again."""
    row = await _found(session, viewer, id)
    if row.person == viewer.id:
        raise refuse(NOT_FOUND, "consultationId")
    if row.state == ConsultationState.CLOSED:
        raise refuse(rules.CONSULTATION_CLOSED, "consultationId")
    if row.holder == viewer.id:
        return
    waits = C.c.id == id, C.c.state == ConsultationState.WAITING
    taken = update(C).where(*waits).values(state=ConsultationState.TAKEN, holder=viewer.id)
    if not (await session.rows(taken)).rowcount:
        raise refuse(rules.CONSULTATION_TAKEN, "consultationId")
    await feed.show(session, ConsultationEventKind.CONSULTATION_TAKEN, subject=id)


async def hand_over(session: Session, viewer: Viewer, id: UUID, colleague: UUID, now: datetime) -> None:
    """By who holds it; from then on the colleague reads it, and she does not."""
    row = await _found(session, viewer, id)
    _held(viewer, row)
    (there,) = await posts(session, viewer, [colleague]) or (None,)
    if there is None or there.institution != row.institution or colleague in (viewer.id, row.person):
        raise refuse(rules.NOT_A_COLLEAGUE, "toColleague")
    if row.application and await reads.stepped_back(session, row.application, colleague):
        raise refuse(rules.COLLEAGUE_RECUSED, "toColleague")
    # The news first: afterwards she has no right to put any before its readers.
    await feed.show(session, ConsultationEventKind.CONSULTATION_HANDED_OVER, subject=id)
    await _lead(session, viewer, id, holder=colleague)
    await emit(session, ConsultationAsked(consultation=id, cause=new_id()))


async def close(session: Session, viewer: Viewer, id: UUID) -> None:
    """By whose it is, or by who holds it. What is closed stays so."""
    row = await _found(session, viewer, id)
    if row.state == ConsultationState.CLOSED:
        return
    if row.person != viewer.id:
        _held(viewer, row)
    still = C.c.id == id, C.c.state != ConsultationState.CLOSED
    if (await session.rows(update(C).where(*still).values(state=ConsultationState.CLOSED))).rowcount:
        await feed.show(session, ConsultationEventKind.CONSULTATION_CLOSED, subject=id)


async def _go_on(
    session: Session, viewer: Viewer, keys: KeyProvider, said: Said, key: str, kind: ConsultationWords, now: datetime
) -> UUID:
    id, asks = new_id(), kind is ConsultationWords.ASKED
    operation = "sendToInstitution" if asks else "replyInConsultation"
    if known := await once(session, keys.secret("idempotency"), key, said, operation, id):
        return known
    row = await reads.standing(session, viewer, said.consultation)
    if row is None and not asks and await reads.consultations(session, viewer, [said.consultation]):
        raise refuse(rules.NOT_YOUR_CONSULTATION, "consultationId")
    if row is None or (row.person == viewer.id) != asks:
        raise refuse(NOT_FOUND, "consultationId")
    if row.state == ConsultationState.CLOSED:
        raise refuse(rules.CONSULTATION_CLOSED, "consultationId")
    own = (await release(session, keys, viewer, [row.id]))[row.id]
    await _say(session, viewer, row.id, own, said.body, kind, now, id=id)
    await attach(session, viewer, keys, said.files, subject=row.id, key=own, part=id, from_owner=asks, now=now)
    return id


async def _say(
    session: Session,
    viewer: Viewer,
    consultation: UUID,
    key: bytes,
    body: str,
    kind: ConsultationWords,
    now: datetime,
    *,
    id: UUID | None = None,
) -> UUID:
    asks = kind is ConsultationWords.ASKED
    message = await say(session, viewer, consultation, key, asks, body, kind, None, None, now, id=id)
    opened = id is None
    said = ConsultationEventKind.CONSULTATION_OPENED if opened else ConsultationEventKind.CONSULTATION_SAID
    await feed.show(session, said, subject=consultation, message=message)
    told = ConsultationAsked if asks else ConsultationReplied
    await emit(session, told(consultation=consultation, cause=message))
    return message


async def _found(session: Session, viewer: Viewer, id: UUID) -> Any:
    rows = await reads.consultations(session, viewer, [id])
    if not rows:
        raise refuse(NOT_FOUND, "consultationId")
    return rows[0]


def _held(viewer: Viewer, row: Any) -> None:
    if row.state == ConsultationState.CLOSED:
        raise refuse(rules.CONSULTATION_CLOSED, "consultationId")
    if row.holder != viewer.id:
        raise refuse(rules.NOT_YOUR_CONSULTATION, "consultationId")


async def _lead(session: Session, viewer: Viewer, id: UUID, **said: Any) -> None:
    held = C.c.id == id, C.c.state == ConsultationState.TAKEN, C.c.holder == viewer.id
    if not (await session.rows(update(C).where(*held).values(**said))).rowcount:
        raise refuse(rules.NOT_YOUR_CONSULTATION, "consultationId")


async def tell_asked(session: Session, id: UUID, cause: UUID, now: datetime) -> None:
    """Whoever holds it; while nobody does, once, whoever works there."""
    row = await reads.about(session, id)
    if row is None or row.state == ConsultationState.CLOSED:
        return
    people = [row.holder] if row.holder else await reads.staff_of(session, id)
    await tell(session, people, NoticeKind.CONSULTATION_WAITING, id, cause if row.holder else id, now)


async def tell_replied(session: Session, id: UUID, cause: UUID, now: datetime) -> None:
    row = await reads.about(session, id)
    if row is not None and row.person:
        await tell(session, [row.person], NoticeKind.CONSULTATION_REPLIED, id, cause, now)


async def tell_returned(session: Session, id: UUID, cause: UUID, now: datetime) -> None:
    """Whoever works there, for nobody holds it any longer; and whose it is."""
    row = await reads.about(session, id)
    if row is None or row.state != ConsultationState.WAITING:
        return
    await feed.show(session, ConsultationEventKind.CONSULTATION_WAITS_AGAIN, subject=id)
    await tell(session, await reads.staff_of(session, id), NoticeKind.CONSULTATION_WAITING, id, cause, now)
    await tell(session, [row.person] if row.person else [], NoticeKind.CONSULTATION_WAITS_AGAIN, id, cause, now)


async def forget(session: Session, id: UUID, now: datetime) -> None:
    """Destroy what was kept long enough; look again later at what a hold keeps."""
    row = await reads.about(session, id)
    gone = (await session.rows(select(func.door.forget_consultation(id)))).scalar_one()
    if not gone and row is not None and row.person:
        await emit(session, ConsultationAged(consultation=id), at=now + AGAIN)


async def give_up(session: Session, person: UUID) -> None:
    """Whatever somebody asked institutions who closes her account."""
    await session.rows(select(func.door.give_up_consultations(person)))


async def copied(source: Source) -> AsyncIterator[Page]:
    """What a copy of all that is kept about somebody has of these; their words are among the messages."""
    for ids in source.batches("institutionConsultation"):
        async with source.reading() as session:
            found = await reads.consultations(session, source.viewer, ids)
        names = ("id", "institution", "application", "state", "called", "opened_at", "state_at")
        hers = [row for row in found if row.person == source.viewer.id]
        if records := [ConsultationRecord(**{name: getattr(row, name) for name in names}) for row in hers]:
            yield Page(ConsultationRecord, records)
