"""What the worker does: waves, freed seats, the breach, lawyers who come online. Content-free rows only.

Every action locks the question's dispatch row first and counts in a statement of its own afterwards: a count in the
same statement would be as old as the wait for the lock. Doing any of them twice changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, or_, select, text, update

from app.consultation import reads
from app.consultation.actions.counting import note_offers
from app.consultation.events import PromiseRanOut, SeatFreed
from app.consultation.models import Board, DeclineReason, Dispatch, Offer, OfferEventKind, Seat, SeatEnd
from app.consultation.rules import dispatch as rules
from app.consultation.rules.dispatch import Candidate, Standing
from app.consultation.rules.policy import Policy
from app.consultation.rules.promise import QuestionEventKind
from app.core import feed
from app.core.db import Session, clock
from app.core.outbox import emit
from app.directory.models import Lawyer
from app.directory.rules.presence import online
from app.directory.rules.taxonomy import specialty_of

D, O, S, P, R = reads.D, reads.O, reads.S, reads.P, reads.R  # noqa: E741
L: Any = Lawyer.__table__  # type: ignore[attr-defined]


async def _locked(session: Session, question: UUID, *, skip: bool = False) -> tuple[Any, Policy, Standing] | None:
    """The question's board under its lock, or None when it is closed (or, with `skip`, held by another)."""
    wanted = select(*D.c).where(D.c.question == question, D.c.closed_at.is_(None))
    row = (await session.rows(wanted.with_for_update(key_share=True, skip_locked=skip))).one_or_none()
    if row is None:
        return None
    live = S.c.question == question, S.c.ended_at.is_(None)
    counted = select(
        select(func.count()).where(*live).scalar_subquery().label("seats"),
        select(func.count()).where(*live, S.c.counts).scalar_subquery().label("answered"),
        select(P.c.terms).where(P.c.version == row.policy).scalar_subquery().label("terms"),
    )
    now_so = (await session.rows(counted)).one()
    return row, Policy.of(now_so.terms), Standing(now_so.seats, now_so.answered, row.wanted)


async def escalate(session: Session, question: UUID, now: datetime) -> None:
    """Move the question to the wave it is owed; what an outage missed is made up for in one step."""
    if (board := await _locked(session, question)) is None:
        return
    row, policy, standing = board
    owed = rules.wave_owed(row.asked_at, now, policy)
    state = await _tell_offered(session, row, policy, standing)
    if owed <= row.wave or state is Board.FILLED:
        return
    await session.rows(update(Dispatch).where(D.c.question == question).values(wave=owed))
    offers = 0
    if state is Board.OPEN:
        for number in range(row.wave + 1, owed + 1):
            wave = policy.waves[number]
            found = await _candidates(session, row, policy, wave.pools, wave.match, wave.cap, now, duty=wave.duty)
            offers += await _offer(session, row, policy, found, wave.cap, number, now)
    await feed.show(session, QuestionEventKind.WAVE_SENT, subject=question, wave=owed, offers=offers)


async def keep_trying(session: Session, question: UUID, round: int, now: datetime) -> bool:
    """Past the promised time: call further lawyers, again and again until it is kept or withdrawn.

    True when the promise is broken by this very call, so that the asker is told once.
    """
    if (board := await _locked(session, question)) is None:
        return False
    row, policy, standing = board
    state = await _tell_offered(session, row, policy, standing)
    if state is Board.FILLED:
        return False
    if round == 0:
        await feed.show(session, QuestionEventKind.PROMISE_BROKEN, subject=question)
    last = len(policy.waves) - 1
    if state is Board.OPEN:
        pools = tuple(policy.pools_reached(last))
        cap = policy.waves[last].cap
        found = await _candidates(session, row, policy, pools, False, cap, now)
        offers = await _offer(session, row, policy, found, cap, last, now)
        await feed.show(session, QuestionEventKind.WAVE_SENT, subject=question, wave=last, offers=offers)
    await emit(session, PromiseRanOut(question=question, round=round + 1), at=now + policy.repeat_every)
    return round == 0


