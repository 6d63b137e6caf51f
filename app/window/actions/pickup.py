"""The owner of an application or an appointment makes the code by which a window knows her, and the slip with it."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert

from app.applications import reads as applications
from app.applications.actions.moving import opened as opened_application
from app.applications.actions.moving import reason_of
from app.applications.models import ApplicationState, Move
from app.applications.rules.forms import read
from app.appointments import reads as appointments
from app.appointments.actions.booking import opened as opened_appointment
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, refuse
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, digest, new_key, seal, unseal
from app.vault.actions.keys import keep_keys, release
from app.vault.models import OWNERS
from app.vault.reads import basis
from app.window import reads
from app.window.events import SlipOver
from app.window.models import WindowSubject, WindowVisit
from app.window.rules import masking
from app.window.rules.pickup import CODES_A_DAY, LIFE, PICKUP_CODES_FULL, Slip, digits_of

DAY: Final = timedelta(days=1)
FIELD: Final = "subjectId"
_SECRET: Final = "pickup-code"
_ASKS: Final = (Move.ASK_SUPPLEMENT, Move.ASK_SUPPLEMENT_AGAIN)


class _Wanted(BaseModel):
    subject: UUID


async def make(
    session: Session, viewer: Viewer, keys: KeyProvider, about: WindowSubject, subject: UUID, key: str, now: datetime
) -> UUID:
    """The code's id; the last one of the same subject is good for nothing from then on. A repeat gives it again."""
    id = new_id()
    secret, said = keys.secret("idempotency"), _Wanted(subject=subject)
    if before := await once(session, secret, key, said, "createPickupCode", id):
        return before
    if await basis(session, viewer, subject) not in OWNERS:
        raise refuse(NOT_FOUND, FIELD)
    slip = await _SLIPS[about](session, viewer, keys, subject)
    await one_at_a_time(session, f"pick-up {viewer.id}")
    if await reads.made_since(session, viewer, now - DAY) >= CODES_A_DAY:
        raise refuse(PICKUP_CODES_FULL, limit=CODES_A_DAY)
    await one_at_a_time(session, f"pick-up {subject}")
    own = new_key()
    row = {"id": id, "subject": subject, "about": about, "maker": viewer.id, "code": told(keys, digits(keys, id))}
    row |= {"slip": seal(own, slip.model_dump_json(), "window_visit", "slip", id)}
    row |= {"made_at": now, "expires_at": now + LIFE}
    await session.rows(insert(WindowVisit).inline().values(row))
    await keep_keys(session, keys, {id: own})
    await emit(session, SlipOver(visit=id), at=now + LIFE)
    return id


def digits(keys: KeyProvider, id: UUID) -> str:
    return digits_of(keys.secret(_SECRET), id)


def told(keys: KeyProvider, digits: str) -> bytes:
    """By what a code is found that somebody tells."""
    return digest(keys.secret(_SECRET), digits)


def slip_of(key: bytes, row: Any) -> Slip:
    """What it says, for who has the visit's key."""
    return Slip.model_validate_json(unseal(key, row.slip, "window_visit", "slip", row.id))


async def _of_application(session: Session, viewer: Viewer, keys: KeyProvider, id: UUID) -> Slip:
    (row,) = await applications.applications(session, viewer, [id]) or [None]
    key = (await release(session, keys, viewer, [id])).get(id) if row is not None and row.body else None
    if row is None or key is None:
        raise refuse(NOT_FOUND, FIELD)
    asked = None
    if row.state == ApplicationState.NEEDS_SUPPLEMENT:
        steps = await applications.steps(session, viewer, [id])
        asked = next((reason_of(key, step) for step in reversed(steps) if step.move in _ASKS), None)
    return _masked(*read(row.kind, opened_application(key, row)).party(), asked)


async def _of_appointment(session: Session, viewer: Viewer, keys: KeyProvider, id: UUID) -> Slip:
    (row,) = await appointments.appointments(session, viewer, [id]) or [None]
    key = (await release(session, keys, viewer, [id])).get(id) if row is not None and row.body else None
    if row is None:
        raise refuse(NOT_FOUND, FIELD)
    if key is None:  # a number that she took, with which nothing was said
        return _masked(None, None, None, None)
    contact = opened_appointment(key, row)
    return _masked(contact.name, None, contact.phone, None)


def _masked(name: str | None, number: str | None, phone: str | None, asked: str | None) -> Slip:
    return Slip(
        name=masking.name(name or ""),
        id_number=masking.number(number or ""),
        phone=masking.phone(phone or ""),
        asked=asked,
    )


_SLIPS: Final = {WindowSubject.APPLICATION: _of_application, WindowSubject.APPOINTMENT: _of_appointment}
