"""What a lawyer's record says, in figures that do not mislead."""

from datetime import date, datetime, timedelta, timezone
from typing import Final

CITY: Final = timezone(timedelta(hours=8))
"""One time zone for the whole country, without summer time since 1992."""

TELLING: Final = 5
"""A share of fewer cases than this says nothing about a lawyer."""


def years_practising(since: date, now: datetime) -> int:
    """Full years, by the city's calendar; never below 0."""
    today = now.astimezone(CITY).date()
    return max(0, today.year - since.year - ((today.month, today.day) < (since.month, since.day)))


def share(kept: int, ended: int) -> float | None:
    """Of the seats that ended, those kept to the answer: 0 to 1, None below five of them."""
    return kept / ended if ended >= TELLING else None
