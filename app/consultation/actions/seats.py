"""What lawyers do with offers and seats. Rules are in `rules`; the door lends the board and its locks."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    Boolean,
    DateTime,
    Integer,
    SmallInteger,
    Text,
    Uuid,
    bindparam,
    column,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.accounts.actions.sessions import SUSPENDED
from app.consultation import reads
from app.consultation.events import InvitationLapsed, LeaseRanOut, SeatClaimed, SeatFreed
from app.consultation.models import DeclineReason, Offer, OfferEventKind, Seat, SeatEnd
from app.consultation.rules.answering import (
    EXTENDED_ALREADY,
    LEASE_ENDED,
)
from app.consultation.rules.dispatch import ALREADY_ANSWERED, ALREADY_SEATED, Claim, place_for
from app.consultation.rules.following import LONGEST_LEASE
from app.consultation.rules.policy import Policy
from app.consultation.rules.promise import QuestionEventKind
from app.core import feed
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, Code, refuse
from app.core.idempotency import first_and, once
from app.core.ids import new_id
from app.core.outbox import emit, emit_each
from app.core.sealing import KeyProvider
from app.directory.reads import practises
from app.vault.models import Basis
from app.vault.reads import WHOEVER, basis

_COLUMNS = (
    column("terms", JSONB),
    column("asked_at", DateTime(timezone=True)),
    column("now", DateTime(timezone=True)),
    column("closed", Boolean),
    column("live", Boolean),
    column("firm", Uuid),
    column("local", Boolean),
    column("declined", Boolean),
    column("seat", Uuid),
    column("places", ARRAY(SmallInteger)),
    column("locals", Integer),
    column("of_firm", Integer),
    column("answered", Integer),
    column("leases", Integer),
    column("wanted", SmallInteger),
    column("invited", Text),
    column("invited_open", Integer),
    column("invited_until", DateTime(timezone=True)),
    column("conflict", Boolean),
    column("idle", Integer),
)


class _Claim(BaseModel):
    question: UUID


_BOARD: Final = select(func.door.board(bindparam("question", type_=Uuid)).table_valued(*_COLUMNS))
_LOCK: Final = select(func.door.hold_board(reads.S.c.question)).where(
    reads.S.c.id == bindparam("seat", type_=Uuid), reads.S.c.lawyer == WHOEVER.id
)
"""Takes the locks of the question that a seat of hers is on, as a look at its board does; a row if there is such."""
FIRST_LOCKED: Final = first_and(_LOCK.scalar_subquery())
"""For `once`: the same for the first caller."""


async def _board(session: Session, question: UUID) -> Any | None:
    """The board as it stands once the locks are held; None for a question that was never offered to her."""
    return (await session.rows(_BOARD, {"question": question})).one_or_none()


async def claim(session: Session, viewer: Viewer, keys: KeyProvider, question: UUID, key: str) -> UUID:
    """The seat's id. From now until the lease ends she may read the question."""
    seat = new_id()
    if known := await once(session, keys.secret("idempotency"), key, _Claim(question=question), "claimOffer", seat):
        return known
    board = await _board(session, question)
    if board is None:
        raise refuse(NOT_FOUND, "offerId")
    policy = Policy.of(board.terms)
    answered_before = await basis(session, viewer, question) == Basis.ANSWERED
    place = place_for(
        Claim(
            asked_at=board.asked_at,
            now=board.now,
            closed=board.closed,
            live=board.live,
            local=board.local,
            declined=board.declined,
            seated=board.seat is not None,
            answered_before=answered_before,
            places=board.places,
            locals=board.locals,
            of_firm=board.of_firm,
            answered=board.answered,
            leases=board.leases,
            wanted=board.wanted,
            invited=board.invited is not None,
            invited_open=board.invited_open,
            invited_until=board.invited_until,
            conflict=board.conflict,
            idle=board.idle,
        ),
        policy,
    )
    if isinstance(place, Code):
        if not board.live and not await practises(session, viewer.id):
            raise refuse(SUSPENDED)
        raise refuse(place, "offerId", limit=policy.leases_a_lawyer)
    until = board.now + policy.lease
    row = {"id": seat, "question": question, "lawyer": viewer.id, "firm": board.firm, "local": board.local}
    row |= {"place": place, "claimed_at": board.now, "lease_until": until}
    await session.rows(insert(Seat).inline(), row)
    await feed.show(session, QuestionEventKind.SEAT_CLAIMED, subject=question, seat=seat)
    await feed.show(session, OfferEventKind.SEAT_CHANGED, people=[viewer.id], question=question, seat=seat)
    claimed, over = SeatClaimed(question=question, seat=seat), LeaseRanOut(question=question, seat=seat)
    await emit_each(session, [(board.now, claimed), (until, over)])
    return seat


