"""The words that leave the house, field by field as WeChat and the carrier approved them. Nothing of a case has a place
in them: they know the kind of a notice, a count and a time."""

from datetime import datetime
from uuid import UUID

from app.core.errors import Language
from app.core.ids import public_id
from app.notices.models import NoticeKind
from app.notices.rules.ladder import DIGEST
from app.notices.rules.wording import digest_wording, wording
from app.outside.post import Channel
from app.places.rules.workdays import CITY_TIME


def fields(kind: str, channel: Channel, count: int, now: datetime, language: Language = Language.ZH) -> dict[str, str]:
    """WeChat's `thing` holds 20 characters and `time` a time; a text message has no place but a digest's `count`."""
    if channel is Channel.SMS:
        return {"count": str(count)} if kind == DIGEST else {}
    title = digest_wording(count, language).title if kind == DIGEST else wording(NoticeKind(kind), language).title
    here = now.astimezone(CITY_TIME)
    return {"thing1": title, "time2": f"{here.year}年{here.month:02}月{here.day:02}日 {here:%H:%M}"}


def page(notice: UUID | None, channel: Channel) -> str:
    """Of the mini-program, opened by a tap: the notice leads on to what it is about."""
    if channel is Channel.SMS:
        return ""
    return f"pages/notice/notice?id={public_id('Notice', notice)}" if notice else "pages/notices/notices"
