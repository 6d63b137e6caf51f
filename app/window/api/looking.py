"""What is counted, for those who look after the house."""

from datetime import date
from itertools import groupby
from typing import Annotated

import strawberry

from app.applications.models import ApplicationKind
from app.consultation.reads.rating import satisfaction
from app.consultation.rules.rating import summed
from app.consultation.rules.record import against_days
from app.core.db import now
from app.core.errors import refuse_if
from app.graph.context import Info, viewer
from app.graph.permissions import Anyone, Counts
from app.graph.visible import SHARED
from app.graph.weights import Cost, ListSize
from app.window import reads
from app.window.rules.loop import loops
from app.window.types.loop import ClosedLoop
from app.window.types.rating import ServiceSatisfaction

First = Annotated[date, strawberry.argument(name="from", description="The first day of the city's calendar (UTC+8).")]
Last = Annotated[date, strawberry.argument(description="The last day, at most today.")]


@strawberry.type
class LookingQuery:
    @strawberry.field(
        permission_classes=[Counts],
        description="How the loop closed between telephone and window, kind by kind and month by month: of the months "
        "(or several together) that lie within these days, what happened, and nothing but numbers.",
        directives=[ListSize(assumed_size=24)],
    )
    async def closed_loop(self, info: Info, from_: First, to: Last) -> list[ClosedLoop] | None:
        async with info.context.read() as session:
            refuse_if(against_days(from_, to, now(session)))
            cells = await reads.closed_loop(session, viewer(info), from_, to)
        return [ClosedLoop.of(one) for one in loops(cells)]

    @strawberry.field(
        permission_classes=[Anyone],
        description="What applicants make of cases that were done, kind by kind, as it was published: of the whole "
        "months of the city's calendar (or several together) that lie within these days, always with its numbers. "
        "Days of other months add nothing, and of a kind of which none of these months is told there is nothing.",
        directives=[SHARED, Cost(weight=20), ListSize(assumed_size=3)],
    )
    async def service_satisfaction(self, info: Info, from_: First, to: Last) -> list[ServiceSatisfaction] | None:
        async with info.context.read() as session:
            refuse_if(against_days(from_, to, now(session)))
            rows = await satisfaction(session, ApplicationKind, from_, to)
        by_kind = groupby(rows, key=lambda row: str(row.about))
        return [ServiceSatisfaction.of(ApplicationKind(kind), summed([*cells])) for kind, cells in by_kind]
