"""What becomes of activities by themselves: for the worker, and for the rooms above whose quiz or contest one is.

Everything may run twice.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from app.activities.events import ActivityAged, ActivityAnnounced, ActivityClosed, ActivityOpened, EnrolmentsAged
from app.activities.models import ActivityKind, ActivityState
from app.activities.reads import A, standing
from app.activities.rules.machine import Move, Mover, way_of
from app.activities.rules.policy import ARCHIVED_AFTER, FORGOTTEN_AFTER
from app.core.db import Session, clock
from app.core.outbox import emit


async def open(session: Session, id: UUID) -> None:
    if await _lead(session, id, Move.OPEN, A.c.opens_at <= clock()):
        await emit(session, ActivityOpened(activity=id))


async def close(session: Session, id: UUID, now: datetime) -> None:
    if await _lead(session, id, Move.CLOSE, A.c.closes_at <= clock()):
        await emit(session, ActivityClosed(activity=id))


async def score(session: Session, id: UUID) -> bool:
    """A quiz or a contest that is closed is being scored from now on; whether that is new."""
    return await _lead(session, id, Move.SCORE)


async def announce(session: Session, id: UUID) -> bool:
    """Its results are told; whether that is new."""
    done = await _lead(session, id, Move.ANNOUNCE)
    if done:
        await emit(session, ActivityAnnounced(activity=id))
    return done


async def closed(session: Session, id: UUID, now: datetime) -> None:
    """A gathering goes into the archive some time after it was; the others once their results have been told."""
    row = await standing(session, id)
    if row is not None and row.kind == ActivityKind.GATHERING:
        await emit(session, ActivityAged(activity=id), at=max(row.ends_at, now) + ARCHIVED_AFTER)


async def announced(session: Session, id: UUID, now: datetime) -> None:
    await emit(session, ActivityAged(activity=id), at=now + ARCHIVED_AFTER)


async def archive(session: Session, id: UUID, now: datetime) -> None:
    row = await standing(session, id)
    ripe = row is not None and max(row.state_at, row.ends_at or row.state_at) + ARCHIVED_AFTER <= now
    if ripe and await _lead(session, id, Move.ARCHIVE):
        await over(session, id, now)


async def over(session: Session, id: UUID, now: datetime) -> None:
    """Who came to it is forgotten some day."""
    await emit(session, EnrolmentsAged(activity=id), at=now + FORGOTTEN_AFTER)


async def _lead(session: Session, id: UUID, move: Move, *ripe: object) -> bool:
    row = await standing(session, id)
    way = way_of(move, ActivityKind(row.kind), ActivityState(row.state)) if row is not None else None
    if row is None or way is None or Mover.HOUSE not in way.movers:
        return False
    led = update(A).where(A.c.id == id, A.c.state == row.state, *ripe).values(state=way.after)  # type: ignore[arg-type]
    if not (await session.rows(led)).rowcount:
        return False
    session.news(id)
    return True
