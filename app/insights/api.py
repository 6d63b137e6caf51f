"""What the city's leaders see early, without anybody's secret being read."""

from datetime import date
from typing import Annotated

import strawberry

from app.consultation.rules.record import against_days
from app.core.db import now
from app.core.errors import refuse_if
from app.graph.context import Info, viewer
from app.graph.permissions import Counts
from app.graph.weights import Cost, ListSize
from app.insights import reads
from app.insights.types import HotIssue

First = Annotated[date, strawberry.argument(name="from", description="The first day of the city's calendar (UTC+8).")]
Last = Annotated[date, strawberry.argument(description="The last day, at most today.")]


@strawberry.type
class InsightsQuery:
    @strawberry.field(
        permission_classes=[Counts],
        description="What stood out in seven days that ended in this period, the newest first. Supervisors get a task "
        "for each (HOT_ISSUE).",
        directives=[Cost(weight=10), ListSize(assumed_size=50)],
    )
    async def hot_issues(self, info: Info, from_: First, to: Last) -> list[HotIssue] | None:
        async with info.context.read() as session:
            refuse_if(against_days(from_, to, now(session)))
            rows = await reads.issues(session, viewer(info), from_, to)
        return [HotIssue.of(row) for row in rows]
