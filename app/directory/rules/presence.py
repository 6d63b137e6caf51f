"""Who is there to answer now."""

from datetime import datetime, timedelta
from typing import Final

from app.core.errors import BAD_VALUE, refuse
from app.directory.models import Availability

FRESH: Final = timedelta(seconds=90)
"""How long a sign of life is good: a live connection gives one a minute, and may be late."""

NOTED_EVERY: Final = timedelta(seconds=60)
"""Signs of life that follow each other sooner are not written."""

SNOOZE_MINUTES: Final = (5, 720)
"""A break is too short below, and a day off above: AWAY is for that."""


def snoozed(until: datetime | None, now: datetime) -> bool:
    return until is not None and now < until


def online(seen_at: datetime | None, availability: str, now: datetime, snoozed_until: datetime | None = None) -> bool:
    here = availability != Availability.AWAY and not snoozed(snoozed_until, now)
    return here and seen_at is not None and now - seen_at <= FRESH


def came_online(
    seen_at: datetime | None, was: str, becomes: str, now: datetime, snoozed_until: datetime | None = None
) -> bool:
    """Whether a sign of life at `now` makes an absent lawyer present; `seen_at` is the one before it.

    Nobody comes while she is snoozed: the snooze's end tells of her itself.
    """
    if becomes == Availability.AWAY or snoozed(snoozed_until, now):
        return False
    return not online(seen_at, was, now)


def snooze_for(minutes: int) -> timedelta:
    """Refuses BAD_VALUE outside 5 to 720 minutes."""
    shortest, longest = SNOOZE_MINUTES
    if not shortest <= minutes <= longest:
        raise refuse(BAD_VALUE, "minutes")
    return timedelta(minutes=minutes)
