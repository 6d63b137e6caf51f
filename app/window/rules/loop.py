"""How the loop closes between telephone and window: what was counted, made safe to be shown. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple

from app.applications.models import ApplicationKind, Channel, Move

GOAL: Final = 0.9
"""Of notary cases, at least so many with one visit or none."""
GOALS: Final = {"NOTARISATION": GOAL}
FEW: Final = "FEW"


class Counted(NamedTuple):
    """A cell: steps of a move by a channel or, without a move, cases with one visit or none (FEW) or MORE. `n` is None
    where it would be of fewer than five people (product page, statistics: k of five)."""

    kind: str
    first_day: date
    last_day: date
    move: str
    way: str
    cases: int
    n: int | None


@dataclass(frozen=True)
class Steps:
    move: Move
    channel: Channel
    n: int | None
    """None where it, or the same step by another channel, is of fewer than five people: of the two one is the rest."""


@dataclass(frozen=True)
class Loop:
    """Of one kind, in months that are told together."""

    kind: ApplicationKind
    first: date
    last: date
    cases: int
    at_most_one: int | None
    """Of them, those for which somebody came once or never; None where these, or the others, are too few."""
    goal: float | None
    steps: list[Steps] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        return self.at_most_one / self.cases if self.at_most_one is not None else None

    @property
    def reached(self) -> bool | None:
        return self.share >= self.goal if self.share is not None and self.goal is not None else None


def loops(cells: Iterable[Counted]) -> list[Loop]:
    """In the order of the kinds' names, the oldest first."""
    told = groupby(sorted(cells, key=lambda cell: cell[:5]), key=lambda cell: (cell.kind, cell.first_day))
    return [_loop([*these]) for _, these in told]


def _loop(cells: list[Counted]) -> Loop:
    kind, first, last, _, _, cases, _ = cells[0]
    visits = {cell.way: cell.n for cell in cells if not cell.move}
    steps = [cell for cell in cells if cell.move]
    hidden = {cell.move for cell in steps if cell.n is None}
    return Loop(
        kind=ApplicationKind(kind),
        first=first,
        last=last,
        cases=cases,
        # All or none of them is nobody's in particular.
        at_most_one=None if None in visits.values() else visits.get(FEW, 0),
        goal=GOALS.get(kind),
        steps=[Steps(Move(cell.move), Channel(cell.way), None if cell.move in hidden else cell.n) for cell in steps],
    )
