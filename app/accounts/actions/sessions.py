"""A device signs in, goes on and leaves.

Refresh tokens are 256 bits of chance, kept as digests, good once. A second use ends the whole family, because one of
the two users is a thief (RFC 9700, 4.14.2). The exception is the honest repeat: a client whose answer was lost sends
the same token with the same idempotency key and gets the same successor, for as long as nobody has used that one. So
the successor is derived from token and key under a secret of ours, and no token is ever kept.
"""

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from app.accounts import reads
from app.accounts.actions.codes import spend_code
from app.accounts.actions.identity import add_identity, become, digest_of, person_known_by, present
from app.accounts.events import CameByCode, PersonUnited
from app.accounts.models import Ended, IdentityKind, RefreshToken, SignIn, Standing
from app.accounts.rules.said import came_by_code
from app.accounts.rules.tokens import ACCESS_LIFE, REFRESH_LIFE, against_refreshing, sign
from app.core.access import OFFICES, SESSION_ENDED, Role, Viewer, devices_of
from app.core.db import Session
from app.core.errors import Refused, code, refuse, refuse_if
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, digest
from app.outside.wechat import WeChatSession

SUSPENDED = code(
    "SUSPENDED",
    zh="该账号已被停用，如有疑问请联系平台。",
    en="This account is suspended. Please contact the service if you have questions.",
    remedy="Tell the person; only the service can lift it.",
)


@dataclass(frozen=True)
class Issued:
    """The tokens of one device. Nothing but the answer to the client may hold them."""

    viewer: Viewer
    access: str = field(repr=False)
    access_expires_at: datetime
    refresh: str = field(repr=False)
    refresh_expires_at: datetime


async def sign_in(
    session: Session,
    keys: KeyProvider,
    kind: IdentityKind,
    name: str,
    device: str,
    now: datetime,
    came_by: str | None = None,
) -> Issued | Refused:
    """Sign in whoever bears a name that was verified; a name never seen before is a new resident's. `came_by`: the code
    of the channel by which she says that she came."""
    person = await person_known_by(session, keys, kind, name, now)
    standing, roles = await reads.standing(session, person)
    if standing is Standing.SUSPENDED:
        return refuse(SUSPENDED)
    if code := came_by_code(came_by):
        await emit(session, CameByCode(person=person, code=code, at=now))
    return await _open(session, keys, person, roles - OFFICES, device, now, ACCESS_LIFE)


async def sign_in_with_wechat(
    session: Session, keys: KeyProvider, found: WeChatSession, device: str, now: datetime, came_by: str | None = None
) -> Issued | Refused:
    """Under her openid. Her unionid, where WeChat gives one, is kept beside it: by it she is known when she follows the
    official account."""
    done = await sign_in(session, keys, IdentityKind.WECHAT, found.openid, device, now, came_by)
    if isinstance(done, Issued) and found.unionid:
        person = done.viewer.id
        await present(session, digest_of(keys, IdentityKind.UNION, found.unionid))
        if await add_identity(session, keys, person, IdentityKind.UNION, found.unionid, now):
            await emit(session, PersonUnited(person=person))
    return done


async def sign_in_with_sms(
    session: Session, keys: KeyProvider, phone: str, digits: str, device: str, now: datetime, came_by: str | None = None
) -> Issued | Refused:
    """A refusal that is returned is to be committed: it used up a try."""
    if refused := await spend_code(session, keys, phone, digits, now):
        return refused
    return await sign_in(session, keys, IdentityKind.SMS, phone, device, now, came_by)


async def issue(
    session: Session,
    keys: KeyProvider,
    person: UUID,
    device: str,
    now: datetime,
    life: timedelta = ACCESS_LIFE,
    *,
    strong: bool = False,
) -> Issued:
    """Sign the session's own person in on a device, with an access token good for `life`; with her offices if a second
    factor was shown. Refuses SUSPENDED."""
    standing, roles = await reads.standing(session, person)
    if standing is Standing.SUSPENDED:
        raise refuse(SUSPENDED)
    return await _open(session, keys, person, roles if strong else roles - OFFICES, device, now, life, strong)


