"""What a run has shown, in seconds of the city's policy, and whether that is what the city promises."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from scripts.playing.board import Asked, Board

SHARES = {"first": 0.99, "third": 0.97}
"""What must be kept of the promise for the first and the third answer, and from when on a share says something:"""
TELLING = {"questions": 100, "responsive": 0.1}


@dataclass(frozen=True)
class Times:
    """Of one of the promised answers. None where so many never came."""

    median: float | None
    p95: float | None
    kept: int
    share: float


@dataclass(frozen=True)
class Figures:
    questions: int
    first: Times
    third: Times
    broken_then_kept: int
    """Told that the promise was broken, and then given the third answer by a repeated wave."""
    lost: int
    """Neither kept, nor broken and told so and then kept."""
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
    """Of the questions that are over."""
    over = [asked for asked in board.questions.values() if not asked.is_open]
    third = [_late(asked) for asked in over]
    honest = [asked for asked, late in zip(over, third, strict=True) if late and asked.told_broken and asked.third_at]
    offers = [board.offers[asked.asked_at] for asked in over]
    return Figures(
        questions=len(over),
        first=_times(asked.seconds(asked.first_at) if asked.first_at else math.inf for asked in over),
        third=_times(asked.seconds(asked.third_at) if asked.third_at else math.inf for asked in over),
        broken_then_kept=len(honest),
        lost=sum(third) - len(honest),
        offers_per_question=round(sum(offers) / max(len(offers), 1), 1),
        abandoned=board.abandoned,
        refusals=dict(board.refusals.most_common()),
        failures=dict(board.failures.most_common()),
    )


def shortcomings(found: Figures, wanted: int, responsive: float) -> list[str]:
    """Why this run does not show what the city promises; empty if it does."""
    said = []
    if found.questions < wanted:
        said.append(f"only {found.questions} of {wanted} questions came to their end")
    if found.lost:
        said.append(f"{found.lost} of {found.questions} neither kept nor honestly broken and then kept")
    if found.questions >= TELLING["questions"] and responsive >= TELLING["responsive"]:
        for name, times in (("first", found.first), ("third", found.third)):
            if times.share < SHARES[name]:
                said.append(f"{name} answer in time for {times.share:.1%}, not for {SHARES[name]:.0%}")
    return said


def _late(asked: Asked) -> bool:
    return asked.third_at is None or asked.third_at > asked.due_at


def _times(seconds: Iterable[float]) -> Times:
    ordered = sorted(seconds)
    kept = sum(1 for one in ordered if one <= 600)
    return Times(_nearest(ordered, 0.5), _nearest(ordered, 0.95), kept, kept / len(ordered) if ordered else 0.0)


def _nearest(ordered: Sequence[float], share: float) -> float | None:
    """The nearest-rank quantile."""
    if not ordered:
        return None
    found = ordered[max(math.ceil(share * len(ordered)) - 1, 0)]
    return round(found, 1) if math.isfinite(found) else None
