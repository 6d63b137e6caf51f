"""What the city's leaders and mediators see early, without anybody's secret being read."""

from datetime import date, timedelta
from typing import Annotated

import strawberry

from app.consultation.api.record import From, To
from app.consultation.rules.record import against_days
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import Counts, HearsOfDisputes, Mediates
from app.graph.weights import ListSize
from app.insights import actions, reads
from app.insights.loaders import AlertById
from app.insights.models import DisputeDeed
from app.insights.types import DemandCell, DisputeAlert, HotIssue, NoteDisputeAlertResult


@strawberry.input(description="What your committee did about an alert.")
class NoteDisputeAlertInput:
    alert_id: strawberry.ID = strawberry.field(description="An alert that your committee was told.")
    deed: DisputeDeed = strawberry.field(description="What it did; each once.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


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

    @strawberry.field(
        permission_classes=[HearsOfDisputes],
        description="What many asked about in a town, as committees were told, the newest first: to who mediates "
        "those of her own committee, to supervisors all.",
    )
    async def dispute_alerts(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[DisputeAlert] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.alert_page(session, viewer(info), wanted)
        return connect(wanted, rows, lambda row: (row.made_at, row.id), DisputeAlert.of)  # type: ignore[no-any-return]


@strawberry.type
class InsightsMutation:
    @strawberry.mutation(
        permission_classes=[Mediates],
        description="Note what your committee did about an alert, each thing once; supervisors see it.",
    )
    async def note_dispute_alert(
        self, info: Info, input: Annotated[NoteDisputeAlertInput, strawberry.argument(description="Which, and what.")]
    ) -> NoteDisputeAlertResult | None:
        said = actions.Noted(alert=uuid_of(input.alert_id, "DisputeAlert", "alertId"), deed=input.deed)
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            await actions.note(session, viewer(info), keys, said, key, now(session))
        row = await info.context.loader(AlertById).load(said.alert)
        if row is None:
            raise refuse(NOT_FOUND, "alertId")
        return DisputeAlert.of(row)


async def _alerts(info: Info, keys: list[str]) -> list[DisputeAlert | None]:
    rows = await info.context.loader(AlertById).load_many([as_uuid(key) for key in keys])
    return [DisputeAlert.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"DisputeAlert": _alerts}
