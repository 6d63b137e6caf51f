"""What a channel is to bring, week by week."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.core.errors import BAD_VALUE, Reason, because
from app.outreach.models import ChannelKind, Step
from app.outreach.rules.funnel import LONGEST, Sum, against_period, counted, whole_weeks

MOST: Final = 1_000_000


@dataclass(frozen=True)
class Week:
    """`first` to `last` are days of the target, Monday to Sunday but for its ends."""

    first: date
    last: date
    came: int
    """In that week; 0 where there are too few to tell."""
    reached: int
    """Until its end, in all."""
    due: int
    """So many should have come until then, were each day like every other."""


def against_target(goal: int, since: date, until: date) -> Iterator[Reason]:
    if not 1 <= goal <= MOST:
        yield because(BAD_VALUE, "goal")
    yield from (because(reason.code, "until", limit=LONGEST) for reason in against_period(since, until))


def weeks(
    step: Step, goal: int, since: date, until: date, came: Sequence[tuple[date, Sum]], own: ChannelKind, today: date
) -> list[Week]:
    """Those that have begun. `came`: by day. Of schools whole weeks count, once they have passed."""
    monday, sunday = whole_weeks(since, min(until, today - timedelta(days=1)))
    came = [(day, one) for day, one in came if one.school is None or monday <= day <= sunday]
    found: list[Week] = []
    first, days = since, (until - since).days + 1
    while first <= min(until, today):
        last = min(first + timedelta(days=6 - first.weekday()), until)
        this, whole = (
            counted([one for day, one in came if begin <= day <= last], own)[step] or 0 for begin in (first, since)
        )
        found.append(Week(first, last, this, whole, goal * ((last - since).days + 1) // days))
        first = last + timedelta(days=1)
    return found
