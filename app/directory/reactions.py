"""Whom an application and its decision are told, that it is destroyed in time, and listed for who wants a copy. Every
reaction may run twice."""

from datetime import datetime

from app.accounts.actions.exporting import list_room
from app.accounts.events import AccountClosing, ExportRequested
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.directory.actions import applying
from app.directory.events import ApplicationAged, ApplicationDecided, LawyerApplied
from app.directory.reads import applying as reads
from app.notices.actions import tell
from app.notices.models import NoticeKind


async def tell_administrators(session: Session, event: LawyerApplied, now: datetime) -> None:
    people = await reads.administrators(session)
    await tell(session, people, NoticeKind.APPLICATION_NEW, event.application, event.application, now)


async def tell_applicant(session: Session, event: ApplicationDecided, now: datetime) -> None:
    kind = NoticeKind.APPLICATION_APPROVED if event.approved else NoticeKind.APPLICATION_REFUSED
    if (row := await reads.whose(session, event.application)) is not None:
        await tell(session, [row.person], kind, event.application, event.application, now)


async def forget(session: Session, event: ApplicationAged, now: datetime) -> None:
    await applying.forget(session, event.application, now)


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    await applying.give_up(session, event.person)


async def list_applications(session: Session, event: ExportRequested, now: datetime) -> None:
    await list_room(session, "directory", event.export, event.person)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    LawyerApplied: (tell_administrators,),
    ApplicationDecided: (tell_applicant,),
    ApplicationAged: (forget,),
    AccountClosing: (give_up,),
    ExportRequested: (list_applications,),
}
