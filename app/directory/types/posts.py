"""For whom somebody of the staff works, and as what."""

from datetime import datetime
from typing import Any, Self

import strawberry

from app.accounts.models import Duty
from app.directory.loaders import InstitutionById
from app.directory.types.register import Institution
from app.graph import visible
from app.graph.context import Info
from app.graph.ids import Node, global_id
from app.graph.visible import Audience


@strawberry.type(
    description="The post of somebody at an institution. One has a single post; what was before is in `personMoves`.",
    directives=[visible.to(Audience.SELF, Audience.COLLEAGUE, Audience.ADMIN, Audience.AUDITOR)],
)
class Post(Node):
    row: strawberry.Private[Any]
    duty: Duty = strawberry.field(description="As what she works there.")
    called: str = strawberry.field(description="How colleagues and applicants know her.")
    since: datetime = strawberry.field(description="Since when.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(id=global_id("Post", row.person), row=row, duty=Duty(row.duty), called=row.called, since=row.since)

    @strawberry.field(description="Where; null once it no longer stands in the register for the viewer.")
    async def institution(self, info: Info) -> Institution | None:
        row = await info.context.loader(InstitutionById).load(self.row.institution)
        return Institution.of(row) if row else None
