"""How far people came who came by a channel, from the sums of its days; and what of that is shown.

Nobody is followed: a funnel is made of numbers alone. Of schools there are totals of ten or more and nothing smaller,
so that nothing is told of families; what stands above a school counts all schools below it together or not at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.errors import Reason, because, code
from app.outreach.models import LEFT, ChannelKind, Step

FEWEST: Final = 10
"""Below this, schools, partners and the public are told nothing."""
LONGEST: Final = 366
"""Days of one look."""

BAD_PERIOD = code(
    "BAD_PERIOD",
    zh="起止日期无效：结束不得早于开始，最长 {limit} 天。",
    en="These days do not fit: the last is not before the first, and they are at most {limit}.",
    remedy="Send other days.",
)


@dataclass(frozen=True)
class Sum:
    """So many of a step (of Step, LEFT or SENT) of channels of one kind."""

    kind: str
    step: str
    n: int


def against_period(first: date, last: date) -> list[Reason]:
    days = (last - first).days + 1
    fits = 1 <= days <= LONGEST
    return [] if fits else [because(BAD_PERIOD, "to", limit=LONGEST)]


def counted(sums: Iterable[Sum], own: ChannelKind) -> dict[Step, int | None]:
    """How many came so far; None where there are too few to tell. `own`: the kind of the channel that is looked at."""
    schools: dict[str, int] = {}
    others: dict[str, int] = {}
    for one in sums:
        side = schools if one.kind == ChannelKind.SCHOOL else others
        side[one.step] = side.get(one.step, 0) + one.n
    found: dict[Step, int | None] = {}
    for step in Step:
        theirs = _net(schools, step)
        shown = theirs if theirs >= FEWEST else 0
        if own is ChannelKind.SCHOOL:
            found[step] = shown or None
        else:
            found[step] = _net(others, step) + shown
    return found


def left(sums: Iterable[Sum]) -> int:
    """How many followed and left again; of schools nothing is told."""
    return sum(one.n for one in sums if one.step == LEFT and one.kind != ChannelKind.SCHOOL)


def enough(n: int) -> int | None:
    """What the public and partners are told."""
    return n if n >= FEWEST else None


def _net(sums: Mapping[str, int], step: Step) -> int:
    return sums.get(step, 0) - (sums.get(LEFT, 0) if step is Step.FOLLOW else 0)
