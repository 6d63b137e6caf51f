"""Appealing against a measure, and deciding that."""

from functools import partial
from typing import Annotated
from uuid import UUID

import strawberry

from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsResident, IsSupervisor
from app.moderation import reads
from app.moderation.actions import appealing
from app.moderation.actions.appealing import Appeal, Judgement
from app.moderation.loaders import MeasureById
from app.moderation.types import AppealMeasureResult, DecideMeasureAppealResult, Measure, TakeMeasureAppealResult

KEY = "8 to 64 characters, the same for repeats of this request."


@strawberry.input(description="Why a measure about you is wrong.")
class AppealMeasureInput:
    measure_id: strawberry.ID = strawberry.field(description="A measure of yours whose time to appeal runs.")
    text: str = strawberry.field(description="Why, 5 to 1,000 characters.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The appeal that you take upon yourself.")
class TakeMeasureAppealInput:
    measure_id: strawberry.ID = strawberry.field(description="A measure of `measureAppeals`.")


@strawberry.input(description="What becomes of a measure.")
class DecideMeasureAppealInput:
    measure_id: strawberry.ID = strawberry.field(description="A measure whose appeal you have taken.")
    lift: bool = strawberry.field(description="True: it is lifted, and counts no more; false: it stands.")
    reasons: str = strawberry.field(description="Why, 5 to 1,000 characters: whom it is about reads them.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type
class AppealsQuery:
    @strawberry.field(
        permission_classes=[IsSupervisor],
        description="Measures against which somebody appeals and that you may decide, or have taken; the first due "
        "first. Of one that you have not taken nothing is shown but what it is and when.",
    )
    async def measure_appeals(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Measure] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.appeals(session, viewer(info), wanted)
        node = partial(Measure.of, viewer=viewer(info).id)
        return connect(wanted, rows, lambda row: (row.appeal_due, row.id), node)  # type: ignore[no-any-return]


@strawberry.type
class AppealsMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Appeal against a measure about you, once, within five working days. Another than who took it "
        "decides within five working days.",
    )
    async def appeal_measure(
        self, info: Info, input: Annotated[AppealMeasureInput, strawberry.argument(description="Which, and why.")]
    ) -> AppealMeasureResult | None:
        id = uuid_of(input.measure_id, "Measure", "measureId")
        said = Appeal(measure=id, text=input.text)
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            await appealing.appeal(session, viewer(info), keys, said, key, now(session))
        return await _found(info, id)

    @strawberry.mutation(
        permission_classes=[IsSupervisor],
        description="Take an appeal for 24 hours. You read the measure, the appeal, and what was disclosed in the "
        "report; of a minor's not the last.",
    )
    async def take_measure_appeal(
        self, info: Info, input: Annotated[TakeMeasureAppealInput, strawberry.argument(description="Which one.")]
    ) -> TakeMeasureAppealResult | None:
        id = uuid_of(input.measure_id, "Measure", "measureId")
        async with info.context.write() as session:
            await appealing.take(session, viewer(info), id, now(session))
        return await _found(info, id)

    @strawberry.mutation(
        permission_classes=[IsSupervisor],
        description="Decide an appeal that you have taken: the measure stands, or not.",
    )
    async def decide_measure_appeal(
        self, info: Info, input: Annotated[DecideMeasureAppealInput, strawberry.argument(description="Which, and how.")]
    ) -> DecideMeasureAppealResult | None:
        id = uuid_of(input.measure_id, "Measure", "measureId")
        said = Judgement(measure=id, lift=input.lift, reasons=input.reasons)
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            await appealing.decide(session, viewer(info), keys, said, key, now(session))
        return await _found(info, id)


async def _found(info: Info, id: UUID) -> Measure:
    row = await info.context.loader(MeasureById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "measureId")
    return Measure.of(row, viewer(info).id)
