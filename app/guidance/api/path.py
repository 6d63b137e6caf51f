"""Where a grievance can go. Nothing that is sent here is stored or logged."""

from typing import Annotated

import strawberry

from app.core.db import now
from app.core.errors import refuse_if
from app.graph.context import Info
from app.graph.permissions import Anyone
from app.graph.weights import Cost
from app.guidance.rules.path import against
from app.guidance.types.path import PathAnswersInput, PathCard
from app.places.rules.workdays import CITY_TIME


@strawberry.type
class PathQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="In one card the ways that a grievance can take by law: why, in which order, until when, where, "
        "with which papers, at what cost, and what happens then.",
        directives=[Cost(weight=5)],
    )
    async def path_card(
        self,
        info: Info,
        answers: Annotated[
            PathAnswersInput,
            strawberry.argument(description="What is known so far; `PathCard.ask` says what to ask next."),
        ],
    ) -> PathCard | None:
        said = answers.to_plain()
        async with info.context.read() as session:
            today = now(session).astimezone(CITY_TIME).date()
        refuse_if([*against(said, today)])
        return PathCard.of(said, today, info.context.language)
