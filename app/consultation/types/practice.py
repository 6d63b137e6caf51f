"""What a lawyer says of her practice, and how fairly she is called."""

from datetime import datetime
from typing import Annotated

import strawberry

from app.consultation.reads.practice import Clients
from app.consultation.rules import practice
from app.consultation.types.question import Question
from app.graph import visible
from app.graph.refusals import PAYLOAD, Refused


@strawberry.type(
    description="A lawyer's list of clients. The house keeps digests under a secret of its own, and never the names.",
    directives=[visible.SELF],
)
class ClientList:
    count: int = strawberry.field(description="How many different names it holds.")
    updated_at: datetime | None = strawberry.field(description="When it last changed; null while there was none.")

    @classmethod
    def of(cls, clients: Clients) -> "ClientList":
        return cls(count=clients.names, updated_at=clients.updated_at)


@strawberry.type(description="How a figure is spread among the lawyers of a pool.", directives=[visible.WITHIN])
class Spread:
    low: float = strawberry.field(description="A quarter of them have this or less.")
    median: float = strawberry.field(description="Half of them have this or less.")
    high: float = strawberry.field(description="A quarter of them have this or more.")


@strawberry.type(description="One of a lawyer's own figures beside those of her peers.", directives=[visible.WITHIN])
class ExposureFigure:
    mine: int = strawberry.field(description="Hers.")
    peers: Spread | None = strawberry.field(description="Her peers'; null while there are fewer than five of them.")

    @classmethod
    def of(cls, mine: int, peers: practice.Spread | None) -> "ExposureFigure":
        return cls(mine=mine, peers=Spread(**peers._asdict()) if peers else None)


@strawberry.type(
    description="How often a lawyer was called in a span of days and what came of it, beside the others of her pool.",
    directives=[visible.SELF],
)
class Exposure:
    since: datetime = strawberry.field(description="When the span begins.")
    peers: int = strawberry.field(description="How many other active lawyers her pool has.")
    offers: ExposureFigure = strawberry.field(description="Questions offered.")
    claims: ExposureFigure = strawberry.field(description="Seats claimed.")
    leases_kept: ExposureFigure = strawberry.field(description="Of these seats, those an answer was delivered from.")
    answers: ExposureFigure = strawberry.field(description="Of these answers, those that count to the promised ones.")
    place_in_turn: int | None = strawberry.field(
        description="Her place among those who can be called now, who waited longest being 1; null while she cannot."
    )
    in_turn: int = strawberry.field(description="How many of her pool can be called now.")


SetClientNamesResult = Annotated[ClientList | Refused, strawberry.union("SetClientNamesResult", description=PAYLOAD)]
RecategoriseQuestionResult = Annotated[
    Question | Refused, strawberry.union("RecategoriseQuestionResult", description=PAYLOAD)
]
