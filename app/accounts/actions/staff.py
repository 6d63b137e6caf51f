"""The staff sign in with a name, a password and a second factor.

In three steps, so that no transaction waits for a hash: the try is counted, the password is compared, and only what was
right goes on. Whoever is unknown here costs the same time and gets the same answer as who mistyped.
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, update

from app.accounts import reads
from app.accounts.actions.hashing import fits, hashed
from app.accounts.actions.identity import become, digest_of, present
from app.accounts.actions.sessions import SUSPENDED, Issued, end, issue
from app.accounts.actions.trying import Counted, count, succeeded
from app.accounts.models import Credential, Ended, Standing
from app.accounts.rules.passwords import SIGN_IN_WRONG
from app.accounts.rules.said import six_digits
from app.accounts.rules.staff import TOTP_NOT_ON, TOTP_ON, known_as, new_recovery_codes, recovery_code, step_of
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import refuse
from app.core.ids import new_id
from app.core.sealing import KeyProvider, digest, open_bytes

W = reads.W


@dataclass(frozen=True)
class Attempt:
    """A counted try: whose it is, if anybody's, and what her password and her codes are compared with."""

    counted: Counted
    at: datetime
    person: UUID | None
    password: str | None = field(repr=False)
    secret: str | None = field(repr=False)
    recovery: frozenset[bytes] = field(repr=False)
    confirmed: bool
    sealed: bytes = field(default=b"", repr=False)
    """Her second factor as it lies there: what was compared counts no more once there is another."""


@dataclass(frozen=True)
class Shown:
    """A second factor that was right: a step of the app, or a code of the list."""

    step: int | None = None
    recovery: bytes | None = field(default=None, repr=False)


async def tries(session: Session, keys: KeyProvider, name: str, address: str, now: datetime) -> Attempt:
    """Refuses TRY_LATER. Commit it: the try is counted."""
    known = known_as(name)
    person = None
    if known is not None:
        found = digest_of(keys, *known)
        await present(session, found)
        person = await reads.whose(session, known[0], found)
    whose: UUID | str = person or (known[1] if known else "what cannot be a name")
    return await _attempt(session, keys, person, Counted(keys, whose, address), now)


async def tries_herself(session: Session, keys: KeyProvider, viewer: Viewer, address: str, now: datetime) -> Attempt:
    """The same, of who is signed in already."""
    return await _attempt(session, keys, viewer.id, Counted(keys, viewer.id, address), now)


async def shown(keys: KeyProvider, attempt: Attempt, password: str, said: str) -> Shown | None:
    """What was right of it, None where anything was wrong. Takes as long for whoever does not exist."""
    right = await fits(attempt.password, password)
    factor = _factor(keys, attempt, said)
    return factor if right else None


async def finish(
    session: Session, keys: KeyProvider, attempt: Attempt, shown: Shown | None, device: str, now: datetime
) -> Issued:
    """Her session. Refuses SIGN_IN_WRONG, also for a code that was used before; SUSPENDED and TOTP_NOT_ON only to
    whoever knew everything."""
    person = await _enter(session, attempt, shown)
    if not attempt.confirmed:
        raise refuse(TOTP_NOT_ON)
    await _spend(session, attempt, shown)
    return await issue(session, keys, person, device, now, strong=True)


async def confirm(
    session: Session, keys: KeyProvider, attempt: Attempt, shown: Shown | None, device: str, now: datetime
) -> tuple[Issued, list[str]]:
    """The first code turns the second factor on: her session, and the codes for when her telephone is lost."""
    person = await _enter(session, attempt, shown)
    if attempt.confirmed:
        raise refuse(TOTP_ON)
    await _spend(session, attempt, shown)
    codes = new_recovery_codes()
    kept = [_recovery(keys, person, code) for code in codes]
    on = update(Credential).where(W.c.person == person, W.c.confirmed_at.is_(None))
    if not (await session.rows(on.values(confirmed_at=now, recovery=kept))).rowcount:
        raise refuse(TOTP_ON)
    return await issue(session, keys, person, device, now, strong=True), codes


