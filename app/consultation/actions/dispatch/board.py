"""A question's board: held under its lock, and shown to the lawyers who were called."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, or_, select, update

from app.consultation import reads
from app.consultation.events import SeatFreed
from app.consultation.models import Board, Dispatch, Invited, OfferEventKind, Seat, SeatEnd
from app.consultation.rules.dispatch import Standing
from app.consultation.rules.policy import Policy
from app.consultation.rules.promise import QuestionEventKind
from app.core import feed
from app.core.db import Session, clock, now
from app.core.outbox import emit

D, O, S, P = reads.D, reads.O, reads.S, reads.P  # noqa: E741


@dataclass(frozen=True)
class Held:
    """A question's dispatch row under its lock, the policy it was asked under, and how it stands."""

    row: Any
    policy: Policy
    standing: Standing
    invited_until: datetime | None
    """Until when seats are kept for who was invited."""


async def hold(session: Session, question: UUID, *, skip: bool = False) -> Held | None:
    """None when the question is closed (or, with `skip`, held by another)."""
    wanted = select(*D.c).where(D.c.question == question, D.c.closed_at.is_(None))
    row = (await session.rows(wanted.with_for_update(key_share=True, skip_locked=skip))).one_or_none()
    if row is None:
        return None
    live = S.c.question == question, S.c.ended_at.is_(None)
    kept = _kept_for_invited(question).scalar_subquery() if _time_runs(row, now(session)) else literal(0)
    counted = select(
        select(func.count()).where(*live).scalar_subquery().label("seats"),
        select(func.count()).where(*live, S.c.counts).scalar_subquery().label("answered"),
        select(P.c.terms).where(P.c.version == row.policy).scalar_subquery().label("terms"),
        kept.label("kept"),
        select(func.count()).where(*live, S.c.delivered_at.is_not(None), ~S.c.counts).scalar_subquery().label("idle"),
    )
    so = (await session.rows(counted)).one()
    return Held(
        row, Policy.of(so.terms), Standing(so.seats, so.answered, row.wanted, so.kept, so.idle), row.named_until
    )


def _time_runs(row: Any, now: datetime) -> bool:
    return row.named_until is not None and now < row.named_until


def _kept_for_invited(question: UUID) -> Any:
    """How many were invited and have neither claimed nor declined: as `door.board` counts them for a claim."""
    senior = O.alias("senior")
    took = select(1).where(S.c.question == question, S.c.lawyer == O.c.lawyer).exists()
    is_senior: ColumnElement[bool] = O.c.invited == Invited.SENIOR
    no_senior = ~select(1).where(senior.c.question == question, senior.c.invited == Invited.SENIOR).exists()
    return (
        select(func.count())
        .select_from(O)
        .where(O.c.question == question, O.c.invited.is_not(None), O.c.declined.is_(None), ~took)
        .where(or_(is_senior, no_senior))
    )


async def want(session: Session, held: Held, answers: int) -> Held:
    """Look for so many counting answers; never for fewer than were looked for already."""
    if answers <= held.standing.wanted:
        return held
    await session.rows(update(Dispatch).where(D.c.question == held.row.question).values(wanted=answers))
    return replace(held, standing=replace(held.standing, wanted=answers))


async def tell_offered(session: Session, held: Held) -> Board:
    """How the board stands; the lawyers who were called hear of it when that has changed."""
    row, standing = held.row, held.standing
    state = standing.board(held.policy)
    changed: dict[str, Any] = {} if state == row.board else {"board": state}
    if row.kept_at is None and standing.answered >= held.policy.promised:
        changed["kept_at"] = now(session)
    if changed:
        await session.rows(update(Dispatch).where(D.c.question == row.question).values(**changed))
    if "board" in changed:
        live = select(O.c.lawyer).where(O.c.question == row.question, O.c.declined.is_(None), O.c.until > clock())
        people = (await session.rows(live)).scalars().all()
        await feed.show(session, OfferEventKind.OFFER_CHANGED, people=people, question=row.question)
    return state


async def show_board(session: Session, question: UUID) -> None:
    """Tell the offered lawyers when seats ran out, opened again, or the question was filled."""
    if held := await hold(session, question):
        await tell_offered(session, held)


async def show_closed(session: Session, question: UUID) -> Sequence[UUID]:
    """A question that was withdrawn or resolved: everybody who was called sees that it is gone. Returns those whose
    seat the withdrawal ended."""
    called = select(O.c.lawyer).where(O.c.question == question, O.c.declined.is_(None))
    people = (await session.rows(called)).scalars().all()
    await feed.show(session, OfferEventKind.OFFER_CHANGED, people=people, question=question)
    seated = select(S.c.lawyer).where(S.c.question == question, S.c.ended_why == SeatEnd.WITHDRAWN)
    return (await session.rows(seated)).scalars().all()


async def expire_lease(session: Session, question: UUID, seat: UUID, now: datetime) -> bool:
    """Free a seat whose time is over; True if it was. The reading has ended already, by the clock."""
    await session.rows(select(D.c.question).where(D.c.question == question).with_for_update(key_share=True))
    over = (
        update(Seat)
        .where(S.c.id == seat, S.c.ended_at.is_(None), S.c.delivered_at.is_(None), S.c.lease_until <= clock())
        .values(ended_at=now, ended_why=SeatEnd.EXPIRED)
        .returning(S.c.lawyer)
    )
    lawyer = (await session.rows(over)).scalar_one_or_none()
    if lawyer is None:
        return False
    await feed.show(session, QuestionEventKind.SEAT_FREED, subject=question, seat=seat)
    await feed.show(session, OfferEventKind.SEAT_CHANGED, people=[lawyer], question=question, seat=seat)
    await emit(session, SeatFreed(question=question, seat=seat, lawyer=lawyer, expired=True))
    return True
