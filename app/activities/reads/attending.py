"""Who comes: each sees her own; the worker ids and states."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Uuid, bindparam, column, func, select

from app.activities.models import Enrolment, EnrolmentState
from app.core.access import Viewer
from app.core.db import Session
from app.core.keyset import Page, keyset

E: Any = Enrolment.__table__  # type: ignore[attr-defined]
_AHEAD = func.door.waiting_before(bindparam("asked", type_=ARRAY(Uuid))).table_valued(
    column("enrolment", Uuid), column("ahead", Integer)
)
LIVE = (EnrolmentState.ENROLLED, EnrolmentState.WAITING)


def visible_to(viewer: Viewer) -> Any:
    return E.c.person == viewer.id


async def enrolments(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*E.c).where(E.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def live_of(session: Session, viewer: Viewer, activities: Iterable[UUID]) -> Sequence[Any]:
    """Her own for these activities, that she has not given up."""
    hers = E.c.activity.in_(list(activities)), E.c.state.in_(LIVE), visible_to(viewer)
    return (await session.rows(select(*E.c).where(*hers))).all()


async def page_of(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """Newest first; what she gave up too."""
    return (await session.rows(keyset(select(*E.c).where(visible_to(viewer)), page, E.c.made_at, E.c.id))).all()


async def ahead_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many wait before each of her own that waits."""
    rows = await session.rows(select(_AHEAD.c.enrolment, _AHEAD.c.ahead), {"asked": list(ids)})
    return {row.enrolment: row.ahead for row in rows}


async def people_of(session: Session, activity: UUID, states: Iterable[EnrolmentState]) -> Sequence[UUID]:
    """For the worker, who tells them."""
    wanted = select(E.c.person).where(E.c.activity == activity, E.c.state.in_(list(states)), E.c.person.is_not(None))
    return (await session.rows(wanted.order_by(E.c.person))).scalars().all()


async def about(session: Session, enrolment: UUID) -> Any | None:
    """(activity, person, state) for the worker."""
    wanted = select(E.c.activity, E.c.person, E.c.state).where(E.c.id == enrolment)
    return (await session.rows(wanted)).one_or_none()


async def comes(session: Session, person: UUID, activity: UUID) -> bool:
    """Whether she has a place, for the worker."""
    hers = E.c.activity == activity, E.c.person == person, E.c.state == EnrolmentState.ENROLLED
    return (await session.rows(select(E.c.id).where(*hers))).first() is not None
