"""How the loop closes between telephone and window, in numbers."""

from datetime import date
from typing import Self

import strawberry

from app.applications.models import ApplicationKind, Channel, Move
from app.graph import visible
from app.graph.visible import Audience
from app.graph.weights import ListSize
from app.window.rules.loop import Loop


@strawberry.type(description="A step, by the way it came.", directives=[visible.WITHIN])
class LoopStep:
    move: Move = strawberry.field(description="Which step.")
    channel: Channel = strawberry.field(description="Which way it came.")
    count: int | None = strawberry.field(
        description="How often; null where it, or the same step by another way, is of fewer than five people."
    )


@strawberry.type(
    description="Of the cases of one kind that were done in a month: which steps were made online, which at a window, "
    "and how often somebody had to come. A visit is a day at an institution: a window opened her code, or she attended "
    "an appointment there for what she applied for. A month is told once and for all, a fortnight after it; one in "
    "which cases of fewer than five people were done is told together with the next.",
    directives=[visible.to(Audience.SUPERVISOR, Audience.ANALYST)],
)
class ClosedLoop:
    kind: ApplicationKind = strawberry.field(description="For what they applied.")
    from_: date = strawberry.field(name="from", description="The first day of the month, or of the months.")
    to: date = strawberry.field(description="The last day.")
    cases: int | None = strawberry.field(description="How many were done.")
    at_most_one_visit: int | None = strawberry.field(
        description="Of them, those with one visit or none; null where these, or the others, are of fewer than five "
        "people."
    )
    share: float | None = strawberry.field(description="The same as a share, 0 to 1.")
    goal: float | None = strawberry.field(description="What it is to be at least; null where nothing is said.")
    reached: bool | None = strawberry.field(description="Whether it is so.")
    steps: list[LoopStep] = strawberry.field(
        description="Their steps, by the way they came.", directives=[ListSize(assumed_size=30)]
    )

    @classmethod
    def of(cls, said: Loop) -> Self:
        return cls(
            kind=said.kind,
            from_=said.first,
            to=said.last,
            cases=said.cases,
            at_most_one_visit=said.at_most_one,
            share=said.share,
            goal=said.goal,
            reached=said.reached,
            steps=[LoopStep(move=one.move, channel=one.channel, count=one.n) for one in said.steps],
        )
