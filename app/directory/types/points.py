"""Where a division is, as the staff confirmed it."""

from typing import Annotated, Any, Self

import strawberry

from app.directory.loaders import ChangesOf, PointOfDivision
from app.directory.types.history import RegisterChange
from app.directory.types.placing import spot_of
from app.graph import visible
from app.graph.context import Info
from app.graph.extending import extends
from app.graph.refusals import PAYLOAD, Refused
from app.graph.weights import ListSize
from app.places.rules.coordinates import System
from app.places.types import Coordinates, Division


@strawberry.type(
    description="Where a town, a village or a community is, as the staff confirmed it.", directives=[visible.WITHIN]
)
class DivisionPoint:
    row: strawberry.Private[Any]
    source: str = strawberry.field(description="Who says so.")
    version: int = strawberry.field(description="Grows with each change; a change says which one it is about.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(row=row, source=row.source, version=row.version)

    @strawberry.field(description="Of which division; null where it is none of the city's any more.")
    def division(self) -> Division | None:
        return Division.of(self.row.division)

    @strawberry.field(description="Where, in degrees.")
    def coordinates(
        self, system: Annotated[System, strawberry.argument(description="What to count them in.")] = System.GCJ02
    ) -> Coordinates | None:
        spot = spot_of(self.row)
        return Coordinates.of(spot, system) if spot else None

    @strawberry.field(
        description="Every change, newest first; shown to who keeps the register.",
        directives=[visible.REGISTER, ListSize(assumed_size=10)],
    )
    async def history(self, info: Info) -> list[RegisterChange]:
        rows = await info.context.loader(ChangesOf).load(self.row.id)
        return [RegisterChange.of(row) for row in rows]


@extends(Division)
@strawberry.field(description="Where it is, as the staff confirmed it; null where nobody has.")
async def point(root: strawberry.Parent[Division], info: Info) -> DivisionPoint | None:
    row = await info.context.loader(PointOfDivision).load(root.code)
    return DivisionPoint.of(row) if row else None


PlaceDivisionResult = Annotated[DivisionPoint | Refused, strawberry.union("PlaceDivisionResult", description=PAYLOAD)]
