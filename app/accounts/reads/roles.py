"""Who is what now, whatever somebody signed in as."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, literal_column, select

from app.accounts.models import RoleHeld
from app.core.access import Role, Viewer
from app.core.db import clock

H: Any = RoleHeld.__table__  # type: ignore[attr-defined]


def holds(viewer: Viewer, roles: Collection[Role]) -> ColumnElement[bool]:
    """Whether she has one of these roles still."""
    held = select(1).where(H.c.person == viewer.id, H.c.role.in_(sorted(roles)), H.c.until > clock())
    return held.offset(literal_column("0")).exists()
