"""What the city promises and what it kept: published from the log alone."""

from datetime import date
from typing import Annotated

import strawberry

from app.consultation.reads import record
from app.consultation.rules.record import against_days
from app.consultation.types.record import PromiseRecord, ReceiptKey
from app.core.db import now
from app.core.errors import refuse_if
from app.graph.context import Info
from app.graph.permissions import Anyone
from app.graph.weights import Cost


@strawberry.type
class RecordQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="How the promise of three answers was kept on these days. Refused for days to come, and for more "
        "than 400 of them.",
        directives=[Cost(weight=50)],
    )
    async def promise_record(
        self,
        info: Info,
        from_: Annotated[date, strawberry.argument(name="from", description="The first day, in the city.")],
        to: Annotated[date, strawberry.argument(description="The last day, at most today.")],
    ) -> PromiseRecord | None:
        async with info.context.read() as session:
            refuse_if(against_days(from_, to, now(session)))
            return PromiseRecord.of(from_, to, await record.record(session, from_, to))

    @strawberry.field(permission_classes=[Anyone], description="The keys that verify receipts, the current one first.")
    def receipt_keys(self, info: Info) -> list[ReceiptKey]:
        return [ReceiptKey.of(info)]
