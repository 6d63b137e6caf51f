"""What the city's leaders see early, without anybody's secret being read."""

from datetime import date, timedelta
from typing import Annotated

import strawberry

from app.consultation.api.record import From, To
from app.consultation.rules.record import against_days
from app.core.db import now
from app.core.errors import refuse_if
from app.graph.context import Info, viewer
from app.graph.permissions import Counts
from app.graph.weights import ListSize
from app.insights import reads
from app.insights.types import DemandCell, HotIssue


@strawberry.type
class InsightsQuery:
    @strawberry.field(
        permission_classes=[Counts],
        description="What stood out in seven days that ended in this period, the newest first. Supervisors get a task "
        "for each (HOT_ISSUE).",
        directives=[ListSize(assumed_size=50)],
    )
    async def hot_issues(self, info: Info, from_: From, to: To) -> list[HotIssue] | None:
        async with info.context.read() as session:
            refuse_if(against_days(from_, to, now(session)))
            rows = await reads.issues(session, viewer(info), from_, to)
        return [HotIssue.of(row) for row in rows]

    @strawberry.field(
        permission_classes=[Counts],
        description="How often what was asked in a week, what most people asked about first; empty until it is "
        "published, two nights after its end.",
        directives=[ListSize(assumed_size=100)],
    )
    async def demand(
        self, info: Info, week: Annotated[date, strawberry.argument(description="Any day of it, at most today.")]
    ) -> list[DemandCell] | None:
        async with info.context.read() as session:
            refuse_if(against_days(week, week, now(session)))
            rows = await reads.cells(session, viewer(info), week - timedelta(days=week.weekday()))
        return [DemandCell.of(row) for row in rows]