async def change_password(session: Session, attempt: Attempt, hash: str | None, viewer: Viewer, now: datetime) -> int:
    """How many of her other devices were signed in: they no longer are. Refuses SIGN_IN_WRONG."""
    if hash is None:
        raise refuse(SIGN_IN_WRONG, "password")
    await present(session, *attempt.counted.digests)
    await succeeded(session, attempt.counted)
    await session.rows(update(Credential).where(W.c.person == viewer.id).values(password=hash, changed_at=now))
    return await end(session, viewer.id, Ended.PASSWORD_CHANGED, now, but=viewer.sign_in)


async def compare(attempt: Attempt, password: str, new: str) -> str | None:
    """The hash of the new password, if the old one is hers."""
    return await hashed(new) if await fits(attempt.password, password) else None


def handle_of(keys: KeyProvider, person: UUID) -> bytes:
    return digest(keys.secret("credential"), f"handle|{person}")


def totp_place(person: UUID) -> str:
    return f"credential|totp|{person}"


async def _attempt(
    session: Session, keys: KeyProvider, person: UUID | None, counted: Counted, now: datetime
) -> Attempt:
    handle = handle_of(keys, person or new_id())
    await present(session, handle, *counted.digests)
    await count(session, counted, now)
    row: Any = await reads.credential(session, handle)
    if row is None:
        return Attempt(counted, now, None, None, None, frozenset(), False)
    secret = open_bytes(keys.secret("totp"), row.totp, totp_place(row.person)).decode() if row.totp else None
    confirmed = row.confirmed_at is not None
    return Attempt(counted, now, row.person, row.password, secret, frozenset(row.recovery), confirmed, row.totp)


def _factor(keys: KeyProvider, attempt: Attempt, said: str) -> Shown | None:
    if (digits := six_digits(said)) is not None:
        step = step_of(attempt.secret, digits, attempt.at) if attempt.secret else None
        return None if step is None else Shown(step=step)
    code = recovery_code(said)
    if code is None or attempt.person is None:
        return None
    mac = _recovery(keys, attempt.person, code)
    right = [hmac.compare_digest(mac, one) for one in attempt.recovery]
    return Shown(recovery=mac) if any(right) else None


async def _enter(session: Session, attempt: Attempt, shown: Shown | None) -> UUID:
    """Go on as who showed everything; her tries begin anew."""
    if shown is None or attempt.person is None:
        raise refuse(SIGN_IN_WRONG)
    await present(session, *attempt.counted.digests)
    await succeeded(session, attempt.counted)
    await become(session, attempt.person)
    if (await reads.standing(session, attempt.person))[0] is Standing.SUSPENDED:
        raise refuse(SUSPENDED)
    return attempt.person


async def _spend(session: Session, attempt: Attempt, shown: Shown | None) -> None:
    """Each code counts once: of fifty with the same one the row lets one through, and none once her password or her
    second factor is another than it was compared with, however long the hash had to wait."""
    assert shown is not None
    as_compared = W.c.password == attempt.password, W.c.totp == attempt.sealed
    mine = update(Credential).where(W.c.person == attempt.person, *as_compared)
    if shown.recovery is None:
        used = mine.where(W.c.step < shown.step).values(step=shown.step)
    else:
        left = func.array_remove(W.c.recovery, shown.recovery)
        used = mine.where(literal(shown.recovery) == func.any(W.c.recovery)).values(recovery=left)
    if not (await session.rows(used)).rowcount:
        raise refuse(SIGN_IN_WRONG)


def _recovery(keys: KeyProvider, person: UUID, code: str) -> bytes:
    return digest(keys.secret("credential"), f"recovery|{person}|{code.replace('-', '')}")
