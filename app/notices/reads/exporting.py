"""What a copy of all that is kept about somebody holds of this room: always one's own, by the names of its records."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.access import Viewer
from app.core.db import Session
from app.notices.reads import D, M, W
from app.notices.reads.deliveries import mine


async def messages(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    """Oldest first."""
    wanted = select(D.c.id, D.c.kind.label("what"), D.c.channel, D.c.state, D.c.made_at.label("at"))
    wanted = wanted.add_columns(D.c.pushed_at.label("sent_at")).where(D.c.id.in_(list(ids)), mine(viewer))
    return (await session.rows(wanted.order_by(D.c.made_at, D.c.id))).all()


async def consents(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    """Oldest first."""
    given = select(M.c.id, M.c.channel, M.c.template, M.c.at, M.c.ended_at)
    given = given.where(M.c.id.in_(list(ids)), M.c.person == viewer.id)
    return (await session.rows(given.order_by(M.c.at, M.c.id))).all()


async def wishes(session: Session, viewer: Viewer, _: Iterable[UUID]) -> Sequence[Any]:
    """One row, by her own id."""
    said = select(W.c.quiet_from, W.c.quiet_until, W.c.refused, W.c.at).where(W.c.person == viewer.id)
    return (await session.rows(said)).all()
