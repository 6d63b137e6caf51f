"""How the loop closes between telephone and window: what was counted, made safe to be shown. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from app.applications.models import ApplicationKind, Channel, Move

LEAST: Final = 5
"""Fewer are not told apart inside the house (product page, statistics: k of five)."""
GOAL: Final = 0.9
"""Of notary cases, at least so many with one visit or none."""
GOALS: Final = {"NOTARISATION": GOAL}


class Counted(NamedTuple):
    """A row of `door.closed_loop`: steps of a move by a channel, or cases with so many visits (three: or more)."""

    kind: str
    move: str | None
    channel: str | None
    visits: int | None
    n: int


@dataclass(frozen=True)
class Steps:
    move: Move
    channel: Channel
    n: int | None
    """None for fewer than five."""


@dataclass(frozen=True)
class Loop:
    """Of one kind. `cases` None for fewer than five: then nothing else is told of it."""

    kind: ApplicationKind
    cases: int | None
    at_most_one: int | None
    """Of them, those for which somebody came once or never; None where it, or its rest, is fewer than five."""
    goal: float | None
    steps: list[Steps] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        return self.at_most_one / self.cases if self.cases and self.at_most_one is not None else None

    @property
    def reached(self) -> bool | None:
        return self.share >= self.goal if self.share is not None and self.goal is not None else None


def loops(rows: Iterable[Counted]) -> list[Loop]:
    """By kind, in the order of their names."""
    told = list(rows)
    return [_loop(kind, [row for row in told if row.kind == kind]) for kind in sorted({row.kind for row in told})]


def _loop(kind: str, rows: list[Counted]) -> Loop:
    cases = sum(row.n for row in rows if row.visits is not None)
    few = sum(row.n for row in rows if row.visits is not None and row.visits <= 1)
    goal = GOALS.get(kind)
    if cases < LEAST:
        return Loop(ApplicationKind(kind), None, None, goal)
    steps = [
        Steps(Move(row.move), Channel(row.channel), _told(row.n))
        for row in sorted(rows, key=lambda row: (row.move or "", row.channel or ""))
        if row.move is not None and row.channel is not None
    ]
    return Loop(ApplicationKind(kind), cases, few if _apart(few, cases) else None, goal, steps)


def _told(n: int) -> int | None:
    return n if n >= LEAST else None


def _apart(part: int, whole: int) -> bool:
    """Whether a part may be told beside its whole: all or none of them is nobody's in particular."""
    return part in (0, whole) or (part >= LEAST and whole - part >= LEAST)
