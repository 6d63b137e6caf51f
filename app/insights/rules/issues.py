"""When something is asked about so much more than usual that somebody should look, and how coarsely that is told. Pure.

Seven days are compared with the eight weeks before them, so that each has the same days of the week. Small counts do
not scatter like a bell: how probable so many would be as of old is told by Poisson's distribution, and the limit is
the one that three standard deviations are for large counts (product page, statistics).
"""

from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal
from math import exp, lgamma, log
from typing import Final, NamedTuple

LEAST: Final = 5
"""Of fewer different people nothing is told inside the house (product page, statistics: k of five)."""
SPAN: Final = 7
"""Days that are looked at together."""
ENOUGH: Final = 14
"""Days before them that must have been counted: of less nobody knows what is usual."""
RARE: Final = 0.00135
"""As improbable as three standard deviations above the mean."""
STEPS: Final = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


class Week(NamedTuple):
    """A row of `door.recent_demand`: a category in a town, or in the city (None), and how it was before."""

    category: str
    town: str | None
    questions: int
    askers: int
    before: int
    """Questions of the days before."""
    days: int
    """How many those were."""


def hot(weeks: Iterable[Week]) -> list[Week]:
    return [week for week in weeks if _is_hot(week)]


def _is_hot(week: Week) -> bool:
    if week.askers < LEAST or week.days < ENOUGH:
        return False
    # One more than there were: what was never asked before may have been about to be.
    usual = (week.before + 1) * SPAN / week.days
    return at_least(week.questions, usual) < RARE


def at_least(many: int, mean: float) -> float:
    """How probable so many or more are where `mean` are expected."""
    fewer = sum(exp(count * log(mean) - mean - lgamma(count + 1)) for count in range(many))
    return max(0.0, 1.0 - fewer)


def step(askers: int) -> int:
    """The number that is told: at least so many."""
    return max(one for one in STEPS if one <= askers)


def times(week: Week) -> Decimal | None:
    """To one digit, and never more than it was."""
    if not week.before:
        return None
    many = Decimal(week.questions * week.days) / (week.before * SPAN)
    return many.quantize(Decimal("0.1"), ROUND_DOWN)
