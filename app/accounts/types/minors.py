"""What the staff asked to see of minors, who approved it, and whether it was opened."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.accounts.actions.minors import reason_of
from app.accounts.loaders import FileById
from app.accounts.models import MinorData
from app.accounts.types.offices import PersonFile
from app.core import access
from app.core.sealing import KeyProvider
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused

explain(
    MinorData,
    "What the staff see of a minor.",
    TASK="What she asks of a supervisor: a telephone, or her words.",
    FILE="How she stands, and what was decided about her.",
    APPOINTMENT="Who comes to an institution, and for what.",
    REPORT="What was disclosed to a moderator.",
)
_ABOUT = {
    MinorData.TASK: "Task",
    MinorData.FILE: "PersonFile",
    MinorData.APPOINTMENT: "Appointment",
    MinorData.REPORT: "Report",
}


@strawberry.type(
    directives=[visible.MINORS],
    description="Somebody of the staff is to see what is a minor's. None is ever taken out.",
)
class MinorAccess(Node):
    row: strawberry.Private[Any]
    kind: MinorData = strawberry.field(description="What she is to see.")
    about_id: strawberry.ID = strawberry.field(description="The task, the file, the appointment, or the report.")
    office: access.Role = strawberry.field(
        description="As what she asks; another of the same may approve, of an appointment whoever works there."
    )
    crisis: bool = strawberry.field(description="Whether it opened at once, because a life may hang on it.")
    asked_at: datetime = strawberry.field(description="When she asked; in a crisis, when she took the task.")
    approved_at: datetime | None = strawberry.field(description="When another approved it, null until then.")
    until: datetime = strawberry.field(description="Until when it may be approved, and then opened.")
    opened_at: datetime | None = strawberry.field(description="When she opened it first, null until then.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=global_id("MinorAccess", row.id),
            row=row,
            kind=MinorData(row.kind),
            about_id=global_id(_ABOUT[MinorData(row.kind)], row.subject),
            office=access.Role(row.office),
            crisis=row.crisis,
            asked_at=row.asked_at,
            approved_at=row.approved_at,
            until=row.until,
            opened_at=row.opened_at,
        )

    @strawberry.field(description="Why, in her words; null in a crisis.")
    def reason(self, info: Info) -> str | None:
        return reason_of(info.context.door(KeyProvider), self.row)

    @strawberry.field(description="Who asked.", directives=[visible.FILES])
    async def requester(self, info: Info) -> PersonFile | None:
        row = await info.context.loader(FileById).load(self.row.requester)
        return PersonFile.of(row) if row else None

    @strawberry.field(description="Who approved it, null until then.", directives=[visible.FILES])
    async def approver(self, info: Info) -> PersonFile | None:
        row = await info.context.loader(FileById).load(self.row.approver) if self.row.approver else None
        return PersonFile.of(row) if row else None


RequestMinorAccessResult = Annotated[
    MinorAccess | Refused, strawberry.union("RequestMinorAccessResult", description=PAYLOAD)
]
ApproveMinorAccessResult = Annotated[
    MinorAccess | Refused, strawberry.union("ApproveMinorAccessResult", description=PAYLOAD)
]
