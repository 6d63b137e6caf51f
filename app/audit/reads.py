"""Selects of anchors. Auditors read them; the worker looks for the last."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, select, text

from app.accounts.reads.roles import holds
from app.audit.models import AuditAnchor
from app.core.access import Role, Viewer
from app.core.db import Session
from app.core.keyset import Page, keyset

A: Any = AuditAnchor.__table__  # type: ignore[attr-defined]
_LEAVES = text("SELECT kind, leaves FROM door.audit_leaves(coalesce(CAST(:since AS timestamptz), '-infinity'), :till)")


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    return holds(viewer, [Role.AUDITOR]) if Role.AUDITOR in viewer.roles else false()


async def page_of(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """The newest first."""
    return (await session.rows(keyset(select(*A.c).where(visible_to(viewer)), page, A.c.anchored_at, A.c.id))).all()


async def anchors(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*A.c).where(A.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def last(session: Session) -> tuple[date, str] | None:
    """Its day and its document: for the worker."""
    row = (await session.rows(select(A.c.day, A.c.document).order_by(A.c.day.desc()).limit(1))).first()
    return (row.day, row.document) if row else None


async def leaves(session: Session, since: datetime | None, till: datetime) -> dict[str, bytes]:
    """Of what happened in between, by its kind; None: from the beginning. For the worker."""
    rows = await session.rows(_LEAVES, {"since": since, "till": till})
    return {row.kind: row.leaves for row in rows.all()}
