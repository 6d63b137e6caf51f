"""What the night brings: questions are counted, what stands out is found, and mediators hear of disputes."""

from datetime import datetime

from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.core.retention import NightCame
from app.insights.actions import counting, disputes


async def look(session: Session, event: NightCame, now: datetime) -> None:
    await counting.look(session, now)


async def warn(session: Session, event: NightCame, now: datetime) -> None:
    await disputes.warn(session, now)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {NightCame: (look, warn)}
