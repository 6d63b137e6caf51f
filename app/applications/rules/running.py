"""What runs after a step, since when and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.applications.models import FOREVER, Clock
from app.applications.rules import clocks
from app.applications.rules.machine import Row
from app.places.rules.workdays import Calendar


@dataclass(frozen=True)
class Running:
    """`clock` None: nothing, and `until` is FOREVER."""

    clock: Clock | None = None
    since: datetime | None = None
    until: datetime = FOREVER


@dataclass(frozen=True)
class Past:
    """A step that was made: what ran after it, since when it was counted, and when it was made."""

    clock: Clock | None
    since: datetime | None
    at: datetime


def running(row: Row, now: Running, past: Sequence[Past], at: datetime, calendar: Calendar) -> Running:
    """What runs after this step. `past`: the steps before, in their order.

    What goes on after a pause goes on from its own beginning, and the pause stands outside it as far as the law or the
    policy says so; everything else begins anew.
    """
    if row.stops:
        return Running()
    if row.clock is None:
        return now
    since, pauses = _gone_on(row.clock, past, at) if row.goes_on else (at, list[clocks.Pause]())
    if row.clock is Clock.EXTENSION and now.until < FOREVER:
        since = now.until - timedelta(seconds=1)  # within the last day: those that are added come after it
    until = clocks.due(clocks.Clock(row.clock), since, pauses, workday=calendar.is_workday)
    assert until is not None  # no pause is open where the clock runs
    return Running(row.clock, since, until)


def _gone_on(clock: Clock, past: Sequence[Past], at: datetime) -> tuple[datetime, list[clocks.Pause]]:
    """Since when it is counted, and when it stood still since then."""
    since, pauses, paused = at, list[clocks.Pause](), None
    for step in past:
        if step.clock is clock and step.since is not None:
            if step.since != since:
                since, pauses = step.since, []
            elif paused is not None:
                pauses.append((paused, step.at))
            paused = None
        elif since != at and paused is None:
            paused = step.at
    if paused is not None:
        pauses.append((paused, at))
    return since, pauses


def reminders(runs: Running, at: datetime) -> list[datetime]:
    """When who has to act is reminded of it; none that is over already."""
    if runs.clock is None:
        return []
    return [moment for moment in clocks.reminders(clocks.Clock(runs.clock), runs.until) if moment > at]


def answer_by(at: datetime, calendar: Calendar) -> datetime:
    """Until when a lawyer accepts or declines what she is offered."""
    until = clocks.due(clocks.Clock.ANSWER, at, workday=calendar.is_workday)
    assert until is not None  # nothing lets it stand still
    return until
