"""Pictures that everybody may see, as long as they are shown."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.core.access import Viewer
from app.core.db import Session
from app.vault.models import PublicPicture

PP: Any = PublicPicture.__table__  # type: ignore[attr-defined]


def visible_to(viewer: Viewer | None) -> ColumnElement[bool]:
    """Everybody sees them until they are taken down, whoever she is."""
    shown: ColumnElement[bool] = PP.c.ended_at.is_(None)
    return shown


async def pictures(session: Session, viewer: Viewer | None, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*PP.c).where(PP.c.id.in_(list(ids)), visible_to(viewer)))).all()
