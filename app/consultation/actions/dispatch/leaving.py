"""A lawyer who is gone, for a while or for good: what she was working on is free for others at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.consultation import reads
from app.consultation.events import InvitationLapsed, SeatFreed
from app.consultation.models import Offer, OfferEventKind, Seat, SeatEnd
from app.consultation.rules.promise import QuestionEventKind
from app.core import feed
from app.core.db import Session, clock
from app.core.outbox import emit
from app.directory.models import Availability, Lawyer, Standing

D, O, S = reads.D, reads.O, reads.S  # noqa: E741
L: Any = Lawyer.__table__  # type: ignore[attr-defined]


async def release_all(session: Session, lawyer: UUID, now: datetime) -> None:
    """End her leases and her offers, unless she is back already. What she wrote is kept, and what she answered hers.

    An offer that ended is made anew when she comes back.
    """
    gone = select(1).where(
        L.c.id == lawyer, (L.c.standing != Standing.ACTIVE) | (L.c.availability == Availability.AWAY)
    )
    if (await session.rows(gone)).first() is None:
        return
    mine = S.c.lawyer == lawyer, S.c.ended_at.is_(None), S.c.delivered_at.is_(None)
    # The boards first, always in one order, as whoever claims or frees a seat does.
    boards = select(D.c.question).where(D.c.question.in_(select(S.c.question).where(*mine)))
    await session.rows(boards.order_by(D.c.question).with_for_update(key_share=True))
    over = update(Seat).where(*mine).values(ended_at=now, ended_why=SeatEnd.RELEASED).returning(S.c.id, S.c.question)
    for seat, question in (await session.rows(over)).all():
        await feed.show(session, QuestionEventKind.SEAT_FREED, subject=question, seat=seat)
        await feed.show(session, OfferEventKind.SEAT_CHANGED, people=[lawyer], question=question, seat=seat)
        await emit(session, SeatFreed(question=question, seat=seat, lawyer=lawyer, expired=False))
    await _end_offers(session, lawyer, now)


async def _end_offers(session: Session, lawyer: UUID, now: datetime) -> None:
    """Her reading of the briefs ends by the trigger; a seat that was kept for her is free for all."""
    took = select(1).where(S.c.question == O.c.question, S.c.lawyer == lawyer, S.c.ended_at.is_(None)).exists()
    live = O.c.lawyer == lawyer, O.c.declined.is_(None), O.c.until > clock(), ~took
    kept = (await session.rows(select(O.c.question).where(*live, O.c.invited.is_not(None)))).scalars().all()
    await session.rows(update(Offer).where(*live).values(until=now, invited=None))
    for question in kept:
        await emit(session, InvitationLapsed(question=question))
