"""Following a mediation: either side, and who handles it."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated
from uuid import UUID

import strawberry

from app.applications.loaders import BasisOf
from app.core import feed
from app.core.errors import NOT_FOUND, refuse
from app.graph import live
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsResident, SignedIn
from app.graph.stories import Story
from app.mediation import reads
from app.mediation.loaders import MediationById, MediationOf
from app.mediation.models import Teller, Where
from app.mediation.rules.carrying import CarryPart
from app.mediation.rules.standing import teller_of
from app.mediation.types.carrying import CarryFromMediationResult, MediationCarryOver
from app.mediation.types.mediations import (
    Mediation,
    MediationEvent,
    MediationUpdates,
    MediationUpdatesResult,
)

Id = Annotated[strawberry.ID, strawberry.argument(description="A mediation's id.")]


@strawberry.type
class FollowingQuery:
    @strawberry.field(
        permission_classes=[IsResident], description="Mediations in which you are one of the two sides, newest first."
    )
    async def mediations(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Mediation] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.mediation_page(session, viewer(info), wanted)
        return connect(wanted, rows, lambda row: (row.since, row.id), Mediation.of)  # type: ignore[no-any-return]

    @strawberry.field(
        permission_classes=[SignedIn],
        description="By its own id, or that of the application that was registered; null where there is none for you.",
    )
    async def mediation(self, info: Info, id: Id) -> Mediation | None:
        key = uuid_of(id, {"Mediation", "MediationApplication"})
        row = await info.context.loader(MediationById).load(key)
        row = row or await info.context.loader(MediationOf).load(key)
        return Mediation.of(row) if row else None

    @strawberry.field(
        permission_classes=[IsResident],
        description="What legal aid may begin with after a mediation of yours: your own words where you name them, "
        "what both sides shared where both have agreed to it (`sayToMediation`, CARRY_OVER).",
    )
    async def carry_from_mediation(
        self,
        info: Info,
        mediation_id: Id,
        parts: Annotated[list[CarryPart], strawberry.argument(description="What may be carried over.")],
    ) -> CarryFromMediationResult | None:
        id = uuid_of(mediation_id, "Mediation", "mediationId")
        row = await info.context.loader(MediationById).load(id)
        own = await info.context.loader(BasisOf).load(row.applicant_side) if row else None
        others = await info.context.loader(BasisOf).load(row.respondent_side) if row else None
        teller = teller_of(own, others)
        if row is None or teller in (None, Teller.MEDIATOR):
            raise refuse(NOT_FOUND, "mediationId")
        side = Where.APPLICANT if teller is Teller.APPLICANT else Where.RESPONDENT
        return await MediationCarryOver.of(info, row, parts, side)

    @strawberry.field(
        permission_classes=[SignedIn], description="The polling twin of the subscription of the same name."
    )
    async def mediation_updates(
        self, info: Info, mediation_id: Id, after: live.Since = None
    ) -> MediationUpdatesResult | None:
        return await STORY.look(info, mediation_id, after)


@strawberry.type
class FollowingSubscription:
    @strawberry.subscription(
        permission_classes=[SignedIn],
        description="A mediation as it stands, then its news. Ends when it is no longer yours to read.",
    )
    async def mediation_updates(
        self, info: Info, mediation_id: Id, after: live.Since = None
    ) -> AsyncGenerator[MediationUpdatesResult, None]:
        async with aclosing(STORY.follow(info, mediation_id, after)) as frames:
            async for frame in frames:
                yield frame


def _updates(info: Info, frame: live.Frame) -> MediationUpdates:
    return MediationUpdates(
        events=[MediationEvent(kind=e.kind, at=e.at, cursor=str(feed.at(e))) for e in frame.events],
        mediation=Mediation.of(frame.found),
        resync=frame.resync,
        cursor=str(frame.cursor),
        server_time=info.context.now,
    )


STORY = Story("Mediation", "mediationId", reads.mediations, _updates)


async def shown(info: Info, mediation: UUID, field: str = "mediationId") -> Mediation:
    row = await info.context.loader(MediationById).load(mediation)
    if row is None:
        raise refuse(NOT_FOUND, field)
    return Mediation.of(row)


async def _mediations(info: Info, keys: list[str]) -> list[Mediation | None]:
    rows = await info.context.loader(MediationById).load_many([as_uuid(key) for key in keys])
    return [Mediation.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"Mediation": _mediations}
