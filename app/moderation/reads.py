"""How reports are read: by who made them, by who has them; that one waits, by every moderator who has no part in it.
Measures: by whom they are about."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select, text

from app.accounts.reads.roles import holds
from app.core.access import Role, Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset
from app.moderation.models import Measure, MeasureKind, Report, ReportSource, ReportState
from app.vault.reads import asked_by
from app.vault.reads import visible_to as readable

RP: Any = Report.__table__  # type: ignore[attr-defined]
RS: Any = ReportSource.__table__  # type: ignore[attr-defined]
MS: Any = Measure.__table__  # type: ignore[attr-defined]

FREE: Final = or_(RP.c.state == ReportState.WAITING, and_(RP.c.state == ReportState.TAKEN, RP.c.taken_until <= clock()))
"""Nobody has it, or who has it had it for too long."""


def _shown(viewer: Viewer) -> list[Any]:
    """A report, and whether the viewer may be shown what was disclosed in it (`still`): who made it no longer than she
    reads the question."""
    hers = select(1).where(RS.c.report == RP.c.id, RS.c.reporter == viewer.id, ~readable(viewer, RS.c.question))
    return [*RP.c, (~hers.exists()).label("still")]


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    hers = asked_by(viewer, RP.c.id)
    if Role.MODERATOR not in viewer.roles:
        return hers
    return case((hers, True), else_=desk(viewer))


def desk(viewer: Viewer) -> ColumnElement[bool]:
    """True of what she has or had as a moderator, and of what is free and not about anything of hers."""
    hers = case((RP.c.taker == viewer.id, True), else_=FREE & func.door.unconcerned(RP.c.id))
    return holds(viewer, {Role.MODERATOR}) & hers


async def reports(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*_shown(viewer)).where(RP.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def on_desk(session: Session, viewer: Viewer, report: UUID) -> Sequence[Any]:
    return (await session.rows(select(*RP.c).where(RP.c.id == report, desk(viewer)))).all()


async def read_on_appeal(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    """For a supervisor: of what she has taken."""
    hers = RP.c.id.in_(list(ids)), readable(viewer, RP.c.id), holds(viewer, {Role.SUPERVISOR})
    return (await session.rows(select(*RP.c).where(*hers))).all()


async def own(session: Session, viewer: Viewer, report: UUID) -> Sequence[Any]:
    return (await session.rows(select(*RP.c).where(RP.c.id == report, asked_by(viewer, RP.c.id)))).all()


async def own_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """Those that she made, the newest first."""
    wanted = select(*_shown(viewer)).where(asked_by(viewer, RP.c.id))
    return (await session.rows(keyset(wanted, page, RP.c.made_at, RP.c.id))).all()


async def queue(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """What she may take, and what she has, the first due first."""
    open = RP.c.state.in_((ReportState.WAITING, ReportState.TAKEN))
    wanted = select(*_shown(viewer)).where(open, desk(viewer))
    return (await session.rows(keyset(wanted, page, RP.c.due_at, RP.c.id, newest_first=False))).all()


def appealed(viewer: Viewer) -> ColumnElement[bool]:
    """True of appeals that she may decide as a supervisor: that she has or had, or that are free and about nothing of
    hers, nor decided by her. None is of herself, nor of who has left."""
    waits = MS.c.judged_at.is_(None) & or_(MS.c.judge.is_(None), MS.c.judge_until <= clock())
    free = waits & (MS.c.decided_by != viewer.id) & func.door.unconcerned(MS.c.report)
    none = or_(MS.c.appealed_at.is_(None), MS.c.person.is_(None), MS.c.person == viewer.id)
    hers = case((none, False), (MS.c.judge == viewer.id, True), else_=free)
    return holds(viewer, {Role.SUPERVISOR}) & hers


def _measures(viewer: Viewer) -> ColumnElement[bool]:
    hers = asked_by(viewer, MS.c.id)
    return case((hers, True), else_=appealed(viewer)) if Role.SUPERVISOR in viewer.roles else hers


async def measures(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*MS.c).where(MS.c.id.in_(list(ids)), _measures(viewer)))).all()


async def appeals(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """That wait for her, the first due first."""
    wanted = select(*MS.c).where(MS.c.appealed_at.is_not(None), MS.c.judged_at.is_(None), appealed(viewer))
    return (await session.rows(keyset(wanted, page, MS.c.appeal_due, MS.c.id, newest_first=False))).all()


_JUDGES: Final = text("SELECT door.measure_judges(:measure)")
_WAITS: Final = text("SELECT door.appeal_waits(:measure)")


async def judges(session: Session, measure: UUID) -> Sequence[UUID]:
    """Who may decide an appeal that waits: for the worker, who tells them."""
    return (await session.rows(_JUDGES, {"measure": measure})).scalars().all()


async def appeal_waits(session: Session, measure: UUID) -> bool:
    """For the worker."""
    return bool((await session.rows(_WAITS, {"measure": measure})).scalar_one())


async def measure_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """What was decided about her, the newest first."""
    wanted = select(*MS.c).where(MS.c.person == viewer.id, asked_by(viewer, MS.c.id))
    return (await session.rows(keyset(wanted, page, MS.c.at, MS.c.id))).all()


_EARLIER: Final = text("SELECT kind, at FROM door.earlier_measures(:report)")


async def earlier(session: Session, report: UUID) -> Sequence[tuple[MeasureKind, datetime]]:
    """What was decided in two years about whom it complains of, newest first; to who has taken it alone."""
    rows = await session.rows(_EARLIER, {"report": report})
    return [(MeasureKind(kind), at) for kind, at in rows]


_COUNTS: Final = text("""
SELECT * FROM door.moderation_counts(CAST(CAST(:first AS date) AS timestamp) AT TIME ZONE interval '8 hours',
    CAST(CAST(:last AS date) + 1 AS timestamp) AT TIME ZONE interval '8 hours')""")


async def counts(session: Session, first: date, last: date) -> Any:
    """Of reports made on these days of the city; to supervisors alone, to others all zero."""
    return (await session.rows(_COUNTS, {"first": first, "last": last})).one()


_MODERATORS: Final = text("SELECT door.report_moderators(:report)")


async def moderators(session: Session, report: UUID) -> Sequence[UUID]:
    """Who may take it: for the worker, who tells them."""
    return (await session.rows(_MODERATORS, {"report": report})).scalars().all()


async def is_open(session: Session, report: UUID) -> bool:
    """For the worker."""
    wanted = select(1).where(RP.c.id == report, RP.c.state.in_((ReportState.WAITING, ReportState.TAKEN)))
    return (await session.rows(wanted)).first() is not None
