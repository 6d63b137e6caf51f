"""How applications are read: one's own, and by administrators that they are there. What they say is sealed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from app.accounts.reads.roles import H, holds
from app.core.access import Role, Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset
from app.directory.models import ApplicationState, LawyerApplication
from app.directory.reads import L

A: Any = LawyerApplication.__table__  # type: ignore[attr-defined]


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Hers; and all to who signed in as an administrator and is one still."""
    hers: ColumnElement[bool] = A.c.person == viewer.id
    if Role.ADMIN not in viewer.roles:
        return hers
    return or_(hers, holds(viewer, {Role.ADMIN}))


async def applications(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*A.c).where(A.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def application_page(session: Session, viewer: Viewer, page: Page, is_open: bool) -> Sequence[Any]:
    """Open ones, who waits longest first; the others the other way round."""
    standing = A.c.state == ApplicationState.OPEN if is_open else A.c.state != ApplicationState.OPEN
    wanted = select(*A.c).where(standing, visible_to(viewer))
    return (await session.rows(keyset(wanted, page, A.c.made_at, A.c.id, newest_first=not is_open))).all()


async def newest(session: Session, viewer: Viewer) -> Any | None:
    hers = select(*A.c).where(A.c.person == viewer.id).order_by(A.c.made_at.desc(), A.c.id.desc()).limit(1)
    return (await session.rows(hers)).first()


async def made_since(session: Session, viewer: Viewer, since: datetime) -> int:
    made = select(func.count()).where(A.c.person == viewer.id, A.c.made_at > since)
    return int((await session.rows(made)).scalar_one())


async def has_open(session: Session, viewer: Viewer) -> bool:
    hers = select(1).where(A.c.person == viewer.id, A.c.state == ApplicationState.OPEN)
    return (await session.rows(hers)).first() is not None


async def entered(session: Session, person: UUID, licence: str) -> Sequence[Any]:
    """(id, licence) of whoever is in the directory as this person, or with this licence."""
    wanted = select(L.c.id, L.c.licence).where(or_(L.c.id == person, L.c.licence == licence))
    return (await session.rows(wanted)).all()


async def whose(session: Session, application: UUID) -> Any | None:
    """(person, state, keep_until): for the worker, who sees no more of it."""
    return (await session.rows(select(A.c.person, A.c.state, A.c.keep_until).where(A.c.id == application))).first()


async def administrators(session: Session) -> Sequence[UUID]:
    """All of them: for the worker, who tells them."""
    held = select(H.c.person).where(H.c.role == Role.ADMIN, H.c.until > clock())
    return (await session.rows(held)).scalars().all()
