"""Figures about lawyers that this room writes downward, into columns of the directory. Each is counted anew, never
added to, so that counting twice changes nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from app.consultation import reads
from app.core.db import Session
from app.directory.models import Lawyer

LOOKED_BACK = timedelta(days=30)
REPLIES = 20

S, O = reads.S, reads.O  # noqa: E741
L: Any = Lawyer.__table__  # type: ignore[attr-defined]


async def note_offers(session: Session, lawyers: Sequence[UUID], now: datetime) -> None:
    """Their turn begins again: exposure is fair because who was called goes to the end."""
    await session.rows(update(Lawyer).where(L.c.id.in_(lawyers)).values(offered_at=now))


async def note_seats(session: Session, lawyer: UUID, now: datetime) -> None:
    """Leases kept of leases ended in 30 days (one given back counts as neither); the median of her last replies."""
    recent = (S.c.lawyer == lawyer) & (S.c.claimed_at > now - LOOKED_BACK)
    kept = S.c.delivered_at.is_not(None)
    counts = select(func.count().filter(kept | (S.c.ended_why == "EXPIRED")), func.count().filter(kept)).where(recent)
    ended, delivered = (await session.rows(counts)).one()
    replies = (
        select(func.extract("epoch", S.c.delivered_at - O.c.offered_at).label("seconds"))
        .join_from(S, O, (O.c.question == S.c.question) & (O.c.lawyer == S.c.lawyer))
        .where(S.c.lawyer == lawyer, kept)
        .order_by(S.c.claimed_at.desc())
        .limit(REPLIES)
        .subquery()
    )
    median = (await session.rows(select(func.percentile_cont(0.5).within_group(replies.c.seconds)))).scalar_one()
    figures = {"seats_ended": ended, "seats_kept": delivered}
    if median is not None:
        figures["reply_seconds"] = round(median)
    await session.rows(update(Lawyer).where(L.c.id == lawyer).values(**figures))
