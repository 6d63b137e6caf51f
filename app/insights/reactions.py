"""What the night brings: questions are counted, and what stands out is found."""

from datetime import datetime

from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.core.retention import NightCame
from app.insights import actions


async def look(session: Session, event: NightCame, now: datetime) -> None:
    await actions.look(session, now)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {NightCame: (look,)}
