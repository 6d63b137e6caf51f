"""What became of messages on their way out of the house: to whom they went nobody but herself is told."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.graph import visible
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.notices.models import DeliveryState, Lane, NoticeKind, Template
from app.notices.rules.ladder import DIGEST
from app.outside.post import Channel


@strawberry.type(
    description="A message on its way to one person through one channel. It says neither to whom nor what about.",
    directives=[visible.to(Audience.SELF, Audience.SUPERVISOR, Audience.ADMIN)],
)
class Delivery(Node):
    kind: NoticeKind | None = strawberry.field(description="The kind of its notice; null for several notices at once.")
    template: Template = strawberry.field(description="On which it is sent.")
    channel: Channel = strawberry.field(description="Through which it is sent.")
    lane: Lane = strawberry.field(description="How urgent it is.")
    state: DeliveryState = strawberry.field(description="What became of it.")
    why: str | None = strawberry.field(
        description="Why it is not sent, or not yet: the provider's verdict, or ACKNOWLEDGED, OVER, LATE, UNWANTED, "
        "CAPPED, DIGESTED, NO_ADDRESS, BUDGET, LEASE_RAN_OUT, NOT_ARRIVED."
    )
    error: str | None = strawberry.field(description="The provider's last code.")
    attempts: int = strawberry.field(description="How often it was taken up.")
    made_at: datetime = strawberry.field(description="When it was written down.")
    due_at: datetime = strawberry.field(description="When it was to go out.")
    sent_at: datetime | None = strawberry.field(description="When it was last handed to the provider.")
    done_at: datetime | None = strawberry.field(description="When it was over.")
    retried_at: datetime | None = strawberry.field(description="When an operator last had it sent again.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=global_id("Delivery", row.id),
            kind=None if row.kind == DIGEST else NoticeKind(row.kind),
            template=Template(row.template),
            channel=Channel(row.channel),
            lane=Lane(row.lane),
            state=DeliveryState(row.state),
            why=row.why,
            error=row.error,
            attempts=row.attempts,
            made_at=row.made_at,
            due_at=row.due_at,
            sent_at=row.pushed_at,
            done_at=row.done_at,
            retried_at=row.retried_at,
        )


@strawberry.type(description="How a channel stands.", directives=[visible.OPERATORS])
class ChannelHealth:
    channel: Channel = strawberry.field(description="Which.")
    waiting: int = strawberry.field(description="Messages that have not gone out, those in quiet hours included.")
    due: int = strawberry.field(description="Those of them whose time has come.")
    oldest_due_seconds: int = strawberry.field(description="How long the oldest of these has waited; 0 without any.")
    sent: int = strawberry.field(description="Sent in the last 24 hours, as are the following.")
    unknown: int = strawberry.field(description="Left without an answer.")
    dead: int = strawberry.field(description="Could not go out this way.")
    dropped: int = strawberry.field(description="Were not wanted any more.")
    closed_until: datetime | None = strawberry.field(
        description="Until when the provider wants us to wait; null where it does not."
    )
    last_error: str | None = strawberry.field(description="The provider's last code of refusal.")
    last_error_at: datetime | None = strawberry.field(description="When that was.")
    misconfigured_at: datetime | None = strawberry.field(
        description="When it was last our own settings that were refused (template, page, field, sign, capability)."
    )
    misconfigured: list[Template] = strawberry.field(
        description="Templates that were so refused and of which none got through since: each has a task."
    )
    spent_this_hour: int | None = strawberry.field(
        description="Of SMS: text messages of this hour, codes and notices together; null for what costs nothing."
    )
    hourly_budget: int | None = strawberry.field(
        description="Of SMS: how many the city sends an hour, of which notices leave 200 to codes; null for the others."
    )

    @classmethod
    def of(cls, row: Any, budget: tuple[int, int]) -> Self:
        """`budget`: this hour's text messages, spent and in all."""
        spent, most = budget if row.name == Channel.SMS else (None, None)
        return cls(
            channel=Channel(row.name),
            waiting=row.waiting or 0,
            due=row.due or 0,
            oldest_due_seconds=int((row.now - row.oldest).total_seconds()) if row.oldest else 0,
            sent=row.sent or 0,
            unknown=row.unknown or 0,
            dead=row.dead or 0,
            dropped=row.dropped or 0,
            closed_until=row.closed,
            last_error=row.error,
            last_error_at=row.error_at,
            misconfigured_at=row.alarm_at,
            misconfigured=[Template(name) for name in row.misconfigured],
            spent_this_hour=spent,
            hourly_budget=most,
        )


RetryDeliveryResult = Annotated[Delivery | Refused, strawberry.union("RetryDeliveryResult", description=PAYLOAD)]
