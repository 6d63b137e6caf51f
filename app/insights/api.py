"""What the city's leaders and mediators see early, without anybody's secret being read."""

from datetime import date, timedelta
from itertools import groupby
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
from app.graph.permissions import Counts, HearsOfDisputes, Mediates, SeesExports
from app.graph.weights import ListSize
from app.insights import reads
from app.insights.actions import disputes, exporting
from app.insights.loaders import AlertById, FigureExportById
from app.insights.models import DisputeDeed, FigureFormat, Figures, Purpose
from app.insights.types import DemandCell, DisputeAlert, HotIssue, NoteDisputeAlertResult, Outcomes
from app.insights.types.exporting import ExportFiguresResult, FigureExport


@strawberry.input(description="What your committee did about an alert.")
class NoteDisputeAlertInput:
    alert_id: strawberry.ID = strawberry.field(description="An alert that your committee was told.")
    deed: DisputeDeed = strawberry.field(description="What it did; each once.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.input(description="Figures that you take along: it is recorded.")
class ExportFiguresInput:
    figures: Figures = strawberry.field(description="Which.")
    from_: date = strawberry.field(name="from", description="The first day, in the city.")
    to: date = strawberry.field(description="The last day, at most today; at most 400 days.")
    purpose: Purpose = strawberry.field(description="What for.")
    format: FigureFormat = strawberry.field(default=FigureFormat.CSV, description="How it is written.")
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
        description="What came of what people had asked about, each month that begins in the period, the newest first: "
        "once nobody can change her answer any more.",
        directives=[ListSize(assumed_size=12)],
    )
    async def outcomes(self, info: Info, from_: From, to: To) -> list[Outcomes] | None:
        async with info.context.read() as session:
            refuse_if(against_days(from_, to, now(session)))
            rows = await reads.outcomes(session, viewer(info), from_, to)
        return [Outcomes.of(month, list(cells)) for month, cells in groupby(rows, key=lambda row: row.month)]

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
            monday = week - timedelta(days=week.weekday())
            rows = await reads.cells(session, viewer(info), monday, monday)
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

    @strawberry.field(
        permission_classes=[SeesExports],
        description="Who took which figures along, the newest first: to auditors all, to others their own.",
    )
    async def figure_exports(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[FigureExport] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.export_page(session, viewer(info), wanted)
        return connect(wanted, rows, lambda row: (row.made_at, row.id), FigureExport.of)  # type: ignore[no-any-return]


@strawberry.type
class InsightsMutation:
    @strawberry.mutation(
        permission_classes=[Mediates],
        description="Note what your committee did about an alert, each thing once; supervisors see it.",
    )
    async def note_dispute_alert(
        self, info: Info, input: Annotated[NoteDisputeAlertInput, strawberry.argument(description="Which, and what.")]
    ) -> NoteDisputeAlertResult | None:
        said = disputes.Noted(alert=uuid_of(input.alert_id, "DisputeAlert", "alertId"), deed=input.deed)
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            await disputes.note(session, viewer(info), keys, said, key, now(session))
        row = await info.context.loader(AlertById).load(said.alert)
        if row is None:
            raise refuse(NOT_FOUND, "alertId")
        return DisputeAlert.of(row)

    @strawberry.mutation(
        permission_classes=[Counts],
        description="Take figures along as a table (CSV) or as JSON, at most 20 times a day: `url` gives it for five "
        "minutes. Who took what, when and what for is recorded, and nobody takes that out.",
    )
    async def export_figures(
        self, info: Info, input: Annotated[ExportFiguresInput, strawberry.argument(description="Which, and what for.")]
    ) -> ExportFiguresResult | None:
        days = {"first": input.from_, "last": input.to}
        said = exporting.Wanted(figures=input.figures, **days, purpose=input.purpose, format=input.format)
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            id = await exporting.take_along(session, viewer(info), keys, said, key, now(session))
        row = await info.context.loader(FigureExportById).load(id)
        if row is None:
            raise refuse(NOT_FOUND)
        return FigureExport.of(row)


async def _alerts(info: Info, keys: list[str]) -> list[DisputeAlert | None]:
    rows = await info.context.loader(AlertById).load_many([as_uuid(key) for key in keys])
    return [DisputeAlert.of(row) if row else None for row in rows]


async def _exports(info: Info, keys: list[str]) -> list[FigureExport | None]:
    rows = await info.context.loader(FigureExportById).load_many([as_uuid(key) for key in keys])
    return [FigureExport.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"DisputeAlert": _alerts, "FigureExport": _exports}
