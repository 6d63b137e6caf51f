"""Where the institutions of the register are: its keepers say it."""

from typing import Annotated

import strawberry

from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.directory.actions import points
from app.directory.actions import register as actions
from app.directory.loaders import InstitutionById, PointOfDivision
from app.directory.models import Precision
from app.directory.rules.placing import Placed
from app.directory.types.points import DivisionPoint, PlaceDivisionResult
from app.directory.types.register import Institution, InstitutionResult
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.permissions import KeepsRegister
from app.places.types import CoordinatesInput


@strawberry.input(description="Where an institution is, and how that is known.")
class PlaceInput:
    coordinates: CoordinatesInput = strawberry.field(
        description="Of its door where that is known. Of an institution of the city they lie in it."
    )
    source: str = strawberry.field(description="Who says so, 2 to 60 characters.")
    precision: Precision = strawberry.field(description="How exactly.")

    def plain(self) -> Placed:
        return Placed(self.coordinates.kept(), self.source, self.precision)


@strawberry.input(description="Where an institution is from now on.")
class PlaceInstitutionInput:
    institution_id: strawberry.ID = strawberry.field(description="Which one.")
    version: int = strawberry.field(description="The record's version as you read it.")
    place: PlaceInput | None = strawberry.field(default=None, description="Left out where nobody knows.")
    reason: str = strawberry.field(description="Why, 4 to 300 characters: it stays in the history.")


@strawberry.input(description="Where a town, a village or a community is from now on.")
class PlaceDivisionInput:
    division_code: str = strawberry.field(description="Of 9 or 12 digits.")
    version: int = strawberry.field(description="Of its point as you read it; 0 where it has none yet.")
    coordinates: CoordinatesInput = strawberry.field(description="Of its middle, such as its committee's house.")
    source: str = strawberry.field(description="Who says so, 2 to 60 characters.")
    reason: str = strawberry.field(description="Why, 4 to 300 characters: it stays in the history.")


@strawberry.type
class PlacingMutation:
    @strawberry.mutation(
        permission_classes=[KeepsRegister],
        description="Confirm where a division is: distances from it are counted from there, and its adviser's visits.",
    )
    async def place_division(
        self, info: Info, input: Annotated[PlaceDivisionInput, strawberry.argument(description="Where it is.")]
    ) -> PlaceDivisionResult | None:
        code, spot = input.division_code, input.coordinates.kept()
        async with info.context.write() as session:
            how = (input.version, spot, input.source, input.reason, now(session))
            await points.place(session, viewer(info), code, *how)
        row = await info.context.loader(PointOfDivision).load(code)
        if row is None:
            raise refuse(NOT_FOUND, "divisionCode")
        return DivisionPoint.of(row)

    @strawberry.mutation(
        permission_classes=[KeepsRegister],
        description="Say where an institution is, or that nobody knows. Its history keeps where it was.",
    )
    async def place_institution(
        self, info: Info, input: Annotated[PlaceInstitutionInput, strawberry.argument(description="Where it is.")]
    ) -> InstitutionResult | None:
        id = uuid_of(input.institution_id, "Institution", "institutionId")
        said = input.place.plain() if input.place else None
        async with info.context.write() as session:
            await actions.place(session, viewer(info), id, input.version, said, input.reason, now(session))
        row = await info.context.loader(InstitutionById).load(id)
        if row is None:
            raise refuse(NOT_FOUND, "institutionId")
        return Institution.of(row)
