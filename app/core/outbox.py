"""Facts written in the transaction of the change they tell of; a relay acts on them when they are due.

`due_at` makes *now* and *in five minutes* one mechanism. A reaction and its mark in `reacted` commit together, so that
handing an event over twice changes nothing.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Text, func, literal, text, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, col, select

from app.core.db import Database, Session, clock, now
from app.core.ids import new_id
from app.core.tables import Table, moment

LEASE = timedelta(seconds=2)
"""How long a hand-over is trusted: what a dead worker or a frozen Redis held is done within 3 s of being due."""

BATCH = 200


class Event(BaseModel):
    """A fact, past tense, carrying ids and no content."""

    model_config = ConfigDict(frozen=True, defer_build=True)  # of 130 kinds a process may meet a few


Effect = Callable[[Session, Any, datetime], Awaitable[None]]


class Errand:
    """A reaction that asks the world outside first, which may take seconds: `ask(database, event)` runs while no
    transaction is open and may open short ones of its own; what it brings back is the last argument of `then`."""

    def __init__(
        self,
        ask: Callable[[Database, Any], Awaitable[Any]],
        then: Callable[[Session, Any, datetime, Any], Awaitable[None]],
    ) -> None:
        self.ask, self.then = ask, then
        self.__name__, self.__module__ = then.__name__, then.__module__


Reaction = Effect | Errand
"""`(session, event, now)`: runs in the worker's name inside one transaction, and may be tried again."""


class OutboxEvent(Table, table=True):
    __tablename__ = "outbox"

    id: UUID = Field(primary_key=True)
    kind: str = Field(sa_type=Text)
    ids: dict[str, Any] = Field(sa_type=JSONB)
    due_at: datetime = moment()
    next_at: datetime = moment()
    handed: int = 0
    reacted: list[str] = Field(sa_type=ARRAY(Text), default_factory=list)
    done_at: datetime | None = moment(default=None)


async def emit(session: Session, *events: Event, at: datetime | None = None) -> None:
    """Tell the house at `at` (now if not said), if and only if this transaction commits."""
    await emit_each(session, [(at or now(session), event) for event in events])


async def emit_each(session: Session, events: list[tuple[datetime, Event]]) -> None:
    """Several facts, each at its own time, in one statement."""
    if events:
        await session.rows(_EMIT, emitted(session, events))


EMIT: Final = """
INSERT INTO app.outbox (id, kind, ids, due_at, next_at, handed, reacted)
SELECT id, kind, CAST(ids AS jsonb), due, due, 0, '{}'
FROM unnest(CAST(:event_ids AS uuid[]), CAST(:events AS text[]), CAST(:about AS text[]), CAST(:dues AS timestamptz[]))
    AS event (id, kind, ids, due)"""
_EMIT: Final = text(EMIT)


def emitted(session: Session, events: list[tuple[datetime, Event]]) -> dict[str, Any]:
    """The parameters of `EMIT`."""
    return {
        "event_ids": [new_id() for _ in events],
        "events": [type(event).__name__ for _, event in events],
        "about": [event.model_dump_json() for _, event in events],
        "dues": [due for due, _ in events],
    }


async def claim_due(session: Session, limit: int = BATCH) -> list[Any]:
    """Lease what is ripe (id, kind, ids, reacted, handed, due_at, late); another relay skips what we hold.

    An event that failed again and again is handed over ever more slowly, up to every five minutes.
    """
    ripe = (
        select(OutboxEvent.id)
        .where(col(OutboxEvent.done_at).is_(None), col(OutboxEvent.next_at) <= clock())
        .order_by(col(OutboxEvent.next_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    patience = func.least(LEASE * func.power(2, func.greatest(col(OutboxEvent.handed) - 2, 0)), timedelta(minutes=5))
    claimed = (
        update(OutboxEvent)
        .where(col(OutboxEvent.id).in_(ripe))
        .values(next_at=clock() + patience, handed=col(OutboxEvent.handed) + 1)
        .returning(
            col(OutboxEvent.id),
            col(OutboxEvent.kind),
            col(OutboxEvent.ids),
            col(OutboxEvent.reacted),
            col(OutboxEvent.handed),
            col(OutboxEvent.due_at),
        )
    )
    return list((await session.rows(claimed)).all())


async def next_due(session: Session) -> float:
    """Seconds until the next event is ripe; an hour when none is."""
    soonest = select(func.extract("epoch", func.min(col(OutboxEvent.next_at)) - clock()).label("wait")).where(
        col(OutboxEvent.done_at).is_(None)
    )
    wait = (await session.rows(soonest)).scalar_one()
    return 3600.0 if wait is None else max(0.0, float(wait))


async def settle(session: Session, event_id: UUID) -> None:
    """An event that nobody reacts to is done."""
    await session.rows(update(OutboxEvent).where(col(OutboxEvent.id) == event_id).values(done_at=clock()))


async def react(
    db: Database, event_id: UUID, event: Event, name: str, reaction: Reaction, names: list[str]
) -> timedelta | None:
    """Run one reaction once: its effect and its mark commit together.

    Returns how late it began, by the database's clock; None when it had already run.
    """
    row = OutboxEvent.__table__.c  # type: ignore[attr-defined]
    done = func.cardinality(row.reacted) + 1 >= len(names)
    mark: Any = (
        update(OutboxEvent)
        .where(row.id == event_id, row.done_at.is_(None), ~(literal(name) == func.any(row.reacted)))
        .values(
            reacted=func.array_append(row.reacted, name),
            done_at=select(clock()).where(done).correlate(OutboxEvent).scalar_subquery(),
        )
        .returning(clock() - row.due_at)
    )
    found = await reaction.ask(db, event) if isinstance(reaction, Errand) else None
    async with db.acting("") as session:
        if (marked := (await session.rows(mark)).first()) is None:
            return None
        if isinstance(reaction, Errand):
            await reaction.then(session, event, now(session), found)
        else:
            await reaction(session, event, now(session))
    late: timedelta = marked[0]
    return late


async def waiting(session: Session) -> tuple[int, float]:
    """How many events are due and not done, and how many seconds ago the oldest was due. May be asked by anybody."""
    due, oldest = (await session.rows(text("SELECT due, oldest FROM door.outbox_waiting()"))).one()
    return due, oldest
