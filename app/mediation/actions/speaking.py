"""Sheets of the file: what somebody says, what a mediator finds, what came of a session. Each lies under the key of who
may read it; none is changed or taken out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import insert

from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, seal, unseal
from app.core.texts import against_text
from app.mediation import reads
from app.mediation.events import RecordAdded
from app.mediation.models import Record, RecordKind, Side, Teller, Where
from app.mediation.rules.agreeing import NO_SESSION, NOT_NOW, RECORDS_FULL
from app.mediation.rules.policy import RECORDS_MAX
from app.mediation.rules.standing import OPEN, may_write, subject_of, teller_of
from app.vault.actions.files import attach
from app.vault.actions.keys import release
from app.vault.reads import bases

FIELD = "mediationId"


class Said(BaseModel):
    """A sheet as it was asked for."""

    mediation: UUID
    where: Where
    kind: RecordKind
    text: str = Field(repr=False)
    appointments: list[UUID] = []
    attended: list[Side] = []
    files: list[UUID] = []


async def standing_of(session: Session, viewer: Viewer, mediation: UUID) -> tuple[Any, Teller]:
    """The case, and as what she speaks in it. Refuses NOT_FOUND."""
    found = await reads.mediations(session, viewer, [mediation])
    if not found:
        raise refuse(NOT_FOUND, FIELD)
    grounds = await bases(session, viewer, [found[0].applicant_side, found[0].respondent_side])
    teller = teller_of(grounds.get(found[0].applicant_side), grounds.get(found[0].respondent_side))
    if teller is None:
        raise refuse(NOT_FOUND, FIELD)
    return found[0], teller


async def write(session: Session, viewer: Viewer, keys: KeyProvider, said: Said, key: str, now: datetime) -> UUID:
    """The record's id; the same one for a repeat."""
    refuse_if(list(against_text(said.text, "text", 2, 10_000)))
    id = new_id()
    if known := await once(session, keys.secret("idempotency"), key, said, "mediation record", id):
        return known
    row, teller = await standing_of(session, viewer, said.mediation)
    if not may_write(teller, said.where) or (teller is not Teller.MEDIATOR and said.kind is not RecordKind.STATEMENT):
        raise refuse(NOT_FOUND, "where")
    if row.state not in OPEN:
        raise refuse(NOT_NOW, FIELD)
    if said.appointments and not await reads.are_sessions(session, row.id, said.appointments):
        raise refuse(NO_SESSION, "appointmentIds")
    await one_at_a_time(session, f"mediation {row.id}")
    if await reads.records_of(session, row.id) >= RECORDS_MAX:
        raise refuse(RECORDS_FULL, limit=RECORDS_MAX)
    subject = subject_of(row, said.where)
    own = (await release(session, keys, viewer, [subject])).get(subject)
    if own is None:
        raise refuse(NOT_FOUND, FIELD)
    made: dict[str, Any] = {"id": id, "mediation": row.id, "subject": subject, "kind": said.kind, "teller": teller}
    made |= {"author": viewer.id, "at": now, "appointments": said.appointments, "attended": sorted(set(said.attended))}
    made |= {"body": seal(own, said.text.strip(), "mediation_record", "body", id)}
    await session.rows(insert(Record).inline().values(made))
    hung: dict[str, Any] = {"subject": subject, "key": own, "part": id, "from_owner": teller is not Teller.MEDIATOR}
    await attach(session, viewer, keys, said.files, **hung, now=now)
    await emit(session, RecordAdded(mediation=row.id, subject=subject, record=id))
    return id


def opened(key: bytes, row: Any) -> str:
    return unseal(key, row.body, "mediation_record", "body", row.id)
