"""How hot issues are read: by supervisors and analysts."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, select

from app.accounts.reads.roles import holds
from app.core.access import Role, Viewer
from app.core.db import Session
from app.insights.models import DemandCell, HotIssue

I: Any = HotIssue.__table__  # type: ignore[attr-defined]  # noqa: E741
C: Any = DemandCell.__table__  # type: ignore[attr-defined]
LOOKERS = (Role.SUPERVISOR, Role.ANALYST)


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """True while the viewer looks after the house's numbers, and has signed in as one who does."""
    return false() if viewer.roles.isdisjoint(LOOKERS) else holds(viewer, LOOKERS)


async def issues(session: Session, viewer: Viewer, first: date, last: date) -> Sequence[Any]:
    """Those whose seven days ended on one of these, the newest first; of a day the city's before its towns'."""
    wanted = select(*I.c).where(I.c.day.between(first, last), visible_to(viewer))
    order = I.c.day.desc(), I.c.askers.desc(), I.c.town.asc().nulls_first(), I.c.category
    return (await session.rows(wanted.order_by(*order))).all()


async def cells(session: Session, viewer: Viewer, monday: date) -> Sequence[Any]:
    """Of the week that begins then, what most people asked about first."""
    wanted = select(*C.c).where(C.c.week == monday, visible_to(viewer))
    order = C.c.askers.desc(), C.c.questions.desc(), C.c.category, C.c.town
    return (await session.rows(wanted.order_by(*order))).all()


async def issue(session: Session, id: UUID) -> Any | None:
    """(category, town): for the worker, who makes a task of it."""
    return (await session.rows(select(I.c.category, I.c.town).where(I.c.id == id))).first()
