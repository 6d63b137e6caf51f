"""Campaigns for who makes them, and pushes for who got them."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, text

from app.core.access import Viewer
from app.core.db import Session
from app.core.keyset import Page, keyset
from app.education.models import ArticlePush, Campaign, CampaignState
from app.education.reads import reviews

C: Any = Campaign.__table__  # type: ignore[attr-defined]
P: Any = ArticlePush.__table__  # type: ignore[attr-defined]
_HIDDEN = frozenset({"reached", "sent"})
COLUMNS = [column for column in C.c if column.name not in _HIDDEN]
_AUDIENCE = text(
    "SELECT door.campaign_audience(CAST(:topics AS text[]), CAST(:divisions AS text[]), CAST(:roles AS text[]),"
    " CAST(:bands AS text[]), :version)"
)
_RESULTS = text("SELECT * FROM door.campaign_results(CAST(:ids AS uuid[]))")
_PUSHED = text("SELECT * FROM door.push_reasons(CAST(:ids AS uuid[]))")


def visible_to(viewer: Viewer | None) -> ColumnElement[bool]:
    """Campaigns: to who writes and reviews."""
    return reviews(viewer)


async def campaigns(session: Session, viewer: Viewer | None, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*COLUMNS).where(C.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def campaign_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """The newest first."""
    wanted = select(*COLUMNS).where(visible_to(viewer))
    return (await session.rows(keyset(wanted, page, C.c.made_at, C.c.id))).all()


async def results(session: Session, ids: Iterable[UUID]) -> dict[UUID, Any]:
    """(sent, read, stopped) by campaign; None where it is fewer than ten. The door asks who wants to know."""
    return {row.campaign: row for row in await session.rows(_RESULTS, {"ids": list(ids)})}


async def audience(session: Session, said: dict[str, list[str]], version: int) -> int:
    """About how many, in tens, would be told; 0 where they are fewer than ten."""
    return int((await session.rows(_AUDIENCE, said | {"version": version})).scalar_one())


async def pushes(session: Session, viewer: Viewer, campaigns: Iterable[UUID]) -> Sequence[Any]:
    """Her own, by campaign, with what it is about and whom it was for."""
    hers = select(*P.c).where(P.c.person == viewer.id, P.c.campaign.in_(list(campaigns)))
    return await _told(session, (await session.rows(hers)).all())


async def push_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """Her own, the newest first."""
    hers = select(*P.c).where(P.c.person == viewer.id)
    return await _told(session, (await session.rows(keyset(hers, page, P.c.at, P.c.campaign))).all())


async def _told(session: Session, rows: Sequence[Any]) -> list[Any]:
    if not rows:
        return []
    about = {row.campaign: row for row in await session.rows(_PUSHED, {"ids": [row.campaign for row in rows]})}
    return [Told(row, about[row.campaign]) for row in rows]


class Told:
    """A push, and of its campaign what she may know: the article and why."""

    def __init__(self, push: Any, campaign: Any) -> None:
        self.id, self.campaign, self.at, self.stopped_at = push.id, push.campaign, push.at, push.stopped_at
        self.article = campaign.article
        self.topics, self.divisions = campaign.topics, campaign.divisions
        self.roles, self.bands = campaign.roles, campaign.bands


async def state_of(session: Session, campaign: UUID) -> CampaignState | None:
    """For the worker."""
    found = (await session.rows(select(C.c.state).where(C.c.id == campaign))).scalar()
    return CampaignState(found) if found else None


async def planner_of_ended(session: Session, campaign: UUID) -> UUID | None:
    """Who planned it, once it is sent or called off. For the worker."""
    over = C.c.id == campaign, C.c.state.in_((CampaignState.SENT, CampaignState.CANCELLED))
    planner: UUID | None = (await session.rows(select(C.c.made_by).where(*over))).scalar()
    return planner
