"""What stands out, as those who look after the city see it."""

from datetime import date, timedelta
from typing import Any, Self

import strawberry

from app.graph import visible
from app.graph.visible import Audience
from app.guidance.types.categories import Category
from app.insights.rules import SPAN
from app.places.types import Division


@strawberry.type(
    description="What was asked about much more than usual within seven days: as improbable, by the eight weeks before "
    "them, as three standard deviations above the mean. Found the night after next, from categories and towns alone: "
    "no text is read, nothing is told of fewer than five people, and numbers are coarse, so that none can be "
    "subtracted from another.",
    directives=[visible.to(Audience.SUPERVISOR, Audience.ANALYST)],
)
class HotIssue:
    row: strawberry.Private[Any]
    from_: date = strawberry.field(name="from", description="The first of the seven days, in the city.")
    to: date = strawberry.field(description="The last of them.")
    askers_at_least: int = strawberry.field(
        description="So many different people or more asked: 5, 10, 20, 50, 100 and so on."
    )
    times_usual: float | None = strawberry.field(
        description="How many times as much as usual was asked; null where it was never asked in those eight weeks."
    )

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            row=row,
            from_=row.day - timedelta(days=SPAN - 1),
            to=row.day,
            askers_at_least=row.askers,
            times_usual=None if row.times is None else float(row.times),
        )

    @strawberry.field(description="What it is about.")
    def category(self) -> Category | None:
        return Category.of(self.row.category)

    @strawberry.field(description="The town or subdistrict where it stands out; null for the whole city.")
    def town(self) -> Division | None:
        return Division.of(self.row.town) if self.row.town else None


@strawberry.type(
    description="How often what was asked in a week. Cells are made once, two nights after the week's end, and never "
    "corrected; none is part of another, and what fewer than five people asked is put together: a category's towns, "
    "then a first level's categories, then all.",
    directives=[visible.to(Audience.SUPERVISOR, Audience.ANALYST)],
)
class DemandCell:
    row: strawberry.Private[Any]
    week: date = strawberry.field(description="The Monday it begins with, in the city.")
    rest: bool = strawberry.field(
        description="Whether it is what has no cell of its own: of the first level that is named, or of all."
    )
    questions: int = strawberry.field(description="How many questions.")
    askers: int = strawberry.field(description="Of how many different people: five or more.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(row=row, week=row.week, rest=row.rest, questions=row.questions, askers=row.askers)

    @strawberry.field(description="What they are about; null for all that has no other cell.")
    def category(self) -> Category | None:
        return Category.of(self.row.category) if self.row.category else None

    @strawberry.field(description="The town or subdistrict; null for all those that have no cell of this category.")
    def town(self) -> Division | None:
        return Division.of(self.row.town) if self.row.town else None
