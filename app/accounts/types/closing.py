"""How far the closing of an account has come."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.graph import visible
from app.graph.ids import global_id
from app.graph.refusals import PAYLOAD, Refused


@strawberry.type(
    description="The closing of an account. Whoever has its id sees how far it has come, signed in or not: keep it.",
    directives=[visible.ANYONE],
)
class AccountClosing:
    id: strawberry.ID = strawberry.field(description="Hand it to `accountClosing`; it tells nobody who she was.")
    asked_at: datetime = strawberry.field(description="When she asked for it, and was signed out everywhere.")
    done_at: datetime | None = strawberry.field(
        description="When nothing was left of her; null while something is: usually a minute, longer where the law or "
        "a legal hold keeps something."
    )

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(id=global_id("AccountClosing", row.id), asked_at=row.asked_at, done_at=row.done_at)


CloseAccountResult = Annotated[AccountClosing | Refused, strawberry.union("CloseAccountResult", description=PAYLOAD)]
