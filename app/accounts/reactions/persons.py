"""What this room gives up of a person who closes her account, and lists for who wants a copy. May run twice."""

from datetime import datetime

import structlog

from app.accounts.actions import closing, exporting, minors
from app.accounts.events import AccountClosing, ExportAged, ExportDue, ExportRequested, MinorAccessOver
from app.core.db import Session
from app.core.outbox import Event, Reaction

log = structlog.get_logger("accounts")


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    await closing.go_on(session, event.person, now)


async def list_what_is_hers(session: Session, event: ExportRequested, now: datetime) -> None:
    await exporting.list_room(session, "accounts", event.export, event.person)


async def look_after(session: Session, event: ExportDue, now: datetime) -> None:
    if await exporting.overdue(session, event.export):
        log.error("export_overdue", export=str(event.export))


async def close_again(session: Session, event: MinorAccessOver, now: datetime) -> None:
    await minors.close(session, event.access)


async def put_away(session: Session, event: ExportAged, now: datetime) -> None:
    await exporting.age(session, event.export)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    AccountClosing: (give_up,),
    ExportRequested: (list_what_is_hers,),
    ExportDue: (look_after,),
    ExportAged: (put_away,),
    MinorAccessOver: (close_again,),
}
