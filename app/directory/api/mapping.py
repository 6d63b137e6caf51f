"""The map of the register: open to everybody, and nobody has to say precisely where she is."""

from typing import Annotated

import strawberry

from app.core.db import now
from app.core.errors import BAD_VALUE, because, refuse_if
from app.directory.loaders import PointOfDivision
from app.directory.models import RegisterKind, Service
from app.directory.reads import placing as reads
from app.directory.rules.grid import NEAREST, against_kinds, against_view, grid_over
from app.directory.rules.taxonomy import CATEGORIES, specialty_of
from app.directory.types.mapping import MapFeature, NearestPoints, NearPoint
from app.directory.types.placing import spot_of
from app.graph.context import Info
from app.graph.permissions import Anyone
from app.graph.visible import SHARED
from app.graph.weights import ListSize
from app.places.rules import is_division
from app.places.rules.coordinates import Bounds, Spot, System, against_spot
from app.places.rules.divisions import reference_point, town_of
from app.places.types import CoordinatesInput

KNOWN = CATEGORIES.keys() | Service.__members__.keys()

Kinds = Annotated[
    list[RegisterKind] | None, strawberry.argument(description="Kinds of institutions; all where it is left out.")
]


OpenNow = Annotated[bool, strawberry.argument(description="Only what is open at this moment.")]


@strawberry.input(description="What a map shows: its south-western and its north-eastern corner, in degrees.")
class BoundsInput:
    west: float = strawberry.field(description="Longitude of the left edge.")
    south: float = strawberry.field(description="Latitude of the lower edge, -85 to 85.")
    east: float = strawberry.field(description="Longitude of the right edge.")
    north: float = strawberry.field(description="Latitude of the upper edge, -85 to 85.")
    system: System = strawberry.field(description="What they are counted in.")

    def plain(self) -> Bounds:
        return Bounds(self.west, self.south, self.east, self.north)


async def _confirmed(info: Info, division: str) -> Spot | None:
    """The division's own point, or its town's, if the staff confirmed either."""
    codes = [division, town_of(division).code]
    own, towns = await info.context.loader(PointOfDivision).load_many(codes)
    known = own or towns
    return spot_of(known) if known else None


@strawberry.type
class MappingQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="Institutions on a map, at most 200 marks. Who pans keeps the marks that stay in sight.",
        directives=[SHARED, ListSize(assumed_size=200)],
    )
    async def map_points(
        self,
        info: Info,
        bounds: Annotated[BoundsInput, strawberry.argument(description="What the map shows.")],
        zoom: Annotated[int, strawberry.argument(description="As web maps count it, 0 to 22.")],
        kinds: Kinds = None,
        open_now: OpenNow = False,
    ) -> list[MapFeature] | None:
        shown = bounds.plain()
        refuse_if([*against_view(shown, zoom), *against_kinds(kinds or ())])
        grid = grid_over(shown, bounds.system, zoom)
        async with info.context.read() as session:
            rows = await reads.clustered(
                session, info.context.viewer, grid, kinds or (), now(session) if open_now else None
            )
        return [MapFeature(row=row, key=f"{grid.level}/{row.cell_x}/{row.cell_y}") for row in rows]

    @strawberry.field(
        permission_classes=[Anyone],
        description="The institutions nearest to a place or a division, of those that work and are verified.",
    )
    async def nearest_points(
        self,
        info: Info,
        at: Annotated[
            CoordinatesInput | None, strawberry.argument(description="Where; a rough place will do. Not kept.")
        ] = None,
        division_code: Annotated[
            str | None, strawberry.argument(description="Or a division of the city: then of its reference point.")
        ] = None,
        kinds: Kinds = None,
        service: Annotated[
            str | None,
            strawberry.argument(description="What they do: a code of `Service` or of `categories`."),
        ] = None,
        open_now: OpenNow = False,
        first: Annotated[int, strawberry.argument(description="How many, 1 to 50.")] = 10,
    ) -> NearestPoints | None:
        spot = at.kept() if at else None
        wrong = [*against_kinds(kinds or ()), *(against_spot(spot, "at") if spot else ())]
        wrong += [because(BAD_VALUE, "at")] if (at is None) == (division_code is None) else []
        wrong += (
            [because(BAD_VALUE, "divisionCode")] if division_code is not None and not is_division(division_code) else []
        )
        wrong += [because(BAD_VALUE, "service")] if service is not None and service not in KNOWN else []
        wrong += [] if 1 <= first <= NEAREST else [because(BAD_VALUE, "first")]
        refuse_if(wrong)
        confirmed = await _confirmed(info, division_code) if division_code else None
        around: Spot = spot or confirmed or reference_point(division_code or "")
        async with info.context.read() as session:
            code = specialty_of(service) if service and service in CATEGORIES else service
            open = now(session) if open_now else None
            wanted = reads.nearest(info.context.viewer, around, kinds or (), code, first, open)
            rows = (await session.rows(wanted)).all()
        return NearestPoints(
            spot=around, example=spot is None and confirmed is None, points=[NearPoint.of(row) for row in rows]
        )
