"""What this room does about what happened. Every reaction may run twice."""

from datetime import datetime

from app.advisers.actions import alerts
from app.advisers.events import VisitDue
from app.core.db import Session
from app.core.outbox import Event, Reaction


async def look(session: Session, event: VisitDue, now: datetime) -> None:
    await alerts.look(session, event.term, event.month, now)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    VisitDue: (look,),
}
