"""What this room does about what happened. Every reaction may run twice."""

from datetime import datetime

from app.accounts.actions.exporting import list_room
from app.accounts.events import AccountClosing, ConsentWithdrawn, ExportRequested, GuardianshipEnded
from app.activities.events import ActivityAnnounced, EnrolmentsAged
from app.contests.actions import awarding, ending
from app.contests.events import EntriesAged, EntryDecided, EntryTakenDown, JurorNamed
from app.core.db import Session
from app.core.outbox import Event, Reaction


async def tell_decided(session: Session, event: EntryDecided, now: datetime) -> None:
    await ending.tell_owner(session, event.entry, now)


async def tell_taken_down(session: Session, event: EntryTakenDown, now: datetime) -> None:
    await ending.tell_owner(session, event.entry, now)


async def ask_juror(session: Session, event: JurorNamed, now: datetime) -> None:
    await awarding.ask_juror(session, event.juror, now)


async def tell_awarded(session: Session, event: ActivityAnnounced, now: datetime) -> None:
    await awarding.tell_awarded(session, event.activity, now)


async def forget(session: Session, event: EnrolmentsAged, now: datetime) -> None:
    await ending.forget(session, event.activity, now)


async def forget_later(session: Session, event: EntriesAged, now: datetime) -> None:
    await ending.forget(session, event.activity, now)


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    await ending.give_up(session, event.person)


async def take_back(session: Session, event: ConsentWithdrawn, now: datetime) -> None:
    await ending.take_back_unagreed(session, event.person)


async def take_back_childs(session: Session, event: GuardianshipEnded, now: datetime) -> None:
    await ending.take_back_unagreed(session, event.minor)


async def list_contests(session: Session, event: ExportRequested, now: datetime) -> None:
    await list_room(session, "contests", event.export, event.person)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    EntryDecided: (tell_decided,),
    EntryTakenDown: (tell_taken_down,),
    JurorNamed: (ask_juror,),
    ActivityAnnounced: (tell_awarded,),
    EnrolmentsAged: (forget,),
    EntriesAged: (forget_later,),
    AccountClosing: (give_up,),
    ConsentWithdrawn: (take_back,),
    GuardianshipEnded: (take_back_childs,),
    ExportRequested: (list_contests,),
}
