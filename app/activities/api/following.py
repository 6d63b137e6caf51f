"""What the city puts on, as everybody sees it."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.activities import reads
from app.activities.loaders import ActivityById
from app.activities.models import ActivityKind, ActivityState
from app.activities.types import Activity, ActivityResult
from app.core.db import Session
from app.core.errors import BAD_VALUE, NOT_FOUND, Refused, refuse
from app.graph import live, refusals
from app.graph.context import Info
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import Anyone
from app.graph.visible import SHARED
from app.places.rules import DIVISIONS, is_division

Id = Annotated[strawberry.ID, strawberry.argument(description="An activity's id.")]
TO_COME = [ActivityState.SCHEDULED, ActivityState.OPEN, ActivityState.CLOSED, ActivityState.SCORING]
TO_COME += [ActivityState.ANNOUNCED]


@strawberry.input(description="Which activities; what is left out does not matter.")
class ActivityFilter:
    kind: ActivityKind | None = strawberry.field(default=None, description="What one comes for.")
    states: list[ActivityState] | None = strawberry.field(
        default=None, description="Where they stand; left out, all that are public and neither over nor cancelled."
    )
    division_code: str | None = strawberry.field(
        default=None, description="For that division, all that it lies in, and all that lie in it."
    )

    def divisions(self) -> list[str] | None:
        if self.division_code is None:
            return None
        if not is_division(self.division_code):
            raise refuse(BAD_VALUE, "filter.divisionCode")
        mine = self.division_code
        return [code for code in DIVISIONS if code.startswith(mine) or mine.startswith(code)]


@strawberry.type
class FollowingQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="What the city puts on for everybody; the latest to open comes first.",
        directives=[SHARED],
    )
    async def activities(
        self,
        info: Info,
        filter: Annotated[ActivityFilter | None, strawberry.argument(description="Which ones.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Activity] | None:
        said, wanted = filter or ActivityFilter(), page(first, after, last, before)
        states = TO_COME if said.states is None else said.states
        async with info.context.read() as session:
            found = (wanted, states, said.kind, said.divisions())
            rows = await reads.activity_page(session, info.context.viewer, *found)
        made: Connection[Activity] = connect(wanted, rows, lambda row: (row.opens_at, row.id), Activity.of)
        return made

    @strawberry.field(
        permission_classes=[Anyone], description="An activity by its id; null where there is none.", directives=[SHARED]
    )
    async def activity(self, info: Info, id: Id) -> Activity | None:
        row = await info.context.loader(ActivityById).load(uuid_of(id, "Activity"))
        return Activity.of(row) if row else None


@strawberry.type
class FollowingSubscription:
    @strawberry.subscription(
        permission_classes=[Anyone],
        description="An activity as it stands, and whenever it stands otherwise: it opens, places are taken or come "
        "free, it closes, is announced or cancelled. Ends when it is taken back.",
        directives=[SHARED],
    )
    async def activity_updates(self, info: Info, id: Id) -> AsyncGenerator[ActivityResult, None]:
        async def look(session: Session) -> tuple[object, Any]:
            rows = await reads.activities(session, None, [key])
            return rows, rows[0] if rows else None

        try:
            key = uuid_of(id, "Activity")
            async for row in live.states(info.context, key, look):
                if row is None:
                    raise refuse(NOT_FOUND, "id")
                yield Activity.of(row)
        except Refused as refused:
            yield refusals.Refused.of(refused, info.context.language)


async def shown(info: Info, id: UUID) -> Activity:
    row = await info.context.loader(ActivityById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "activityId")
    return Activity.of(row)


async def _activities(info: Info, keys: list[str]) -> list[Activity | None]:
    rows = await info.context.loader(ActivityById).load_many([as_uuid(key) for key in keys])
    return [Activity.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"Activity": _activities}
