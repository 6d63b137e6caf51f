"""What the city promises and what it kept: published from the log alone."""

from collections.abc import AsyncGenerator
from datetime import date
from typing import Annotated, Any

import strawberry

from app.consultation.reads import record
from app.consultation.rules.record import RECORD, against_days
from app.consultation.types.record import PromiseRecord, PromiseRecordUpdatesResult, ReceiptKey
from app.core.db import Session, now
from app.core.errors import Refused, refuse_if
from app.graph import live, refusals
from app.graph.context import Info
from app.graph.permissions import Anyone
from app.graph.visible import SHARED
from app.graph.weights import Cost

From = Annotated[date, strawberry.argument(name="from", description="The first day, in the city.")]
To = Annotated[date, strawberry.argument(description="The last day, at most today.")]


@strawberry.type
class RecordQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="How the promise of three answers was kept on these days. Refused for days to come, and for more "
        "than 400 of them.",
        directives=[SHARED, Cost(weight=50)],
    )
    async def promise_record(self, info: Info, from_: From, to: To) -> PromiseRecord | None:
        async with info.context.read() as session:
            refuse_if(against_days(from_, to, now(session)))
            return PromiseRecord.of(from_, to, await record.record(session, from_, to))

    @strawberry.field(permission_classes=[Anyone], description="The keys that verify receipts, the current one first.")
    def receipt_keys(self, info: Info) -> list[ReceiptKey]:
        return [ReceiptKey.of(info)]


@strawberry.type
class RecordSubscription:
    @strawberry.subscription(
        permission_classes=[Anyone],
        description="The record of these days as it stands, and whenever it stands otherwise. Refused like the query.",
        directives=[SHARED, Cost(weight=50)],
    )
    async def promise_record_updates(
        self, info: Info, from_: From, to: To
    ) -> AsyncGenerator[PromiseRecordUpdatesResult, None]:
        async def look(session: Session) -> tuple[object, Any]:
            refuse_if(against_days(from_, to, now(session)))
            row = await record.record(session, from_, to)
            return tuple(row)[1:], row  # all but when it was computed

        try:
            async for row in live.states(info.context, RECORD, look):
                yield PromiseRecord.of(from_, to, row)
        except Refused as refused:
            yield refusals.Refused.of(refused, info.context.language)
