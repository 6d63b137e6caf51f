"""How what many ask is read: by supervisors and analysts, and of disputes by those who mediate in the town. And who
took figures along."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, literal_column, or_, select

from app.accounts.models import Duty, Post
from app.accounts.reads.roles import holds
from app.core.access import Role, Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset
from app.directory.models import Institution, RegisterKind, Standing
from app.insights.models import DemandCell, DisputeAlert, DisputeNote, FigureExport, HotIssue, OutcomeCell

I: Any = HotIssue.__table__  # type: ignore[attr-defined]  # noqa: E741
C: Any = DemandCell.__table__  # type: ignore[attr-defined]
D: Any = DisputeAlert.__table__  # type: ignore[attr-defined]
N: Any = DisputeNote.__table__  # type: ignore[attr-defined]
X: Any = FigureExport.__table__  # type: ignore[attr-defined]
P: Any = Post.__table__  # type: ignore[attr-defined]
Place: Any = Institution.__table__  # type: ignore[attr-defined]
O: Any = OutcomeCell.__table__  # type: ignore[attr-defined]  # noqa: E741
LOOKERS = (Role.SUPERVISOR, Role.ANALYST)
MEDIATING = (Duty.MEDIATOR, Duty.SUPERVISOR)
"""Who mediates at a committee, its head too."""


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """True while the viewer looks after the house's numbers, and has signed in as one who does."""
    return false() if viewer.roles.isdisjoint(LOOKERS) else holds(viewer, LOOKERS)


async def issues(session: Session, viewer: Viewer, first: date, last: date) -> Sequence[Any]:
    """Those whose seven days ended on one of these, the newest first; of a day the city's before its towns'."""
    wanted = select(*I.c).where(I.c.day.between(first, last), visible_to(viewer))
    order = I.c.day.desc(), I.c.askers.desc(), I.c.town.asc().nulls_first(), I.c.category
    return (await session.rows(wanted.order_by(*order))).all()


async def outcomes(session: Session, viewer: Viewer, first: date, last: date) -> Sequence[Any]:
    """Of the months that begin on one of these days, the newest first; in each what most people answered first."""
    wanted = select(*O.c).where(O.c.month.between(first, last), visible_to(viewer))
    return (await session.rows(wanted.order_by(O.c.month.desc(), O.c.askers.desc(), O.c.field, O.c.way))).all()


async def cells(session: Session, viewer: Viewer, first: date, last: date) -> Sequence[Any]:
    """Of the weeks that begin on one of these days, the newest first; of a week what most people asked about first."""
    wanted = select(*C.c).where(C.c.week.between(first, last), visible_to(viewer))
    order = C.c.week.desc(), C.c.askers.desc(), C.c.questions.desc(), C.c.category, C.c.town
    return (await session.rows(wanted.order_by(*order))).all()


async def issue(session: Session, id: UUID) -> Any | None:
    """(category, town): for the worker, who makes a task of it."""
    return (await session.rows(select(I.c.category, I.c.town).where(I.c.id == id))).first()


def told_to(viewer: Viewer, committee: ColumnElement[Any]) -> ColumnElement[bool]:
    """Of disputes: who mediates at that committee, and the city's supervisors."""
    works = select(1).where(P.c.person == viewer.id, P.c.institution == committee, P.c.until > clock())
    works = works.where(P.c.duty.in_(MEDIATING)).offset(literal_column("0"))
    supervises = holds(viewer, [Role.SUPERVISOR]) if Role.SUPERVISOR in viewer.roles else false()
    return or_(works.exists(), supervises)


async def alert_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """What she was told, the newest first."""
    wanted = select(*D.c).where(told_to(viewer, D.c.committee))
    return (await session.rows(keyset(wanted, page, D.c.made_at, D.c.id))).all()


async def alerts(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*D.c).where(D.c.id.in_(list(ids)), told_to(viewer, D.c.committee)))).all()


async def notes(session: Session, viewer: Viewer, alerts: Iterable[UUID]) -> Sequence[Any]:
    """(alert, deed, noted_at) of these, in their order."""
    wanted = select(N.c.alert, N.c.deed, N.c.noted_at).where(N.c.alert.in_(list(alerts)))
    wanted = wanted.where(told_to(viewer, N.c.committee)).order_by(N.c.alert, N.c.noted_at, N.c.deed)
    return (await session.rows(wanted)).all()


async def committee_of(session: Session, viewer: Viewer, alert: UUID) -> UUID | None:
    """Which committee was told, where the viewer mediates there."""
    wanted = select(D.c.committee).join_from(D, P, P.c.institution == D.c.committee)
    wanted = wanted.where(D.c.id == alert, P.c.person == viewer.id, P.c.duty.in_(MEDIATING), P.c.until > clock())
    found: UUID | None = (await session.rows(wanted)).scalar()
    return found


async def committees(session: Session) -> Sequence[Any]:
    """(id, division) of those at work in the city: for the worker."""
    at_work = Place.c.kind == RegisterKind.MEDIATION_COMMITTEE, Place.c.standing == Standing.ACTIVE
    wanted = select(Place.c.id, Place.c.division).where(*at_work, Place.c.division != "")
    return (await session.rows(wanted.order_by(Place.c.id))).all()


async def mediators(session: Session, committees: Iterable[UUID]) -> Sequence[Any]:
    """(person, institution) of who mediates there: for the worker, who tells them."""
    wanted = select(P.c.person, P.c.institution).where(P.c.institution.in_(list(committees)), P.c.until > clock())
    return (await session.rows(wanted.where(P.c.duty.in_(MEDIATING)))).all()


def taken_along(viewer: Viewer) -> ColumnElement[bool]:
    """Of exports: one's own, and to who signed in as an auditor all."""
    return or_(X.c.person == viewer.id, holds(viewer, [Role.AUDITOR]) if Role.AUDITOR in viewer.roles else false())


async def export_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """The newest first."""
    return (await session.rows(keyset(select(*X.c).where(taken_along(viewer)), page, X.c.made_at, X.c.id))).all()


async def exports(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*X.c).where(X.c.id.in_(list(ids)), taken_along(viewer)))).all()


async def exports_of(session: Session, viewer: Viewer, day: date) -> int:
    """How many she made on a day of the city."""
    wanted = select(func.count()).where(X.c.person == viewer.id, X.c.day == day)
    return int((await session.rows(wanted)).scalar_one())
