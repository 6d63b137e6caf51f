"""What a map shows of many places: the cells of a grid that lies on the world, not on the window.

The grid halves its cells with each zoom, in the projection that web maps draw (EPSG:3857, the world's square from 0 to
1, southwards). Whoever pans moves over the same cells; each is counted whole, also where the window cuts it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import asinh, atan, ceil, degrees, floor, pi, radians, sinh, tan
from typing import Final

from app.core.errors import BAD_VALUE, Reason, because, code
from app.directory.models import INSTITUTIONS, RegisterKind
from app.places.rules.coordinates import COORDINATES_OUT_OF_RANGE, FROM, Bounds, Spot, System

MOST: Final = 200
"""Features of a map, points and clusters together."""
MEMBERS: Final = 5
"""Institutions of a feature that are named."""
NEAREST: Final = 50
ZOOMS: Final = range(23)
_FINER: Final = 2
"""A tile of 256 pixels has four cells a side."""
_POLE: Final = 85.0

BOUNDS_INVERTED = code(
    "BOUNDS_INVERTED",
    zh="地图范围的西与东或南与北写反了。",
    en="The bounds are inverted: west is not left of east, or south not below north.",
    remedy="Send the south-west and the north-east corner of what the map shows.",
)


@dataclass(frozen=True, slots=True)
class Grid:
    """`level` 0 is one cell for the world; the cells asked for, the last ones included."""

    level: int
    left: int
    top: int
    right: int
    bottom: int

    @property
    def side(self) -> int:
        """Cells around the world."""
        return 1 << self.level

    def has(self, x: int, y: int) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def edges(self) -> Bounds:
        """Of all its cells together."""
        west, east = (x / self.side * 360 - 180 for x in (self.left, self.right + 1))
        north, south = (degrees(atan(sinh(pi * (1 - 2 * y / self.side)))) for y in (self.top, self.bottom + 1))
        return Bounds(west, south, east, north)


def across(longitude: float) -> float:
    return (longitude + 180) / 360


def down(latitude: float) -> float:
    return 0.5 - asinh(tan(radians(latitude))) / (2 * pi)


def cell_of(spot: Spot, level: int) -> tuple[int, int]:
    return floor(across(spot.longitude) * (1 << level)), floor(down(spot.latitude) * (1 << level))


def grid_over(shown: Bounds, system: System, zoom: int) -> Grid:
    """Of what a map shows, in its own system. How fine depends on the window's size and zoom, never on where it is."""
    wide = across(shown.east) - across(shown.west)
    high = down(shown.south) - down(shown.north)
    level = zoom + _FINER
    while _cells(wide, level) * _cells(high, level) > MOST:
        level -= 1
    corners = [FROM[system](Spot(x, y)) for x in (shown.west, shown.east) for y in (shown.south, shown.north)]
    columns, rows = zip(*(cell_of(corner, level) for corner in corners), strict=True)
    return Grid(level, min(columns), min(rows), max(columns), max(rows))


def _cells(length: float, level: int) -> int:
    """That a window so long may touch, and one more for the bend between the systems."""
    return ceil(round(length * (1 << level), 6)) + 2


def against_view(shown: Bounds, zoom: int) -> Iterator[Reason]:
    if max(abs(shown.west), abs(shown.east)) > 180 or max(abs(shown.south), abs(shown.north)) > _POLE:
        yield because(COORDINATES_OUT_OF_RANGE, "bounds")
    elif not (shown.west < shown.east and shown.south < shown.north):
        yield because(BOUNDS_INVERTED, "bounds")
    if zoom not in ZOOMS:
        yield because(BAD_VALUE, "zoom")


def against_kinds(kinds: Iterable[RegisterKind]) -> Iterator[Reason]:
    if not set(kinds) <= set(INSTITUTIONS):
        yield because(BAD_VALUE, "kinds")
