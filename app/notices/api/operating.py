"""What became of messages: one's own, and for those who see to it that they leave the house."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from app.core.db import now
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import Operates, SignedIn
from app.graph.weights import Cost
from app.notices.actions import operating
from app.notices.models import DeliveryState, Lane, NoticeKind
from app.notices.reads import deliveries as reads
from app.notices.types.deliveries import ChannelHealth, Delivery, RetryDeliveryResult
from app.outside.budget import sms_spent
from app.outside.post import Channel


@strawberry.input(description="What is to be sent again.")
class RetryDeliveryInput:
    delivery_id: strawberry.ID = strawberry.field(description="One that is DEAD or UNKNOWN.")
    even_if_it_may_have_arrived: bool = strawberry.field(
        default=False, description="Needed for UNKNOWN ones: she may get it twice."
    )


@strawberry.type
class OperatingQuery:
    @strawberry.field(
        permission_classes=[SignedIn],
        description="What was sent to the viewer outside the app, or was to be, newest first.",
    )
    async def my_deliveries(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Delivery] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.own_page(session, viewer(info), wanted)
        return _connection(wanted, rows)  # type: ignore[no-any-return]

    @strawberry.field(
        permission_classes=[Operates], description="Messages on their way out of the house, newest first."
    )
    async def deliveries(
        self,
        info: Info,
        state: Annotated[DeliveryState | None, strawberry.argument(description="Only in this state.")] = None,
        channel: Annotated[Channel | None, strawberry.argument(description="Only of this channel.")] = None,
        kind: Annotated[NoticeKind | None, strawberry.argument(description="Only of this kind.")] = None,
        lane: Annotated[Lane | None, strawberry.argument(description="Only of this lane.")] = None,
        since: Annotated[datetime | None, strawberry.argument(description="Only those written down since.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Delivery] | None:
        wanted = page(first, after, last, before)
        only = reads.Filter(state, channel, kind, lane, since)
        async with info.context.read() as session:
            rows = await reads.operators_page(session, viewer(info), wanted, only)
        return _connection(wanted, rows)  # type: ignore[no-any-return]

    @strawberry.field(
        permission_classes=[Operates],
        description="How each channel stands: what waits, what went out, and what its provider last complained of.",
        directives=[Cost(weight=20)],
    )
    async def channel_health(self, info: Info) -> list[ChannelHealth] | None:
        async with info.context.read() as session:
            budget = await sms_spent(session)
            return [ChannelHealth.of(row, budget) for row in await reads.health(session, viewer(info))]


@strawberry.type
class OperatingMutation:
    @strawberry.mutation(
        permission_classes=[Operates],
        description="Send again what could not go out, once what hindered it is mended.",
    )
    async def retry_delivery(
        self, info: Info, input: Annotated[RetryDeliveryInput, strawberry.argument(description="Which.")]
    ) -> RetryDeliveryResult | None:
        id = uuid_of(input.delivery_id, "Delivery", "deliveryId")
        async with info.context.write() as session:
            even = input.even_if_it_may_have_arrived
            await operating.retry(session, viewer(info), id, even, now(session))
            (row,) = await reads.deliveries(session, viewer(info), [id])
        return Delivery.of(row)


def _connection(wanted: Any, rows: Any) -> Any:
    return connect(wanted, rows, lambda row: (row.made_at, row.id), Delivery.of)


async def _fetch(info: Info, keys: list[str]) -> list[Any]:
    if info.context.viewer is None:
        return [None] * len(keys)
    async with info.context.read() as session:
        rows = await reads.deliveries(session, viewer(info), [as_uuid(key) for key in keys])
    found = {str(row.id): Delivery.of(row) for row in rows}
    return [found.get(key) for key in keys]


NODES: dict[str, Fetch] = {"Delivery": _fetch}
