"""How kept dates are read: by whose they are, and by the worker when they are over."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from app.core.access import Viewer
from app.core.db import Session
from app.dates.models import KeptDate

D: Any = KeptDate.__table__  # type: ignore[attr-defined]


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Hers alone: who acts for her keeps dates of her own."""
    hers: ColumnElement[bool] = (D.c.person == viewer.id) & D.c.dropped_at.is_(None)
    return hers


async def dates(session: Session, viewer: Viewer, ids: Iterable[UUID] | None = None) -> Sequence[Any]:
    """Those of hers, or all that she keeps, the nearest first."""
    wanted = select(*D.c).where(visible_to(viewer)).order_by(D.c.ends_at, D.c.id)
    return (await session.rows(wanted if ids is None else wanted.where(D.c.id.in_(list(ids))))).all()


async def how_many(session: Session, viewer: Viewer) -> int:
    found = await session.rows(select(func.count()).select_from(D).where(visible_to(viewer)))
    return int(found.scalar_one())


async def standing(session: Session, id: UUID) -> Any | None:
    """(person, version, ends_at) of one that was not dropped. For the worker."""
    wanted = select(D.c.person, D.c.version, D.c.ends_at).where(D.c.id == id, D.c.dropped_at.is_(None))
    return (await session.rows(wanted)).first()
