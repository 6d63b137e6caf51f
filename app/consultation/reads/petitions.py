"""How petitions are read: by whose question it is, and by the supervisor who has the task."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.consultation.models import Petition
from app.core.access import Viewer
from app.core.db import Session
from app.vault.reads import visible_to

T: Any = Petition.__table__  # type: ignore[attr-defined]


async def petitions(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    wanted = select(*T.c).where(T.c.id.in_(list(ids)), visible_to(viewer, T.c.id))
    return (await session.rows(wanted)).all()


async def petitions_of(session: Session, viewer: Viewer, questions: Iterable[UUID]) -> Sequence[Any]:
    """Newest first."""
    wanted = select(*T.c).where(T.c.question.in_(list(questions)), visible_to(viewer, T.c.id))
    return (await session.rows(wanted.order_by(T.c.made_at.desc(), T.c.id.desc()))).all()
