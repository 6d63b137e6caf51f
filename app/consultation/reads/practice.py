"""What a lawyer may know of how she is called, and of her list of clients."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Float, and_, column, func, select, tuple_

from app.consultation.models import Client
from app.core.access import Viewer
from app.core.db import Session
from app.directory.models import Availability, Lawyer, Standing
from app.directory.reads import awake

C: Any = Client.__table__  # type: ignore[attr-defined]
L: Any = Lawyer.__table__  # type: ignore[attr-defined]

FIGURES = ("offers", "claims", "kept", "answers")
_COLUMNS: tuple[Any, ...] = (
    *(column(name, BigInteger) for name in (*FIGURES, "peers")),
    *(column(f"{name}_of", ARRAY(Float)) for name in FIGURES),
)


async def exposure(session: Session, since: datetime) -> Any | None:
    """Her own FIGURES since then, the number of her peers, and the quartiles of theirs (`offers_of` ...); None for whom
    the directory does not know. The peers' rows stay behind the door."""
    seen = func.door.exposure(since).table_valued(*_COLUMNS)
    return (await session.rows(select(seen))).one_or_none()


class Place(NamedTuple):
    """Her place among those of her pool who can be called now, 1 the next; None for whom cannot."""

    place: int | None
    of: int


async def place(session: Session, lawyer: UUID) -> Place:
    me = L.alias("me")
    before = tuple_(L.c.offered_at, L.c.id) < tuple_(me.c.offered_at, me.c.id)
    can = and_(L.c.standing == Standing.ACTIVE, L.c.availability != Availability.AWAY, awake())
    counted = (
        select(func.count().filter(before), func.count(), func.coalesce(func.bool_or(L.c.id == me.c.id), False))
        .select_from(L.join(me, L.c.pool == me.c.pool))
        .where(me.c.id == lawyer, can)
    )
    ahead, of, among = (await session.rows(counted)).one()
    return Place(ahead + 1 if among else None, of)


class Clients(NamedTuple):
    names: int
    updated_at: datetime | None


async def clients(session: Session, viewer: Viewer) -> Clients:
    """How many names her list holds, and when it last changed; the names themselves nobody has."""
    changed = func.max(func.greatest(C.c.since, C.c.removed_at))
    live = func.count().filter(C.c.removed_at.is_(None))
    return Clients(*(await session.rows(select(live, changed).where(C.c.lawyer == viewer.id))).one())


async def client_digests(session: Session, viewer: Viewer) -> set[bytes]:
    """Her clients as she last listed them."""
    listed = select(C.c.digest).where(C.c.lawyer == viewer.id, C.c.removed_at.is_(None))
    return set((await session.rows(listed)).scalars())
