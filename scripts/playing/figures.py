"""What a run has shown, in seconds of the city's policy, and whether that is what the city promises."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from scripts.playing.board import Asked, Board

SHARES = {"first": 0.99, "third": 0.97}
"""What must be kept of the promise for the first and the third answer, and from when on a share says something:"""
TELLING = {"questions": 100, "responsive": 0.1}
GOOD = 4
"""Stars."""


@dataclass(frozen=True)
class Times:
    """Of one of the promised answers. None where so many never came."""

    median: float | None
    p95: float | None
    kept: int
    share: float
    of: int


@dataclass(frozen=True)
class FollowUps:
    asked: int
    answered: int
    median: float | None
    """From asking to the reply."""
    late: int

    @property
    def unanswered(self) -> int:
        return self.asked - self.answered


@dataclass(frozen=True)
class Ratings:
    """Answers with stars; the mean and the share of those with four or five. None where there are none."""

    n: int
    mean: float | None
    share: float | None


@dataclass(frozen=True)
class Planned:
    """Promises that were broken on purpose, and those of them of which that was said, and which then were kept."""

    questions: int
    kept_after: int


@dataclass(frozen=True)
class Spoken:
    """Questions in which somebody speaks, and how often a lawyer listened."""

    questions: int
    heard: int


@dataclass(frozen=True)
class Figures:
    """The times and what is lost are of the questions whose promise nobody meant to break."""

    questions: int
    not_sent: int
    first: Times
    third: Times
    broken_then_kept: int
    """Told that the promise was broken, and then given the third answer by a repeated wave; planned ones among them."""
    lost: int
    """Neither kept, nor broken and told so and then kept."""
    planned: Planned
    spoken: Spoken
    follow_ups: FollowUps
    ratings: Ratings
    callbacks: int
    resolved: int
    offers_per_question: float
    abandoned: int
    refusals: dict[str, int]
    failures: dict[str, int]

    @property
    def kept(self) -> int:
        return self.third.kept

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"kept": self.kept}


def figures(board: Board) -> Figures:
    """Of the questions whose promise is over one way or the other; what came afterwards of all."""
    asked = list(board.questions.values())
    over = [one for one in asked if not one.is_open]
    judged = [one for one in over if not one.planned]
    honest = [one for one in over if _late(one) and one.told_broken and one.third_at]
    planned = [one for one in over if one.planned]
    offers = [board.offers[one.asked_at] for one in over]
    return Figures(
        questions=len(over),
        not_sent=board.not_sent,
        first=_times(one.seconds(one.first_at) if one.first_at else math.inf for one in judged),
        third=_times(one.seconds(one.third_at) if one.third_at else math.inf for one in judged),
        broken_then_kept=len(honest),
        lost=sum(_late(one) and one not in honest for one in judged),
        planned=Planned(len(planned), sum(one.planned for one in honest)),
        spoken=Spoken(sum(one.spoken for one in over), board.heard),
        follow_ups=_follow_ups(asked),
        ratings=_ratings([stars for one in asked for stars in one.stars.values()]),
        callbacks=sum(one.callback for one in asked),
        resolved=sum(one.resolved for one in asked),
        offers_per_question=round(sum(offers) / max(len(offers), 1), 1),
        abandoned=board.abandoned,
        refusals=dict(board.refusals.most_common()),
        failures=dict(board.failures.most_common()),
    )


def shortcomings(found: Figures, wanted: int, responsive: float) -> list[str]:
    """Why this run, come to its end, does not show what the city promises; empty if it does."""
    said = []
    if found.questions + found.not_sent < wanted:
        said.append(f"only {found.questions} of {wanted} questions came to their end")
    if found.lost:
        said.append(f"{found.lost} of {found.questions} neither kept nor honestly broken and then kept")
    if missing := found.planned.questions - found.planned.kept_after:
        said.append(f"{missing} of {found.planned.questions} planned breaches not told, or not kept afterwards")
    if found.spoken.questions and not found.spoken.heard:
        said.append("no lawyer heard the question that was spoken")
    if found.follow_ups.unanswered:
        said.append(f"{found.follow_ups.unanswered} of {found.follow_ups.asked} follow-ups without a reply")
    if found.third.of >= TELLING["questions"] and responsive >= TELLING["responsive"]:
        for name, times in (("first", found.first), ("third", found.third)):
            if times.share < SHARES[name]:
                said.append(f"{name} answer in time for {times.share:.1%}, not for {SHARES[name]:.0%}")
    return said


def _late(asked: Asked) -> bool:
    return asked.third_at is None or asked.third_at > asked.due_at


def _times(seconds: Iterable[float]) -> Times:
    ordered = sorted(seconds)
    kept = sum(1 for one in ordered if one <= 600)
    share = kept / len(ordered) if ordered else 0.0
    return Times(_nearest(ordered, 0.5), _nearest(ordered, 0.95), kept, share, len(ordered))


def _follow_ups(questions: Sequence[Asked]) -> FollowUps:
    put = [(asked, one) for asked in questions for one in asked.follow_ups.values()]
    took = sorted(asked.seconds(one.replied_at) - asked.seconds(one.asked_at) for asked, one in put if one.replied_at)
    return FollowUps(len(put), len(took), _nearest(took, 0.5), sum(one.late for _, one in put))


def _ratings(stars: Sequence[int]) -> Ratings:
    if not stars:
        return Ratings(0, None, None)
    good = sum(one >= GOOD for one in stars)
    return Ratings(len(stars), round(sum(stars) / len(stars), 2), round(good / len(stars), 3))


def _nearest(ordered: Sequence[float], share: float) -> float | None:
    """The nearest-rank quantile."""
    if not ordered:
        return None
    found = ordered[max(math.ceil(share * len(ordered)) - 1, 0)]
    return round(found, 1) if math.isfinite(found) else None
