"""Who is there to answer now."""

from datetime import datetime, timedelta
from typing import Final

from app.directory.models import Availability

FRESH: Final = timedelta(seconds=90)
"""How long a sign of life is good: a live connection gives one a minute, and may be late."""

NOTED_EVERY: Final = timedelta(seconds=60)
"""Signs of life that follow each other sooner are not written."""


def online(seen_at: datetime | None, availability: str, now: datetime) -> bool:
    return availability != Availability.AWAY and seen_at is not None and now - seen_at <= FRESH


def came_online(seen_at: datetime | None, was: str, becomes: str, now: datetime) -> bool:
    """Whether a sign of life at `now` makes an absent lawyer present; `seen_at` is the one before it."""
    return becomes != Availability.AWAY and not online(seen_at, was, now)
