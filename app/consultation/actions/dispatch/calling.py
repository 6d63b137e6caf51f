"""Who may be called to a question, and the offers that call her."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import and_, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from app.consultation import reads
from app.consultation.actions.counting import note_offers
from app.consultation.actions.dispatch.board import Held
from app.consultation.events import InvitationLapsed
from app.consultation.models import Board, Client, DeclineReason, Invited, Offer, OfferEventKind
from app.consultation.rules import dispatch as rules
from app.consultation.rules.dispatch import Candidate
from app.consultation.rules.policy import Policy
from app.core import feed
from app.core.db import Session, clock
from app.core.outbox import emit
from app.directory.models import Availability, Lawyer, Standing
from app.directory.reads import awake
from app.directory.rules.presence import online
from app.directory.rules.taxonomy import specialty_of
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.vault.models import OWNERS

D, O, S, R = reads.D, reads.O, reads.S, reads.R  # noqa: E741
L: Any = Lawyer.__table__  # type: ignore[attr-defined]
C: Any = Client.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Circle:
    """At most `cap` lawyers of these pools, only those of the field if `match`, everybody on duty besides if `duty`;
    or this one lawyer of them. `wave` is what their offers are counted to."""

    wave: int
    pools: Sequence[str]
    match: bool
    cap: int
    duty: bool = False
    only: UUID | None = None


def waves(policy: Policy, first: int, last: int) -> list[Circle]:
    """The circles of the waves from `first` to `last`, both of them called."""
    numbered = list(enumerate(policy.waves))[max(0, first) : last + 1]
    return [Circle(number, wave.pools, wave.match, wave.cap, wave.duty) for number, wave in numbered]


def reached(policy: Policy, wave: int) -> list[Circle]:
    """A few lawyers of the pools that the waves have reached, of those called for their field only by that field."""
    pools = sorted(policy.pools_reached(wave))
    by_field = {match: [pool for pool in pools if policy.match_only(wave, pool) is match] for match in (True, False)}
    return [Circle(wave, pools, match, policy.refill) for match, pools in by_field.items() if pools]


class Called(NamedTuple):
    lawyers: Sequence[UUID]
    invited: Sequence[UUID]
    """Those of them for whom a seat is kept."""

    @property
    def offers(self) -> int:
        return len(self.lawyers)


class Chosen(NamedTuple):
    """Who is called, why, as which wave, and whether a seat is kept for her."""

    lawyer: Candidate
    why: dict[str, Any]
    wave: int
    invited: str | None


async def call(
    session: Session, held: Held, circles: Sequence[Circle], now: datetime, *, invite: Sequence[Candidate] = ()
) -> Called:
    """Offer the question to those of `invite`, and to the best of each circle who were not in one before it.

    All are locked at once, in one order: two questions that call the same lawyers never wait for each other.
    """
    policy = held.policy
    ranking: list[tuple[Circle, list[tuple[Candidate, dict[str, Any]]]]] = []
    taken = {candidate.id for candidate in invite}
    likely = set(taken)
    for circle in circles:
        best = rules.ranked(await candidates(session, held, circle, now))
        ranking.append((circle, best))
        fresh = [candidate.id for candidate, _ in best if candidate.id not in taken]
        # Some may have reached their cap while this wave was being made.
        likely |= set(fresh[: circle.cap + circle.cap // 4 + 1])
        taken |= set(fresh[: circle.cap])
    if not likely:
        return Called((), ())
    free = await below_cap(session, likely, policy, now)

    her_time = held.invited_until is not None and now < held.invited_until
    chosen = [Chosen(c, why, max(0, held.row.wave), Invited.ASKER) for c, why in rules.ranked(invite)]
    for circle, best in ranking:
        free -= {one.lawyer.id for one in chosen}
        called = [(candidate, why) for candidate, why in best if candidate.id in free][: circle.cap]
        for rank, (candidate, why) in enumerate(called, 1):
            kept = Invited.ASKER if her_time and candidate.id in held.row.named else None
            chosen.append(Chosen(candidate, why | {"rank": rank, "of": len(best)}, circle.wave, kept))
    await offer(session, held, chosen, now)
    return Called([one.lawyer.id for one in chosen], [one.lawyer.id for one in chosen if one.invited])


async def offer(session: Session, held: Held, chosen: Sequence[Chosen], now: datetime) -> None:
    """One that ran out is made anew. Where a seat is kept, the house hears when the time for that is over."""
    if not chosen:
        return
    question, until = held.row.question, now + held.policy.offer_lives
    rows = [
        {"question": question, "lawyer": lawyer.id, "firm": lawyer.firm, "pool": lawyer.pool, "wave": wave}
        | {"offered_at": now, "until": until, "why": why, "invited": invited}
        for lawyer, why, wave, invited in chosen
    ]
    made = insert(Offer).inline()
    again = {name: made.excluded[name] for name in rows[0] if name not in ("question", "lawyer")}
    await session.rows(made.on_conflict_do_update(index_elements=["question", "lawyer"], set_=again), rows)
    people = [lawyer.id for lawyer, *_ in chosen]
    await note_offers(session, people, now)
    await feed.show(session, OfferEventKind.OFFERED, people=people, question=question)
    # Who is invited is told so by who invites her. Made anew, an offer is told anew.
    others = [one.lawyer.id for one in chosen if not one.invited]
    await tell(session, others, NoticeKind.OFFERED, question, uuid5(question, now.isoformat()), now)
    if any(one.invited for one in chosen):
        await emit(session, InvitationLapsed(question=question), at=held.invited_until)


async def call_duty(session: Session, held: Held, now: datetime) -> None:
    """Whoever is on the roster and was offered the question, by whichever wave, is called by text message too: once."""
    question = held.row.question
    waits = O.c.declined.is_(None) & (O.c.until > clock())
    seated = select(1).where(S.c.question == question, S.c.lawyer == L.c.id).exists()
    roster = select(L.c.id).join_from(O, L, L.c.id == O.c.lawyer).where(O.c.question == question, waits, ~seated)
    on_duty = L.c.standing == Standing.ACTIVE, L.c.availability == Availability.ON_DUTY, awake()
    people = (await session.rows(roster.where(*on_duty))).scalars().all()
    await tell(session, people, NoticeKind.DUTY_CALLED, question, question, now)


def called(question: Any, lawyer: Any) -> Any:
    """Offered already (unless that ran out), or reading already on another ground: the asker may be a lawyer."""
    offered = O.c.declined.is_not(None) | (O.c.until > clock())
    reads_it = R.c.basis.in_([*OWNERS]) | (R.c.until > clock())
    return or_(
        select(1).where(O.c.question == question, O.c.lawyer == lawyer, offered).exists(),
        select(1).where(R.c.subject == question, R.c.person == lawyer, reads_it).exists(),
    )


def _conflicted(row: Any) -> Any:
    """One lawyer's conflict of interest is her whole firm's (律师法 第三十九条): she said so, or the opposing party is
    on her list of clients."""
    said = select(O.c.firm).where(O.c.question == row.question, O.c.declined == DeclineReason.CONFLICT)
    if row.party is None:
        return L.c.firm.in_(said)
    colleague = L.alias("colleague")
    represents = (
        select(colleague.c.firm)
        .join_from(C, colleague, colleague.c.id == C.c.lawyer)
        .where(C.c.digest == row.party, C.c.removed_at.is_(None))
    )
    return L.c.firm.in_(said) | L.c.firm.in_(represents)


def reachable(held: Held) -> Any:
    """Everybody who may be called to this question now, as far as she herself and her firm are concerned."""
    row, specialty = held.row, specialty_of(held.row.category)
    return select(
        L.c.id,
        L.c.firm,
        L.c.pool,
        L.c.specialties.contains([specialty]).label("match"),
        L.c.availability,
        L.c.seen_at,
        L.c.seats_ended,
        L.c.seats_kept,
        L.c.offered_at,
        _leases().label("leases"),
    ).where(
        L.c.standing == Standing.ACTIVE,
        L.c.availability != Availability.AWAY,
        awake(),
        ~called(row.question, L.c.id),
        ~_conflicted(row),
    )


def _leases() -> Any:
    held = select(func.count()).where(S.c.lawyer == L.c.id, S.c.ended_at.is_(None), S.c.delivered_at.is_(None))
    return held.correlate(L).scalar_subquery()


def has_room(policy: Policy, now: datetime) -> Any:
    """She holds fewer seats and had fewer offers than one may."""
    recent = select(func.count()).where(O.c.lawyer == L.c.id, O.c.offered_at > now - policy.window)
    few = recent.correlate(L).scalar_subquery() < policy.offers_a_window
    return and_(_leases() < policy.leases_a_lawyer, few)


async def candidates(session: Session, held: Held, circle: Circle, now: datetime) -> list[Candidate]:
    """Those who waited longest first; some more than the circle's cap, for the ranking to choose."""
    fits = L.c.pool.in_(list(circle.pools))
    if circle.match:
        fits &= L.c.specialties.contains([specialty_of(held.row.category)])
    if circle.duty:
        fits |= L.c.availability == Availability.ON_DUTY
    wanted = reachable(held).where(fits, has_room(held.policy, now))
    if circle.only:
        wanted = wanted.where(L.c.id == circle.only)
    return await found(session, wanted.order_by(L.c.offered_at).limit(circle.cap * 3), now)


