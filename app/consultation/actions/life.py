"""What carries a question on: resolved by its asker or by silence, opened again, closed. `rules.life` says what may be.

Every action locks the question's row first, and its dispatch row after it (a trigger of the new status does): two that
meet follow each other. Doing any of them twice changes nothing.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select, update

from app.consultation import reads
from app.consultation.events import (
    DangerHeard,
    QuestionReopened,
    QuestionResolved,
    QuestionWithdrawn,
    ResolutionAged,
    SilenceFell,
)
from app.consultation.models import Dispatch, Lane, Question, QuestionStatus
from app.consultation.reads import life
from app.consultation.reads.following import answered_by
from app.consultation.rules.dispatch import QUESTION_CLOSED
from app.consultation.rules.life import NO_ANSWER_YET, Act, HouseAct, QuestionAct, Silence, becomes, silence
from app.consultation.rules.policy import Policy
from app.consultation.rules.promise import QuestionEventKind
from app.core import feed
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, Code, refuse
from app.core.outbox import emit, emit_each
from app.vault.models import Basis

Q, D, S, A, P, R = reads.Q, reads.D, reads.S, reads.A, reads.P, reads.R


async def held(session: Session, viewer: Viewer, question: UUID, field: str = "questionId") -> Any:
    """A question of hers, held until this commits; NOT_FOUND for any other."""
    row = await life.held(session, viewer, question)
    if row is None:
        raise refuse(NOT_FOUND, field)
    return row


def moved(status: str, act: Act, field: str = "questionId") -> QuestionStatus:
    """Where the act leads; refused by name where it may not be."""
    there = becomes(status, act)
    if isinstance(there, Code):
        raise refuse(there, field)
    return there


async def stand(session: Session, question: UUID, status: QuestionStatus, now: datetime, **more: Any) -> None:
    """Put a question that is held where it belongs from now on."""
    changed = update(Question).where(Q.c.id == question).values(status=status, status_at=now, **more)
    await session.rows(changed)


async def note_danger(session: Session, row: Any, signals: Collection[str]) -> None:
    """What she says later of a question that is held: where only that tells of danger, the cards are there for her from
    now on, and it goes the short way."""
    if new := [signal for signal in signals if signal not in row.crisis]:
        await session.rows(update(Question).where(Q.c.id == row.id).values(crisis=[*row.crisis, *new]))
        await emit(session, DangerHeard(question=row.id))


async def resolve(session: Session, viewer: Viewer, question: UUID, now: datetime) -> None:
    """The asker is satisfied: seats and offers end in the same instant."""
    row = await held(session, viewer, question)
    if row.status == QuestionStatus.RESOLVED:
        return
    moved(row.status, QuestionAct.RESOLVE)
    if not await answered_by(session, question):
        raise refuse(NO_ANSWER_YET, "questionId")
    policy = (await reads.policies(session, [row.policy]))[row.policy]
    await _resolved(session, question, row.round, policy, now, by_silence=False)


async def _resolved(
    session: Session, question: UUID, round: int, policy: Policy, now: datetime, *, by_silence: bool
) -> None:
    await stand(session, question, QuestionStatus.RESOLVED, now)
    silent = int(by_silence)
    await feed.show(session, QuestionEventKind.QUESTION_RESOLVED, subject=question, round=round, by_silence=silent)
    told = QuestionResolved(question=question, round=round, by_silence=by_silence)
    aged = ResolutionAged(question=question, round=round)
    await emit_each(session, [(now, told), (now + policy.reopens, aged)])


async def reopen(session: Session, viewer: Viewer, question: UUID, now: datetime) -> int:
    """For who asks back: the round that the question is in, which is a new one if it had been resolved.

    Refused by name where there is nothing to go on with; QUESTION_CLOSED also once the time for it is over, whether
    or not the house has come to closing it.
    """
    row = await held(session, viewer, question)
    moved(row.status, QuestionAct.FOLLOW_UP)
    round: int = row.round
    if row.status == QuestionStatus.OPEN:
        return round
    policy = (await reads.policies(session, [row.policy]))[row.policy]
    if now >= row.status_at + policy.reopens:
        raise refuse(QUESTION_CLOSED, "questionId")
    round += 1
    await stand(session, question, QuestionStatus.OPEN, now, round=round)
    await feed.show(session, QuestionEventKind.QUESTION_REOPENED, subject=question, round=round)
    await emit(session, QuestionReopened(question=question, round=round))
    return round


# What the worker does. It sees no words, and writes of a question only where it stands. ---------------------------


async def hear(session: Session, question: UUID) -> None:
    """Somebody said something: silence is counted from there."""
    last = life.last_word(question)
    heard = (
        update(Dispatch)
        .where(D.c.question == question, D.c.closed_at.is_(None))
        .where(D.c.quiet_since.is_distinct_from(last))
        .values(quiet_since=last)
        .returning(D.c.quiet_since, select(P.c.terms).where(P.c.version == D.c.policy).scalar_subquery())
    )
    if (found := (await session.rows(heard)).one_or_none()) is not None:
        since, terms = found
        fell = SilenceFell(question=question, since=since, reminded=False)
        await emit(session, fell, at=since + Policy.of(terms).silence)


async def fall_silent(session: Session, question: UUID, since: datetime, reminded: bool, now: datetime) -> Silence:
    """Nobody has said anything since then, unless somebody has: remind the asker once, then resolve."""
    for row in (select(Q.c.id).where(Q.c.id == question), select(D.c.question).where(D.c.question == question)):
        await session.rows(row.with_for_update(key_share=True))
    stands, beside = await life.quiet(session, question)
    if beside.since != since:
        await hear(session, question)  # unless that word was heard already
        return Silence.LEAVE
    act, policy = silence(stands, reminded), Policy.of(beside.terms)
    if act is Silence.REMIND:
        again = SilenceFell(question=question, since=since, reminded=True)
        await emit(session, again, at=now + policy.reminded)
    elif act is Silence.RESOLVE:
        await _resolved(session, question, beside.round, policy, now, by_silence=True)
    return act


async def close(session: Session, question: UUID, round: int, now: datetime) -> None:
    """Resolved for as long as it could be opened again, and it was not."""
    over = (
        update(Question)
        .where(Q.c.id == question, Q.c.status == QuestionStatus.RESOLVED, Q.c.round == round)
        .values(status=becomes(QuestionStatus.RESOLVED, HouseAct.AGE), status_at=now)
    )
    if (await session.rows(over)).rowcount:
        await feed.show(session, QuestionEventKind.QUESTION_CLOSED, subject=question)


async def stop(
    session: Session, person: UUID, now: datetime, *, categories: Collection[str] | None = None, calm: bool = False
) -> None:
    """What rests on a consent that was taken back: her questions under way are withdrawn, those of some categories
    alone where these are said, and none of a person in danger where only the `calm` ones are meant."""
    hers = select(R.c.subject).where(R.c.person == person, R.c.basis == Basis.ASKER)
    under_way = Q.c.status.in_([QuestionStatus.OPEN, QuestionStatus.NEEDS_EDIT])
    wanted = select(Q.c.id, Q.c.status).where(Q.c.id.in_(hers), under_way)
    if categories is not None:
        wanted = wanted.where(Q.c.category.in_(sorted(categories)))
    if calm:
        danger = select(D.c.question).where(D.c.question == Q.c.id, D.c.lane == Lane.CRISIS)
        wanted = wanted.where(~danger.exists())
    for row in (await session.rows(wanted.order_by(Q.c.id).with_for_update(key_share=True))).all():
        await stand(session, row.id, moved(row.status, QuestionAct.WITHDRAW), now)
        await feed.show(session, QuestionEventKind.QUESTION_WITHDRAWN, subject=row.id)
        if row.status == QuestionStatus.OPEN:  # before that nobody was called
            await emit(session, QuestionWithdrawn(question=row.id))


async def clear(session: Session, question: UUID, now: datetime) -> None:
    """A supervisor found the block mistaken: the asker may send the question as it is."""
    good = (
        update(Question)
        .where(Q.c.id == question, Q.c.status == QuestionStatus.BLOCKED)
        .values(status=becomes(QuestionStatus.BLOCKED, HouseAct.UPHOLD_APPEAL), status_at=now, cleared=True)
    )
    await session.rows(good)


def fact(question: UUID, what: str) -> UUID:
    """An id for what happened to a question once: the same wherever it is told again."""
    return uuid5(question, what)
