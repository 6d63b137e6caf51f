"""How the register is read. Its rows are public; only the active are found by everybody, the others by who keeps it."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Text, func, literal, literal_column, or_, select

from app.accounts.reads.roles import holds
from app.core.access import Viewer
from app.core.db import Session, clock
from app.directory.models import Institution, LegalWorker, RegisterChange, Standing
from app.directory.reads import L
from app.directory.rules.register import KEEPERS

I: Any = Institution.__table__  # type: ignore[attr-defined]  # noqa: E741
W: Any = LegalWorker.__table__  # type: ignore[attr-defined]
C: Any = RegisterChange.__table__  # type: ignore[attr-defined]

CLOSED: Final = frozenset({"changed_by", "reason", "label", "terms"})
"""Who changed it and why are in its history; what finds it is shown to nobody."""


def shown(table: Any) -> list[Any]:
    return [column for column in table.c if column.name not in CLOSED]


def visible_to(viewer: Viewer | None, table: Any) -> ColumnElement[bool]:
    """The active; and all to who signed in as one of the register's keepers and is one still."""
    active: ColumnElement[bool] = table.c.standing == Standing.ACTIVE
    return or_(active, keeps(viewer)) if viewer and sees_all(viewer) else active


def sees_all(viewer: Viewer | None) -> bool:
    """Whether she signed in as somebody who may."""
    return viewer is not None and not viewer.roles.isdisjoint(KEEPERS)


def verified(table: Any) -> ColumnElement[bool]:
    """As `rules.register.awaits` has it, and no longer: within twelve months by the city's calendar."""
    zone = literal("Asia/Shanghai", Text)
    within = func.timezone(zone, table.c.verified_at) + literal_column("interval '12 months'")
    return func.coalesce(within > func.timezone(zone, clock()), False)


def keeps(viewer: Viewer) -> ColumnElement[bool]:
    return holds(viewer, KEEPERS)


async def records(session: Session, viewer: Viewer | None, table: Any, ids: Iterable[UUID]) -> Sequence[Any]:
    wanted = select(*shown(table)).where(table.c.id.in_(list(ids)), visible_to(viewer, table))
    return (await session.rows(wanted)).all()


async def offered(session: Session, table: Any, id: UUID) -> Any | None:
    """As everybody may be sent there: active, and verified within twelve months. None for all else."""
    wanted = select(*shown(table)).where(table.c.id == id, visible_to(None, table), verified(table))
    return (await session.rows(wanted)).one_or_none()


async def changes(session: Session, viewer: Viewer, subjects: Iterable[UUID]) -> Sequence[Any]:
    """What was changed in these records, newest first."""
    wanted = select(*C.c).where(C.c.subject.in_(list(subjects)), keeps(viewer))
    return (await session.rows(wanted.order_by(C.c.subject, C.c.version.desc()))).all()


async def institution_named(session: Session, name: str, province: str) -> UUID | None:
    """The first entered, where several of a province have the name."""
    wanted = select(I.c.id).where(I.c.name == name, I.c.province == province).order_by(I.c.id).limit(1)
    found: UUID | None = (await session.rows(wanted)).scalar()
    return found


async def institution_name(session: Session, viewer: Viewer, id: UUID) -> str | None:
    wanted = select(I.c.name).where(I.c.id == id, visible_to(viewer, I))
    found: str | None = (await session.rows(wanted)).scalar()
    return found


async def active_by_licence(session: Session, licences: Iterable[str]) -> dict[str, UUID]:
    """Who of the lawyers that answer here has which licence."""
    wanted = select(L.c.licence, L.c.id).where(L.c.licence.in_(list(licences)), L.c.standing == Standing.ACTIVE)
    return {licence: id for licence, id in await session.rows(wanted)}