async def refresh(
    session: Session, keys: KeyProvider, token: str, attempt: str | None, now: datetime
) -> Issued | Refused:
    """The next pair of tokens of a family. A refusal that is returned is to be committed: it may have ended one."""
    refuse_if(list(against_refreshing(token, attempt)))
    this, next_token = _digest(keys, token), _successor(keys, token, attempt)
    await present(session, this, _digest(keys, next_token))
    held = await reads.refresh_token(session, this)
    if held is None or held.expires_at <= now:
        return refuse(SESSION_ENDED)
    await become(session, held.person)
    device = await hold(session, held.sign_in)
    standing, roles = await reads.standing(session, held.person)
    if standing is Standing.SUSPENDED:
        return refuse(SUSPENDED)
    if device is None:
        return refuse(SESSION_ENDED)
    viewer = Viewer(held.person, held.sign_in, roles if device.strong else roles - OFFICES)
    if await _spend(session, this, now):
        await _keep(session, _digest(keys, next_token), viewer, now)
        await session.rows(update(SignIn).where(reads.S.c.id == held.sign_in).values(seen_at=now))
        return _issued(keys, viewer, next_token, now, now + REFRESH_LIFE, ACCESS_LIFE)
    successor = await reads.refresh_token(session, _digest(keys, next_token))
    if successor is not None and successor.used_at is None:
        return _issued(keys, viewer, next_token, now, successor.expires_at, ACCESS_LIFE)
    await end(session, held.person, Ended.REUSED, now, only=held.sign_in)
    return refuse(SESSION_ENDED)


async def end(
    session: Session,
    person: UUID,
    why: Ended,
    now: datetime,
    *,
    only: UUID | None = None,
    but: UUID | None = None,
) -> int:
    """End one device of the session's person, or all of them, or all but one; how many were signed in.

    From the commit on none of their tokens is good for anything, and their live sockets are closed.
    """
    own = reads.S.c
    ended = update(SignIn).where(own.person == person, own.ended_at.is_(None))
    if only is not None:
        ended = ended.where(own.id == only)
    if but is not None:
        ended = ended.where(own.id != but)
    session.news(devices_of(person))
    return (await session.rows(ended.values(ended_at=now, ended_why=why.value))).rowcount


async def hold(session: Session, sign_in: UUID) -> Any | None:
    """(device, strong) of a device, None once it is signed out.

    Locks the family to the end of the transaction: of two uses of one token the second sees what the first did.
    """
    own = reads.S.c
    row = (
        await session.rows(select(own.device, own.strong, own.ended_at).where(own.id == sign_in).with_for_update())
    ).first()
    return row if row is not None and row.ended_at is None else None


async def _open(
    session: Session,
    keys: KeyProvider,
    person: UUID,
    roles: frozenset[Role],
    device: str,
    now: datetime,
    life: timedelta,
    strong: bool = False,
) -> Issued:
    viewer = Viewer(person, new_id(), roles)
    row = {"id": viewer.sign_in, "person": person, "device": device.strip(), "created_at": now, "seen_at": now}
    await session.rows(insert(SignIn).inline().values(row | {"strong": strong}))
    token = secrets.token_urlsafe(32)
    await _keep(session, _digest(keys, token), viewer, now)
    return _issued(keys, viewer, token, now, now + REFRESH_LIFE, life)


async def _spend(session: Session, this: bytes, now: datetime) -> bool:
    own = reads.T.c
    spent = update(RefreshToken).where(own.digest == this, own.used_at.is_(None)).values(used_at=now)
    return bool((await session.rows(spent)).rowcount)


async def _keep(session: Session, token: bytes, viewer: Viewer, now: datetime) -> None:
    row = {"digest": token, "sign_in": viewer.sign_in, "person": viewer.id}
    row |= {"issued_at": now, "expires_at": now + REFRESH_LIFE}
    await session.rows(insert(RefreshToken).inline().values(row))


def _issued(
    keys: KeyProvider, viewer: Viewer, token: str, now: datetime, refresh_until: datetime, life: timedelta
) -> Issued:
    until = (now + life).replace(microsecond=0)
    return Issued(viewer, sign(keys.signing(), viewer, now, until), until, token, refresh_until)


def _digest(keys: KeyProvider, token: str) -> bytes:
    return digest(keys.secret("refresh-token"), token)


def _successor(keys: KeyProvider, token: str, attempt: str | None) -> str:
    if attempt is None:
        return secrets.token_urlsafe(32)
    derived = digest(keys.secret("refresh-successor"), f"{token}|{attempt}")
    return base64.urlsafe_b64encode(derived).decode().rstrip("=")
