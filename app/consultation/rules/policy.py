"""How questions find lawyers: data, read here into names. Times are seconds in the data and timedeltas here."""

from dataclasses import dataclass
from datetime import timedelta
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

    @classmethod
    def of(cls, terms: dict[str, Any]) -> "Policy":
        seconds: dict[str, Any] = {name: timedelta(seconds=terms[name]) for name in _SECONDS}
        numbers = {name: int(terms[name]) for name in _NUMBERS}
        waves = tuple(
            Wave(timedelta(seconds=w["after"]), tuple(w["pools"]), w["match"], w["cap"], w.get("duty", False))
            for w in terms["waves"]
        )
        return cls(**{**seconds, **numbers, "waves": waves})

    def pools_reached(self, wave: int) -> frozenset[str]:
        return frozenset(pool for reached in self.waves[: wave + 1] for pool in reached.pools)

    def match_only(self, wave: int, pool: str) -> bool:
        """Whether this pool has so far been called for its own field only."""
        return all(reached.match for reached in self.waves[: wave + 1] if pool in reached.pools)


_SECONDS = ("within", "reserved_for", "lease", "lease_extension", "window", "offer_lives", "repeat_every")
_NUMBERS = (
    "promised",
    "seats",
    "reserved_seats",
    "per_firm",
    "leases_a_lawyer",
    "offers_a_window",
    "refill",
    "catch_up",
)


def faster(terms: dict[str, Any], speed: float) -> dict[str, Any]:
    """The same policy with every time divided by `speed`: for demonstrations."""
    quick = terms | {name: terms[name] / speed for name in _SECONDS}
    return quick | {"waves": [wave | {"after": wave["after"] / speed} for wave in terms["waves"]]}
