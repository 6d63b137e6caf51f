"""What applicants make of how their cases were done, each for herself and all together."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry

from app.applications.loaders import ApplicationById
from app.applications.models import ApplicationKind
from app.applications.types.application import ServiceApplication
from app.applications.types.results import shown_as
from app.consultation.rules.rating import Counted, wilson
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
    description="What applicants make of cases of one kind that were done in the published months of a period: always "
    "with its numbers. A month is told once and for all, with what was rated until fourteen days after it, or together "
    "with the next ones where fewer than ten people rated.",
    directives=[visible.ANYONE],
)
class ServiceSatisfaction:
    kind: ApplicationKind = strawberry.field(description="For what they applied.")
    from_: date | None = strawberry.field(name="from", description="The first day of the months that are told.")
    to: date | None = strawberry.field(description="The last day of the months that are told.")
    eligible: int = strawberry.field(description="How many cases were done, and so could be rated.")
    rated: int = strawberry.field(description="How many were rated.")
    satisfied: int | None = strawberry.field(description="Of the rated ones, those with four stars or five.")
    solved: int | None = strawberry.field(description="Of the rated ones, those that solved what she came with.")
    share: float | None = strawberry.field(description="The satisfied among the rated, 0 to 1.")
    low: float | None = strawberry.field(description="The lower end of the share's 95 % interval (Wilson).")
    high: float | None = strawberry.field(description="The upper end of the share's 95 % interval (Wilson).")

    @classmethod
    def of(cls, kind: ApplicationKind, counted: Counted) -> Self:
        interval = wilson(counted.liked, counted.rated)
        return cls(
            kind=kind,
            from_=counted.first,
            to=counted.last,
            eligible=counted.eligible,
            rated=counted.rated,
            satisfied=counted.liked,
            solved=counted.solved,
            share=counted.liked / counted.rated,
            low=interval.low if interval else None,
            high=interval.high if interval else None,
        )


RateServiceResult = Annotated[ServiceRating | Refused, strawberry.union("RateServiceResult", description=PAYLOAD)]
