"""What the night brings: the day that is over is anchored."""

from datetime import datetime

from app.audit import actions
from app.core.db import Session, door
from app.core.outbox import Event, Reaction
from app.core.retention import NightCame
from app.core.sealing import KeyProvider


async def anchor(session: Session, event: NightCame, now: datetime) -> None:
    await actions.anchor(session, door(session, KeyProvider), now)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {NightCame: (anchor,)}
