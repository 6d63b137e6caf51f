"""Where something is: WGS-84, as satellites tell it and this house keeps it, and GCJ-02, as maps in China draw it.

GCJ-02 shifts every place in the country by 50 to 700 m, after a formula that was never published and is known from
what everybody computes: an ellipsoid of Krassovsky 1940 and two sums of sines. Its inverse is found by iteration.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import cos, fabs, isfinite, pi, radians, sin, sqrt
from typing import Final, NamedTuple

from app.core.errors import Reason, because, code

_AXIS: Final = 6_378_245.0
"""Krassovsky 1940, metres; with the square of its eccentricity."""
_ECCENTRICITY: Final = 0.00669342162296594323
EARTH: Final = 6_371_008.8
"""Its mean radius, metres; the same in `earth.spot`."""
_ENOUGH: Final = 1e-11
"""Degrees, about a micrometre."""
_STEPS: Final = 30
DIGITS: Final = 7
"""Of a degree that is given out: a centimetre."""

COORDINATES_OUT_OF_RANGE = code(
    "COORDINATES_OUT_OF_RANGE",
    zh="经纬度超出范围。",
    en="These are no coordinates.",
    remedy="Send degrees: a longitude from -180 to 180, a latitude from -90 to 90.",
)
COORDINATES_SWAPPED = code(
    "COORDINATES_SWAPPED",
    zh="经度与纬度似乎写反了。",
    en="Longitude and latitude seem to be swapped.",
    remedy="Send them the other way round.",
)
COORDINATES_ZERO = code(
    "COORDINATES_ZERO",
    zh="经纬度为零，请重新定位。",
    en="Both coordinates are zero: nobody has located it.",
    remedy="Locate the place again; devices send zeros when they know nothing.",
)
COORDINATES_ABROAD = code(
    "COORDINATES_ABROAD",
    zh="该位置不在境内。",
    en="This place is not in the country.",
    remedy="Check the figures; longitudes run from 73 to 136, latitudes from 3 to 54.",
)
COORDINATES_OUTSIDE_CITY = code(
    "COORDINATES_OUTSIDE_CITY",
    zh="该位置不在本市范围内，与所属区划不符。",
    en="This place is outside the city, but its division is of the city.",
    remedy="Check the figures and the system they are in, or change the division.",
)


class System(StrEnum):
    GCJ02 = "GCJ02"
    WGS84 = "WGS84"


class Spot(NamedTuple):
    """Degrees, east and north; in WGS-84 where nothing else is said."""

    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """In WGS-84, the edges included."""

    west: float
    south: float
    east: float
    north: float

    def hold(self, spot: Spot) -> bool:
        return self.west <= spot.longitude <= self.east and self.south <= spot.latitude <= self.north


COUNTRY: Final = Bounds(73, 3, 136, 54)
_SHIFTED: Final = Bounds(72.004, 0.8293, 137.8347, 55.8271)
"""Where maps shift at all."""


def to_gcj02(spot: Spot) -> Spot:
    """Outside China it stays where it is."""
    if not _SHIFTED.hold(spot):
        return spot
    x, y = spot.longitude - 105, spot.latitude - 35
    root, angle = sqrt(fabs(x)), radians(spot.latitude)
    waves = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (waves + 20 * sin(y * pi) + 40 * sin(y / 3 * pi) + 160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (waves + 20 * sin(x * pi) + 40 * sin(x / 3 * pi) + 150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    bent = 1 - _ECCENTRICITY * sin(angle) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY) / (bent * sqrt(bent))
    parallel = _AXIS / sqrt(bent) * cos(angle)
    return Spot(spot.longitude + east / radians(parallel), spot.latitude + north / radians(meridian))


def to_wgs84(spot: Spot) -> Spot:
    """The place that maps show there: its shift is taken off again, until it no longer changes."""
    if not _SHIFTED.hold(spot):
        return spot
    found = spot
    for _ in range(_STEPS):
        shown = to_gcj02(found)
        east, north = spot.longitude - shown.longitude, spot.latitude - shown.latitude
        found = Spot(found.longitude + east, found.latitude + north)
        if max(fabs(east), fabs(north)) < _ENOUGH:
            break
    return found


FROM: Final[dict[System, Callable[[Spot], Spot]]] = {System.GCJ02: to_wgs84, System.WGS84: lambda spot: spot}
"""What is said in that system, as it is kept."""
INTO: Final[dict[System, Callable[[Spot], Spot]]] = {System.GCJ02: to_gcj02, System.WGS84: lambda spot: spot}
"""What is kept, as that system says it."""


def shown_in(system: System, spot: Spot) -> tuple[float, float]:
    """What is kept, as it is given out: to a centimetre."""
    told = INTO[system](spot)
    return round(told.longitude, DIGITS), round(told.latitude, DIGITS)


def against_spot(spot: Spot, field: str, city: Bounds | None = None) -> Iterator[Reason]:
    """Of a place in WGS-84; within `city` where that is given. The first fault alone."""
    swapped = Spot(spot.latitude, spot.longitude)
    if not (isfinite(spot.longitude) and isfinite(spot.latitude)):
        yield because(COORDINATES_OUT_OF_RANGE, field)
    elif spot.longitude == 0 == spot.latitude:
        yield because(COORDINATES_ZERO, field)
    elif not COUNTRY.hold(spot) and COUNTRY.hold(swapped):
        yield because(COORDINATES_SWAPPED, field)
    elif fabs(spot.longitude) > 180 or fabs(spot.latitude) > 90:
        yield because(COORDINATES_OUT_OF_RANGE, field)
    elif not COUNTRY.hold(spot):
        yield because(COORDINATES_ABROAD, field)
    elif city is not None and not city.hold(spot):
        yield because(COORDINATES_OUTSIDE_CITY, field)
