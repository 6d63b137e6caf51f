"""How administrators and auditors see people: what they are, and what was decided about them."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.accounts.actions.offices import reason_of
from app.accounts.loaders import FileById
from app.accounts.models import Duty, MoveKind, Standing
from app.core import access
from app.core.sealing import KeyProvider
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import Refused

explain(
    MoveKind,
    "What was decided about somebody.",
    ROLES="Which offices she holds.",
    SUSPENDED="She holds nothing and signs in no more.",
    REINSTATED="She is what she was before.",
    TOTP_RESET="Her second factor counts no more: she has to be invited again for another.",
    ADMITTED="She is a lawyer of the directory.",
    POSTED="For which institution she works, and as what.",
)
explain(
    Duty,
    "As what somebody of the staff works for an institution.",
    OFFICER="She handles its applications. Needs the office OFFICER.",
    SUPERVISOR="She supervises its officers and sees all its applications. Needs the office OFFICER.",
    WINDOW_STAFF="She receives people at its window. Needs the office WINDOW_STAFF.",
    MEDIATOR="She mediates there. Needs the office MEDIATOR.",
    NOTARY="She is a notary there. Needs the office NOTARY.",
)


@strawberry.type(
    directives=[visible.FILES],
    description="How somebody stands: her roles and nothing else. What she asked, answered or wrote is not in it.",
)
class PersonFile(Node):
    suspended: bool = strawberry.field(description="Whether she holds nothing and cannot sign in.")
    roles: list[access.Role] = strawberry.field(description="What she may be once she has signed in for it.")
    since: datetime = strawberry.field(description="When she was first known here.")

    @classmethod
    def of(cls, row: Any) -> Self:
        held = {access.Role(role) for role in row.roles if role in access.Role.__members__}
        return cls(
            id=global_id("PersonFile", row.id),
            suspended=row.standing == Standing.SUSPENDED,
            roles=sorted(held | {access.Role.RESIDENT}),
            since=row.created_at,
        )


@strawberry.type(
    directives=[visible.FILES], description="A decision about somebody. None is ever changed or taken out."
)
class PersonMove(Node):
    row: strawberry.Private[Any]
    kind: MoveKind = strawberry.field(description="What was decided.")
    roles: list[access.Role] = strawberry.field(description="Of ROLES: the offices she holds from then on.")
    at: datetime = strawberry.field(description="When it was decided, and had its effect.")
    institution_id: strawberry.ID | None = strawberry.field(
        description="Of POSTED: the institution she works for from then on; null for none."
    )
    duty: Duty | None = strawberry.field(description="Of POSTED: as what.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=global_id("PersonMove", row.id),
            row=row,
            kind=MoveKind(row.kind),
            roles=[access.Role(role) for role in row.roles if role in access.Role.__members__],
            at=row.at,
            institution_id=global_id("Institution", row.institution) if row.institution else None,
            duty=Duty(row.duty) if row.duty else None,
        )

    @strawberry.field(description="Why, in the words of who decided it.")
    def reason(self, info: Info) -> str:
        return reason_of(info.context.door(KeyProvider), self.row)

    @strawberry.field(description="Whom it is about.")
    async def person(self, info: Info) -> PersonFile | None:
        row = await info.context.loader(FileById).load(self.row.person)
        return PersonFile.of(row) if row else None

    @strawberry.field(description="Who decided it; null where whoever owns the database did.")
    async def actor(self, info: Info) -> PersonFile | None:
        row = await info.context.loader(FileById).load(self.row.actor) if self.row.actor else None
        return PersonFile.of(row) if row else None


PersonFileResult = Annotated[
    PersonFile | Refused, strawberry.union("PersonFileResult", description="How she stands now, or why not.")
]
