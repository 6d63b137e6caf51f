"""A person known by WeChat and the same person known by telephone become one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from app.accounts import reads
from app.accounts.actions.codes import spend_code
from app.accounts.actions.identity import add_identity, become, digest_of, present
from app.accounts.actions.sessions import SUSPENDED, Issued, end, hold, issue
from app.accounts.events import ConsentWithdrawn
from app.accounts.models import Ended, Identity, IdentityKind, Standing
from app.core.access import SESSION_ENDED, Viewer
from app.core.db import Session
from app.core.errors import Refused, code, refuse
from app.core.outbox import emit
from app.core.sealing import KeyProvider

ALREADY_BOUND = code(
    "ALREADY_BOUND",
    zh="您的账号已绑定另一个手机号。",
    en="Your account already has another telephone number.",
    remedy="Sign in with that number.",
)
PHONE_TAKEN = code(
    "PHONE_TAKEN",
    zh="该手机号已绑定另一个微信账号。",
    en="This number already belongs to another WeChat account.",
    remedy="Bind another number, or sign in with the WeChat account that has this one.",
)

ACCOUNT_IN_OFFICE = code(
    "ACCOUNT_IN_OFFICE",
    zh="您是平台的律师或工作人员，该手机号已有另一个账号，两者不能合并。请绑定其他手机号，或先用该手机号登录并注销那个账号。",
    en="You are a lawyer of the service or on its staff, and this number has another account: the two cannot become "
    "one. Please bind another number, or sign in with this one and close that account first.",
    remedy="Bind another number, or sign in with this one, call closeAccount there, and bind it then.",
)

GUARDIANS_NUMBER = code(
    "GUARDIANS_NUMBER",
    zh="这是监护人与被监护人之间另一方的手机号，两个账号不能合并。请绑定您自己的手机号。",
    en="This number is your guardian's, or your child's: the two accounts cannot become one. Please bind your own.",
    remedy="Ask for a number of her own, or leave the account without one.",
)


async def bind_phone(
    session: Session, keys: KeyProvider, viewer: Viewer, phone: str, digits: str, now: datetime
) -> Issued | Refused:
    """The viewer's session from now on: her own with the number added, or that of the person who had it already.

    That person stays, because she may be a lawyer, and gets the viewer's WeChat and all the viewer may read as asker.
    This device's session ends with it, every device's where the viewer became somebody else. A refusal that is
    returned is to be committed: it used up a try.
    """
    # Of two bindings at once from one device the second waits here, and finds its session ended.
    device = await hold(session, viewer.sign_in)
    if device is None:
        raise refuse(SESSION_ENDED)
    if (await reads.standing(session, viewer.id))[0] is Standing.SUSPENDED:
        raise refuse(SUSPENDED)
    number = digest_of(keys, IdentityKind.SMS, phone)
    mine = await reads.identities(session, viewer.id)
    if mine.get(IdentityKind.SMS, number) != number:
        raise refuse(ALREADY_BOUND, "phone")
    # Whose number it is may be told only to its holder.
    if refused := await spend_code(session, keys, phone, digits, now):
        return refused

    await present(session, number)
    owner = await _holder(session, number)
    if owner is None and not await add_identity(session, keys, viewer.id, IdentityKind.SMS, phone, now):
        owner = await _holder(session, number)
        if owner is None:
            raise refuse(ALREADY_BOUND, "phone")
    if owner is None or owner == viewer.id:
        await end(session, viewer.id, Ended.BOUND, now, only=viewer.sign_in)
        return await issue(session, keys, viewer.id, device.device, now)
    wards = [row for row in await reads.guardianships(session, viewer) if row.ended_at is None]
    if any(owner in (row.minor, row.guardian) for row in wards):
        raise refuse(GUARDIANS_NUMBER, "phone")
    if await reads.holds_more(session, viewer.id):  # her office would stay with the account that is given up
        raise refuse(ACCOUNT_IN_OFFICE, "phone")
    await end(session, viewer.id, Ended.BOUND, now)
    await _move_wechat(session, mine.get(IdentityKind.WECHAT), number, owner)
    return await issue(session, keys, owner, device.device, now)


async def _holder(session: Session, number: bytes) -> UUID | None:
    """Whose the number is to the end of the transaction. Two WeChat accounts that bind one number wait here for each
    other, and for whoever closes the account that has it."""
    own = reads.I.c
    held = select(own.person).where(own.kind == IdentityKind.SMS, own.digest == number).with_for_update()
    found: UUID | None = (await session.rows(held)).scalar()
    return found


async def _move_wechat(session: Session, wechat: bytes | None, number: bytes, owner: UUID) -> None:
    """Go on as `owner`, who holds the number, and take the WeChat identity along; triggers take the
    readings, and what she agreed to."""
    await become(session, owner)
    await present(session, *filter(None, (wechat, number)))
    own = reads.I.c
    if wechat is None or IdentityKind.WECHAT in await reads.identities(session, owner):
        raise refuse(PHONE_TAKEN, "phone")
    before = (await reads.readiness(session, owner)).given
    move = update(Identity).where(own.kind == IdentityKind.WECHAT, own.digest == wechat).values(person=owner)
    await session.rows(move)
    # What either of them said last counts: the other may have taken back what rests on it here.
    for purpose in before.keys() - (await reads.readiness(session, owner)).given.keys():
        await emit(session, ConsentWithdrawn(person=owner, purpose=purpose))
