"""For the worker: who wrote an article, gave a case away or planned a campaign hears what became of it. Twice tells
once."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import select, text

from app.core.db import Session
from app.education.models import ArticleState, CampaignState
from app.education.reads import V
from app.education.reads.pushing import C
from app.notices.actions import tell
from app.notices.models import NoticeKind

_GIVERS: Final = text("SELECT donation, giver FROM door.givers_of(:version)")
_BACK: Final = (ArticleState.DRAFT, ArticleState.IN_REVIEW)


async def reviewed(session: Session, version: UUID, review: UUID, now: datetime) -> None:
    if row := await _version(session, version):
        await tell(session, row.authors, NoticeKind.ARTICLE_REVIEWED, row.article, review, now)


async def published(session: Session, version: UUID, done: bool, now: datetime) -> None:
    """Or not, where its day came and it is a draft again: a case was taken back, say."""
    row = await _version(session, version)
    if row is None or not (done or row.state in _BACK):
        return
    kind = NoticeKind.ARTICLE_PUBLISHED if done else NoticeKind.ARTICLE_NOT_PUBLISHED
    cause = version if done else uuid5(version, f"{now.timestamp()}")
    await tell(session, row.authors, kind, row.article, cause, now)
    if done:
        await _tell_givers(session, version, NoticeKind.CASE_PUBLISHED, "published", now)


async def withdrawn(session: Session, version: UUID, now: datetime) -> None:
    await _tell_givers(session, version, NoticeKind.CASE_WITHDRAWN, f"withdrawn {version}", now)


async def campaign_over(session: Session, campaign: UUID, now: datetime) -> None:
    """If it is."""
    over = C.c.id == campaign, C.c.state.in_((CampaignState.SENT, CampaignState.CANCELLED))
    planner = (await session.rows(select(C.c.made_by).where(*over))).scalar()
    if planner is not None:
        await tell(session, [planner], NoticeKind.CAMPAIGN_OVER, campaign, campaign, now)


async def _tell_givers(session: Session, version: UUID, kind: NoticeKind, what: str, now: datetime) -> None:
    """Each of her own case; of one that a correction tells again she heard already."""
    for row in (await session.rows(_GIVERS, {"version": version})).all():
        await tell(session, [row.giver], kind, row.donation, uuid5(row.donation, what), now)


async def _version(session: Session, version: UUID) -> Any | None:
    wanted = select(V.c.article, V.c.authors, V.c.state).where(V.c.id == version)
    return (await session.rows(wanted)).one_or_none()
