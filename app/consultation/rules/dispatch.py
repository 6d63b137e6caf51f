"""Who is called when, who gets a seat, and in which order: all of it pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.consultation.models import Board, Lane
from app.consultation.rules.policy import Policy
from app.core.errors import Code, code

SEATS_FULL = code(
    "SEATS_FULL",
    zh="席位已满，或该问题已有足够的解答。",
    en="All seats are taken, or enough answers have been given.",
    remedy="Take another offer; this one opens again if a seat is freed.",
)
SEATS_RESERVED = code(
    "SEATS_RESERVED",
    zh="剩余席位暂时留给本地律师或受邀律师，请稍后再试。",
    en="The free seats are kept for local or invited lawyers for a while.",
    remedy="Try again when the reserve ends.",
)
FIRM_FULL = code(
    "FIRM_FULL",
    zh="贵所已有足够的律师参与此问题。",
    en="Enough lawyers of your firm are on this question.",
    remedy="Leave it to lawyers of other firms.",
)
LEASES_FULL = code(
    "LEASES_FULL",
    zh="您手上已有 {limit} 个问题，请先完成其中之一。",
    en="You hold {limit} questions; finish or release one first.",
    remedy="Deliver or release a seat.",
)
ALREADY_SEATED = code(
    "ALREADY_SEATED", zh="您已占有席位。", en="You hold a seat already.", remedy="Go on with the seat you have."
)
ALREADY_ANSWERED = code(
    "ALREADY_ANSWERED", zh="您已解答过此问题。", en="You have answered this question.", remedy="Nothing to do."
)
OFFER_DECLINED = code(
    "OFFER_DECLINED", zh="您已谢绝此问题。", en="You declined this question.", remedy="Take another offer."
)
CONFLICT_OF_INTEREST = code(
    "CONFLICT_OF_INTEREST",
    zh="贵所与此问题有利益冲突，依法不能参与。",
    en="Your firm has a conflict of interest here; the law keeps you from this question.",
    remedy="Leave it to lawyers of other firms (律师法 第三十九条).",
)
QUESTION_CLOSED = code(
    "QUESTION_CLOSED",
    zh="问题已撤回或关闭。",
    en="The question was withdrawn or closed.",
    remedy="Take another offer.",
)


MOST_PLACES = 12
"""The table of seats never has more."""


def seats_for(wanted: int, policy: Policy, idle: int = 0) -> int:
    """Working seats: one more for each answer that is wanted beyond the promised ones, and for each seat that is
    `idle`: what was delivered there does not count, and copied answers must not keep others out."""
    return min(MOST_PLACES, policy.seats + max(0, wanted - policy.promised) + idle)


def wave_owed(asked_at: datetime, now: datetime, policy: Policy, lane: str = Lane.NORMAL) -> int:
    """The number of the last wave whose time has come; where somebody is in danger, that of all of them has."""
    if lane == Lane.CRISIS:
        return len(policy.waves) - 1
    return sum(now - asked_at >= wave.after for wave in policy.waves) - 1


def kept_from_others(invited: int, answered: int, wanted: int, policy: Policy) -> int:
    """How many places are kept from who was not invited: one for each of the `invited`. Past the promised answers,
    what is looked for is theirs alone, unless more answers are looked for than lawyers were invited."""
    if invited and policy.promised <= answered and wanted - answered <= invited:
        return MOST_PLACES
    return invited


@dataclass(frozen=True)
class Standing:
    """What a wave sees of a question under its lock: how many live or delivered seats, how many counting answers, how
    many of them are looked for, how many free seats are kept for lawyers who were invited, and how many are idle."""

    seats: int
    answered: int
    wanted: int
    kept: int = 0
    idle: int = 0

    def board(self, policy: Policy) -> Board:
        """FULL is for those who were not invited: nobody is called to what is kept for another."""
        if self.answered >= self.wanted:
            return Board.FILLED
        kept = kept_from_others(self.kept, self.answered, self.wanted, policy)
        return Board.FULL if self.seats + kept >= seats_for(self.wanted, policy, self.idle) else Board.OPEN


@dataclass(frozen=True)
class Claim:
    """What `door.board` lends a lawyer who wants a seat; the clock is in it."""

    asked_at: datetime
    now: datetime
    closed: bool
    live: bool
    local: bool
    declined: bool
    seated: bool
    answered_before: bool
    places: Sequence[int]
    locals: int
    of_firm: int
    answered: int
    leases: int
    wanted: int
    invited: bool
    invited_open: int
    """Others who were invited and have neither claimed nor declined."""
    invited_until: datetime | None
    conflict: bool
    idle: int
    """Seats whose answer was delivered and does not count."""


def place_for(claim: Claim, policy: Policy) -> int | Code:
    """The place a claim gets, or why it gets none.

    Seats are kept twice over: some for local lawyers at first, and one for each other lawyer who was invited, while her
    time runs. What is kept for her no reserve keeps from her; both end by the clock, so that neither locks for ever.
    """
    seats = seats_for(claim.wanted, policy, claim.idle)
    free = seats - len(claim.places)
    her_time = claim.invited_until is not None and claim.now < claim.invited_until
    reserve = claim.now < claim.asked_at + policy.reserved_for and not claim.local and not (claim.invited and her_time)
    kept = max(0, policy.reserved_seats - claim.locals) if reserve else 0
    if her_time and claim.invited:
        kept += claim.invited_open
    elif her_time:
        kept += kept_from_others(claim.invited_open, claim.answered, claim.wanted, policy)
    hindrances = (
        (claim.closed or not claim.live, QUESTION_CLOSED),
        (claim.answered_before, ALREADY_ANSWERED),
        (claim.seated, ALREADY_SEATED),
        (claim.declined, OFFER_DECLINED),
        (claim.conflict, CONFLICT_OF_INTEREST),
        (claim.answered >= claim.wanted or free <= 0, SEATS_FULL),
        (claim.of_firm >= policy.per_firm, FIRM_FULL),
        (free <= kept, SEATS_RESERVED),
        (claim.leases >= policy.leases_a_lawyer, LEASES_FULL),
    )
    for stands, why in hindrances:
        if stands:
            return why
    return min(set(range(1, seats + 1)) - set(claim.places))


@dataclass(frozen=True)
class Candidate:
    """A lawyer who may be called, with the figures that rank her."""

    id: UUID
    firm: UUID
    pool: str
    match: bool
    online: bool
    seats_ended: int
    seats_kept: int
    waited: timedelta
    leases: int


EXPERTISE_ELSEWHERE = 0.4
ABSENT = 0.6
LOAD_PER_LEASE = 0.15
HALF_EXPOSED = timedelta(minutes=10)
"""A lawyer who was called this long ago stands half as high as one who has long waited."""


def figures(candidate: Candidate) -> dict[str, float]:
    """expertise x lease-kept rate x fair exposure x presence - load, each factor for the lawyer to read."""
    waited = candidate.waited / HALF_EXPOSED
    parts = {
        "expertise": 1.0 if candidate.match else EXPERTISE_ELSEWHERE,
        # A newcomer is trusted like one who kept eight of ten leases, so that a first slip does not end her turn.
        "kept": (candidate.seats_kept + 8) / (candidate.seats_ended + 10),
        "exposure": waited / (waited + 1),
        "presence": 1.0 if candidate.online else ABSENT,
        "load": LOAD_PER_LEASE * candidate.leases,
    }
    product = math.prod(parts[name] for name in ("expertise", "kept", "exposure", "presence"))
    return {name: round(value, 4) for name, value in (parts | {"score": product - parts["load"]}).items()}


def ranked(candidates: Sequence[Candidate]) -> list[tuple[Candidate, dict[str, Any]]]:
    """Best first; equals by id, so that the order is the same wherever it is computed."""
    scored = [(candidate, figures(candidate)) for candidate in candidates]
    return sorted(scored, key=lambda pair: (-pair[1]["score"], pair[0].id))
