"""What only the owner's scripts may do: make people what they are beyond residents, and the first administrator."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import select

from app.accounts import reads
from app.accounts.actions.hashing import hashed
from app.accounts.actions.identity import person_known_by
from app.accounts.actions.inviting import Enrolment, enrol, name_of
from app.accounts.actions.offices import Place, sealed_reason
from app.accounts.models import IdentityKind, MoveKind, PersonMove, RoleHeld
from app.accounts.rules.offices import against_roles
from app.accounts.rules.said import telephone
from app.core.access import OFFICES, Role
from app.core.db import Session, now, one_at_a_time
from app.core.errors import refuse_if
from app.core.ids import new_id
from app.core.sealing import KeyProvider

REASON = "appointed by whoever owns the database"


@dataclass(frozen=True)
class Appointed:
    """What is told once to whoever was appointed."""

    enrolment: Enrolment
    password: str = field(repr=False)


async def appoint(session: Session, keys: KeyProvider, phone: str, roles: Collection[Role]) -> UUID:
    """The person who signs in with this number, holding these roles from now on. Twice makes no difference.

    Runs as the owner of the tables. Refuses BAD_PHONE and ROLES_APART.
    """
    moment = now(session)
    person = await person_known_by(session, keys, IdentityKind.SMS, telephone(phone), moment)
    if Role.LAWYER in roles:
        row = {"person": person, "role": Role.LAWYER.value, "since": moment}
        await session.rows(upsert(RoleHeld).inline().values(row).on_conflict_do_nothing())
    if offices := OFFICES & set(roles):
        await one_at_a_time(session, "offices")
        held = OFFICES & (await reads.standing(session, person))[1]
        refuse_if(list(against_roles(offices | held)))
        if not offices <= held:
            await _decide(session, keys, person, MoveKind.ROLES, roles=sorted(offices | held))
    return person


async def post(session: Session, keys: KeyProvider, person: UUID, place: Place) -> None:
    """Let somebody who holds the office that it needs work there from now on. Runs as the owner of the tables.

    Twice makes no difference, and whoever has had a post is given no other: an administrator may have
    decided otherwise.
    """
    told = select(PersonMove.id).where(PersonMove.person == person, PersonMove.kind == MoveKind.POSTED)
    if (await session.rows(told)).first() is None:
        said = {"institution": place.institution, "duty": place.duty.value, "called": place.called}
        await _decide(session, keys, person, MoveKind.POSTED, **said)


async def _decide(session: Session, keys: KeyProvider, person: UUID, kind: MoveKind, **said: Any) -> None:
    id = new_id()
    move = {"id": id, "person": person, "actor": None, "kind": kind.value, "at": now(session)}
    move |= {"reason": sealed_reason(keys, id, REASON), "roles": []} | said
    await session.rows(insert(PersonMove).inline().values(move))


async def equip(session: Session, keys: KeyProvider, person: UUID, login: str, *, anew: bool) -> Appointed | None:
    """What the person signs in with: a password by chance, and a second factor that is not on yet. None where she has
    them and is not to get them `anew`. Refuses LOGIN_TAKEN."""
    if await reads.has_credential(session, person) and not anew:
        return None
    password = secrets.token_urlsafe(15)
    name = await name_of(session, keys, person, login, now(session))
    secret = await enrol(session, keys, person, await hashed(password), now(session))
    return Appointed(Enrolment(name, secret), password)
