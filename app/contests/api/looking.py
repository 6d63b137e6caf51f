"""What is shown, what waits, and what is one's own."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.contests import reads
from app.contests.loaders import EntryById, ExhibitOf, FreezeById
from app.contests.types import ContestEntry, Exhibit, VoteFreeze
from app.core.errors import NOT_FOUND, refuse
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import Anyone, Edits, IsResident

Of = Annotated[strawberry.ID, strawberry.argument(description="Of which contest, by the activity's id.")]


@strawberry.type
class LookingQuery:
    @strawberry.field(
        permission_classes=[Anyone], description="What is shown of a contest's entries, the newest first."
    )
    async def exhibits(
        self,
        info: Info,
        activity_id: Of,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Exhibit] | None:
        wanted, id = page(first, after, last, before), uuid_of(activity_id, "Activity", "activityId")
        async with info.context.read() as session:
            rows = await reads.exhibit_page(session, wanted, id)
        made: Connection[Exhibit] = connect(wanted, rows, lambda row: (row.since, row.entry), Exhibit.of)
        return made

    @strawberry.field(permission_classes=[IsResident], description="What you handed in, the newest first.")
    async def my_entries(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ContestEntry] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.mine(session, viewer(info), wanted)
        return _entries_of(wanted, rows)

    @strawberry.field(permission_classes=[Edits], description="What waits to be looked at, the oldest first.")
    async def entry_desk(
        self,
        info: Info,
        activity_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Of one contest; of all where it is left out.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ContestEntry] | None:
        wanted = page(first, after, last, before)
        of = None if activity_id is None else uuid_of(activity_id, "Activity", "activityId")
        async with info.context.read() as session:
            rows = await reads.desk(session, viewer(info), wanted, of)
        return _entries_of(wanted, rows)

    @strawberry.field(permission_classes=[Edits], description="Bursts of votes in a contest, the newest first.")
    async def vote_freezes(
        self,
        info: Info,
        activity_id: Of,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[VoteFreeze] | None:
        wanted, id = page(first, after, last, before), uuid_of(activity_id, "Activity", "activityId")
        async with info.context.read() as session:
            rows = await reads.freeze_page(session, viewer(info), wanted, id)
        made: Connection[VoteFreeze] = connect(wanted, rows, lambda row: (row.at, row.id), VoteFreeze.of)
        return made


def _entries_of(wanted: Any, rows: Any) -> Connection[ContestEntry]:
    made: Connection[ContestEntry] = connect(wanted, rows, lambda row: (row.submitted_at, row.id), ContestEntry.of)
    return made


async def shown(info: Info, id: UUID) -> ContestEntry:
    row = await info.context.loader(EntryById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "entryId")
    return ContestEntry.of(row)


async def _entries(info: Info, keys: list[str]) -> list[ContestEntry | None]:
    rows = await info.context.loader(EntryById).load_many([as_uuid(key) for key in keys])
    return [ContestEntry.of(row) if row else None for row in rows]


async def _exhibits(info: Info, keys: list[str]) -> list[Exhibit | None]:
    rows = await info.context.loader(ExhibitOf).load_many([as_uuid(key) for key in keys])
    return [Exhibit.of(row) if row else None for row in rows]


async def _freezes(info: Info, keys: list[str]) -> list[VoteFreeze | None]:
    rows = await info.context.loader(FreezeById).load_many([as_uuid(key) for key in keys])
    return [VoteFreeze.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"ContestEntry": _entries, "Exhibit": _exhibits, "VoteFreeze": _freezes}
