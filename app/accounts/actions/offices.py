"""What administrators decide about people. Writing the decision down is the act: a trigger does what follows.

All decisions stand in one line, so that of two administrators who end each other's office at once one is too late.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from app.accounts import reads
from app.accounts.events import PersonSuspended
from app.accounts.models import Duty, MinorData, MoveKind, PersonMove, Standing
from app.accounts.reads.minors import of_a_minor
from app.accounts.rules.minors import MINOR_ACCESS_NEEDED
from app.accounts.rules.offices import OFFICE, OFFICE_NEEDED, OWN_FILE, REINSTATE_FIRST
from app.core.access import OFFICES, SESSION_ENDED, Role, Viewer, devices_of
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, refuse
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, open_bytes, seal_bytes


@dataclass(frozen=True)
class Place:
    """Where somebody works, as what, and how she is called there."""

    institution: UUID
    duty: Duty
    called: str


async def set_roles(
    session: Session,
    keys: KeyProvider,
    viewer: Viewer,
    person: UUID,
    roles: Collection[Role],
    reason: str,
    now: datetime,
) -> Any:
    """These are her offices from now on, and no others: how she stands then. The same again changes nothing."""
    row = await stands(session, viewer, person)
    held = OFFICES & set(row.roles)
    if held == set(roles):
        return row
    if row.standing == Standing.SUSPENDED:
        raise refuse(REINSTATE_FIRST, "personId")
    return await _write(session, keys, viewer, person, MoveKind.ROLES, roles, reason, now)


async def suspend(session: Session, keys: KeyProvider, viewer: Viewer, person: UUID, reason: str, now: datetime) -> Any:
    """She holds nothing, is signed in nowhere and signs in no more, until she is reinstated."""
    row = await stands(session, viewer, person)
    if row.standing == Standing.SUSPENDED:
        return row
    await emit(session, PersonSuspended(person=person))
    return await _write(session, keys, viewer, person, MoveKind.SUSPENDED, (), reason, now)


async def reinstate(
    session: Session, keys: KeyProvider, viewer: Viewer, person: UUID, reason: str, now: datetime
) -> Any:
    """She is what she was before, and signs in again."""
    row = await stands(session, viewer, person)
    if row.standing != Standing.SUSPENDED:
        return row
    return await _write(session, keys, viewer, person, MoveKind.REINSTATED, (), reason, now)


async def reset_totp(
    session: Session, keys: KeyProvider, viewer: Viewer, person: UUID, reason: str, now: datetime
) -> Any:
    """Her second factor counts no more, and she is signed in nowhere. An invitation gives her another."""
    await stands(session, viewer, person)
    return await _write(session, keys, viewer, person, MoveKind.TOTP_RESET, (), reason, now)


async def admit(session: Session, keys: KeyProvider, viewer: Viewer, person: UUID, reason: str, now: datetime) -> Any:
    """She is a lawyer once she has signed in anew or refreshed her session. Whoever decides it has entered her in the
    directory in this transaction: the wall asks for that."""
    row = await stands(session, viewer, person)
    if row.standing != Standing.ACTIVE:
        raise refuse(REINSTATE_FIRST)
    return await _write(session, keys, viewer, person, MoveKind.ADMITTED, (), reason, now)


async def set_post(
    session: Session, keys: KeyProvider, viewer: Viewer, person: UUID, place: Place | None, reason: str, now: datetime
) -> Any:
    """From now on she works there, and nowhere else; at no institution, if None. The same again changes nothing.

    The caller has found the institution. Refuses OFFICE_NEEDED, and as `stands` does.
    """
    row = await stands(session, viewer, person)
    found = await reads.posts(session, viewer, [person])
    held = Place(found[0].institution, Duty(found[0].duty), found[0].called) if found else None
    if held == place:
        return row
    if place is not None and OFFICE[place.duty] not in row.roles:
        raise refuse(OFFICE_NEEDED, "duty")
    where = {"institution": place.institution, "duty": place.duty, "called": place.called} if place else {}
    return await _write(session, keys, viewer, person, MoveKind.POSTED, (), reason, now, **where)


def reason_of(keys: KeyProvider, move: Any) -> str:
    """Why it was decided, for those who may read the row."""
    return open_bytes(keys.secret("person-move"), move.reason, _place(move.id)).decode()


def sealed_reason(keys: KeyProvider, move: UUID, reason: str) -> bytes:
    return seal_bytes(keys.secret("person-move"), reason.strip().encode(), _place(move))


async def stands(session: Session, viewer: Viewer, person: UUID, field: str = "personId") -> Any:
    """How she stands, once nobody else decides anything. Refuses OWN_FILE, NOT_FOUND, MINOR_ACCESS_NEEDED,
    and SESSION_ENDED to whoever was an administrator when she began and is none when her turn comes."""
    if person == viewer.id:
        raise refuse(OWN_FILE, field)
    await one_at_a_time(session, "offices")
    if Role.ADMIN not in (await reads.standing(session, viewer.id))[1]:
        raise refuse(SESSION_ENDED)
    found = await reads.people(session, viewer, [person])
    if not found:
        minor = await of_a_minor(session, MinorData.FILE, person)
        raise refuse(MINOR_ACCESS_NEEDED if minor else NOT_FOUND, field)
    return found[0]


async def _write(
    session: Session,
    keys: KeyProvider,
    viewer: Viewer,
    person: UUID,
    kind: MoveKind,
    roles: Collection[Role],
    reason: str,
    now: datetime,
    **where: Any,
) -> Any:
    id = new_id()
    row: dict[str, Any] = {"id": id, "person": person, "actor": viewer.id, "kind": kind.value, "at": now}
    row |= {"roles": sorted(roles), "reason": sealed_reason(keys, id, reason)}
    await session.rows(insert(PersonMove).inline().values(row | where))
    session.news(devices_of(person))  # the trigger has ended what she may no longer do
    (stands,) = await reads.people(session, viewer, [person])
    return stands


def _place(move: UUID) -> str:
    return f"person_move|reason|{move}"
