"""What the asker made of an answer, and what all askers together made of the city's."""

from datetime import date, datetime
from typing import Annotated, Any, Self

import strawberry

from app.consultation.rules import rating as rules
from app.consultation.rules.rating import Counted
from app.core.sealing import unseal
from app.graph import visible
from app.graph.context import Info
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.vault.loaders import DataKey


@strawberry.type(
    description="What the asker makes of an answer, in one round of the question. Read by her and the answer's lawyer.",
    directives=[visible.to(Audience.ASKER, Audience.DELEGATE, Audience.AUTHOR)],
)
class Rating(Node):
    row: strawberry.Private[Any]
    stars: int = strawberry.field(description="1 to 5.")
    understood: bool | None = strawberry.field(description="Whether she understood the answer; null if not said.")
    knows_next_step: bool | None = strawberry.field(description="Whether she knows what to do next; null if not said.")
    solved: bool | None = strawberry.field(description="Whether it solved her case; null if not said.")
    round: int = strawberry.field(description="How often the question had been taken up again by then; 0 at first.")
    rated_at: datetime = strawberry.field(description="When it was first said.")
    changed_at: datetime = strawberry.field(description="When it was last said.")
    fixed_at: datetime = strawberry.field(description="Until when it can be changed.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=global_id("Rating", f"{row.answer}.{row.round}"),
            row=row,
            stars=row.stars,
            understood=row.understood,
            knows_next_step=row.next_step,
            solved=row.solved,
            round=row.round,
            rated_at=row.rated_at,
            changed_at=row.changed_at,
            fixed_at=rules.fixed_at(row.rated_at),
        )

    @strawberry.field(description="Her words; null when she left none, or they can no longer be opened.")
    async def comment(self, info: Info) -> str | None:
        row = self.row
        if row.comment is None:
            return None
        key = await info.context.loader(DataKey).load(row.question)
        return unseal(key, row.comment, "rating", "comment", rules.rating_id(row.answer, row.round)) if key else None


@strawberry.type(description="How many answers were given that many stars.", directives=[visible.WITHIN])
class StarCount:
    stars: int = strawberry.field(description="1 to 5.")
    answers: int = strawberry.field(description="Answers whose last rating says so.")


@strawberry.type(description="How many askers say that an answer solved their case.", directives=[visible.WITHIN])
class SolvedCount:
    yes: int = strawberry.field(description="Answers that did.")
    of: int = strawberry.field(description="Answers of which it was said whether they did.")


@strawberry.type(
    description="What askers make of the answers that were delivered in the published months of a period: never a "
    "share without its numbers. Each answer counts once, by its last rating until fourteen days after the month; then "
    "the month is told, once and for all, or together with the next ones where fewer than ten people rated.",
    directives=[visible.ANYONE],
)
class Satisfaction:
    from_: date | None = strawberry.field(
        name="from", description="The first day of the months that are told; null where none is."
    )
    to: date | None = strawberry.field(description="The last day of the months that are told; null where none is.")
    rated: int = strawberry.field(description="How many of the answers were rated; 0 where no month is told.")
    eligible: int = strawberry.field(
        description="How many answers were delivered, and so could be rated; 0 where no month is told."
    )
    satisfied: int | None = strawberry.field(
        description="Of the rated ones, those with four stars or five; null where no month is told."
    )
    share: float | None = strawberry.field(
        description="The satisfied among the rated, 0 to 1; null where no month is told."
    )
    low: float | None = strawberry.field(description="The lower end of the share's 95 % interval (Wilson).")
    high: float | None = strawberry.field(description="The upper end of the share's 95 % interval (Wilson).")
    stars: list[StarCount] = strawberry.field(
        description="The rated ones by their stars, from one to five; empty where no month is told."
    )
    solved: SolvedCount | None = strawberry.field(
        description="Whether they solved the case, of the months in which ten people or more said so; null where there "
        "is none."
    )

    @classmethod
    def of(cls, counted: Counted) -> Self:
        interval = rules.wilson(counted.liked, counted.rated)
        said = counted.solved, counted.solved_of
        return cls(
            from_=counted.first,
            to=counted.last,
            rated=counted.rated,
            eligible=counted.eligible,
            satisfied=counted.liked if interval else None,
            share=counted.liked / counted.rated if interval else None,
            low=interval.low if interval else None,
            high=interval.high if interval else None,
            stars=[StarCount(stars=number, answers=answers) for number, answers in enumerate(counted.stars, 1)],
            solved=SolvedCount(yes=said[0], of=said[1]) if said[0] is not None and said[1] is not None else None,
        )


RateAnswerResult = Annotated[Rating | Refused, strawberry.union("RateAnswerResult", description=PAYLOAD)]
