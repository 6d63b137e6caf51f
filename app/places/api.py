"""The divisions of the city."""

from typing import Annotated

import strawberry

from app.core.errors import BAD_TEXT, BAD_VALUE, refuse
from app.core.texts import unstorable
from app.graph.permissions import Anyone
from app.graph.visible import SHARED
from app.graph.weights import Cost, ListSize
from app.places.rules import is_division
from app.places.rules.divisions import below
from app.places.types import Division


@strawberry.type
class PlacesQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="The towns and subdistricts of the city, or the villages and communities of one of them, in the "
        "official order.",
        directives=[SHARED, Cost(weight=0), ListSize(assumed_size=100)],
    )
    def divisions(
        self,
        within: Annotated[
            str | None, strawberry.argument(description="The code of the city or of a town; left out, the city's.")
        ] = None,
    ) -> list[Division] | None:
        if within is not None and not is_division(within):
            raise refuse(BAD_VALUE, "within")
        return [found for code in below(within) if (found := Division.of(code))]

    @strawberry.field(
        permission_classes=[Anyone],
        description="A division by its official code; null outside the city.",
        directives=[Cost(weight=0)],
    )
    def division(
        self, code: Annotated[str, strawberry.argument(description="Of 6, 9 or 12 digits.")]
    ) -> Division | None:
        if unstorable(code):
            raise refuse(BAD_TEXT, "code")
        return Division.of(code)
