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