async def found(session: Session, wanted: Any, now: datetime) -> list[Candidate]:
    return [
        Candidate(
            id=row.id,
            firm=row.firm,
            pool=row.pool,
            match=row.match,
            online=online(row.seen_at, row.availability, now),
            seats_ended=row.seats_ended,
            seats_kept=row.seats_kept,
            waited=now - row.offered_at,
            leases=row.leases,
        )
        for row in await session.rows(wanted)
    ]


_LOCK_LAWYERS = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(id::text, 0)) FROM unnest(CAST(:ids AS uuid[])) AS id"
)


async def below_cap(session: Session, lawyers: set[UUID], policy: Policy, now: datetime) -> set[UUID]:
    """Those of them who may have one more offer, locked until this commits: of two waves at once the second waits.

    Always in the order of ids, so that two waves never wait for each other.
    """
    await session.rows(_LOCK_LAWYERS, {"ids": sorted(lawyers)})
    recent = select(O.c.lawyer).where(O.c.lawyer.in_(lawyers), O.c.offered_at > now - policy.window)
    full = recent.group_by(O.c.lawyer).having(func.count() >= policy.offers_a_window)
    return lawyers - set((await session.rows(full)).scalars())


async def offer_stands(session: Session, lawyer: UUID, question: UUID) -> bool:
    """Whether she may still take a seat there: for the post, which sends nobody after what is over."""
    live = select(1).where(O.c.question == question, O.c.lawyer == lawyer, O.c.declined.is_(None), O.c.until > clock())
    took = select(1).where(S.c.question == question, S.c.lawyer == lawyer).exists()
    free = (D.c.board == Board.OPEN) | O.c.invited.is_not(None) & (D.c.board != Board.FILLED)
    waiting = live.join_from(O, D, D.c.question == O.c.question).where(D.c.closed_at.is_(None), free, ~took)
    return (await session.rows(waiting)).first() is not None
