"""Reporting, the moderator's desk, and what was decided about oneself."""

from functools import partial
from typing import Annotated
from uuid import UUID

import strawberry

from app.consultation.api.record import From, To
from app.consultation.rules.record import against_days
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsModerator, IsResident, IsSupervisor
from app.moderation import reads
from app.moderation.actions import deciding, reporting
from app.moderation.actions.deciding import Decision
from app.moderation.actions.reporting import Complaint
from app.moderation.loaders import MeasureById, ReportById
from app.moderation.models import MeasureKind, ReportReason
from app.moderation.types import (
    DecideReportResult,
    Measure,
    ModerationCounts,
    Report,
    ReportMessageResult,
    ReturnReportResult,
    TakeReportResult,
    WithdrawReportResult,
)

SAID = ("Answer", "Message", "FollowUp", "Inquiry")
KEY = "8 to 64 characters, the same for repeats of this request."


@strawberry.input(description="What you complain of, and what you disclose: what you do not name, no moderator reads.")
class ReportMessageInput:
    about_id: strawberry.ID = strawberry.field(
        description="An answer, message, follow-up or inquiry of the other side's; it is disclosed."
    )
    also_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description="Up to 9 more of the same question that you disclose, said by you or by her.",
    )
    reason: ReportReason = strawberry.field(description="Why.")
    words: str | None = strawberry.field(
        default=None, description="What you want to say to it, at most 500 characters."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="A report of yours that you take back.")
class WithdrawReportInput:
    report_id: strawberry.ID = strawberry.field(description="One that no moderator has yet.")


@strawberry.input(description="The report that you take upon yourself.")
class TakeReportInput:
    report_id: strawberry.ID = strawberry.field(description="One that nobody has.")


@strawberry.input(description="The report that you give back.")
class ReturnReportInput:
    report_id: strawberry.ID = strawberry.field(description="One that you have taken.")


