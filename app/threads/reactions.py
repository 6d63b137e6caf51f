"""Who is told of consultations, what becomes of them in time, and what is listed for a copy. All may run twice."""

from datetime import datetime

from app.accounts.actions.exporting import list_room
from app.accounts.events import AccountClosing, ExportRequested
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.threads.actions import consulting
from app.threads.events import ConsultationAged, ConsultationAsked, ConsultationReplied, ConsultationReturned


async def list_messages(session: Session, event: ExportRequested, now: datetime) -> None:
    await list_room(session, "threads", event.export, event.person)


async def tell_asked(session: Session, event: ConsultationAsked, now: datetime) -> None:
    await consulting.tell_asked(session, event.consultation, event.cause, now)


async def tell_replied(session: Session, event: ConsultationReplied, now: datetime) -> None:
    await consulting.tell_replied(session, event.consultation, event.cause, now)


async def tell_returned(session: Session, event: ConsultationReturned, now: datetime) -> None:
    await consulting.tell_returned(session, event.consultation, event.cause, now)


async def forget(session: Session, event: ConsultationAged, now: datetime) -> None:
    await consulting.forget(session, event.consultation, now)


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    await consulting.give_up(session, event.person)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    ConsultationAsked: (tell_asked,),
    ConsultationReplied: (tell_replied,),
    ConsultationReturned: (tell_returned,),
    ConsultationAged: (forget,),
    AccountClosing: (give_up,),
    ExportRequested: (list_messages,),
}
