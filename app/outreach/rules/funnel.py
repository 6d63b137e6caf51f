"""How far people came who came by a channel, from the sums of its days; and what of that is shown.

Nobody is followed: a funnel is made of numbers alone. Of schools there are totals of ten or more and nothing smaller,
so that nothing is told of families, nor can be found by taking one total from another: each school is counted in tens,
of whole weeks that have passed, and what stands above it has the sum of just that.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

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
    school: UUID | None = None
    """Which one, where it is of a school."""


def whole_weeks(first: date, last: date) -> tuple[date, date]:
    """From the first Monday to the last Sunday of these days; the last before the first where there is no such week."""
    if last < first:
        return first, last
    sunday = last.toordinal() - (last.weekday() + 1) % 7
    return first + timedelta(days=-first.weekday() % 7), date.fromordinal(max(1, sunday))


def against_period(first: date, last: date) -> list[Reason]:
    days = (last - first).days + 1
    fits = 1 <= days <= LONGEST
    return [] if fits else [because(BAD_PERIOD, "to", limit=LONGEST)]


def counted(sums: Iterable[Sum], own: ChannelKind) -> dict[Step, int | None]:
    """How many came so far; None where there are too few to tell. `own`: the kind of the channel that is looked at."""
    schools: dict[UUID | None, Counter[str]] = {}
    others: Counter[str] = Counter()
    for one in sums:
        side = schools.setdefault(one.school, Counter()) if one.kind == ChannelKind.SCHOOL else others
        side[one.step] += one.n
    found: dict[Step, int | None] = {}
    for step in Step:
        shown = sum(max(0, _net(each, step)) // FEWEST * FEWEST for each in schools.values())
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
