"""For the worker: who wrote an article, gave a case away or planned a campaign hears what became of it. Twice tells
once."""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from app.core.db import Session
from app.education.models import ArticleState
from app.education.reads import authored
from app.education.reads.donating import givers
from app.education.reads.pushing import planner_of_ended
from app.notices.actions import tell
from app.notices.models import NoticeKind

_BACK: Final = (ArticleState.DRAFT, ArticleState.IN_REVIEW)


async def reviewed(session: Session, version: UUID, review: UUID, now: datetime) -> None:
    if row := await authored(session, version):
        await tell(session, row.authors, NoticeKind.ARTICLE_REVIEWED, row.article, review, now)


async def published(session: Session, version: UUID, done: bool, now: datetime) -> None:
    """Or not, where its day came and it is a draft again: a case was taken back, say."""
    row = await authored(session, version)
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
    if (planner := await planner_of_ended(session, campaign)) is not None:
        await tell(session, [planner], NoticeKind.CAMPAIGN_OVER, campaign, campaign, now)


async def _tell_givers(session: Session, version: UUID, kind: NoticeKind, what: str, now: datetime) -> None:
    """Each of her own case; of one that a correction tells again she heard already."""
    for row in await givers(session, version):
        await tell(session, [row.giver], kind, row.donation, uuid5(row.donation, what), now)
