"""What people do below this room is counted for the channel they came by. Every reaction may run twice."""

from datetime import datetime

from app.accounts.actions.exporting import list_room
from app.accounts.events import AccountClosing, CameByCode, ExportRequested, FollowerPushed
from app.core.db import Session
from app.core.outbox import Errand, Event, Reaction, emit
from app.core.retention import RoundDue
from app.outreach.actions import printing, touching
from app.outreach.events import ChannelPrinted


async def note_push(session: Session, event: FollowerPushed, now: datetime) -> None:
    await touching.pushed(session, event.push)


async def note_sign_in(session: Session, event: CameByCode, now: datetime) -> None:
    await touching.signed_in(session, event.person, event.code, event.at)


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    await touching.give_up(session, event.person)


async def list_touches(session: Session, event: ExportRequested, now: datetime) -> None:
    await list_room(session, "outreach", event.export, event.person)


async def forget_touches(session: Session, event: RoundDue, now: datetime) -> None:
    if event.what == "touch" and await touching.forget(session):
        await emit(session, event)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    FollowerPushed: (note_push,),
    CameByCode: (note_sign_in,),
    AccountClosing: (give_up,),
    ExportRequested: (list_touches,),
    RoundDue: (forget_touches,),
    ChannelPrinted: (Errand(printing.draw, printing.keep_codes), Errand(printing.print_sheet, printing.keep_sheet)),
}
