"""The promised time, which stands still while the asker is asked back, and what is done once it is over."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.consultation import reads
from app.consultation.actions.dispatch.board import Held, hold, tell_offered
from app.consultation.actions.dispatch.calling import Circle, call, call_duty
from app.consultation.events import PromiseBroken, PromiseRanOut
from app.consultation.models import Board, Inquiry
from app.consultation.rules import pauses
from app.consultation.rules.promise import QuestionEventKind
from app.core import feed
from app.core.db import Session
from app.core.outbox import emit

F, Q = reads.F, reads.Q
I: Any = Inquiry.__table__  # type: ignore[attr-defined]  # noqa: E741


async def keep_trying(session: Session, question: UUID, round: int, reopened: int | None, now: datetime) -> bool:
    """Past the promised time: call further lawyers, again and again until it is kept or withdrawn.

    True when the promise is broken by this very call, so that the asker is told once. Round 0 comes again at the time
    that the pauses have put it off to. A search that began before the question was opened again is over.
    """
    if (held := await hold(session, question)) is None:
        return False
    is_now: int = (await session.rows(select(Q.c.round).where(Q.c.id == question))).scalar_one()
    if reopened is not None and reopened != is_now:
        return False
    state = await tell_offered(session, held)
    if held.standing.answered >= held.policy.promised:
        return False
    if round == 0 and not await _ran_out(session, held, now):
        return False
    if round == 0:
        await feed.show(session, QuestionEventKind.PROMISE_BROKEN, subject=question)
        await emit(session, PromiseBroken(question=question))
    if state is Board.OPEN:
        last = len(held.policy.waves) - 1
        everywhere = Circle(last, sorted(held.policy.pools_reached(last)), False, held.policy.waves[last].cap)
        told = await call(session, held, [everywhere], now)
        await call_duty(session, held, now)
        await feed.show(session, QuestionEventKind.WAVE_SENT, subject=question, wave=last, offers=told.offers)
    again = PromiseRanOut(question=question, round=round + 1, reopened=is_now)
    await emit(session, again, at=now + held.policy.repeat_every)
    return round == 0


async def _ran_out(session: Session, held: Held, now: datetime) -> bool:
    """Whether the time is over, and nobody has said so yet."""
    over = await _over(session, held, now)
    if over is None:
        return False  # the asker's reply will say when
    if over > now:
        await emit(session, PromiseRanOut(question=held.row.question, round=0), at=over)
        return False
    return not await _settled(session, held.row.question)


async def _over(session: Session, held: Held, now: datetime) -> datetime | None:
    stood = select(I.c.asked_at, I.c.replied_at).where(I.c.question == held.row.question)
    found = [(begin, end) for begin, end in await session.rows(stood)]
    return pauses.due(held.row.asked_at, held.policy.within, found, now)


async def _settled(session: Session, question: UUID) -> bool:
    """Broken already, or over since the asker was satisfied: opened again, the question does not break it any more."""
    ended = QuestionEventKind.PROMISE_BROKEN, QuestionEventKind.QUESTION_REOPENED
    told = select(1).where(F.c.subject == question, F.c.kind.in_(ended))
    return (await session.rows(told)).first() is not None


async def resume_clock(session: Session, question: UUID, now: datetime) -> None:
    """The asker has replied: the promised time ends so much later."""
    held = await hold(session, question)
    if held is None or held.standing.answered >= held.policy.promised:
        return
    over = await _over(session, held, now)
    if over is not None and not await _settled(session, question):
        await emit(session, PromiseRanOut(question=question, round=0), at=max(over, now))


async def resume_search(session: Session, question: UUID, reopened: int, now: datetime) -> None:
    """A question that was resolved before it had what was promised is open again: the search goes on, the clock does
    not run anew."""
    if (held := await hold(session, question)) is None:
        return
    await tell_offered(session, held)
    if held.standing.answered < held.policy.promised:
        again = PromiseRanOut(question=question, round=1, reopened=reopened)
        await emit(session, again, at=now + held.policy.repeat_every)
