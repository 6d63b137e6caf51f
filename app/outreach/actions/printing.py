"""For the worker: a channel's codes at WeChat, made once and for ever, and the sheet to hang up. May run twice."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.core.db import NOBODY, Database, Session
from app.core.qr import qr
from app.outreach.events import ChannelPrinted
from app.outreach.models import CodeKind, CodeState, OutreachCode
from app.outreach.reads import ready as made_already
from app.outreach.rules.links import path_of
from app.outside.press import Press
from app.outside.storage import Address
from app.outside.wechat.errors import WeChatError, WeChatTooOften, WeChatUnavailable
from app.outside.wechat.mini_program import MiniProgram
from app.outside.wechat.official_account import OfficialAccount
from app.places.rules.workdays import today

TEMPLATE = "sheet.typ"
log = structlog.get_logger("outreach")


@dataclass(frozen=True, slots=True)
class Made:
    """`said` or `body` of one that is there; neither, and WeChat's reason, of one that is refused."""

    kind: CodeKind
    said: str | None = None
    body: bytes | None = None
    errcode: int | None = None


@dataclass(frozen=True, slots=True)
class All:
    code: str
    made: tuple[Made, ...]


async def draw(db: Database, event: ChannelPrinted) -> All | None:
    """What WeChat makes of it, where there is such an account and it has not made it yet; None for a channel that is
    closed. Raises what another time may mend: the outbox tries again, ever more slowly."""
    async with db.acting(NOBODY) as session:
        row = await _channel(session, event)
        if row is None:
            return None
        ready = await made_already(session, row.code)
    made: list[Made] = []
    official, mini = db.door(OfficialAccount), db.door(MiniProgram)
    if official.app_id and CodeKind.OFFICIAL_ACCOUNT not in ready:
        made.append(await _asked(CodeKind.OFFICIAL_ACCOUNT, official.code(row.code)))
    if mini.app_id and CodeKind.MINI_PROGRAM not in ready:
        made.append(await _asked(CodeKind.MINI_PROGRAM, mini.code(row.code)))
    return All(row.code, tuple(made))


async def _asked(kind: CodeKind, answer: Awaitable[str | bytes]) -> Made:
    try:
        drawn = await answer
    except (WeChatUnavailable, WeChatTooOften):
        raise
    except WeChatError as error:
        # Our settings, or the hundred thousand that WeChat makes: the staff see it, and ask again once that is mended.
        log.error("channel_code_refused", kind=kind, errcode=error.errcode)
        return Made(kind, errcode=error.errcode or 0)
    return Made(kind, said=drawn) if isinstance(drawn, str) else Made(kind, body=drawn)


async def print_sheet(db: Database, event: ChannelPrinted) -> All | None:
    """A page with the office's name and the code that leads to us."""
    async with db.acting(NOBODY) as session:
        row, now = await _channel(session, event), session.info["now"]
    if row is None:
        return None
    day = today(now)
    told = {
        "office": row.office,
        "name": row.name,
        "code": row.code,
        "title": "免费法律咨询",
        "promise": "随时提问，十分钟内至少三位律师解答",
        "how": "微信扫一扫",
        "qr": qr(db.door(Address).url + path_of(row.code), "svg").decode(),
        "day": {"year": day.year, "month": day.month, "day": day.day},
    }
    sheet = await db.door(Press).print(TEMPLATE, told, now)
    return All(row.code, (Made(CodeKind.SHEET, body=sheet.pdf),))


async def keep_codes(session: Session, event: ChannelPrinted, now: datetime, drawn: All | None) -> None:
    await _keep(session, now, drawn)


async def keep_sheet(session: Session, event: ChannelPrinted, now: datetime, printed: All | None) -> None:
    await _keep(session, now, printed)


async def _keep(session: Session, now: datetime, drawn: All | None) -> None:
    for one in drawn.made if drawn else ():
        state = CodeState.REFUSED if one.errcode is not None else CodeState.READY
        which = {"code": drawn.code if drawn else "", "kind": one.kind.value}
        row: dict[str, Any] = {"state": state.value, "said": one.said, "body": one.body}
        row |= {"errcode": one.errcode, "made_at": now}
        made = insert(OutreachCode).inline().values(which | row)
        # Said again, since `excluded` asks for the right to read what the worker never reads.
        await session.rows(made.on_conflict_do_update(index_elements=["code", "kind"], set_=row))


async def _channel(session: Session, event: ChannelPrinted) -> Any | None:
    call = func.door.channel_to_print(event.channel).table_valued("code", "name", "office")
    return (await session.rows(select(call.c.code, call.c.name, call.c.office))).first()
