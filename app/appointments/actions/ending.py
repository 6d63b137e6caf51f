"""What becomes of appointments by themselves: for the worker. Everything may run twice."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update

from app.appointments import reads
from app.appointments.actions.slots import DAY, midnight
from app.appointments.events import AppointmentAged, AppointmentOver
from app.appointments.models import Mode, Origin, State
from app.appointments.reads import A
from app.appointments.rules.machine import Mover, sources
from app.core.db import Session, clock
from app.core.outbox import emit
from app.notices.actions import tell
from app.notices.models import NoticeKind

AGAIN: Final = timedelta(days=1)


async def let_go(session: Session, id: UUID) -> None:
    """A slot that nobody holds any longer is free."""
    ripe = A.c.id == id, A.c.state == State.HELD, A.c.hold_until <= clock()
    await session.rows(update(A).where(*ripe).values(state=State.EXPIRED))


async def lapse(session: Session, id: UUID) -> None:
    """Whatever the staff have not confirmed by then is over."""
    ripe = A.c.id == id, A.c.state == State.REQUESTED, A.c.starts_at <= clock()
    await session.rows(update(A).where(*ripe).values(state=State.EXPIRED))


async def remind(session: Session, id: UUID, cause: UUID, now: datetime) -> None:
    """If it is still to be: who cancelled it or moved it is not reminded of it."""
    if await stands(session, id, now) and (row := await reads.about(session, id)) is not None and row.person:
        await tell(session, [row.person], NoticeKind.APPOINTMENT_SOON, id, cause, now)


async def stands(session: Session, id: UUID, now: datetime) -> bool:
    row = await reads.about(session, id)
    return row is not None and row.state == State.CONFIRMED and row.starts_at > now


async def end(session: Session, id: UUID, now: datetime) -> None:
    """Who booked a window and never checked in did not come, and is told; of all else the staff would have said so. Who
    checked in waits at the window, however late it is, until its day is over."""
    row = await reads.about(session, id, alone=True)
    if row is None:
        return
    if row.state == State.CHECKED_IN and row.mode == Mode.WINDOW and now < (over := midnight(row.starts_at) + DAY):
        await emit(session, AppointmentOver(appointment=id), at=over)
        return
    missed = row.state == State.CONFIRMED and row.mode == Mode.WINDOW and row.origin == Origin.BOOKED
    to = State.NO_SHOW if missed else State.DONE
    ripe = A.c.id == id, A.c.state.in_(sources(to, Mover.HOUSE)), A.c.ends_at <= clock()
    ended = (await session.rows(update(A).where(*ripe).values(state=to))).rowcount
    if ended and missed and row.person:
        await tell(session, [row.person], NoticeKind.APPOINTMENT_MISSED, id, id, now)
    _, policy = await reads.policy(session, row.policy)
    await emit(session, AppointmentAged(appointment=id), at=row.ends_at + policy.kept)


async def forget(session: Session, id: UUID, now: datetime) -> None:
    """Destroy what was kept long enough; look again later at what a hold keeps."""
    gone = (await session.rows(select(func.door.forget_appointment(id)))).scalar_one()
    if not gone and await reads.about(session, id) is not None:
        await emit(session, AppointmentAged(appointment=id), at=now + AGAIN)


async def give_up(session: Session, person: UUID) -> None:
    """Whatever somebody booked who closes her account."""
    await session.rows(select(func.door.give_up_appointments(person)))
