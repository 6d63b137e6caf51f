"""A copy of all that is kept about you, on its way."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.accounts.loaders import ExportCounts
from app.accounts.models import ExportState
from app.core.links import LINK, SECRET, Link, Way
from app.core.sealing import KeyProvider
from app.graph import visible
from app.graph.context import Info, viewer
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.live import RESYNC
from app.graph.refusals import PAYLOAD, Refused
from app.outside.storage import Address

explain(
    ExportState,
    "How far an export has come.",
    REQUESTED="It is being listed, part by part.",
    READY="It can be fetched.",
    FAILED="It was not ready within the hour; ask again.",
    EXPIRED="Its time is over; ask for a new one.",
)


@strawberry.type(description="How many things of one kind are in an export.", directives=[visible.WITHIN])
class ExportCount:
    kind: str = strawberry.field(description="Their kind, as in the archive's `index.json`.")
    count: int = strawberry.field(description="How many were listed when it was asked for.")


@strawberry.type(
    description="A copy of all that is kept about you (PIPL 45): a zip with `index.html` to read and JSON for "
    "machines, whose `schema.json` says what each field means. Ready within the hour, usually at once. What is fetched "
    "is put together in that moment and lies nowhere: what was erased meanwhile is not in it.",
    directives=[visible.SELF],
)
class Export(Node):
    row: strawberry.Private[Any]
    state: ExportState = strawberry.field(description="How far it has come.")
    progress: float = strawberry.field(description="What part of it is listed, 0 to 1.")
    at: datetime = strawberry.field(description="When it was asked for.")
    ready_at: datetime | None = strawberry.field(description="When it was ready; null while it is not.")
    until: datetime = strawberry.field(description="Until when it can be fetched, once it is ready.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=global_id("Export", row.id),
            row=row,
            state=ExportState(row.state),
            progress=len(row.listed) / len(row.rooms),
            at=row.asked_at,
            ready_at=row.ready_at,
            until=row.until,
        )

    @strawberry.field(description="What is in it so far, by kinds.")
    async def contents(self, info: Info) -> list[ExportCount]:
        rows = await info.context.loader(ExportCounts).load(self.row.id)
        return [ExportCount(kind=row.kind, count=row.count) for row in rows]

    @strawberry.field(
        description="Where you fetch it, for five minutes, on this device alone: to be saved, never cached. Null "
        "unless it is READY. Whoever gets hold of the file has all that is in it."
    )
    def url(self, info: Info) -> str | None:
        if self.state is not ExportState.READY:
            return None
        who, moment = viewer(info), info.context.now
        link = Link(Way.EXPORT, self.row.id, who.id, who.sign_in, min(moment + LINK, self.until))
        return f"{info.context.door(Address).url}/exports/{link.signed(info.context.door(KeyProvider).secret(SECRET))}"


@strawberry.type(description="How your newest export stands, and where to go on from.", directives=[visible.SELF])
class ExportUpdates:
    export: Export | None = strawberry.field(description="The newest one; null where there is none.")
    resync: bool = strawberry.field(description=RESYNC)
    cursor: str = strawberry.field(description="Hand it to `after` to go on from here.")
    server_time: datetime = strawberry.field(description="The server's clock when this was read.")


ExportMyDataResult = Annotated[Export | Refused, strawberry.union("ExportMyDataResult", description=PAYLOAD)]
ExportUpdatesResult = Annotated[
    ExportUpdates | Refused, strawberry.union("ExportUpdatesResult", description="News, or why not.")
]
