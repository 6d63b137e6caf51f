"""Six digits to a telephone, and back. Nothing here keeps or says a number or a code in the clear."""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from app.accounts import reads
from app.accounts.actions.identity import present
from app.accounts.models import SmsCode
from app.accounts.rules.codes import (
    LIFE,
    LONGEST,
    PER_ADDRESS,
    Sent,
    against_sending,
    against_trying,
    against_wrong,
    phone_free_at,
)
from app.accounts.rules.said import BAD_PHONE, counted_as
from app.core.db import Session
from app.core.errors import Refused, code, refuse, refuse_if
from app.core.ids import new_id
from app.core.sealing import KeyProvider, digest
from app.outside.budget import spend_sms
from app.outside.sms import Purpose, SmsBadNumber, SmsError, SmsGateway, SmsLimited, SmsUnknown

SMS_LIMITED = code(
    "SMS_LIMITED",
    zh="运营商暂不再向该号码发送短信，请稍后再试；登录也可以使用微信。",
    en="The carrier takes no more messages for this number for now. Try later; to sign in, WeChat does as well.",
    remedy="Wait an hour, or sign in with WeChat.",
)
SMS_UNAVAILABLE = code(
    "SMS_UNAVAILABLE",
    zh="短信暂时无法发送，请一分钟后再试；登录也可以使用微信。",
    en="Messages cannot be sent just now. Try again in a minute; to sign in, WeChat does as well.",
    remedy="Try again after a minute, or sign in with WeChat.",
)
SMS_BUDGET_SPENT = code(
    "SMS_BUDGET_SPENT",
    zh="当前获取验证码的人数过多，请下一小时再试；登录也可以使用微信。",
    en="Too many codes are being asked for in the whole city. Try again in the next hour; to sign in, WeChat does as "
    "well.",
    remedy="Wait for the next full hour, or sign in with WeChat.",
)

_PHONE, _ADDRESS = 1, 2
"""Classes of advisory locks, always taken in this order."""


@dataclass(frozen=True)
class NewCode:
    """A code that is written down and not yet sent."""

    id: UUID
    phone: str = field(repr=False)
    digits: str = field(repr=False)
    purpose: Purpose
    resend_at: datetime
    expires_at: datetime


async def make_code(
    session: Session,
    keys: KeyProvider,
    phone: str,
    address: str,
    now: datetime,
    purpose: Purpose = Purpose.SIGN_IN,
    bound_to: UUID | None = None,
) -> NewCode:
    """Count and keep a new code for a number (E.164); `deliver` it once this is committed. Refuses over a limit.

    It opens nothing but its `purpose`, and that for nobody but the person it is `bound_to`, if one is said. Whether the
    number is known it asks nobody, so that the answer cannot tell.
    """
    to, of = _phone(keys, phone), digest(keys.secret("sms-code"), f"address|{counted_as(address)}")
    await present(session, to, of)
    for kind, one in ((_PHONE, to), (_ADDRESS, of)):
        lock = int.from_bytes(one[:4], signed=True)
        await session.rows(select(func.pg_advisory_xact_lock(kind, lock)))
    # Read after the wait, by statements of their own: they see what the one before us has committed.
    rows = await reads.codes_of_phone(session, to, now - LONGEST)
    sent = [Sent(row.sent_at, row.used_at != row.sent_at) for row in rows]
    refuse_if(list(against_sending(sent, await reads.codes_of_address(session, of, now, PER_ADDRESS[0].within), now)))
    # Last, so that nothing is waited for while the city's count is held.
    await spend_budget(session)

    id, digits, expires_at = new_id(), f"{secrets.randbelow(10**6):06}", now + LIFE
    mac = _mac(keys, phone, digits, id, purpose, bound_to)
    row = {"id": id, "phone": to, "address": of, "code": mac, "sent_at": now, "expires_at": expires_at, "tries": 0}
    row["purpose"] = purpose.value
    await session.rows(insert(SmsCode).inline().values(row))
    return NewCode(id, phone, digits, purpose, phone_free_at([*sent, Sent(now)], now), expires_at)


async def spend_budget(session: Session) -> None:
    """One more message of the hour's. Refuses SMS_BUDGET_SPENT."""
    if not await spend_sms(session):
        raise refuse(SMS_BUDGET_SPENT)


async def deliver(gateway: SmsGateway, made: NewCode) -> Refused | None:
    """Hand the code to the provider. What may have been taken counts as sent: the person waits for it."""
    try:
        await gateway.send_code(made.phone, made.digits, made.purpose)
    except SmsUnknown:
        return None
    except SmsBadNumber:
        return refuse(BAD_PHONE, "phone")
    except SmsLimited:
        return refuse(SMS_LIMITED, "phone")
    except SmsError:
        return refuse(SMS_UNAVAILABLE)
    return None


async def withdraw_code(session: Session, keys: KeyProvider, made: NewCode) -> None:
    """It was not sent: it opens nothing, leaves an earlier one in force, and counts for the minute alone."""
    await present(session, _phone(keys, made.phone))
    own = reads.C.c
    await session.rows(update(SmsCode).where(own.id == made.id).values(used_at=own.sent_at))


async def spend_code(
    session: Session,
    keys: KeyProvider,
    phone: str,
    digits: str,
    now: datetime,
    purpose: Purpose = Purpose.SIGN_IN,
    bound_to: UUID | None = None,
) -> Refused | None:
    """Use up the newest code for this number (E.164) and purpose, or one of its five tries.

    The refusal is returned and not raised: a wrong try must be committed.
    """
    own = reads.C.c
    to = _phone(keys, phone)
    await present(session, to)
    newest = (
        select(own.id, own.code, own.expires_at, own.tries, own.used_at)
        .where(own.phone == to, own.purpose == purpose.value)
        .where(own.sent_at > now - LIFE, own.used_at.is_distinct_from(own.sent_at))
        .order_by(own.sent_at.desc(), own.id.desc())
        .limit(1)
        .with_for_update()
    )
    made: Any = (await session.rows(newest)).first()
    if made is None:
        return Refused(*against_trying(now, 0, None, now))
    if closed := list(against_trying(made.expires_at, made.tries, made.used_at, now)):
        return Refused(*closed)
    right = hmac.compare_digest(made.code, _mac(keys, phone, digits, made.id, purpose, bound_to))
    change = {"used_at": now} if right else {"tries": made.tries + 1}
    await session.rows(update(SmsCode).where(own.id == made.id).values(change))
    return None if right else Refused(against_wrong(made.tries + 1))


def _phone(keys: KeyProvider, phone: str) -> bytes:
    return digest(keys.secret("sms-code"), f"phone|{phone}")


def _mac(keys: KeyProvider, phone: str, digits: str, id: UUID, purpose: Purpose, bound_to: UUID | None) -> bytes:
    return digest(keys.secret("sms-code"), f"code|{phone}|{digits}|{id}|{purpose}|{bound_to or ''}")
