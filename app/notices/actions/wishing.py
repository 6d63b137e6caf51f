"""What people want to be told, and their consents to WeChat's messages: given, spent on one message, gone."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import case, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import BAD_VALUE, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.notices import reads
from app.notices.models import MessageConsent, NoticePreference, Template, ToldBy
from app.notices.reads.recipients import hours, left
from app.notices.rules.wishes import ANSWERS_AT_ONCE, Change, against, changed, hours_of
from app.notices.rules.wording import lasting
from app.outside.post import Channel

M, W = reads.M, reads.W

SAME_TAP: Final = timedelta(minutes=10)
"""A client and WeChat both tell of one tap; what comes within so long from the other is the same."""


async def take_consent(session: Session, delivery: Any, now: datetime) -> bool:
    """Spend one on this delivery, or use the one that an earlier attempt was to cost; a lasting one is not spent."""
    one = (
        select(M.c.id)
        .where(M.c.person == delivery.person, M.c.channel == delivery.channel, M.c.template == delivery.template)
        .where(left() | ((M.c.delivery == delivery.id) & M.c.ended_at.is_(None)))
        .order_by(M.c.delivery.nulls_last(), M.c.lasting.desc(), M.c.at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    spent = case((M.c.lasting, M.c.delivery), else_=delivery.id)
    taken = update(MessageConsent).where(M.c.id == one.scalar_subquery()).values(delivery=spent)
    return bool((await session.rows(taken)).rowcount)


async def give_back(session: Session, delivery: UUID) -> None:
    """Surely nothing was sent: the consent is there again."""
    await session.rows(update(MessageConsent).where(M.c.delivery == delivery).values(delivery=None))


async def end_consents(session: Session, person: UUID, channel: str, template: str, now: datetime) -> None:
    """She has none left, whatever our books say: they were taken back in WeChat, or never were."""
    hers = M.c.person == person, M.c.channel == channel, M.c.template == template, left()
    await session.rows(update(MessageConsent).where(*hers).values(ended_at=now))


async def note_consent(
    session: Session, person: UUID, channel: str, template: Template, accepted: bool, by: ToldBy, now: datetime
) -> None:
    """A tap on WeChat's question, told by the client or by WeChat. No ends what she had agreed to before."""
    if not accepted:
        await end_consents(session, person, channel, template, now)
        return
    other = ToldBy.WECHAT if by is ToldBy.CLIENT else ToldBy.CLIENT
    same = (
        select(M.c.id)
        .where(M.c.person == person, M.c.channel == channel, M.c.template == template)
        .where(M.c.told_by == other, M.c.at > now - SAME_TAP)
        .order_by(M.c.at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    both = update(MessageConsent).where(M.c.id == same.scalar_subquery()).values(told_by=ToldBy.BOTH)
    if (await session.rows(both)).rowcount:
        return
    row = {"id": new_id(), "person": person, "channel": channel, "template": template, "lasting": lasting(template)}
    row |= {"told_by": by, "at": now, "delivery": None, "ended_at": None}
    await session.rows(insert(MessageConsent).inline().values(row))


async def set_wishes(
    session: Session, viewer: Viewer, changes: list[Change], quiet: tuple[str, str] | None, now: datetime
) -> None:
    """Refuses BAD_TIME and NOT_SENT_THERE. What is not said stays; equal times are no quiet hours at all."""
    refuse_if(list(against(changes, quiet)))
    await one_at_a_time(session, f"wishes of {viewer.id}")
    row = (await session.rows(select(*W.c).where(W.c.person == viewer.id))).one_or_none()
    wish: dict[str, Any] = {"person": viewer.id, "at": now}
    wish["refused"] = changed(row.refused if row else (), changes)
    hers = hours_of(quiet) if quiet else hours(row)
    wish |= {"quiet_from": hers.start if hers else None, "quiet_until": hers.end if hers else None}
    made = upsert(NoticePreference).inline().values(wish)
    again = {name: made.excluded[name] for name in wish if name != "person"}
    await session.rows(made.on_conflict_do_update(index_elements=["person"], set_=again))


class Answers(BaseModel):
    """What somebody said to wx.requestSubscribeMessage: a template and whether she accepted it."""

    answers: list[tuple[Template, bool]]


async def record_consents(
    session: Session, viewer: Viewer, keys: KeyProvider, said: Answers, key: str, now: datetime
) -> None:
    """The same request again changes nothing. Refuses BAD_VALUE for more than WeChat asks for at once."""
    if not 0 < len(said.answers) <= ANSWERS_AT_ONCE or any(of is Template.DIGEST for of, _ in said.answers):
        raise refuse(BAD_VALUE, "answers")
    if await once(session, keys.secret("idempotency"), key, said, "recordSubscriptionConsent", viewer.id):
        return
    await one_at_a_time(session, f"consents of {viewer.id}")
    for template, accepted in dict(said.answers).items():
        await note_consent(session, viewer.id, Channel.MINI_PROGRAM, template, accepted, ToldBy.CLIENT, now)
