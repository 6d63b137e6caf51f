"""How tasks are read: by supervisors alone, and by all of them."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, select

from app.accounts.models import RoleHeld
from app.accounts.reads.roles import holds
from app.core.access import Role, Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset
from app.oversight.models import Task, TaskKind

T: Any = Task.__table__  # type: ignore[attr-defined]
H: Any = RoleHeld.__table__  # type: ignore[attr-defined]


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """True while the viewer is a supervisor, whatever her token still says, and has signed in as one."""
    return holds(viewer, [Role.SUPERVISOR]) if Role.SUPERVISOR in viewer.roles else false()


async def task_page(
    session: Session, viewer: Viewer, page: Page, kind: TaskKind | None, is_open: bool
) -> Sequence[Any]:
    """Open ones by their due time, the most urgent first; done ones the other way round."""
    wanted = select(*T.c).where(T.c.done_at.is_(None) if is_open else T.c.done_at.is_not(None), visible_to(viewer))
    if kind:
        wanted = wanted.where(T.c.kind == kind)
    return (await session.rows(keyset(wanted, page, T.c.due_at, T.c.id, newest_first=not is_open))).all()


async def tasks(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*T.c).where(T.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def supervisors(session: Session) -> Sequence[UUID]:
    """All of them: for the worker, who tells them."""
    return (
        (await session.rows(select(H.c.person).where(H.c.role == Role.SUPERVISOR, H.c.until > clock()))).scalars().all()
    )
