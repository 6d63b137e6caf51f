"""Coordinates as the graph takes and shows them: always with the system they are in."""

import strawberry

from app.graph import visible
from app.graph.enums import explain
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
        told = shown_in(system, spot)
        return cls(longitude=told.longitude, latitude=told.latitude, system=system)


@strawberry.input(description="Where something is.")
class CoordinatesInput:
    longitude: float = strawberry.field(description="Degrees east.")
    latitude: float = strawberry.field(description="Degrees north.")
    system: System = strawberry.field(description="What they are counted in.")

    def kept(self) -> Spot:
        return FROM[self.system](Spot(self.longitude, self.latitude))
