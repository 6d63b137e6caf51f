"""What the worker does about follow-ups and inquiries: it sees who waits for whom, and no words.

Every action locks the question's dispatch row first. Doing any of them twice changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.consultation import reads
from app.consultation.actions import dispatch
from app.consultation.events import FollowUpEnded, FollowUpRanOut, LeaseRanOut
from app.consultation.models import FollowUp, FollowUpState, OfferEventKind, QuestionStatus, Seat
from app.consultation.reads import following
from app.consultation.rules import following as rules
from app.consultation.rules.following import Stage
from app.consultation.rules.promise import QuestionEventKind
from app.core import feed
from app.core.db import Session, clock
from app.core.outbox import emit
from app.threads.models import Message
from app.threads.reads import M

D, S, Q = reads.D, reads.S, reads.Q
FU, INQ = following.FU, following.INQ


async def _lock(session: Session, question: UUID) -> None:
    await session.rows(select(D.c.question).where(D.c.question == question).with_for_update(key_share=True))


async def _waiting(session: Session, follow_up: UUID) -> Any | None:
    """A follow-up that waits, under its lock: a reply that comes meanwhile waits, one that came before is seen."""
    wanted = select(*FU.c).where(FU.c.id == follow_up, FU.c.state == FollowUpState.WAITING)
    return (await session.rows(wanted.with_for_update(key_share=True))).one_or_none()


async def run_out(
    session: Session, question: UUID, follow_up: UUID, stage: int, now: datetime
) -> Sequence[UUID] | None:
    """Its patience may be spent: put it to more lawyers, and look again when theirs is.

    Returns the lawyers it is now put to as well, none where new ones are called; None when nothing was done.
    """
    await _lock(session, question)
    row = await _waiting(session, follow_up)
    if row is None or row.stage != stage:
        return None
    status = (await session.rows(select(Q.c.status).where(Q.c.id == question))).scalar_one()
    if status != QuestionStatus.OPEN:  # asked in the very moment in which it was resolved
        await _end(session, row, FollowUpState.STOPPED, now)
        return None
    policy = (await reads.policy_of(session, [question]))[question]
    log = await reads.log_of(session, [question])
    stood = rules.pauses_of(log)
    due = rules.look_again(rules.stage_began(follow_up, row.asked_at, log), stood, policy, now)
    if due > now:
        if due != row.due_at:  # else its event is still to come, and this one came too early
            await _await(session, row, stage, due)
        return None
    others = await following.others_to_ask(session, question, row.lawyer)
    further = Stage.ALL if stage == Stage.ADDRESSEE and others else Stage.NEW_LAWYERS
    await feed.show(session, QuestionEventKind.FOLLOW_UP_OPENED, subject=question, follow_up=follow_up, stage=further)
    await _await(session, row, further, rules.look_again(now, stood, policy, now))
    if stage == Stage.ADDRESSEE:
        await session.rows(update(Message).where(M.c.id == follow_up).values(addressee=None))
    if further == Stage.ALL:
        return others
    await dispatch.call_more(session, question, now, answers=1)
    return []


async def _await(session: Session, row: Any, stage: int, due: datetime) -> None:
    await session.rows(update(FollowUp).where(FU.c.id == row.id).values(stage=stage, due_at=due))
    await emit(session, FollowUpRanOut(question=row.question, follow_up=row.id, stage=stage), at=due)


async def _end(session: Session, row: Any, how: FollowUpState, at: datetime, **ids: Any) -> None:
    await session.rows(update(FollowUp).where(FU.c.id == row.id).values(state=how, ended_at=at))
    answered = how is FollowUpState.ANSWERED
    kind = QuestionEventKind.FOLLOW_UP_ANSWERED if answered else QuestionEventKind.FOLLOW_UP_STOPPED
    await feed.show(session, kind, subject=row.question, follow_up=row.id, **ids)


async def stop_all(session: Session, question: UUID, round: int | None, now: datetime) -> None:
    """The question is over: nothing waits any more that was asked up to this round (None: whatever the round)."""
    await _lock(session, question)
    wanted = select(*FU.c).where(FU.c.question == question, FU.c.state == FollowUpState.WAITING)
    if round is not None:
        wanted = wanted.where(FU.c.round <= round)
    for row in (await session.rows(wanted.order_by(FU.c.asked_at, FU.c.id).with_for_update(key_share=True))).all():
        await _end(session, row, FollowUpState.STOPPED, now)


async def newcomer_answered(session: Session, question: UUID, seat: UUID, answer: UUID) -> None:
    """A lawyer who took her seat after follow-ups were asked, and for whose like they waited, has answered them."""
    await _lock(session, question)
    hers = (await session.rows(select(S.c.claimed_at, S.c.delivered_at).where(S.c.id == seat))).one()
    wanted = select(*FU.c).where(
        FU.c.question == question,
        FU.c.state == FollowUpState.WAITING,
        FU.c.stage == Stage.NEW_LAWYERS,
        FU.c.asked_at <= hers.claimed_at,
    )
    for row in (await session.rows(wanted.order_by(FU.c.asked_at, FU.c.id).with_for_update(key_share=True))).all():
        await _end(session, row, FollowUpState.ANSWERED, hers.delivered_at, answer=answer)
        await emit(session, FollowUpEnded(question=question, follow_up=row.id, answered=True))


async def move_lease(session: Session, question: UUID, inquiry: UUID, now: datetime) -> None:
    """The asker has replied: the lawyer's lease runs on with what was left of it, or two minutes.

    Nothing to do for one who had answered before she asked back, or has done so since, or lost her seat waiting.
    """
    await _lock(session, question)
    asked = (
        await session.rows(select(INQ.c.lawyer, INQ.c.asked_at, INQ.c.replied_at).where(INQ.c.id == inquiry))
    ).one()
    live = S.c.ended_at.is_(None), S.c.delivered_at.is_(None), S.c.lease_until > clock()
    mine = select(S.c.id, S.c.claimed_at).where(S.c.question == question, S.c.lawyer == asked.lawyer, *live)
    seat = (await session.rows(mine)).one_or_none()
    left = await _left(session, question, inquiry, seat.id, asked.asked_at) if seat else None
    if seat is None or left is None:
        return
    until = rules.lease_after(asked.replied_at, left, seat.claimed_at)
    await session.rows(update(Seat).where(S.c.id == seat.id).values(lease_until=until))
    await feed.show(session, OfferEventKind.SEAT_CHANGED, people=[asked.lawyer], question=question, seat=seat.id)
    await emit(session, LeaseRanOut(question=question, seat=seat.id), at=until)


async def _left(session: Session, question: UUID, inquiry: UUID, seat: UUID, since: datetime) -> timedelta | None:
    """What was left of the lease when she asked, and what she took more while she waited."""
    left: timedelta | None = None
    extended = 0
    for entry in await reads.log_of(session, [question]):
        if entry.kind == QuestionEventKind.INFORMATION_WANTED and entry.ids["inquiry"] == str(inquiry):
            left = timedelta(seconds=entry.ids["left"]) if "left" in entry.ids else None
        extends = entry.kind == QuestionEventKind.LEASE_EXTENDED and entry.ids["seat"] == str(seat)
        extended += extends and entry.at > since
    if left is None or not extended:
        return left
    policy = (await reads.policy_of(session, [question]))[question]
    return left + policy.lease_extension * extended
