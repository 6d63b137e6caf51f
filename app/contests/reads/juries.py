"""How juries are read: the rubric by everybody, a juror's scores by her alone until judging has ended."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, bindparam, column, func, or_, select

from app.activities.reads import edits
from app.activities.rules.machine import STAFF
from app.contests.models.juries import Juror, Jury, JuryConflict, JuryResult, JuryScore
from app.contests.reads import X
from app.core.access import Viewer
from app.core.db import Session
from app.core.keyset import Page, keyset
from app.vault.reads import visible_to as reads_it

Y: Any = Jury.__table__  # type: ignore[attr-defined]
J: Any = Juror.__table__  # type: ignore[attr-defined]
S: Any = JuryScore.__table__  # type: ignore[attr-defined]
C: Any = JuryConflict.__table__  # type: ignore[attr-defined]
R: Any = JuryResult.__table__  # type: ignore[attr-defined]
_SEEN = [each for each in J.c if each.name != "schools"]
_THESE = func.door.may_judge(bindparam("these", type_=ARRAY(Uuid))).table_valued(column("entry", Uuid))
_SHEET = func.door.judging_sheet(bindparam("asked", type_=Uuid)).table_valued(column("entry", Uuid))


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """A juror: herself, and who looks after contests."""
    hers: ColumnElement[bool] = J.c.person == viewer.id
    return hers if viewer.roles.isdisjoint(STAFF) else or_(hers, edits(viewer))


def told_to(viewer: Viewer, of: Any) -> ColumnElement[bool]:
    """Once judging has ended: who judged, and who looks after contests."""
    judged = reads_it(viewer, of.c.activity)
    return judged if viewer.roles.isdisjoint(STAFF) else or_(judged, edits(viewer))


async def juries(session: Session, activities: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*Y.c).where(Y.c.activity.in_(list(activities))))).all()


async def jurors(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*_SEEN).where(J.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def juror_page(session: Session, viewer: Viewer, page: Page, activity: UUID | None) -> Sequence[Any]:
    """Of a contest, or what she herself was asked to judge; newest first."""
    of = J.c.person == viewer.id if activity is None else J.c.activity == activity
    return (await session.rows(keyset(select(*_SEEN).where(of, visible_to(viewer)), page, J.c.named_at, J.c.id))).all()


async def sheet(session: Session, viewer: Viewer, page: Page, activity: UUID) -> Sequence[Any]:
    """What she may judge, the first shown first, with `given`: the points that she gave."""
    mine = and_(S.c.entry == X.c.entry, S.c.person == viewer.id)
    wanted = select(*X.c, S.c.points.label("given")).select_from(
        _SHEET.join(X, X.c.entry == _SHEET.c.entry).outerjoin(S, mine)
    )
    wanted = keyset(wanted, page, X.c.since, X.c.entry, newest_first=False)
    return (await session.rows(wanted, {"asked": activity})).all()


async def judged(session: Session, viewer: Viewer, entries: Iterable[UUID]) -> Sequence[Any]:
    """The same of these."""
    mine = and_(S.c.entry == X.c.entry, S.c.person == viewer.id)
    wanted = select(*X.c, S.c.points.label("given")).select_from(
        _THESE.join(X, X.c.entry == _THESE.c.entry).outerjoin(S, mine)
    )
    return (await session.rows(wanted, {"these": list(entries)})).all()


async def gave(session: Session, jurors: Iterable[UUID]) -> dict[UUID, int]:
    """To how many entries each gave points; the wall shows a juror no other's."""
    wanted = select(S.c.juror, func.count().label("n")).where(S.c.juror.in_(list(jurors))).group_by(S.c.juror)
    return {row.juror: row.n for row in (await session.rows(wanted)).all()}


async def scores(session: Session, viewer: Viewer, entries: Iterable[UUID]) -> Sequence[Any]:
    """All that was given for these, once judging has ended."""
    wanted = select(*S.c).where(S.c.entry.in_(list(entries)), S.c.told, told_to(viewer, S))
    return (await session.rows(wanted.order_by(S.c.entry, S.c.juror))).all()


async def shown_in(session: Session, activity: UUID) -> Sequence[Any]:
    """All that everybody sees of a contest."""
    return (await session.rows(select(*X.c).where(X.c.activity == activity, X.c.ended_at.is_(None)))).all()


async def result_page(session: Session, viewer: Viewer, page: Page, activity: UUID) -> Sequence[Any]:
    """The best first."""
    wanted = select(*R.c).where(R.c.activity == activity, told_to(viewer, R))
    return (await session.rows(keyset(wanted, page, R.c.place, R.c.entry, newest_first=False))).all()


async def results(session: Session, viewer: Viewer, entries: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*R.c).where(R.c.entry.in_(list(entries)), told_to(viewer, R)))).all()


async def conflicts(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*C.c).where(C.c.id.in_(list(ids)), edits(viewer)))).all()


async def conflict_page(session: Session, viewer: Viewer, page: Page, activity: UUID) -> Sequence[Any]:
    """Newest first, for who looks after contests."""
    wanted = select(*C.c).where(C.c.activity == activity, edits(viewer))
    return (await session.rows(keyset(wanted, page, C.c.at, C.c.id))).all()


async def juror(session: Session, id: UUID) -> Any | None:
    """(activity, person, state) for the worker."""
    return (await session.rows(select(J.c.activity, J.c.person, J.c.state).where(J.c.id == id))).one_or_none()
