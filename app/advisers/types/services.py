"""What an adviser logged, and the code that somebody of the village makes for her."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.advisers.actions.services import digits
from app.advisers.models import ServiceKind
from app.core.sealing import KeyProvider
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.places.types import Division

explain(
    ServiceKind,
    "What an adviser did in her village.",
    VISIT="She was there, for whoever came.",
    TALK="She gave a talk about the law.",
    MEDIATION="She took part in a mediation.",
)


@strawberry.type(
    description="What an adviser did in her village. Nothing of what was said is kept, and nobody's name.",
    directives=[visible.SERVICES],
)
class AdviserService(Node):
    kind: ServiceKind = strawberry.field(description="What it was.")
    at: datetime = strawberry.field(description="When.")
    people: int = strawberry.field(description="How many people came or took part.")
    metres: int | None = strawberry.field(
        description="How far the telephone was from the village's point or an institution in it; null where somebody "
        "of the village told her a code instead."
    )
    logged_at: datetime = strawberry.field(description="When it was logged.")
    term_id: strawberry.ID = strawberry.field(description="In which term of hers.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=global_id("AdviserService", row.id),
            kind=ServiceKind(row.kind),
            at=row.at,
            people=row.people,
            metres=row.metres,
            logged_at=row.logged_at,
            term_id=global_id("AdviserTerm", row.term),
        )


@strawberry.type(
    description="Six digits for the adviser of your village to show that she was there.", directives=[visible.SELF]
)
class VisitCode:
    row: strawberry.Private[Any]
    expires_at: datetime = strawberry.field(description="Good until then, and once.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(row=row, expires_at=row.expires_at)

    @strawberry.field(description="To be read out to her.")
    def digits(self, info: Info) -> str:
        return digits(info.context.door(KeyProvider), self.row.id)

    @strawberry.field(description="In which village or community it is good.")
    def division(self) -> Division | None:
        return Division.of(self.row.division)


LogAdviserServiceResult = Annotated[
    AdviserService | Refused, strawberry.union("LogAdviserServiceResult", description=PAYLOAD)
]
CreateVisitCodeResult = Annotated[VisitCode | Refused, strawberry.union("CreateVisitCodeResult", description=PAYLOAD)]
