"""How questions find lawyers: data, read here into names. Times are seconds in the data and timedeltas here."""

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any


@dataclass(frozen=True)
class Wave:
    """Whom to call after how long: at most `cap` lawyers of these pools, only those of the field if `match`."""

    after: timedelta
    pools: tuple[str, ...]
    match: bool
    cap: int
    duty: bool


@dataclass(frozen=True)
class Policy:
    promised: int
    within: timedelta
    seats: int
    reserved_seats: int
    reserved_for: timedelta
    per_firm: int
    lease: timedelta
    lease_extension: timedelta
    leases_a_lawyer: int
    offers_a_window: int
    window: timedelta
    offer_lives: timedelta
    refill: int
    catch_up: int
    repeat_every: timedelta
    waves: tuple[Wave, ...]
    named_for: timedelta
    """How long seats are kept for lawyers whom the asker chose."""
    senior_for: timedelta
    """How long the seat is kept for a senior lawyer who is invited because answers disagree."""
    follow_up_day: timedelta
    follow_up_night: timedelta
    day_begins: int
    day_ends: int
    """Hours of the city's day (Asia/Shanghai), from 0 to 24."""
    silence: timedelta
    """After how long without a word the asker is asked whether she is satisfied."""
    reminded: timedelta
    """After how long without a word since then the question is resolved."""
    reopens: timedelta
    """How long a resolved question can be opened again."""
    inquiry_holds: timedelta
    """How long the seat of a lawyer who asked back outlasts its lease at most, while the asker has not replied."""

    advisers: int
    """1 where the adviser of the asker's village is called with the first wave, whatever her field; 0 where not."""

    @classmethod
    def of(cls, terms: dict[str, Any]) -> "Policy":
        """Policy 1 did not know a question's later life: what its questions miss is as in policy 2."""
        terms = _LATER | terms
        seconds: dict[str, Any] = {name: timedelta(seconds=terms[name]) for name in _SECONDS}
        numbers = {name: int(terms[name]) for name in _NUMBERS}
        waves = tuple(
            Wave(timedelta(seconds=w["after"]), tuple(w["pools"]), w["match"], w["cap"], w.get("duty", False))
            for w in terms["waves"]
        )
        return cls(**{**seconds, **numbers, "waves": waves})

    @staticmethod
    @lru_cache(maxsize=16)
    def written(terms: str) -> "Policy":
        """The same of JSON; every question asks for the newest, and it seldom changes."""
        return Policy.of(json.loads(terms))

    def pools_reached(self, wave: int) -> frozenset[str]:
        return frozenset(pool for reached in self.waves[: wave + 1] for pool in reached.pools)

    def match_only(self, wave: int, pool: str) -> bool:
        """Whether this pool has so far been called for its own field only."""
        return all(reached.match for reached in self.waves[: wave + 1] if pool in reached.pools)


_LATER = {
    "named_for": 180,
    "senior_for": 1800,
    "follow_up_day": 1800,
    "follow_up_night": 14400,
    "day_begins": 8,
    "day_ends": 22,
    "silence": 259200,
    "reminded": 259200,
    "reopens": 2592000,
    "inquiry_holds": 1800,
    "advisers": 1,
}
_SECONDS = (
    "within",
    "reserved_for",
    "lease",
    "lease_extension",
    "window",
    "offer_lives",
    "repeat_every",
    "named_for",
    "senior_for",
    "follow_up_day",
    "follow_up_night",
    "silence",
    "reminded",
    "reopens",
    "inquiry_holds",
)
_NUMBERS = (
    "promised",
    "seats",
    "reserved_seats",
    "per_firm",
    "leases_a_lawyer",
    "offers_a_window",
    "refill",
    "catch_up",
    "day_begins",
    "day_ends",
    "advisers",
)


def faster(terms: dict[str, Any], speed: float) -> dict[str, Any]:
    """The same policy with every time divided by `speed`: for demonstrations."""
    terms = _LATER | terms
    quick = terms | {name: terms[name] / speed for name in _SECONDS}
    return quick | {"waves": [wave | {"after": wave["after"] / speed} for wave in terms["waves"]]}
