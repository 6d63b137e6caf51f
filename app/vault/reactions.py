"""What the night brings: rounds, each as long as there is something to forget. All of it may run twice."""

from datetime import datetime

from app.core.db import Session
from app.core.outbox import Event, Reaction, emit
from app.core.retention import NightCame, RoundDue
from app.vault.actions import rounds


async def begin_rounds(session: Session, event: NightCame, now: datetime) -> None:
    await rounds.call_rounds(session)


async def forget(session: Session, event: RoundDue, now: datetime) -> None:
    if await rounds.forget(session, event.what):
        await emit(session, event)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    NightCame: (begin_rounds,),
    RoundDue: (forget,),
}
