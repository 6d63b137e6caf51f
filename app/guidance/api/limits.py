"""What is not to be missed. Nothing that is sent here is stored or logged."""

from datetime import date
from typing import Annotated

import strawberry

from app.core.db import now
from app.core.errors import BAD_VALUE, refuse
from app.directory.rules.taxonomy import CATEGORIES
from app.graph.context import Info
from app.graph.ids import key_of
from app.graph.permissions import Anyone
from app.graph.weights import ListSize
from app.guidance.rules.limits import limits_of
from app.guidance.types.limits import StatutoryLimit
from app.places.rules.workdays import CITY_TIME


@strawberry.type
class LimitsQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="Periods of the law that may matter, the special ones first, each with its article and last day.",
        directives=[ListSize(assumed_size=17)],
    )
    async def statutory_limits(
        self,
        info: Info,
        category_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Those of a category; all where none is given.")
        ] = None,
        since: Annotated[
            date | None, strawberry.argument(description="When that happened from which they run, as `begins` tells.")
        ] = None,
    ) -> list[StatutoryLimit]:
        category = None if category_id is None else key_of(category_id, "Category", "categoryId")
        if category is not None and category not in CATEGORIES:
            raise refuse(BAD_VALUE, "categoryId")
        async with info.context.read() as session:
            today = now(session).astimezone(CITY_TIME).date()
        return [StatutoryLimit.of(limit, since, today, info.context.language) for limit in limits_of(category)]
