"""How activities are read: what has passed review by everybody, drafts by editors and supervisors."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.accounts.reads.roles import holds
from app.activities.models import Activity, ActivityKind, ActivityState, ActivityStep
from app.activities.rules.machine import STAFF
from app.core.access import Viewer
from app.core.db import Session
from app.core.keyset import Page, keyset

A: Any = Activity.__table__  # type: ignore[attr-defined]
S: Any = ActivityStep.__table__  # type: ignore[attr-defined]


def visible_to(viewer: Viewer | None) -> ColumnElement[bool]:
    published: ColumnElement[bool] = A.c.published_at.is_not(None)
    return published if viewer is None or viewer.roles.isdisjoint(STAFF) else or_(published, edits(viewer))


def edits(viewer: Viewer) -> ColumnElement[bool]:
    """Whether she is an editor or a supervisor still."""
    return holds(viewer, STAFF)


def _activities(viewer: Viewer | None) -> Select[Any]:
    return select(*A.c).where(visible_to(viewer))


async def activities(session: Session, viewer: Viewer | None, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(_activities(viewer).where(A.c.id.in_(list(ids))))).all()


async def activity_page(
    session: Session,
    viewer: Viewer | None,
    page: Page,
    states: Iterable[ActivityState],
    kind: ActivityKind | None,
    divisions: Iterable[str] | None,
) -> Sequence[Any]:
    """The latest to open first; `divisions`: where they are, None for anywhere."""
    wanted = _activities(viewer).where(A.c.state.in_(list(states)))
    if kind is not None:
        wanted = wanted.where(A.c.kind == kind)
    if divisions is not None:
        wanted = wanted.where(A.c.division.in_(list(divisions)))
    return (await session.rows(keyset(wanted, page, A.c.opens_at, A.c.id))).all()


async def steps(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    """What became of these, oldest first."""
    wanted = select(*S.c).where(S.c.activity.in_(list(ids)), edits(viewer))
    return (await session.rows(wanted.order_by(S.c.activity, S.c.n))).all()


async def held(session: Session, viewer: Viewer, id: UUID) -> Any | None:
    """Locked where she may change it; a supervisor may while it is in review."""
    wanted = _activities(viewer).where(A.c.id == id)
    for look in (wanted.with_for_update(), wanted):
        if (row := (await session.rows(look)).one_or_none()) is not None:
            return row
    return None


async def standing(session: Session, id: UUID) -> Any | None:
    """For the worker."""
    return (await session.rows(select(*A.c).where(A.c.id == id))).one_or_none()


async def ready(session: Session, id: UUID) -> bool:
    """Whether all is there that somebody needs to look at it: of a quiz, which is a room above, how it goes."""
    found: bool = (await session.rows(select(func.door.activity_ready(id)))).scalar_one()
    return found
