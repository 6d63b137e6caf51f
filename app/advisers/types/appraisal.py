"""An adviser's year, line by line, and what she contests of it."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry

from app.advisers.actions.appraisal import opened
from app.advisers.models import ContestState, Line
from app.advisers.rules.appraisal import Item, total
from app.core.sealing import KeyProvider
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.weights import ListSize

explain(
    Line,
    "What an adviser is appraised by.",
    "AppraisalLineKind",
    VISITS="Months in which she visited her village, of those in which she owed it a visit.",
    TALKS="Talks about the law.",
    MEDIATIONS="Mediations in which she took part.",
    QUESTIONS="Questions of the village that she answered, of those she was called to; not counted below five.",
)
explain(
    ContestState,
    "Where a contest stands.",
    OPEN="It waits for a decision.",
    UPHELD="She was right: so many more are counted.",
    DISMISSED="She was not.",
)


@strawberry.type(
    description="That an adviser says that a line of her appraisal is wrong, and what was decided.",
    directives=[visible.SERVICES],
)
class AppraisalContest(Node):
    row: strawberry.Private[Any]
    term_id: strawberry.ID = strawberry.field(description="In which term of hers.")
    year: int = strawberry.field(description="Of which year.")
    line: Line = strawberry.field(description="Which line.")
    state: ContestState = strawberry.field(description="Where it stands.")
    made_at: datetime = strawberry.field(description="When she said so.")
    decided_at: datetime | None = strawberry.field(description="When it was decided; null while it is open.")
    credited: int = strawberry.field(description="So many more are counted since it was upheld.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=global_id("AppraisalContest", row.id),
            row=row,
            term_id=global_id("AdviserTerm", row.term),
            year=row.year,
            line=Line(row.line),
            state=ContestState(row.state),
            made_at=row.made_at,
            decided_at=row.decided_at,
            credited=row.credited,
        )

    @strawberry.field(description="Why, in her words.")
    def reason(self, info: Info) -> str:
        return opened(info.context.door(KeyProvider), self.row, "reason")

    @strawberry.field(description="Why it was decided so; null while it is open.")
    def answer(self, info: Info) -> str | None:
        return opened(info.context.door(KeyProvider), self.row, "answer") if self.row.answer else None


@strawberry.type(description="A line of an appraisal.", directives=[visible.WITHIN])
class AppraisalLine:
    line: Line = strawberry.field(description="Which one.")
    done: int | None = strawberry.field(description="How many were done, credits included; null if it is not counted.")
    due: int | None = strawberry.field(description="How many there should be by now; null if it is not counted.")
    credited: int = strawberry.field(description="How many of them were credited because she contested it.")
    weight: int = strawberry.field(description="The most it is worth.")
    points: float | None = strawberry.field(description="What it is worth now, to a tenth; null if it is not counted.")
    contests: list[AppraisalContest] = strawberry.field(
        description="What was contested of it, the newest first.", directives=[ListSize(assumed_size=5)]
    )

    @classmethod
    def of(cls, item: Item, contests: list[Any]) -> Self:
        return cls(
            line=item.line,
            done=item.done,
            due=item.due,
            credited=item.credited,
            weight=item.weight,
            points=item.points,
            contests=[AppraisalContest.of(row) for row in contests],
        )


@strawberry.type(
    description="An adviser's year, computed from what she logged and answered.", directives=[visible.SERVICES]
)
class AdviserAppraisal:
    term_id: strawberry.ID = strawberry.field(description="Of which term.")
    year: int = strawberry.field(description="Of which year, as far as it has come.")
    points: float = strawberry.field(description="Of all lines that are counted.")
    possible: int = strawberry.field(description="The most that those lines are worth: lines not counted are left out.")
    lines: list[AppraisalLine] = strawberry.field(description="All of them.", directives=[ListSize(assumed_size=4)])

    @classmethod
    def of(cls, term: UUID, year: int, items: list[Item], contests: list[Any]) -> Self:
        points, possible = total(items)
        lines = [AppraisalLine.of(item, [row for row in contests if row.line == item.line]) for item in items]
        return cls(term_id=global_id("AdviserTerm", term), year=year, points=points, possible=possible, lines=lines)


AppraisalContestResult = Annotated[
    AppraisalContest | Refused, strawberry.union("AppraisalContestResult", description=PAYLOAD)
]
