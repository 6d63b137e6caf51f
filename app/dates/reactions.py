"""Reminders, and what is listed, given up and forgotten. Every reaction may run twice."""

from datetime import datetime
from uuid import UUID

from app.accounts.actions.exporting import list_room
from app.accounts.events import AccountClosing, ExportRequested
from app.core.db import Session, now
from app.core.outbox import Event, Reaction, emit
from app.core.retention import RoundDue
from app.dates import actions
from app.dates.events import DateNears
from app.notices.actions.posting import Stands
from app.notices.models import NoticeKind


async def remind(session: Session, event: DateNears, now: datetime) -> None:
    await actions.remind(session, event, now)


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    await actions.give_up(session, event.person)


async def list_dates(session: Session, event: ExportRequested, now: datetime) -> None:
    await list_room(session, "dates", event.export, event.person)


async def forget_aged(session: Session, event: RoundDue, now: datetime) -> None:
    if event.what == "kept_date" and await actions.forget(session):
        await emit(session, event)


async def still_to_be(session: Session, person: UUID, about: UUID) -> bool:
    """A reminder that waited is not sent of what was dropped meanwhile, was moved far away, or is over."""
    return await actions.stands(session, about, now(session))


STANDS: dict[str, Stands] = {NoticeKind.DATE_NEAR: still_to_be}
REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    DateNears: (remind,),
    AccountClosing: (give_up,),
    ExportRequested: (list_dates,),
    RoundDue: (forget_aged,),
}
