"""Lawyers for whom a seat is kept: whom the asker chose, and a senior one where answers disagree."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from app.consultation import reads
from app.consultation.actions.dispatch.board import Held, hold, tell_offered, want
from app.consultation.actions.dispatch.calling import (
    Chosen,
    below_cap,
    call,
    found,
    has_room,
    offer,
    reachable,
    reached,
    waves,
)
from app.consultation.models import Board, Dispatch, Invited
from app.consultation.rules import dispatch as rules
from app.consultation.rules.dispatch import Candidate
from app.consultation.rules.promise import QuestionEventKind
from app.core import feed
from app.core.db import Session
from app.directory.models import Lawyer
from app.directory.rules.practice import begun_by
from app.directory.rules.taxonomy import specialty_of

D, O = reads.D, reads.O  # noqa: E741
L: Any = Lawyer.__table__  # type: ignore[attr-defined]

SENIOR_YEARS = 10
LOOKED_AT = 5
"""Some more than one: the best may have reached her cap while she was chosen."""


async def named(session: Session, held: Held, now: datetime) -> tuple[Held, Sequence[Candidate]]:
    """Those of the lawyers whom the asker chose who can be called; their time runs from now.

    No cap of offers keeps one away, for the asker chose her; her being away, her standing or a conflict does.
    """
    wanted = reachable(held).where(L.c.id.in_(held.row.named), L.c.requestable)
    chosen = await found(session, wanted, now)
    if not chosen:
        return held, ()
    return await _keep(session, held, max(held.invited_until or now, now + held.policy.named_for)), chosen


async def _keep(session: Session, held: Held, until: datetime) -> Held:
    kept = update(Dispatch).where(D.c.question == held.row.question).values(named_until=until)
    await session.rows(kept)
    return replace(held, invited_until=until)


async def invite_senior(session: Session, question: UUID, now: datetime) -> UUID | None:
    """Answers disagree: the best senior lawyer of the field who has not been called yet is invited, once a question,
    and one more answer is looked for. Returns who she is; None when there is none, or one was invited already."""
    held = await hold(session, question)
    if held is None or await _invited_one(session, question):
        return None
    senior = await _senior(session, held, now)
    if senior is None:
        return None
    standing = held.standing
    further = max(0, standing.wanted - standing.answered) if standing.answered >= held.policy.promised else 0
    held = await want(session, held, standing.answered + further + 1)
    held = await _keep(session, held, now + held.policy.senior_for)
    wave = max(0, held.row.wave)
    await offer(session, held, [Chosen(senior, rules.figures(senior), wave, Invited.SENIOR)], now)
    await feed.show(session, QuestionEventKind.WAVE_SENT, subject=question, wave=wave, offers=1)
    # The others see it full: what is looked for is her answer.
    await tell_offered(session, replace(held, standing=replace(held.standing, kept=1)))
    return senior.id


async def _invited_one(session: Session, question: UUID) -> bool:
    there = select(1).where(O.c.question == question, O.c.invited == Invited.SENIOR)
    return (await session.rows(there)).first() is not None


async def _senior(session: Session, held: Held, now: datetime) -> Candidate | None:
    """By what askers say of her, then by how reliably she answers; both as the directory shows them."""
    reliable = func.coalesce(L.c.seats_kept / func.nullif(L.c.seats_ended, 0), 0)
    wanted = (
        reachable(held)
        .where(L.c.specialties.contains([specialty_of(held.row.category)]))
        .where(L.c.practising_since <= begun_by(SENIOR_YEARS, now), has_room(held.policy, now))
        .order_by(L.c.rating_lower.desc().nulls_last(), reliable.desc(), L.c.offered_at, L.c.id)
        .limit(LOOKED_AT)
    )
    best = await found(session, wanted, now)
    free = await below_cap(session, {one.id for one in best}, held.policy, now)
    return next((one for one in best if one.id in free), None)


async def open_kept(session: Session, question: UUID, now: datetime) -> None:
    """Seats that were kept may be free for all: the lawyers who were called hear of it, and the waves that found every
    seat taken or kept are sent now."""
    held = await hold(session, question)
    if held is None or await tell_offered(session, held) is not Board.OPEN or held.row.wave < 0:
        return
    policy, wave = held.policy, held.row.wave
    if held.standing.answered >= policy.promised:
        await call(session, held, reached(policy, wave), now)
        return
    sent = set((await session.rows(select(O.c.wave).where(O.c.question == question).distinct())).scalars())
    await call(session, held, [circle for circle in waves(policy, 0, wave) if circle.wave not in sent], now)
