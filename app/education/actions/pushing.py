"""Articles are pushed to who said yes to it, a few at a time, and stopped by one tap."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text, update

from app.accounts.events import ConsentWithdrawn
from app.accounts.models import ConsentPurpose
from app.accounts.rules.consenting import NOTICES
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider
from app.education import reads
from app.education.events import CampaignDue
from app.education.models import Campaign, CampaignState
from app.education.reads import pushing
from app.education.reads.pushing import C
from app.education.rules import pushing as rules
from app.education.rules.pushing import Audience, Planned
from app.notices.actions import tell
from app.notices.models import NoticeKind

VERSION = NOTICES[ConsentPurpose.EDUCATION].version
_PUSH = text("SELECT * FROM door.push_articles(:campaign, :most, :version)")
_STOP = text("SELECT door.stop_pushes(:push)")


async def estimate(session: Session, said: Audience) -> int:
    """About how many, in tens. Refuses AUDIENCE_TOO_SMALL below ten."""
    refuse_if(rules.against_audience(said))
    found = await pushing.audience(session, said.model_dump(mode="json"), VERSION)
    refuse_if(rules.against_few(found))
    return found


async def create(session: Session, viewer: Viewer, keys: KeyProvider, said: Planned, key: str, now: datetime) -> UUID:
    """Its id. Refuses NOT_FOUND where the article is not published."""
    id = new_id()
    refuse_if([*rules.against_audience(said.audience), *rules.against_time(said.send_at, now)])
    if known := await once(session, keys.secret("idempotency"), key, said, "createCampaign", id):
        return known
    rows = await reads.articles(session, viewer, [said.article])
    if not rows or rows[0].listed_at is None or rows[0].withdrawn_at is not None:
        raise refuse(NOT_FOUND, "articleId")
    found, at = await estimate(session, said.audience), said.send_at or now
    row: dict[str, Any] = said.audience.model_dump(mode="json") | {"id": id, "article": said.article, "send_at": at}
    row |= {"consent": VERSION, "state": CampaignState.SCHEDULED, "estimate": found}
    await session.rows(insert(Campaign).inline().values(row | {"made_by": viewer.id, "made_at": now}))
    await emit(session, CampaignDue(campaign=id), at=at)
    return id


async def cancel(session: Session, viewer: Viewer, campaign: UUID, now: datetime) -> None:
    """Nobody more is told. Refuses NOT_FOUND and CAMPAIGN_OVER."""
    if not await pushing.campaigns(session, viewer, [campaign]):
        raise refuse(NOT_FOUND, "campaignId")
    running = C.c.id == campaign, C.c.state.in_((CampaignState.SCHEDULED, CampaignState.SENDING))
    over = update(Campaign).where(*running).values(state=CampaignState.CANCELLED, ended_at=now)
    if not (await session.rows(over)).rowcount:
        raise refuse(rules.CAMPAIGN_OVER, "campaignId")


async def go_on(session: Session, campaign: UUID, now: datetime) -> None:
    """For the worker: the next few are told, and the others a little later. Twice tells nobody twice."""
    said = {"campaign": campaign, "most": rules.AT_ONCE, "version": VERSION}
    told = (await session.rows(_PUSH, said)).scalars().all()
    await tell(session, told, NoticeKind.ARTICLE_PUSH, campaign, campaign, now)
    if await pushing.state_of(session, campaign) is CampaignState.SENDING:
        await emit(session, CampaignDue(campaign=campaign), at=now + rules.EVERY)


async def stop(session: Session, push: UUID) -> bool:
    """Nothing is pushed any more to whose it is, whoever says so holds its id. Whether there is such a push."""
    whose = (await session.rows(_STOP, {"push": push})).scalar_one()
    if whose is None:
        return False
    await emit(session, ConsentWithdrawn(person=whose, purpose=ConsentPurpose.EDUCATION))
    return True


async def stop_hers(session: Session, viewer: Viewer, campaign: UUID) -> None:
    rows = await pushing.pushes(session, viewer, [campaign])
    if not rows or not await stop(session, rows[0].id):
        raise refuse(NOT_FOUND, "pushId")
