"""The divisions of the city: towns and subdistricts, and their villages and communities, by official code.

A city is a file in `data/` (codes and names from the National Bureau of Statistics). Another city is another file: the
variable CITY_FILE of the environment says where that is, before anything of the house is loaded.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from app.places.rules.coordinates import Bounds, Spot

_DATA = Path(__file__).parents[1] / "data"
HERE: Final = Path(os.environ.get("CITY_FILE") or _DATA / "divisions.json")
"""Whose house this is."""


class DivisionKind(StrEnum):
    CITY = "city"
    SUBDISTRICT = "subdistrict"
    TOWN = "town"
    VILLAGE = "village"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True)
class Division:
    """`code` has 6 digits for the city, 9 for a town or subdistrict, 12 for a village or community.

    `parent` is the code one level up, None for the city.
    """

    code: str
    name: str
    kind: DivisionKind
    parent: str | None


def divisions_of(city: Path = HERE) -> Mapping[str, Division]:
    """Every division of the city in that file, by code, in the official order.

    FileNotFoundError where there is no file, ValueError for one whose tree does not hold together.
    """
    rows = json.loads(city.read_text("utf-8"))["divisions"]
    found = {code: Division(code, name, DivisionKind(kind), parent) for code, name, kind, parent in rows}
    if len(found) != len(rows):
        raise ValueError(f"{city.name}: a code stands twice")
    if stray := [one.code for one in found.values() if one.parent and not one.code.startswith(one.parent)]:
        raise ValueError(f"{city.name}: {stray[0]} is not under its parent")
    if lost := [one.code for one in found.values() if one.parent and one.parent not in found]:
        raise ValueError(f"{city.name}: the parent of {lost[0]} is missing")
    return MappingProxyType(found)


DIVISIONS = divisions_of()
_BELOW: dict[str | None, list[str]] = {}
for _division in DIVISIONS.values():
    _BELOW.setdefault(_division.parent, []).append(_division.code)


def bounds_of(city: Path = HERE) -> Bounds:
    """What the city lies in, a tenth of a degree wider."""
    west, south, east, north = json.loads(city.read_text("utf-8"))["bounds"]
    return Bounds(west, south, east, north)


CITY = bounds_of()


def is_division(code: str) -> bool:
    return code in DIVISIONS


def below(code: str | None = None) -> list[str]:
    """The codes of the divisions of a city or town, in the official order; of the city where none is said."""
    return _BELOW.get(code or _BELOW[None][0], [])


def town_of(code: str) -> Division:
    """The town or subdistrict that a code lies in: its own, or its village's. The city stands for itself.

    KeyError for a code that is no division.
    """
    division = DIVISIONS[code]
    if division.parent is not None and division.kind in (DivisionKind.VILLAGE, DivisionKind.COMMUNITY):
        return DIVISIONS[division.parent]
    return division


def _points_of(city: Path = HERE) -> Mapping[str, Spot]:
    points = json.loads(city.read_text("utf-8"))["examplePoints"]
    return MappingProxyType({code: Spot(*degrees) for code, degrees in points.items()})


_POINTS = _points_of()


def reference_point(code: str) -> Spot:
    """A place in the town or subdistrict that a code lies in, for who does not say where she is.

    An example, to a hundredth of a degree (1 km): nobody has confirmed it, and whoever shows it says so. KeyError for a
    code that is no division.
    """
    return _POINTS[town_of(code).code]
