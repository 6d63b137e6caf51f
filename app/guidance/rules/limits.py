"""Periods of the law that are not to be missed, as data with their article, and the last day of each.

The day from which a period runs is not counted; months and years end on the day of the same number, or on the last of a
month that has none (民法典第二百零一条、第二百零二条). A last day on which offices rest gives way to the next working
day (第二百零三条): that is left out here, because who is warned too early loses nothing.
"""

import tomllib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from app.directory.rules.taxonomy import CATEGORIES
from app.guidance.rules.eligibility import Named

_FILE = Path(__file__).parents[1] / "data" / "limits.toml"
URGENT = 7
"""Days: with less to go legal aid may be given before it is decided on (法律援助法第四十四条)."""


class PeriodUnit(StrEnum):
    DAYS = "DAYS"
    MONTHS = "MONTHS"
    YEARS = "YEARS"


@dataclass(frozen=True, slots=True)
class StatutoryLimit:
    id: str
    amount: int
    unit: PeriodUnit
    law: Named
    article: str
    about: Named
    begins: Named
    categories: tuple[str, ...]

    def last_day(self, since: date) -> date:
        """The last day on which it can still be done, where it runs from what happened at `since`."""
        return last_day(self.amount, self.unit, since)


def last_day(amount: int, unit: PeriodUnit, since: date) -> date:
    """The last day of so long a period that runs from `since`. OverflowError beyond the year 9999."""
    if unit is PeriodUnit.DAYS:
        return since + timedelta(days=amount)
    months = amount * (12 if unit is PeriodUnit.YEARS else 1) + since.month - 1
    year, month = since.year + months // 12, months % 12 + 1
    if year > date.max.year:
        raise OverflowError("no calendar goes so far")
    return date(year, month, min(since.day, monthrange(year, month)[1]))


def limits_of(category: str | None) -> list[StatutoryLimit]:
    """Those of the category and of the one it lies in, then the general ones; all where none is said."""
    if category is None:
        return list(LIMITS)
    kin = (category, CATEGORIES[category].parent)
    special = [limit for limit in LIMITS if not set(limit.categories).isdisjoint(kin)]
    return special + [limit for limit in LIMITS if not limit.categories]


def is_urgent(last_day: date, today: date) -> bool:
    """Less than seven days to go, or none at all; what has passed is no longer helped by haste."""
    return 0 <= (last_day - today).days < URGENT


def _read() -> tuple[StatutoryLimit, ...]:
    data = tomllib.loads(_FILE.read_text("utf-8"))["limits"]
    found = tuple(
        StatutoryLimit(
            id=said["id"],
            amount=said["amount"],
            unit=PeriodUnit(said["unit"]),
            law=Named(**said["law"]),
            article=said["article"],
            about=Named(said["zh"], said["en"]),
            begins=Named(**said["begins"]),
            categories=tuple(said["categories"]),
        )
        for said in data
    )
    if unknown := {code for limit in found for code in limit.categories} - CATEGORIES.keys():
        raise ValueError(f"the taxonomy knows no {unknown.pop()}")
    return found


LIMITS = _read()
