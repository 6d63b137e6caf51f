"""How the graph shows a case that was given away."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from app.core.sealing import unseal
from app.education.models import DonationState
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.guidance.types.categories import Category
from app.vault.loaders import DataKey

explain(
    DonationState,
    "Where a case stands that was given away.",
    OFFERED="Editors see that it is there, and no word of it.",
    TAKEN="One editor reads it.",
    PUBLISHED="An article tells it; it cannot be taken back any more.",
    REVOKED="Who gave it took it back: nobody reads it.",
)


@strawberry.type(
    description="A consultation without names, given away by whom it happened to. Nothing else of the question is "
    "known by it, nor whose it was, nor who answered.",
    directives=[visible.to(Audience.ASKER, Audience.EDITOR)],
)
class DonatedCase(Node):
    row: strawberry.Private[Any]
    state: DonationState = strawberry.field(description="Where it stands.")
    donated_at: datetime = strawberry.field(description="When it was given.")

    @classmethod
    def of(cls, row: Any) -> "DonatedCase":
        return cls(
            id=global_id("DonatedCase", row.id), row=row, state=DonationState(row.state), donated_at=row.donated_at
        )

    @strawberry.field(description="What it is about: a category of the first level.")
    def topic(self) -> Category | None:
        return Category.of(self.row.topic)

    @strawberry.field(
        description="The text that she agreed to; null of one that is not hers, or not taken by you, or taken back.",
        directives=[visible.to(Audience.ASKER, Audience.TAKER)],
    )
    async def text(self, info: Info) -> str | None:
        if not self.row.body:
            return None
        key = await info.context.loader(DataKey).load(self.row.id)
        return unseal(key, self.row.body, "case_donation", "body", self.row.id) if key else None


@strawberry.type(
    description="What would be given away: without names, numbers and places, as far as a program can tell.",
    directives=[visible.SELF],
)
class DonationPreview:
    text: str = strawberry.field(description="To be read before she agrees; what else she wants out she strikes.")
    digest: str = strawberry.field(description="Of this text, for `donateCase`.")


DonationPreviewResult = Annotated[
    DonationPreview | Refused, strawberry.union("DonationPreviewResult", description=PAYLOAD)
]
DonateCaseResult = Annotated[DonatedCase | Refused, strawberry.union("DonateCaseResult", description=PAYLOAD)]
RevokeDonationResult = Annotated[DonatedCase | Refused, strawberry.union("RevokeDonationResult", description=PAYLOAD)]
TakeDonatedCaseResult = Annotated[DonatedCase | Refused, strawberry.union("TakeDonatedCaseResult", description=PAYLOAD)]
