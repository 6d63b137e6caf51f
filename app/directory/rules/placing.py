"""Where an institution is, and what a map is told of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.core.errors import BAD_VALUE, Reason, because
from app.core.texts import against_text
from app.directory.models import Precision
from app.places.rules import CITY, is_division, town_of
from app.places.rules.coordinates import Spot, against_spot

SOURCE: Final = (2, 60)
SCALES: Final = {Precision.ENTRANCE: 18, Precision.BUILDING: 17, Precision.STREET: 15, Precision.DIVISION: 13}
"""How near `wx.openLocation` shows it, 5 to 18: not nearer than it is known."""

EXACT: Final = frozenset({Precision.ENTRANCE, Precision.BUILDING})
"""Known well enough to say who stands before it."""


@dataclass(frozen=True)
class Placed:
    """Where it is, in WGS-84; who says so, and how exactly."""

    spot: Spot
    source: str
    precision: Precision


def against_point(spot: Spot, source: str, division: str) -> list[Reason]:
    """Of a town, a village or a community of the city."""
    found = [] if is_division(division) and town_of(division).parent else [because(BAD_VALUE, "divisionCode")]
    found += against_spot(spot, "coordinates", CITY)
    return [*found, *against_text(source.strip(), "source", *SOURCE)]


def against_placed(said: Placed, division: str) -> Iterator[Reason]:
    """Of an institution in that division; "" for one outside the city."""
    yield from against_spot(said.spot, "place.coordinates", CITY if division else None)
    yield from against_text(said.source.strip(), "place.source", *SOURCE)


def against_moved(spot: Spot | None, before: str, division: str) -> Iterator[Reason]:
    """Of an institution that comes into the city from elsewhere, with the place it had: that must be here as well."""
    if spot is not None and division and not before:
        yield from against_spot(spot, "divisionCode", CITY)
