"""How deliveries are read: one's own, and by those who see to it that messages leave the house."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, false, func, literal_column, or_, select, text

from app.accounts.reads.roles import holds
from app.core.access import Role, Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset
from app.notices.models import DeliveryState, Lane
from app.notices.reads import C, D
from app.outside.post import Channel

OPERATORS = (Role.SUPERVISOR, Role.ADMIN)
COLUMNS = (
    *(D.c[name] for name in ("id", "person", "notice", "kind", "template", "channel", "lane", "state", "why", "error")),
    *(D.c[name] for name in ("attempts", "made_at", "due_at", "pushed_at", "done_at", "retried_at")),
)


def operates(viewer: Viewer) -> ColumnElement[bool]:
    """True while she holds such an office, whatever her token still says, and has signed in as one."""
    return false() if viewer.roles.isdisjoint(OPERATORS) else holds(viewer, OPERATORS)


def mine(viewer: Viewer) -> ColumnElement[bool]:
    hers: ColumnElement[bool] = D.c.person == viewer.id
    return hers


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    return or_(mine(viewer), operates(viewer))


@dataclass(frozen=True)
class Filter:
    state: DeliveryState | None = None
    channel: Channel | None = None
    kind: str | None = None
    lane: Lane | None = None
    since: datetime | None = None


async def own_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """Newest first."""
    return (await session.rows(keyset(select(*COLUMNS).where(mine(viewer)), page, D.c.made_at, D.c.id))).all()


async def operators_page(session: Session, viewer: Viewer, page: Page, only: Filter) -> Sequence[Any]:
    """Newest first."""
    wanted = select(*COLUMNS).where(operates(viewer))
    for name in ("state", "channel", "kind", "lane"):
        if (value := getattr(only, name)) is not None:
            wanted = wanted.where(D.c[name] == value)
    if only.since:
        wanted = wanted.where(D.c.made_at >= only.since)
    return (await session.rows(keyset(wanted, page, D.c.made_at, D.c.id))).all()


async def deliveries(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*COLUMNS).where(D.c.id.in_(list(ids)), visible_to(viewer)))).all()


DAY = timedelta(days=1)


async def health(session: Session, viewer: Viewer) -> Sequence[Any]:
    """A row a channel: how it stands, what still waits, and what became of the last day's messages."""

    def how_many(*states: DeliveryState) -> Any:
        return func.count().filter(D.c.state.in_(states))

    state = DeliveryState
    counted = (
        select(
            D.c.channel,
            how_many(state.PENDING, state.SENDING).label("waiting"),
            func.count().filter(D.c.state == state.PENDING, D.c.next_push <= clock()).label("due"),
            func.min(D.c.next_push).filter(D.c.state == state.PENDING, D.c.next_push <= clock()).label("oldest"),
            how_many(state.SENT).label("sent"),
            how_many(state.UNKNOWN).label("unknown"),
            how_many(state.DEAD).label("dead"),
            how_many(state.DROPPED).label("dropped"),
        )
        .where(operates(viewer), or_(D.c.made_at > clock() - DAY, D.c.next_push < literal_column("'infinity'")))
        .group_by(D.c.channel)
        .subquery("counted")
    )
    rows = (
        select(
            *C.c,
            case((C.c.closed_until > clock(), C.c.closed_until)).label("closed"),
            *(column for column in counted.c if column.key != "channel"),
            clock().label("now"),
        )
        .join_from(C, counted, counted.c.channel == C.c.name, isouter=True)
        .where(operates(viewer))
        .order_by(C.c.name)
    )
    return (await session.rows(rows)).all()


_DUE = text("""
    SELECT coalesce(array_agg(DISTINCT way.lane), '{}') AS lanes,
           extract(epoch FROM app.clock() - min(due.next_push)) AS oldest,
           (SELECT extract(epoch FROM app.clock() - max(d.pushed_at)) FROM app.delivery d
            WHERE d.state = 'SENDING') AS taken
    FROM unnest(CAST(:lanes AS smallint[]), CAST(:channels AS text[])) AS way (lane, channel)
    JOIN app.channel c ON c.name = way.channel AND c.closed_until <= app.clock()
    CROSS JOIN LATERAL (
        SELECT o.next_push FROM app.delivery o
        WHERE o.lane = way.lane AND o.channel = way.channel
          AND o.next_push < 'infinity' AND o.next_push <= (SELECT app.clock())
        ORDER BY o.next_push LIMIT 1) AS due""")


def ways(lanes: Iterable[Lane]) -> dict[str, list[Any]]:
    """The lanes and the channels in each, the most urgent first, as two arrays."""
    ways = [(lane, channel) for lane in sorted(lanes) for channel in Channel]
    return {"lanes": [lane for lane, _ in ways], "channels": [name for _, name in ways]}


async def due(session: Session) -> tuple[list[Lane], float]:
    """The lanes in which something is to be seen to, and for how many seconds nobody has: where much waits and is taken
    one after the other, somebody does."""
    lanes, oldest, taken = (await session.rows(_DUE, ways(Lane))).one()
    idle = min(float(oldest or 0), float(oldest if taken is None else taken)) if oldest else 0.0
    return [Lane(lane) for lane in lanes], idle