async def offer_again(session: Session, question: UUID, now: datetime) -> None:
    """A seat is free: those already called are told, and a few more are called from the pools reached so far."""
    if (board := await _locked(session, question)) is None:
        return
    row, policy, standing = board
    if await _tell_offered(session, row, policy, standing) is not Board.OPEN or row.wave < 0:
        return
    for match in (True, False):
        pools = tuple(p for p in sorted(policy.pools_reached(row.wave)) if policy.match_only(row.wave, p) is match)
        if pools:
            found = await _candidates(session, row, policy, pools, match, policy.refill, now)
            await _offer(session, row, policy, found, policy.refill, row.wave, now)


async def show_board(session: Session, question: UUID) -> None:
    """Tell the offered lawyers when seats ran out, opened again, or the question was filled."""
    if board := await _locked(session, question):
        await _tell_offered(session, *board)


async def show_closed(session: Session, question: UUID) -> Sequence[UUID]:
    """A withdrawn question: everybody who was called sees that it is gone. Returns those whose seat it ended."""
    called = select(O.c.lawyer).where(O.c.question == question, O.c.declined.is_(None))
    people = (await session.rows(called)).scalars().all()
    await feed.show(session, OfferEventKind.OFFER_CHANGED, people=people, question=question)
    seated = select(S.c.lawyer).where(S.c.question == question, S.c.ended_why == SeatEnd.WITHDRAWN)
    return (await session.rows(seated)).scalars().all()


async def _tell_offered(session: Session, row: Any, policy: Policy, standing: Standing) -> Board:
    state = standing.board(policy)
    if state != row.board:
        await session.rows(update(Dispatch).where(D.c.question == row.question).values(board=state))
        live = select(O.c.lawyer).where(O.c.question == row.question, O.c.declined.is_(None), O.c.until > clock())
        people = (await session.rows(live)).scalars().all()
        await feed.show(session, OfferEventKind.OFFER_CHANGED, people=people, question=row.question)
    return state


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


async def catch_up(session: Session, lawyer: UUID, now: datetime) -> None:
    """A lawyer came online: the questions that have waited longest in her reach are offered to her first."""
    me = (await session.rows(select(*L.c).where(L.c.id == lawyer))).one()
    waiting = (
        select(D.c.question, D.c.category, D.c.wave, P.c.terms)
        .join_from(D, P, P.c.version == D.c.policy)
        .where(D.c.board == Board.OPEN, D.c.closed_at.is_(None), D.c.wave >= 0)
        .where(~_called(D.c.question, lawyer))
        .order_by(D.c.asked_at)
        .limit(50)
    )
    taken = 0
    for row in (await session.rows(waiting)).all():
        policy = Policy.of(row.terms)
        if me.pool not in policy.pools_reached(row.wave):
            continue
        if policy.match_only(row.wave, me.pool) and specialty_of(row.category) not in me.specialties:
            continue
        board = await _locked(session, row.question, skip=True)
        if board is None or board[2].board(policy) is not Board.OPEN:
            continue
        found = await _candidates(session, board[0], policy, (me.pool,), False, 1, now, only=lawyer)
        taken += await _offer(session, board[0], policy, found, 1, row.wave, now)
        if taken >= policy.catch_up:
            return


def _called(question: Any, lawyer: Any) -> Any:
    """Offered already, or reading already on another ground (the asker herself may be a lawyer)."""
    offered = select(1).where(O.c.question == question, O.c.lawyer == lawyer).exists()
    return or_(offered, select(1).where(R.c.subject == question, R.c.person == lawyer).exists())


