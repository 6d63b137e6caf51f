"""Somebody may ask for an elder because the elder said so: she told the digits that came to her own telephone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from app.accounts import reads
from app.accounts.actions.codes import spend_code
from app.accounts.actions.identity import become, person_known_by
from app.accounts.events import DelegationEnded, DelegationGranted
from app.accounts.models import Consent, Delegation, IdentityKind, Relation, Standing
from app.accounts.rules.delegating import (
    DELEGATION_TO_SELF,
    DELEGATIONS_FULL,
    ELDER_SUSPENDED,
    LIVE_MAX,
    Confirmed,
    Names,
)
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, Refused, refuse
from app.core.idempotency import known, once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, open_bytes, seal_bytes
from app.outside.sms import Purpose

D = reads.D
OPERATION = "confirmDelegation"


async def confirm(
    session: Session, keys: KeyProvider, viewer: Viewer, said: Confirmed, relation: Relation, key: str, now: datetime
) -> UUID | Refused:
    """The delegation's id; the one that stands already if the elder said yes before.

    A refusal that is returned is to be committed: it used up a try.
    """
    secret = keys.secret("idempotency")
    if before := await known(session, secret, key, said, OPERATION):
        return before
    if refused := await spend_code(session, keys, said.phone, said.code, now, Purpose.DELEGATION, viewer.id):
        return refused
    if await _live(session, viewer) >= LIVE_MAX:
        raise refuse(DELEGATIONS_FULL, limit=LIVE_MAX)
    # The digits came to her telephone: what follows is said in her name.
    elder = await person_known_by(session, keys, IdentityKind.SMS, said.phone, now)
    if elder == viewer.id:
        raise refuse(DELEGATION_TO_SELF, "phone")
    if (await reads.standing(session, elder))[0] is Standing.SUSPENDED:
        raise refuse(ELDER_SUSPENDED, "phone")
    id = await _standing(session, elder, viewer.id)
    if id is None:
        id = new_id()
        names = seal_bytes(keys.secret("delegation"), said.names.model_dump_json().encode(), _place(id))
        row: dict[str, Any] = {
            "id": id,
            "elder": elder,
            "delegate": viewer.id,
            "relation": relation.value,
            "granted_at": now,
        }
        row |= {"consent": Consent.SMS_CODE.value, "names": names}
        await session.rows(insert(Delegation).inline().values(row))
        await emit(session, DelegationGranted(delegation=id, elder=elder, delegate=viewer.id))
    await become(session, viewer.id)
    await once(session, secret, key, said, OPERATION, id)
    return id


async def end(session: Session, viewer: Viewer, id: UUID, now: datetime) -> None:
    """Either of the two ends it, at once: a trigger ends the delegate's readings. Twice changes nothing."""
    found = await reads.delegations(session, viewer, [id])
    if not found:
        raise refuse(NOT_FOUND, "delegationId")
    (row,) = found
    by = "ELDER" if row.elder == viewer.id else "DELEGATE"
    over = update(Delegation).where(D.c.id == id, D.c.ended_at.is_(None)).values(ended_at=now, ended_by=by)
    if (await session.rows(over)).rowcount:
        await emit(session, DelegationEnded(delegation=id, elder=row.elder, delegate=row.delegate, by=viewer.id))


async def _live(session: Session, viewer: Viewer) -> int:
    count = select(func.count()).where(D.c.delegate == viewer.id, D.c.ended_at.is_(None))
    number: int = (await session.rows(count)).scalar_one()
    return number


async def _standing(session: Session, elder: UUID, delegate: UUID) -> UUID | None:
    live = select(D.c.id).where(D.c.elder == elder, D.c.delegate == delegate, D.c.ended_at.is_(None))
    found: UUID | None = (await session.rows(live)).scalar()
    return found


def names_of(keys: KeyProvider, row: Any) -> Names:
    if not row.names:  # one of the two closed her account
        return Names(delegate="", elder="", phone="")
    return Names.model_validate_json(open_bytes(keys.secret("delegation"), row.names, _place(row.id)))


def _place(id: UUID) -> str:
    return f"delegation|names|{id}"
