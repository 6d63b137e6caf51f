"""A child may ask because a guardian said so: she told the digits that came to her own telephone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert, update

from app.accounts import reads
from app.accounts.actions.codes import spend_code
from app.accounts.actions.identity import become, person_known_by
from app.accounts.events import GuardianshipEnded
from app.accounts.models import ConsentPurpose, Guardianship, IdentityKind, Standing
from app.accounts.rules.consenting import (
    GUARDIAN_OF_SELF,
    GUARDIANS_FULL,
    GUARDIANS_MAX,
    MINORS,
    NO_GUARDIAN,
    NOTICES,
)
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, Refused, refuse
from app.core.idempotency import known, once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, open_bytes, seal_bytes
from app.outside.sms import Purpose

G = reads.G
OPERATION = "confirmGuardian"


class ChildNames(BaseModel):
    """By what each of the two knows the other: sealed with the guardianship."""

    child: str
    """What the child calls herself."""
    phone: str
    """The last four digits of the guardian's telephone."""


class GuardianSaid(BaseModel):
    """A confirmation as it was sent, for its repeats."""

    phone: str
    code: str
    names: ChildNames


async def confirm(
    session: Session, keys: KeyProvider, viewer: Viewer, said: GuardianSaid, key: str, now: datetime
) -> UUID | Refused:
    """The guardianship's id; the one that stands already if this guardian said yes before.

    A refusal that is returned is to be committed: it used up a try.
    """
    secret = keys.secret("idempotency")
    if before := await known(session, secret, key, said, OPERATION):
        return before
    if refused := await spend_code(session, keys, said.phone, said.code, now, Purpose.GUARDIAN, viewer.id):
        return refused
    await one_at_a_time(session, f"consent {viewer.id}")
    live = {row.guardian: row.id for row in await reads.guardianships(session, viewer) if row.ended_at is None}
    # The digits came to the guardian's telephone: what follows is said in her name.
    guardian = await person_known_by(session, keys, IdentityKind.SMS, said.phone, now)
    if guardian == viewer.id:
        raise refuse(GUARDIAN_OF_SELF, "phone")
    suspended = (await reads.standing(session, guardian))[0] is not Standing.ACTIVE
    if suspended or (await reads.readiness(session, guardian)).band in MINORS:
        raise refuse(NO_GUARDIAN, "phone")
    id = live.get(guardian)
    if id is None:
        if len(live) >= GUARDIANS_MAX:
            raise refuse(GUARDIANS_FULL, limit=GUARDIANS_MAX)
        id = new_id()
        row: dict[str, Any] = {"id": id, "minor": viewer.id, "guardian": guardian, "granted_at": now}
        row |= {"version": NOTICES[ConsentPurpose.SERVICE].version}
        row |= {"names": seal_bytes(keys.secret("guardianship"), said.names.model_dump_json().encode(), _place(id))}
        await session.rows(insert(Guardianship).inline().values(row))
    await become(session, viewer.id)
    await once(session, secret, key, said, OPERATION, id)
    return id


async def end(session: Session, viewer: Viewer, id: UUID, now: datetime) -> None:
    """Either of the two ends it, at once. Twice changes nothing."""
    found = await reads.guardianships(session, viewer, [id])
    if not found:
        raise refuse(NOT_FOUND, "guardianshipId")
    (row,) = found
    by = "GUARDIAN" if row.guardian == viewer.id else "MINOR"
    over = update(Guardianship).where(G.c.id == id, G.c.ended_at.is_(None)).values(ended_at=now, ended_by=by)
    if (await session.rows(over)).rowcount:
        told = GuardianshipEnded(guardianship=id, minor=row.minor, guardian=row.guardian, by=viewer.id)
        await emit(session, told)


def names_of(keys: KeyProvider, row: Any) -> ChildNames:
    if not row.names:  # one of the two closed her account
        return ChildNames(child="", phone="")
    return ChildNames.model_validate_json(open_bytes(keys.secret("guardianship"), row.names, _place(row.id)))


def _place(id: UUID) -> str:
    return f"guardianship|names|{id}"