async def _candidates(
    session: Session,
    row: Any,
    policy: Policy,
    pools: Sequence[str],
    match: bool,
    cap: int,
    now: datetime,
    *,
    duty: bool = False,
    only: UUID | None = None,
) -> list[Candidate]:
    """Lawyers who may be called now, those who waited longest first; some more than `cap`, for the ranking to choose.

    Everybody on duty comes on top where `duty` asks for them, whatever their pool.
    """
    specialty = specialty_of(row.category)
    leases = select(func.count()).where(S.c.lawyer == L.c.id, S.c.ended_at.is_(None), S.c.delivered_at.is_(None))
    recent = select(func.count()).where(O.c.lawyer == L.c.id, O.c.offered_at > now - policy.window)
    # One lawyer's conflict of interest is her whole firm's (律师法 39).
    conflict = (
        select(1)
        .where(O.c.question == row.question, O.c.firm == L.c.firm, O.c.declined == DeclineReason.CONFLICT)
        .exists()
    )
    held = leases.correlate(L).scalar_subquery()
    fits = L.c.pool.in_(list(pools))
    if match:
        fits &= L.c.specialties.contains([specialty])
    if duty:
        fits |= L.c.availability == "ON_DUTY"
    wanted = (
        select(
            L.c.id,
            L.c.firm,
            L.c.pool,
            L.c.specialties.contains([specialty]).label("match"),
            L.c.availability,
            L.c.seen_at,
            L.c.seats_ended,
            L.c.seats_kept,
            L.c.offered_at,
            held.label("leases"),
        )
        .where(fits, L.c.standing == "ACTIVE", L.c.availability != "AWAY", ~_called(row.question, L.c.id), ~conflict)
        .where(held < policy.leases_a_lawyer, recent.correlate(L).scalar_subquery() < policy.offers_a_window)
        .order_by(L.c.offered_at)
        .limit(cap * 3)
    )
    if only:
        wanted = wanted.where(L.c.id == only)
    return [
        Candidate(
            id=found.id,
            firm=found.firm,
            pool=found.pool,
            match=found.match,
            online=online(found.seen_at, found.availability, now),
            seats_ended=found.seats_ended,
            seats_kept=found.seats_kept,
            waited=now - found.offered_at,
            leases=found.leases,
        )
        for found in await session.rows(wanted)
    ]


_LOCK_LAWYERS = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(id::text, 0)) FROM unnest(CAST(:ids AS uuid[])) AS id"
)


async def _below_cap(session: Session, lawyers: Sequence[UUID], policy: Policy, now: datetime) -> set[UUID]:
    """Those of them who may have one more offer, locked until this commits: of two waves at once the second waits.

    Always in the order of ids, so that two waves never wait for each other.
    """
    await session.rows(_LOCK_LAWYERS, {"ids": sorted(lawyers)})
    recent = select(O.c.lawyer).where(O.c.lawyer.in_(lawyers), O.c.offered_at > now - policy.window)
    full = recent.group_by(O.c.lawyer).having(func.count() >= policy.offers_a_window)
    return set(lawyers) - set((await session.rows(full)).scalars())


async def _offer(
    session: Session, row: Any, policy: Policy, candidates: list[Candidate], cap: int, wave: int, now: datetime
) -> int:
    """Offer to the best `cap` of them; returns how many."""
    best = rules.ranked(candidates)
    spare = cap // 4 + 1  # some may have reached their cap while this wave was being made
    free = await _below_cap(session, [candidate.id for candidate, _ in best[: cap + spare]], policy, now)
    chosen = [(candidate, why) for candidate, why in best if candidate.id in free][:cap]
    if not chosen:
        return 0
    rows = [
        {"question": row.question, "lawyer": lawyer.id, "firm": lawyer.firm, "pool": lawyer.pool, "wave": wave}
        | {"offered_at": now, "until": now + policy.offer_lives, "why": why | {"rank": rank, "of": len(best)}}
        for rank, (lawyer, why) in enumerate(chosen, 1)
    ]
    await session.rows(insert(Offer).inline(), rows)
    people = [lawyer.id for lawyer, _ in chosen]
    await note_offers(session, people, now)
    await feed.show(session, OfferEventKind.OFFERED, people=people, question=row.question)
    return len(people)