async def decline(session: Session, viewer: Viewer, question: UUID, why: DeclineReason) -> None:
    """Her no, which ends her reading of the brief. The same again changes nothing; a seat must be released first."""
    board = await _board(session, question)
    if board is None:
        raise refuse(NOT_FOUND, "offerId")
    if board.seat is not None:
        answered = await basis(session, viewer, question) == Basis.ANSWERED
        raise refuse(ALREADY_ANSWERED if answered else ALREADY_SEATED, "offerId")
    if not board.declined:
        no = update(Offer).where(reads.O.c.question == question, reads.O.c.lawyer == viewer.id).values(declined=why)
        await session.rows(no)
        if board.invited is not None:
            await emit(session, InvitationLapsed(question=question))


async def held(session: Session, viewer: Viewer, seat: UUID, now: datetime) -> Any:
    """Her live seat, under the question's lock; refuses NOT_FOUND, ALREADY_ANSWERED and LEASE_ENDED."""
    if not (await session.rows(_LOCK, {"seat": seat, "person": viewer.id})).all():
        raise refuse(NOT_FOUND, "seatId")
    (row,) = await reads.seats(session, viewer, [seat])  # only now: the lock may have been waited for
    return live(row, now)


def live(row: Any, now: datetime) -> Any:
    """The seat, if she may write on it; refuses ALREADY_ANSWERED and LEASE_ENDED."""
    if row.delivered_at is not None:
        raise refuse(ALREADY_ANSWERED, "seatId")
    if row.ended_at is not None or row.lease_until <= now:
        raise refuse(LEASE_ENDED, "seatId")
    return row


async def extend(session: Session, viewer: Viewer, seat: UUID, now: datetime) -> None:
    row = await held(session, viewer, seat, now)
    if row.extended:
        raise refuse(EXTENDED_ALREADY, "seatId")
    policy = (await reads.policy_of(session, [row.question]))[row.question]
    until = min(row.lease_until + policy.lease_extension, row.claimed_at + LONGEST_LEASE)
    await session.rows(update(Seat).where(reads.S.c.id == seat).values(lease_until=until, extended=True))
    await feed.show(session, QuestionEventKind.LEASE_EXTENDED, subject=row.question, seat=seat)
    await feed.show(session, OfferEventKind.SEAT_CHANGED, people=[viewer.id], question=row.question, seat=seat)
    await emit(session, LeaseRanOut(question=row.question, seat=seat), at=until)


async def release_seat(session: Session, viewer: Viewer, seat: UUID, now: datetime) -> None:
    """Gives the seat back, for another to take."""
    row = await held(session, viewer, seat, now)
    # Told first: once the seat has ended she may no longer speak of the question.
    await feed.show(session, QuestionEventKind.SEAT_FREED, subject=row.question, seat=seat)
    await feed.show(session, OfferEventKind.SEAT_CHANGED, people=[viewer.id], question=row.question, seat=seat)
    await emit(session, SeatFreed(question=row.question, seat=seat, lawyer=viewer.id, expired=False))
    over = update(Seat).where(reads.S.c.id == seat).values(ended_at=now, ended_why=SeatEnd.RELEASED)
    await session.rows(over)
