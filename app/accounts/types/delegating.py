"""An elder's consent that somebody asks for her, as both see it."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.accounts.actions.delegating import names_of
from app.accounts.models import Consent, Relation
from app.accounts.rules.delegating import Names
from app.accounts.types.signing_in import CodeSent
from app.core import access
from app.core.sealing import KeyProvider
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import Refused

explain(
    Relation,
    "What a delegate is to the person she asks for.",
    CHILD="A son or daughter.",
    RELATIVE="Another relative.",
    CADRE="A village or community cadre.",
    OTHER="Somebody else who is trusted.",
)
explain(
    Consent,
    "How the elder said yes.",
    SMS_CODE="She told the digits that came to her own telephone.",
    IN_APP="She said so in the app.",
    AT_COUNTER="She said so at a window, before two of the staff; it ended once they had written for her.",
)


@strawberry.type(
    description="An elder's consent that somebody asks on her behalf. Both see it, and either ends it at any time: "
    "from then on the delegate reads nothing more.",
    directives=[visible.SELF],
)
class Delegation(Node):
    row: strawberry.Private[Any]
    relation: Relation = strawberry.field(description="What the delegate is to the elder.")
    consent: Consent = strawberry.field(description="How the elder said yes.")
    granted_at: datetime = strawberry.field(description="Since when.")
    ended_at: datetime | None = strawberry.field(description="Until when; null while it stands.")
    ended_by_elder: bool | None = strawberry.field(description="Whether the elder ended it; null while it stands.")
    given: bool = strawberry.field(description="True for the elder who gave it, false for the delegate who holds it.")

    @classmethod
    def of(cls, row: Any, viewer: access.Viewer) -> Self:
        return cls(
            id=global_id("Delegation", row.id),
            row=row,
            relation=Relation(row.relation),
            consent=Consent(row.consent),
            granted_at=row.granted_at,
            ended_at=row.ended_at,
            ended_by_elder=row.ended_by == "ELDER" if row.ended_by else None,
            given=row.elder == viewer.id,
        )

    @strawberry.field(description="By what the other is known to you: what she called herself, or what you called her.")
    def name(self, info: Info) -> str:
        names = self._names(info)
        return names.delegate if self.given else names.elder

    @strawberry.field(description="The last four digits of the elder's telephone.")
    def phone_ending(self, info: Info) -> str:
        return self._names(info).phone

    def _names(self, info: Info) -> Names:
        return names_of(info.context.door(KeyProvider), self.row)


RequestDelegationResult = Annotated[
    CodeSent | Refused, strawberry.union("RequestDelegationResult", description="When to go on, or why not.")
]
ConfirmDelegationResult = Annotated[
    Delegation | Refused, strawberry.union("ConfirmDelegationResult", description="What was granted, or why not.")
]
EndDelegationResult = Annotated[
    Delegation | Refused, strawberry.union("EndDelegationResult", description="As it stands now, or why not.")
]
