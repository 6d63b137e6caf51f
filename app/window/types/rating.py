"""What applicants make of how their cases were done, each for herself and all together."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry

from app.applications.loaders import ApplicationById
from app.applications.models import ApplicationKind
from app.applications.types.application import ServiceApplication
from app.applications.types.results import shown_as
from app.consultation.rules.rating import wilson
from app.graph import visible
from app.graph.context import Info
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.window.rules.rating import CHANGED


@strawberry.type(
    description="What you make of how a case of yours was done; nobody else reads it, it is counted.",
    directives=[visible.OWNERS],
)
class ServiceRating(Node):
    of_what: strawberry.Private[UUID]
    stars: int | None = strawberry.field(description="1 to 5; null while you have not said it.")
    solved: bool | None = strawberry.field(description="Whether it solved what you came with.")
    rated_at: datetime | None = strawberry.field(description="When you said it first.")
    changeable_until: datetime | None = strawberry.field(description="Until when you may say it anew.")

    @classmethod
    def of(cls, application: UUID, row: Any | None) -> Self:
        return cls(
            id=global_id("ServiceRating", application),
            of_what=application,
            stars=row.stars if row else None,
            solved=row.solved if row else None,
            rated_at=row.rated_at if row else None,
            changeable_until=row.rated_at + CHANGED if row else None,
        )

    @strawberry.field(description="The case.")
    async def application(self, info: Info) -> ServiceApplication | None:
        row = await info.context.loader(ApplicationById).load(self.of_what)
        return shown_as(row) if row else None


@strawberry.type(
    description="What applicants make of cases of one kind that were done in a period: always with its numbers.",
    directives=[visible.ANYONE],
)
class ServiceSatisfaction:
    kind: ApplicationKind = strawberry.field(description="For what they applied.")
    eligible: int = strawberry.field(description="How many cases were done, and so could be rated.")
    rated: int = strawberry.field(description="How many were rated.")
    satisfied: int | None = strawberry.field(
        description="Of the rated ones, those with four stars or five; null where fewer than five people rated."
    )
    solved: int | None = strawberry.field(
        description="Of the rated ones, those that solved what she came with; null where fewer than five people rated."
    )
    share: float | None = strawberry.field(
        description="The satisfied among the rated, 0 to 1; null where fewer than five people rated."
    )
    low: float | None = strawberry.field(description="The lower end of the share's 95 % interval (Wilson).")
    high: float | None = strawberry.field(description="The upper end of the share's 95 % interval (Wilson).")

    @classmethod
    def of(cls, row: Any) -> Self:
        told = row.liked is not None
        interval = wilson(row.liked, row.rated) if told else None
        return cls(
            kind=ApplicationKind(row.kind),
            eligible=row.eligible,
            rated=row.rated,
            satisfied=row.liked,
            solved=row.solved,
            share=row.liked / row.rated if told else None,
            low=interval.low if interval else None,
            high=interval.high if interval else None,
        )


RateServiceResult = Annotated[ServiceRating | Refused, strawberry.union("RateServiceResult", description=PAYLOAD)]
