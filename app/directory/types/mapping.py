"""What a map shows of the register."""

from typing import Annotated, Any

import strawberry

from app.directory.loaders import InstitutionById
from app.directory.reads.placing import metres
from app.directory.types.register import Institution
from app.graph import visible
from app.graph.context import Info
from app.graph.edges import OfRow, column
from app.graph.weights import Cost, ListSize
from app.places.rules.coordinates import Spot, System
from app.places.types import Coordinates

IN = Annotated[System, strawberry.argument(description="What to count them in.")]


@strawberry.type(description="A mark on a map: one institution, or several that are near.", directives=[visible.ANYONE])
class MapFeature(OfRow):
    row: strawberry.Private[Any]
    key: str = strawberry.field(description="Of its cell: the same as long as the map is not zoomed.")
    count: int = column("How many institutions; 1 is a point, more are a cluster.")

    @strawberry.field(description="Where it is; of a cluster its middle.", directives=[Cost(weight=0)])
    def coordinates(self, system: IN = System.GCJ02) -> Coordinates:
        return Coordinates.of(self.row, system)

    @strawberry.field(
        description="Which institutions, five at most: all where `count` is not more.",
        directives=[ListSize(assumed_size=2)],
    )
    async def institutions(self, info: Info) -> list[Institution]:
        rows = await info.context.loader(InstitutionById).load_many(list(self.row.members))
        return [Institution.of(row) for row in rows if row]


@strawberry.type(description="An institution and how far it is.", directives=[visible.WITHIN])
class NearPoint:
    metres: int = strawberry.field(description="Over the earth's surface, not along roads.")
    institution: Institution = strawberry.field(description="Which one; it works and was verified within 12 months.")

    @classmethod
    def of(cls, row: Any) -> "NearPoint":
        return cls(metres=metres(row.chord), institution=Institution.of(row))


@strawberry.type(description="Institutions around a place.", directives=[visible.ANYONE])
class NearestPoints:
    spot: strawberry.Private[Spot]
    example: bool = strawberry.field(
        description="Whether the place stands for a division and is made up: near it, but confirmed by nobody."
    )
    points: list[NearPoint] = strawberry.field(description="Nearest first.", directives=[ListSize(assumed_size=50)])

    @strawberry.field(description="From where distances are counted.")
    def around(self, system: IN = System.GCJ02) -> Coordinates:
        return Coordinates.of(self.spot, system)
