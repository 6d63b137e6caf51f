"""Coordinates, always with the system they are in, and the parts of the city, as anybody may see them."""

from typing import Self

import strawberry

from app.graph import visible
from app.graph.enums import explain
from app.places.rules import DIVISIONS, DivisionKind
from app.places.rules.coordinates import FROM, Spot, System, shown_in

explain(
    System,
    "What coordinates are counted in.",
    GCJ02="As maps in China draw them, and as `wx.openLocation` and the map of a mini-program want them.",
    WGS84="As GPS tells them, and as they are kept here.",
)


@strawberry.type(description="Where something is.", directives=[visible.WITHIN])
class Coordinates:
    longitude: float = strawberry.field(description="Degrees east.")
    latitude: float = strawberry.field(description="Degrees north.")
    system: System = strawberry.field(description="What they are counted in.")

    @classmethod
    def of(cls, spot: Spot, system: System) -> "Coordinates":
        longitude, latitude = shown_in(system, spot)
        return cls(longitude=longitude, latitude=latitude, system=system)


@strawberry.input(description="Where something is.")
class CoordinatesInput:
    longitude: float = strawberry.field(description="Degrees east.")
    latitude: float = strawberry.field(description="Degrees north.")
    system: System = strawberry.field(description="What they are counted in.")

    def kept(self) -> Spot:
        return FROM[self.system](Spot(self.longitude, self.latitude))


explain(
    DivisionKind,
    "What a division is.",
    CITY="The city itself.",
    SUBDISTRICT="街道, of the town proper.",
    TOWN="镇, in the country.",
    VILLAGE="A village with a committee of its own (村民委员会).",
    COMMUNITY="A neighbourhood with a committee of its own (居民委员会).",
)


@strawberry.type(
    description="A division of the city: the city itself, a town or subdistrict, a village or community.",
    directives=[visible.ANYONE],
)
class Division:
    code: str = strawberry.field(description="The official code, of 6, 9 or 12 digits.")
    name: str = strawberry.field(description="Its name, in Chinese.")
    kind: DivisionKind = strawberry.field(description="On which level it stands.")
    parent_code: str | None = strawberry.field(description="Of the division it lies in; null of the city.")

    @classmethod
    def of(cls, code: str) -> Self | None:
        """None outside the city."""
        known = DIVISIONS.get(code)
        return cls(code=code, name=known.name, kind=known.kind, parent_code=known.parent) if known else None
