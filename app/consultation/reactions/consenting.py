"""What rests on a consent ends with it."""

from datetime import datetime

from app.accounts.events import ConsentWithdrawn, GuardianshipEnded
from app.accounts.models import ConsentPurpose
from app.accounts.reads import needs_guardian
from app.accounts.rules.consenting import NOTICES
from app.consultation.actions import life
from app.core.db import Session
from app.core.outbox import Event, Reaction


async def stop(session: Session, event: ConsentWithdrawn, now: datetime) -> None:
    if event.purpose == ConsentPurpose.SERVICE:
        await life.stop(session, event.person, now)
    elif event.purpose == ConsentPurpose.SENSITIVE:
        await life.stop(session, event.person, now, categories=NOTICES[ConsentPurpose.SENSITIVE].categories)


async def stop_child(session: Session, event: GuardianshipEnded, now: datetime) -> None:
    """A child in danger is not left alone, whatever the guardian says (PIPL 13(4))."""
    if await needs_guardian(session, event.minor):
        await life.stop(session, event.minor, now, calm=True)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {ConsentWithdrawn: (stop,), GuardianshipEnded: (stop_child,)}
