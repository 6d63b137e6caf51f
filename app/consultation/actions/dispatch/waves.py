"""Calling lawyers: wave by wave, for a freed seat, for one more answer, and whoever comes online."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.advisers.actions.questions import adviser_of
from app.advisers.actions.questions import called as note_called
from app.consultation import reads
from app.consultation.actions.dispatch.board import Held, hold, tell_offered, want
from app.consultation.actions.dispatch.calling import Called, Circle, call, call_duty, called, reached, waves
from app.consultation.actions.dispatch.inviting import named
from app.consultation.events import LastWaveOut
from app.consultation.models import Board, Dispatch, Lane
from app.consultation.rules import dispatch as rules
from app.consultation.rules.dispatch import Standing
from app.consultation.rules.policy import Policy
from app.consultation.rules.promise import QuestionEventKind
from app.core import feed
from app.core.db import Session
from app.core.outbox import emit
from app.directory.models import Lawyer, Pool
from app.directory.rules.taxonomy import specialty_of

D, P = reads.D, reads.P
L: Any = Lawyer.__table__  # type: ignore[attr-defined]


async def escalate(session: Session, question: UUID, now: datetime) -> Sequence[UUID]:
    """Move the question to the wave it is owed; what an outage missed is made up for in one step.

    The lawyers whom the asker chose, and her village's adviser, are called with the first wave; returns those of the
    chosen for whom a seat is kept.
    """
    if (held := await hold(session, question)) is None:
        return ()
    row = held.row
    owed = rules.wave_owed(row.asked_at, now, held.policy, row.lane)
    state = await tell_offered(session, held)
    if owed <= row.wave or state is Board.FILLED:
        return ()
    await session.rows(update(Dispatch).where(D.c.question == question).values(wave=owed))
    patience = held.policy.waves[-1].after
    if owed == len(held.policy.waves) - 1 and patience:
        # Where somebody is in danger all waves go out at once: what has come of them is looked at when it is time.
        await emit(session, LastWaveOut(question=question), at=max(now, row.asked_at + patience))
    told = Called((), ())
    if state is Board.OPEN:
        held, chosen = await named(session, held, now) if row.wave < 0 and row.named else (held, ())
        adviser = await adviser_of(session, row.division, now) if row.wave < 0 and held.policy.advisers else None
        circles = waves(held.policy, row.wave + 1, owed)
        if adviser is not None:
            circles.insert(0, Circle(0, tuple(Pool), False, 1, only=adviser.account))
        told = await call(session, held, circles, now, invite=chosen)
        if any(circle.duty for circle in circles):
            await call_duty(session, held, now)
        if adviser is not None and adviser.account in told.lawyers:
            await note_called(session, adviser, question, now)
    await feed.show(session, QuestionEventKind.WAVE_SENT, subject=question, wave=owed, offers=told.offers)
    return told.invited


async def missing(session: Session, question: UUID) -> Standing | None:
    """How a question stands that has fewer answers than were promised; None where it has them, or is over."""
    held = await hold(session, question)
    return held.standing if held and held.standing.answered < held.policy.promised else None


async def hasten(session: Session, question: UUID) -> None:
    """Somebody is in danger, as is known only now: whoever has not been called yet is, at once."""
    await session.rows(update(Dispatch).where(D.c.question == question).values(lane=Lane.CRISIS))


async def offer_again(session: Session, question: UUID, now: datetime) -> None:
    """A seat is free: those already called are told, and a few more are called from the pools reached so far."""
    if (held := await hold(session, question)) is None:
        return
    if await tell_offered(session, held) is Board.OPEN and held.row.wave >= 0:
        await call(session, held, reached(held.policy, held.row.wave), now)


async def call_again(session: Session, question: UUID, now: datetime) -> None:
    """The waves sent so far once more, for those whom they did not reach: the question is about something else than
    was thought, or seats were kept while they were sent."""
    held = await hold(session, question)
    if held is None or await tell_offered(session, held) is not Board.OPEN or held.row.wave < 0:
        return
    told = await call(session, held, waves(held.policy, 0, held.row.wave), now)
    if told.offers:
        await _note_wave(session, held, held.row.wave, told.offers)


async def call_more(session: Session, question: UUID, now: datetime, *, answers: int = 1) -> None:
    """Look for `answers` more than there are: a follow-up was left waiting, or answers disagree.

    Where so many are looked for already, nothing but a few further calls comes of it.
    """
    if (held := await hold(session, question)) is None:
        return
    before, standing = held.standing.wanted, held.standing
    # What is kept for a senior lawyer is hers: this comes on top.
    kept = standing.kept if standing.answered >= held.policy.promised else 0
    held = await want(session, held, standing.answered + kept + answers)
    if await tell_offered(session, held) is not Board.OPEN:
        return
    policy, last = held.policy, len(held.policy.waves) - 1
    cap = policy.waves[last].cap if held.standing.wanted > before else policy.refill
    told = await call(session, held, [Circle(last, sorted(policy.pools_reached(last)), False, cap)], now)
    await _note_wave(session, held, last, told.offers)


async def _note_wave(session: Session, held: Held, wave: int, offers: int) -> None:
    question = held.row.question
    if wave > held.row.wave:
        await session.rows(update(Dispatch).where(D.c.question == question).values(wave=wave))
    await feed.show(session, QuestionEventKind.WAVE_SENT, subject=question, wave=wave, offers=offers)


async def catch_up(session: Session, lawyer: UUID, now: datetime) -> Sequence[UUID]:
    """A lawyer came online: the questions that have waited longest in her reach are offered to her first.

    An asker who chose her is in her reach. Returns the questions on which a seat is kept for her.
    """
    me = (await session.rows(select(*L.c).where(L.c.id == lawyer))).one()
    waiting = (
        select(D.c.question, D.c.category, D.c.wave, D.c.named, P.c.terms)
        .join_from(D, P, P.c.version == D.c.policy)
        .where(D.c.board == Board.OPEN, D.c.closed_at.is_(None), D.c.wave >= 0)
        .where(~called(D.c.question, lawyer))
        .order_by(D.c.asked_at)
        .limit(50)
    )
    taken = 0
    invited: list[UUID] = []
    for row in (await session.rows(waiting)).all():
        policy = Policy.of(row.terms)
        if lawyer not in row.named and not _in_reach(me, row, policy):
            continue
        held = await hold(session, row.question, skip=True)
        if held is None or held.standing.board(policy) is not Board.OPEN:
            continue
        told = await call(session, held, [Circle(row.wave, (me.pool,), False, 1, only=lawyer)], now)
        taken += told.offers
        invited += [row.question] * bool(told.invited)
        if taken >= policy.catch_up:
            break
    return invited


def _in_reach(me: Any, row: Any, policy: Policy) -> bool:
    if me.pool not in policy.pools_reached(row.wave):
        return False
    return not policy.match_only(row.wave, me.pool) or specialty_of(row.category) in me.specialties
