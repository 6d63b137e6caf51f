"""How somebody becomes staff: an administrator invites a telephone, and whoever holds it sets a password."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.accounts import reads
from app.accounts.actions.codes import NewCode, spend_budget
from app.accounts.actions.identity import add_identity, digest_of, opened, person_known_by, present
from app.accounts.actions.offices import sealed_reason
from app.accounts.actions.sessions import SUSPENDED, end
from app.accounts.actions.staff import handle_of, totp_place
from app.accounts.models import Credential, Ended, IdentityKind, Invitation, Standing
from app.accounts.rules.codes import EVERY_ATTEMPT, PER_PHONE, TRIES, Sent, against_sending
from app.accounts.rules.offices import APART, OWN_FILE, ROLES_APART
from app.accounts.rules.staff import (
    INVITATION_WRONG,
    INVITED_FOR,
    LOGIN_TAKEN,
    Invited,
    Invitee,
    login_name,
    new_secret,
)
from app.core.access import SESSION_ENDED, Role, Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, Refused, refuse, refuse_if
from app.core.idempotency import give_back, once
from app.core.ids import new_id
from app.core.sealing import KeyProvider, digest, open_bytes, seal_bytes
from app.outside.sms import Purpose

V = reads.V


@dataclass(frozen=True)
class Enrolment:
    """What somebody needs to sign in from now on. Nothing but the answer to her may hold it."""

    login: str
    secret: str = field(repr=False)


async def invite(
    session: Session, keys: KeyProvider, viewer: Viewer, said: Invited, key: str, now: datetime
) -> tuple[UUID, NewCode | None]:
    """The invitation's id, and the code to be sent once this is committed; none for a repeat.

    It takes the place of an earlier one for the number. Refuses over a limit, and SESSION_ENDED to who is no
    administrator any more.
    """
    id = new_id()
    if known := await once(session, keys.secret("idempotency"), key, said, "inviteStaff", id):
        return known, None
    await one_at_a_time(session, "offices")
    if Role.ADMIN not in (await reads.standing(session, viewer.id))[1]:
        raise refuse(SESSION_ENDED)
    to = _phone(keys, said.phone)
    await present(session, to)
    sent = [Sent(at) for at in await reads.invited_at(session, to, now - PER_PHONE[-1].within)]
    refuse_if(list(against_sending(sent, (), now)))
    await _end(session, to, now)
    await spend_budget(session)
    digits, until = f"{secrets.randbelow(10**6):06}", now + INVITED_FOR
    invitee = Invitee(name=said.name.strip(), phone=said.phone[-4:])
    row: dict[str, Any] = {"id": id, "phone": to, "code": _mac(keys, said.phone, digits, id), "roles": said.roles}
    row |= {"said": seal_bytes(keys.secret("invitation"), invitee.model_dump_json().encode(), _place(id)), "tries": 0}
    row |= {"reason": sealed_reason(keys, id, said.reason), "actor": viewer.id, "made_at": now, "expires_at": until}
    await session.rows(insert(Invitation).inline().values(row))
    return id, NewCode(id, said.phone, digits, Purpose.INVITATION, now + EVERY_ATTEMPT[0].within, until)


async def withdraw(session: Session, keys: KeyProvider, phone: str, now: datetime) -> Any:
    """End what is open for the number: its row. Refuses NOT_FOUND."""
    to = _phone(keys, phone)
    await present(session, to)
    ended = await _end(session, to, now)
    if not ended:
        raise refuse(NOT_FOUND, "phone")
    return ended[0]


async def not_sent(session: Session, keys: KeyProvider, phone: str, key: str, now: datetime) -> None:
    """Its code did not leave: it is over, and who asks for it again with the same key invites."""
    await withdraw(session, keys, phone, now)
    await give_back(session, key)


def invitee_of(keys: KeyProvider, row: Any) -> Invitee:
    return Invitee.model_validate_json(open_bytes(keys.secret("invitation"), row.said, _place(row.id)))


async def look(session: Session, keys: KeyProvider, phone: str, digits: str, now: datetime) -> UUID | Refused:
    """The open invitation that this code belongs to. A refusal is to be committed: it used up a try."""
    to = _phone(keys, phone)
    await present(session, to)
    open_one = await _newest(session, to, now)
    if open_one is None or open_one.tries >= TRIES:
        return refuse(INVITATION_WRONG)
    if not hmac.compare_digest(open_one.code, _mac(keys, phone, digits, open_one.id)):
        await session.rows(update(Invitation).where(V.c.id == open_one.id).values(tries=open_one.tries + 1))
        return refuse(INVITATION_WRONG)
    id: UUID = open_one.id
    return id


async def accept(
    session: Session, keys: KeyProvider, invitation: UUID, phone: str, login: str, hash: str, now: datetime
) -> Enrolment:
    """Whoever holds the telephone is staff from now on; who was already keeps her name and gets a new second factor.

    Of fifty at once one is first. Refuses INVITATION_WRONG, SUSPENDED, OWN_FILE, ROLES_APART and LOGIN_TAKEN.
    """
    await one_at_a_time(session, "offices")
    to = _phone(keys, phone)
    await present(session, to)
    row = await _newest(session, to, now)
    if row is None or row.id != invitation:
        raise refuse(INVITATION_WRONG)
    person = await person_known_by(session, keys, IdentityKind.SMS, phone, now)
    standing, held = await reads.standing(session, person)
    if standing is Standing.SUSPENDED:
        raise refuse(SUSPENDED)
    if person == row.actor:
        raise refuse(OWN_FILE, "phone")
    if len(APART & (held | {*row.roles})) > 1:
        raise refuse(ROLES_APART)
    name = await name_of(session, keys, person, login, now)
    await present(session, to)
    await session.rows(update(Invitation).where(V.c.id == invitation).values(accepted_at=now))
    secret = await enrol(session, keys, person, hash, now)
    await end(session, person, Ended.PASSWORD_CHANGED, now)
    return Enrolment(name, secret)


async def enrol(session: Session, keys: KeyProvider, person: UUID, hash: str, now: datetime) -> str:
    """A password, and the secret of a second factor that is not on yet."""
    secret = new_secret()
    row: dict[str, Any] = {"person": person, "handle": handle_of(keys, person), "password": hash, "changed_at": now}
    row |= {"totp": seal_bytes(keys.secret("totp"), secret.encode(), totp_place(person)), "step": 0}
    anew = {name: row[name] for name in ("password", "totp", "step", "changed_at")}
    made = upsert(Credential).inline().values(row | {"recovery": []})
    again = anew | {"recovery": [], "confirmed_at": None}
    await session.rows(made.on_conflict_do_update(index_elements=["person"], set_=again))
    return secret


async def name_of(session: Session, keys: KeyProvider, person: UUID, login: str, now: datetime) -> str:
    """What she signs in as: what she has been called so far, or what she says now."""
    if sealed := await reads.sealed(session, person, IdentityKind.LOGIN):
        return opened(keys, IdentityKind.LOGIN, sealed.digest, sealed.sealed)
    wanted = str(login_name(login))
    await present(session, digest_of(keys, IdentityKind.LOGIN, wanted))
    if not await add_identity(session, keys, person, IdentityKind.LOGIN, wanted, now):
        raise refuse(LOGIN_TAKEN, "login")
    return wanted


async def _newest(session: Session, phone: bytes, now: datetime) -> Any:
    """The open invitation for the number, locked."""
    live = V.c.phone == phone, V.c.accepted_at.is_(None), V.c.expires_at > now
    wanted = select(*V.c).where(*live).order_by(V.c.made_at.desc()).limit(1).with_for_update()
    return (await session.rows(wanted)).first()


async def _end(session: Session, phone: bytes, now: datetime) -> Sequence[Any]:
    live = V.c.phone == phone, V.c.accepted_at.is_(None), V.c.expires_at > now
    return (await session.rows(update(Invitation).where(*live).values(expires_at=now).returning(*V.c))).all()


def _phone(keys: KeyProvider, phone: str) -> bytes:
    return digest(keys.secret("invitation"), f"phone|{phone}")


def _mac(keys: KeyProvider, phone: str, digits: str, id: UUID) -> bytes:
    return digest(keys.secret("invitation"), f"code|{phone}|{digits}|{id}")


def _place(id: UUID) -> str:
    return f"invitation|said|{id}"
