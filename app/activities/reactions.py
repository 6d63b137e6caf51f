"""What this room does about what happened. Every reaction may run twice."""

from datetime import datetime

from app.activities.actions import moving
from app.activities.events import (
    ActivityAged,
    ActivityAnnounced,
    ActivityClosed,
    ActivityCloses,
    ActivityOpens,
)
from app.core.db import Session
from app.core.outbox import Event, Reaction


async def open_it(session: Session, event: ActivityOpens, now: datetime) -> None:
    await moving.open(session, event.activity)


async def close_it(session: Session, event: ActivityCloses, now: datetime) -> None:
    await moving.close(session, event.activity, now)


async def watch_age(session: Session, event: ActivityClosed, now: datetime) -> None:
    await moving.closed(session, event.activity, now)


async def watch_results(session: Session, event: ActivityAnnounced, now: datetime) -> None:
    await moving.announced(session, event.activity, now)


async def archive(session: Session, event: ActivityAged, now: datetime) -> None:
    await moving.archive(session, event.activity, now)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    ActivityOpens: (open_it,),
    ActivityCloses: (close_it,),
    ActivityClosed: (watch_age,),
    ActivityAnnounced: (watch_results,),
    ActivityAged: (archive,),
}
