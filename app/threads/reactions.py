"""What this room lists for who wants a copy of all that is kept about her. May run twice."""

from datetime import datetime

from app.accounts.actions.exporting import list_room
from app.accounts.events import ExportRequested
from app.core.db import Session
from app.core.outbox import Event, Reaction


async def list_messages(session: Session, event: ExportRequested, now: datetime) -> None:
    await list_room(session, "threads", event.export, event.person)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {ExportRequested: (list_messages,)}
