"""What somebody is writing before she applies, whatever for."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.applications.actions.drafts import opened
from app.applications.models import ApplicationKind
from app.applications.types.forms import ApplicationForm, shown_form
from app.graph import visible
from app.graph.context import Info
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.vault.loaders import DataKey
from app.vault.rules.drafts import wiped_at


@strawberry.type(
    description="What somebody is writing before she applies, on any of her devices.", directives=[visible.SELF]
)
class ApplicationDraft(Node):
    row: strawberry.Private[Any]
    kind: ApplicationKind = strawberry.field(description="What she means to apply for.")
    revision: int = strawberry.field(description="The revision that is kept; save with a greater one.")
    saved_at: datetime = strawberry.field(description="When it was last saved.")
    expires_at: datetime = strawberry.field(description="When it is wiped unless it is saved again: 30 days later.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=global_id("ApplicationDraft", row.id),
            row=row,
            kind=ApplicationKind(row.kind),
            revision=row.revision,
            saved_at=row.saved_at,
            expires_at=wiped_at(row.saved_at),
        )

    @strawberry.field(description="What she wrote so far; null once it was sent, discarded or wiped.")
    async def form(self, info: Info) -> ApplicationForm | None:
        key = await info.context.loader(DataKey).load(self.row.id) if self.row.content else None
        return shown_form(opened(key, self.row), open_ids=True) if key else None


ApplicationDraftResult = Annotated[
    ApplicationDraft | Refused, strawberry.union("ApplicationDraftResult", description=PAYLOAD)
]
