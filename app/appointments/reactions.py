"""Slots that are let go, reminders, who did not come, and what is listed and given up. Every reaction may run twice."""

from datetime import datetime
from uuid import UUID, uuid5

from app.accounts.actions.exporting import list_room
from app.accounts.events import AccountClosing, ExportRequested
from app.appointments import reads
from app.appointments.actions import ending
from app.appointments.events import (
    AppointmentAged,
    AppointmentBegins,
    AppointmentCalled,
    AppointmentCancelled,
    AppointmentConfirmed,
    AppointmentNears,
    AppointmentOver,
    HoldRanOut,
)
from app.core.db import Session, now
from app.core.outbox import Event, Reaction
from app.notices.actions import tell
from app.notices.actions.posting import Stands
from app.notices.models import NoticeKind


async def let_go(session: Session, event: HoldRanOut, now: datetime) -> None:
    await ending.let_go(session, event.appointment)


async def lapse(session: Session, event: AppointmentBegins, now: datetime) -> None:
    await ending.lapse(session, event.appointment)


async def remind(session: Session, event: AppointmentNears, now: datetime) -> None:
    await ending.remind(session, event.appointment, uuid5(event.appointment, str(event.seconds)), now)


async def end(session: Session, event: AppointmentOver, now: datetime) -> None:
    await ending.end(session, event.appointment, now)


async def forget(session: Session, event: AppointmentAged, now: datetime) -> None:
    await ending.forget(session, event.appointment, now)


async def tell_confirmed(session: Session, event: AppointmentConfirmed, now: datetime) -> None:
    await _tell(session, NoticeKind.APPOINTMENT_CONFIRMED, event.appointment, now)


async def tell_cancelled(session: Session, event: AppointmentCancelled, now: datetime) -> None:
    await _tell(session, NoticeKind.APPOINTMENT_CANCELLED, event.appointment, now)


async def tell_called(session: Session, event: AppointmentCalled, now: datetime) -> None:
    await _tell(session, NoticeKind.APPOINTMENT_CALLED, event.appointment, now)


async def _tell(session: Session, kind: NoticeKind, id: UUID, now: datetime) -> None:
    row = await reads.about(session, id)
    if row is not None and row.person:
        await tell(session, [row.person], kind, id, id, now)


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    await ending.give_up(session, event.person)


async def list_appointments(session: Session, event: ExportRequested, now: datetime) -> None:
    await list_room(session, "appointments", event.export, event.person)


async def still_to_be(session: Session, person: UUID, about: UUID) -> bool:
    """A reminder that waited for the morning is not sent of what was cancelled in the night."""
    return await ending.stands(session, about, now(session))


STANDS: dict[str, Stands] = {NoticeKind.APPOINTMENT_SOON: still_to_be}
REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    HoldRanOut: (let_go,),
    AppointmentBegins: (lapse,),
    AppointmentNears: (remind,),
    AppointmentOver: (end,),
    AppointmentAged: (forget,),
    AppointmentConfirmed: (tell_confirmed,),
    AppointmentCancelled: (tell_cancelled,),
    AppointmentCalled: (tell_called,),
    AccountClosing: (give_up,),
    ExportRequested: (list_appointments,),
}
