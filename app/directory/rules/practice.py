"""What a lawyer's record says, in figures that do not mislead."""

from datetime import date, datetime
from typing import Final

from app.places.rules.workdays import CITY_TIME

TELLING: Final = 5
"""A share of fewer cases than this says nothing about a lawyer."""


def years_practising(since: date, now: datetime) -> int:
    """Full years, by the city's calendar; never below 0."""
    today = now.astimezone(CITY_TIME).date()
    return max(0, today.year - since.year - ((today.month, today.day) < (since.month, since.day)))


def begun_by(years: int, now: datetime) -> date:
    """The latest day on which somebody began who has that many full years now."""
    today = now.astimezone(CITY_TIME).date()
    year = today.year - years
    try:
        return today.replace(year=year)
    except ValueError:  # 29 February, in a year that has none
        return date(year, 2, 28)


def share(kept: int, ended: int) -> float | None:
    """`kept` of `ended`: 0 to 1, None below five of them."""
    return kept / ended if ended >= TELLING else None
