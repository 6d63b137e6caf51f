"""The promise's clock as people see it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.consultation.loaders import LogOfQuestion, PolicyByVersion
from app.consultation.loaders.record import InquirerOf
from app.consultation.rules import promise as clock
from app.directory.loaders import LawyerById
from app.directory.types import Lawyer
from app.graph import visible
from app.graph.context import Info


@strawberry.type(
    description="One of the promised answers: when it was due, when it came, and by which clock.",
    directives=[visible.WITHIN],
)
class PromiseMark:
    due_at: datetime | None = strawberry.field(
        description="The end of the promised time. Null while the clock stands still: the asker has been asked back, "
        "or the question was over before."
    )
    reached_at: datetime | None = strawberry.field(
        description="When it came, null while it has not; what comes after the question was resolved does not count."
    )
    late: bool = strawberry.field(description="Whether the promised time ran out first. Late stays late.")
    wall_seconds: float = strawberry.field(
        description="Seconds on the wall from asking until it came, until the question was over, or until now."
    )
    paused_seconds: float = strawberry.field(
        description="How many of these the clock stood still, because a lawyer waited for the asker's reply."
    )

    @classmethod
    def of(cls, kept: clock.Promise, mark: clock.Mark, now: datetime) -> "PromiseMark":
        until = mark.until(now)
        return cls(
            due_at=mark.due_at,
            reached_at=mark.reached_at,
            late=mark.missed(now),
            wall_seconds=(until - kept.asked_at).total_seconds(),
            paused_seconds=kept.paused(until).total_seconds(),
        )


@strawberry.type(
    description="A time for which the promise's clock stood still, because a lawyer asked the asker back.",
    directives=[visible.WITHIN],
)
class Pause:
    inquiry: strawberry.Private[object]
    from_: datetime = strawberry.field(name="from", description="When the lawyer asked.")
    until: datetime | None = strawberry.field(description="When the asker replied; null while she has not.")

    @strawberry.field(description="Who asked; null where that is not yours to see.")
    async def lawyer(self, info: Info) -> Lawyer | None:
        if not isinstance(self.inquiry, str):
            return None
        lawyer = await info.context.loader(InquirerOf).load(UUID(self.inquiry))
        row = await info.context.loader(LawyerById).load(lawyer) if lawyer else None
        return Lawyer.of(row) if row else None


@strawberry.type(
    description="The promise's clock, computed from what happened and the policy the question was asked under. It "
    "stands still while the asker is asked back (times that overlap count once), and for good once it is over.",
    directives=[visible.WITHIN],
)
class Promise:
    answers_promised: int = strawberry.field(description="How many answers by different lawyers are promised.")
    answers_delivered: int = strawberry.field(description="How many have been delivered.")
    first_answer: PromiseMark = strawberry.field(description="The first counting answer.")
    last_answer: PromiseMark = strawberry.field(description="The last of the promised answers.")
    paused_since: datetime | None = strawberry.field(
        description="Since when the clock stands still; null while it runs."
    )
    pauses: list[Pause] = strawberry.field(description="Each time it stood still, the first one first.")

    @classmethod
    async def of(cls, info: Info, question: Any) -> "Promise | None":
        """None for a question that was never sent."""
        rows = await info.context.loader(LogOfQuestion).load(question.id)
        policy = await info.context.loader(PolicyByVersion).load(question.policy)
        if not clock.begun(row.kind for row in rows):
            return None
        kept = clock.promise([clock.Happened.of(row.kind, row.at, row.ids) for row in rows], policy)
        now = info.context.now
        return cls(
            answers_promised=policy.promised,
            answers_delivered=kept.delivered,
            first_answer=PromiseMark.of(kept, kept.first, now),
            last_answer=PromiseMark.of(kept, kept.last, now),
            paused_since=kept.paused_since,
            pauses=[Pause(from_=begin, until=end, inquiry=inquiry) for begin, end, inquiry in kept.pauses],
        )
