"""What this room gives up of a person who closes her account. May run twice."""

from datetime import datetime

from app.accounts.actions import closing
from app.accounts.events import AccountClosing
from app.core.db import Session
from app.core.outbox import Event, Reaction


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    await closing.go_on(session, event.person, now)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {AccountClosing: (give_up,)}