@strawberry.input(description="What follows from a report.")
class DecideReportInput:
    report_id: strawberry.ID = strawberry.field(description="One that you have taken.")
    measure: MeasureKind | None = strawberry.field(default=None, description="Null: nothing, it is dismissed.")
    reasons: str = strawberry.field(
        description="Why, 5 to 1,000 characters: read by whom the measure is about, or by who made what is dismissed. "
        "Quote nobody."
    )
    ground: str | None = strawberry.field(
        default=None,
        description="Why no lower step would do, 5 to 1,000 characters; needed for a step that leaves one out.",
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type
class ReportsQuery:
    @strawberry.field(permission_classes=[IsResident], description="What you reported, the newest first.")
    async def my_reports(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Report] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.own_page(session, viewer(info), wanted)
        node = partial(Report.of, viewer=viewer(info).id, now=info.context.now)
        return connect(wanted, rows, lambda row: (row.made_at, row.id), node)  # type: ignore[no-any-return]

    @strawberry.field(permission_classes=[IsResident], description="What was decided about you, the newest first.")
    async def my_measures(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Measure] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.measure_page(session, viewer(info), wanted)
        return connect(wanted, rows, lambda row: (row.at, row.id), partial(Measure.of, viewer=viewer(info).id))  # type: ignore[no-any-return]

    @strawberry.field(
        permission_classes=[IsModerator],
        description="The reports that you may take and those that you have, the first due first. Of one that you have "
        "not taken nothing is shown but why, what about and when.",
    )
    async def reports(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Report] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.queue(session, viewer(info), wanted)
        node = partial(Report.of, viewer=viewer(info).id, now=info.context.now)
        return connect(wanted, rows, lambda row: (row.due_at, row.id), node)  # type: ignore[no-any-return]

    @strawberry.field(permission_classes=[IsSupervisor], description="Reports in numbers.")
    async def moderation_counts(self, info: Info, from_: From, to: To) -> ModerationCounts | None:
        async with info.context.read() as session:
            refuse_if(against_days(from_, to, now(session)))
            return ModerationCounts.of(await reads.counts(session, from_, to))


@strawberry.type
class ReportsMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Report what the other side said about a question in which you take part: its asker (or who asks "
        "for her) what a lawyer said, a lawyer who may read it what the asker said. Of the question itself nothing is "
        "disclosed.",
    )
    async def report_message(
        self, info: Info, input: Annotated[ReportMessageInput, strawberry.argument(description="What, and why.")]
    ) -> ReportMessageResult | None:
        also = [uuid_of(id, SAID, f"alsoIds.{place}") for place, id in enumerate(input.also_ids)]
        about = uuid_of(input.about_id, SAID, "aboutId")
        said = Complaint(about=about, also=also, reason=input.reason, words=input.words)
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            id = await reporting.report(session, viewer(info), keys, said, key, now(session))
        return await _found(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Take a report back that no moderator has; what you disclosed is destroyed.",
    )
    async def withdraw_report(
        self, info: Info, input: Annotated[WithdrawReportInput, strawberry.argument(description="Which one.")]
    ) -> WithdrawReportResult | None:
        id = uuid_of(input.report_id, "Report", "reportId")
        async with info.context.write() as session:
            await reporting.withdraw(session, viewer(info), id)
        return await _found(info, id)

    @strawberry.mutation(
        permission_classes=[IsModerator],
        description="Take a report for 24 hours, so that no other moderator does. Only then what was disclosed can be "
        "read.",
    )
    async def take_report(
        self, info: Info, input: Annotated[TakeReportInput, strawberry.argument(description="Which one.")]
    ) -> TakeReportResult | None:
        id = uuid_of(input.report_id, "Report", "reportId")
        async with info.context.write() as session:
            await deciding.take(session, viewer(info), id, now(session))
        return await _found(info, id)

    @strawberry.mutation(
        permission_classes=[IsModerator], description="Give a report back, for another moderator to take."
    )
    async def return_report(
        self, info: Info, input: Annotated[ReturnReportInput, strawberry.argument(description="Which one.")]
    ) -> ReturnReportResult | None:
        id = uuid_of(input.report_id, "Report", "reportId")
        async with info.context.write() as session:
            await deciding.give_back(session, viewer(info), id, now(session))
        return await _found(info, id)

    @strawberry.mutation(
        permission_classes=[IsModerator],
        description="Decide a report that you have taken: dismiss it, or take a measure about whom it complains of. "
        "Who made it is told that it is decided; she whom a measure is about is told of that, and reads its reasons "
        "(`myMeasures`).",
    )
    async def decide_report(
        self, info: Info, input: Annotated[DecideReportInput, strawberry.argument(description="Which, and how.")]
    ) -> DecideReportResult | None:
        id = uuid_of(input.report_id, "Report", "reportId")
        said = Decision(report=id, measure=input.measure, reasons=input.reasons, ground=input.ground)
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            await deciding.decide(session, viewer(info), keys, said, key, now(session))
        return await _found(info, id)


async def _found(info: Info, id: UUID) -> Report:
    row = await info.context.loader(ReportById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "reportId")
    return Report.of(row, viewer(info).id, info.context.now)


async def _reports(info: Info, keys: list[str]) -> list[Report | None]:
    if (asking := info.context.viewer) is None:
        return [None] * len(keys)
    rows = await info.context.loader(ReportById).load_many([as_uuid(key) for key in keys])
    return [Report.of(row, asking.id, info.context.now) if row else None for row in rows]


async def _measures(info: Info, keys: list[str]) -> list[Measure | None]:
    if (asking := info.context.viewer) is None:
        return [None] * len(keys)
    rows = await info.context.loader(MeasureById).load_many([as_uuid(key) for key in keys])
    return [Measure.of(row, asking.id) if row else None for row in rows]


NODES: dict[str, Fetch] = {"Report": _reports, "Measure": _measures}
