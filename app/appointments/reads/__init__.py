"""How appointments are read. What is offered is public; who comes when is its readers'."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, SmallInteger, Uuid, and_, cast, column, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.appointments.models import (
    Appointment,
    AppointmentCalendar,
    AppointmentMove,
    AppointmentPolicy,
    AppointmentService,
    CalendarKind,
    Origin,
    Service,
    State,
)
from app.appointments.rules.desk import away_of
from app.appointments.rules.machine import LIVE
from app.appointments.rules.policy import Policy
from app.appointments.rules.slots import Calendar, Taken
from app.core.access import Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset
from app.directory.models import Standing
from app.directory.reads.register import I
from app.vault.reads import visible_to

A: Any = Appointment.__table__  # type: ignore[attr-defined]
S: Any = AppointmentService.__table__  # type: ignore[attr-defined]
K: Any = AppointmentCalendar.__table__  # type: ignore[attr-defined]
M: Any = AppointmentMove.__table__  # type: ignore[attr-defined]
P: Any = AppointmentPolicy.__table__  # type: ignore[attr-defined]

_CLOSED: Final = frozenset({"changed_by", "reason", "person"})
_SERVICE: Final = [each for each in S.c if each.name not in _CLOSED]
_CALENDAR: Final = [each for each in K.c if each.name not in _CLOSED]
_TIME: Final = DateTime(timezone=True)


async def policy(session: Session, version: int | None = None) -> tuple[int, Policy]:
    """What holds now, or what held for an appointment that was made under that version."""
    wanted = select(P.c.version, P.c.terms)
    wanted = wanted.where(P.c.since <= clock()) if version is None else wanted.where(P.c.version == version)
    row = (await session.rows(wanted.order_by(P.c.version.desc()).limit(1))).one()
    return row.version, Policy.model_validate(row.terms)


async def services(session: Session, institutions: Iterable[UUID]) -> Sequence[Any]:
    """What institutions that work offer, and offer still."""
    wanted = select(*_SERVICE).join_from(S, I, I.c.id == S.c.institution)
    wanted = wanted.where(S.c.institution.in_(list(institutions)), S.c.active, I.c.standing == Standing.ACTIVE)
    return (await session.rows(wanted.order_by(S.c.institution, S.c.service))).all()


async def offered(session: Session, institution: UUID, service: Service) -> Any | None:
    """With where the institution is; None where it offers no such thing."""
    wanted = select(*_SERVICE, I.c.longitude, I.c.latitude).join_from(S, I, I.c.id == S.c.institution)
    wanted = wanted.where(S.c.institution == institution, S.c.service == service, S.c.active)
    return (await session.rows(wanted.where(I.c.standing == Standing.ACTIVE))).one_or_none()


async def works(session: Session, institution: UUID) -> bool:
    active = select(I.c.id).where(I.c.id == institution, I.c.standing == Standing.ACTIVE)
    return (await session.rows(active)).first() is not None


async def place_of(session: Session, institution: UUID) -> Any:
    """(name, address, longitude, latitude), WGS-84; None where nobody knows."""
    columns = I.c.name, I.c.address, I.c.longitude, I.c.latitude
    return (await session.rows(select(*columns).where(I.c.id == institution))).one()


async def service_rows(session: Session, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*_SERVICE).where(S.c.id.in_(list(ids))))).all()


async def service_of(session: Session, institution: UUID, service: Service) -> Any | None:
    """Offered still or not any more: for who changes it."""
    wanted = select(*_SERVICE).where(S.c.institution == institution, S.c.service == service)
    return (await session.rows(wanted)).one_or_none()


async def calendar_rows(session: Session, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*_CALENDAR).where(K.c.id.in_(list(ids))))).all()


def _kept(institutions: Iterable[UUID]) -> ColumnElement[bool]:
    """Kept still, by somebody who works there now, or of a room."""
    posted = func.door.posted_calendars(cast(list(institutions), ARRAY(Uuid)))
    return and_(K.c.active, or_(K.c.kind == CalendarKind.ROOM, K.c.id.in_(select(posted))))


async def calendars_at(session: Session, institutions: Iterable[UUID]) -> Sequence[Any]:
    wanted = select(*_CALENDAR).where(K.c.institution.in_(list(institutions)))
    return (await session.rows(wanted.order_by(K.c.kind, K.c.name, K.c.id))).all()


async def kept_at(session: Session, institutions: Iterable[UUID]) -> Sequence[Any]:
    """Those whose time can be booked."""
    at = list(institutions)
    wanted = select(*_CALENDAR).where(K.c.institution.in_(at), _kept(at))
    return (await session.rows(wanted.order_by(K.c.kind, K.c.name, K.c.id))).all()


async def serving(session: Session, institution: UUID, service: Service) -> list[Calendar]:
    """Whose calendars serve it, in a fixed order."""
    wanted = select(K.c.id, K.c.kind, K.c.capacity, K.c.away).where(
        K.c.institution == institution, K.c.services.contains([service.value]), _kept([institution])
    )
    rows = await session.rows(wanted.order_by(K.c.id))
    return [Calendar(row.id, CalendarKind(row.kind), row.capacity, away_of(row.away)) for row in rows]


async def taken(session: Session, institution: UUID, since: datetime, until: datetime) -> list[Taken]:
    """When whose calendar is taken there; by whom the door does not tell."""
    told = func.door.taken(institution, since, until).table_valued(
        column("staff", Uuid),
        column("room", Uuid),
        column("place", SmallInteger),
        column("starts_at", _TIME),
        column("ends_at", _TIME),
    )
    return [Taken(*row) for row in await session.rows(select(told))]


async def appointments(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*A.c).where(A.c.id.in_(list(ids)), visible_to(viewer, A.c.id)))).all()


async def latest(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    """Each of these and all that took its place, one after the other, by `first`: the last is where it stands now."""
    first = func.unnest(cast(list(ids), ARRAY(Uuid))).column_valued("first")
    walk = select(first.label("first"), first.label("id")).cte("walk", recursive=True)
    walk = walk.union(select(walk.c.first, A.c.id).join_from(walk, A, A.c.moved_from == walk.c.id))
    wanted = select(walk.c.first, *A.c).join_from(walk, A, A.c.id == walk.c.id).where(visible_to(viewer, A.c.id))
    return (await session.rows(wanted.order_by(A.c.made_at, A.c.id))).all()


async def page_of(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """Her own, the latest first."""
    mine = select(*A.c).where(A.c.person == viewer.id, visible_to(viewer, A.c.id))
    return (await session.rows(keyset(mine, page, A.c.starts_at, A.c.id))).all()


async def page_at(
    session: Session, viewer: Viewer, institution: UUID, since: datetime, until: datetime, page: Page
) -> Sequence[Any]:
    """What is booked at an institution for these times, the earliest first."""
    there = select(*A.c).where(A.c.institution == institution, A.c.starts_at >= since, A.c.starts_at < until)
    there = there.where(visible_to(viewer, A.c.id))
    return (await session.rows(keyset(there, page, A.c.starts_at, A.c.id, newest_first=False))).all()


async def live(session: Session, viewer: Viewer) -> Sequence[Any]:
    """(id, starts_at, ends_at) of hers that are before her."""
    mine = select(A.c.id, A.c.starts_at, A.c.ends_at).where(A.c.person == viewer.id, A.c.state.in_(sorted(LIVE)))
    mine = mine.where((A.c.state != State.HELD) | (A.c.hold_until > clock()))
    return (await session.rows(mine)).all()


async def missed(session: Session, viewer: Viewer, since: datetime) -> list[datetime]:
    """When those ended that she missed since then; who took a number and left had come, and broke no appointment."""
    wanted = select(A.c.ends_at).where(A.c.person == viewer.id, A.c.state == State.NO_SHOW, A.c.ends_at > since)
    return list((await session.rows(wanted.where(A.c.origin == Origin.BOOKED))).scalars())


async def moves(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    """What became of them, step by step."""
    wanted = select(*M.c).where(M.c.appointment.in_(list(ids)), visible_to(viewer, M.c.appointment))
    return (await session.rows(wanted.order_by(M.c.appointment, M.c.n))).all()


async def about(session: Session, appointment: UUID, *, alone: bool = False) -> Any | None:
    """For the worker, who sees nothing that was said; `alone` where nobody may move it meanwhile."""
    names = ("id", "person", "origin", "mode", "state", "starts_at", "ends_at", "hold_until", "policy")
    wanted = select(*(A.c[name] for name in names)).where(A.c.id == appointment)
    return (await session.rows(wanted.with_for_update() if alone else wanted)).one_or_none()
