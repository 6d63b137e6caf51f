"""How the log of a question and the city's record are read."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, Float, LargeBinary, column, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB

from app.consultation import reads
from app.consultation.models import Inquiry
from app.consultation.rules.receipt import Logged
from app.core.access import Viewer
from app.core.db import Session
from app.vault.reads import owned_by

F = reads.F
I: Any = Inquiry.__table__  # type: ignore[attr-defined]  # noqa: E741

# The order of the log. Below the oldest transaction still open it is final: nothing can come in between any more.
_ORDER: Any = literal_column("app.feed.xid"), F.c.id
_RIPE: Any = literal_column("app.feed.xid < pg_snapshot_xmin(pg_current_snapshot())")


class Log(NamedTuple):
    """All that is committed; what of it is in its final order, oldest first; and whether that is not all."""

    all: list[Logged]
    rows: list[Logged]
    grows: bool

    @classmethod
    def of(cls, rows: Sequence[Any]) -> "Log":
        known = [Logged(row.kind, row.at, row.ids) for row in rows]
        ripe = [logged for logged, row in zip(known, rows, strict=True) if row.ripe]
        return cls(known, ripe, len(ripe) < len(known))


def _log(questions: Iterable[UUID]) -> Any:
    columns = F.c.subject, F.c.kind, F.c.at, F.c.ids, _RIPE.label("ripe")
    return select(*columns).where(F.c.subject.in_(list(questions))).order_by(F.c.subject, *_ORDER)


async def log(session: Session, question: UUID) -> Log:
    """For the worker, whoever reads the question."""
    return Log.of((await session.rows(_log([question]))).all())


async def own_logs(session: Session, viewer: Viewer, questions: Iterable[UUID]) -> dict[UUID, Log]:
    """Of those questions that are the viewer's own, or on which she acts for the asker."""
    rows: dict[UUID, list[Any]] = {}
    for row in await session.rows(_log(questions).where(owned_by(viewer, F.c.subject))):
        rows.setdefault(row.subject, []).append(row)
    return {question: Log.of(found) for question, found in rows.items()}


async def inquirers(session: Session, inquiries: Iterable[UUID]) -> dict[UUID, UUID]:
    """Which lawyer asked back, as far as the wall shows it."""
    rows = await session.rows(select(I.c.id, I.c.lawyer).where(I.c.id.in_(list(inquiries))))
    return {row.id: row.lawyer for row in rows}


_MARK = ("of", "came", "within", "within_wall")
_RECORD: tuple[Any, ...] = (
    column("computed_at", DateTime(timezone=True)),
    *(
        column(name, BigInteger)
        for name in ("questions", "withdrawn", "recategorised", "breaches", "open", "paused_questions", "entries")
    ),
    column("late", JSONB),
    column("paused_seconds", Float),
    column("head", LargeBinary),
    *(column(f"{mark}_{name}", BigInteger) for mark in ("first", "third") for name in _MARK),
    *(column(f"{mark}_{name}", ARRAY(Float)) for mark in ("first", "third") for name in ("run", "wall")),
)


async def record(session: Session, first: date, last: date) -> Any:
    """Aggregates of the questions whose promise began on these days of the city; the rows stay behind the door."""
    told = func.door.promise_record(first, last).table_valued(*_RECORD)
    return (await session.rows(select(told))).one()
