"""How drafts are read, whatever is written: by whose they are, and by the worker how old they are."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from app.core.access import Viewer
from app.core.db import Session


def visible_to(viewer: Viewer, table: Any) -> ColumnElement[bool]:
    hers: ColumnElement[bool] = table.c.person == viewer.id
    return hers


async def own(session: Session, viewer: Viewer, table: Any, draft: UUID) -> Any | None:
    wanted = select(*table.c).where(table.c.id == draft, visible_to(viewer, table))
    return (await session.rows(wanted)).one_or_none()


async def how_many(session: Session, viewer: Viewer, table: Any, *live: ColumnElement[bool]) -> int:
    wanted = select(func.count()).select_from(table).where(visible_to(viewer, table), *live)
    return int((await session.rows(wanted)).scalar_one())


async def saved_at(session: Session, table: Any, draft: UUID) -> Any | None:
    """Of one that was not wiped. For the worker."""
    wanted = select(table.c.saved_at).where(table.c.id == draft, table.c.wiped_at.is_(None))
    return (await session.rows(wanted)).scalar()
