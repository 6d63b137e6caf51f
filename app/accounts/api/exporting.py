"""Asking for a copy of all that is kept about oneself, and seeing it come."""

from collections.abc import AsyncGenerator
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.accounts.actions import exporting as actions
from app.accounts.reads import exporting as reads
from app.accounts.types.exporting import Export, ExportMyDataResult, ExportUpdates, ExportUpdatesResult
from app.core import errors, feed
from app.core.db import Session, now
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid
from app.graph.live import Frame, Since, follow, look
from app.graph.permissions import SignedIn
from app.graph.refusals import Refused

_UPDATES = "How the viewer's newest export stands: told each time it has come further."


@strawberry.input(description="A wish for a copy of all that is kept about you.")
class ExportMyDataInput:
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.type
class ExportingQuery:
    @strawberry.field(
        permission_classes=[SignedIn], description=f"{_UPDATES} The subscription's twin, for clients that poll."
    )
    async def export_updates(self, info: Info, after: Since = None) -> ExportUpdatesResult | None:
        frame = await look(info.context, partial(_news, person=viewer(info).id), feed.cursor(after))
        return await _told(info, frame)


@strawberry.type
class ExportingSubscription:
    @strawberry.subscription(permission_classes=[SignedIn], description=_UPDATES)
    async def export_updates(self, info: Info, after: Since = None) -> AsyncGenerator[ExportUpdatesResult, None]:
        try:
            since = feed.cursor(after)
        except errors.Refused as refused:
            yield Refused.of(refused, info.context.language)
            return
        person = viewer(info).id
        async for frame in follow(info.context, person, partial(_news, person=person), since):
            yield await _told(info, frame)


@strawberry.type
class ExportingMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Ask for a copy of all that is kept about you. While one is being made it is that one; five in 24 "
        "hours. A guardian or who asks for another gets nothing of hers by it.",
    )
    async def export_my_data(
        self, info: Info, input: Annotated[ExportMyDataInput, strawberry.argument(description="Your wish.")]
    ) -> ExportMyDataResult | None:
        keys = info.context.door(KeyProvider)
        async with info.context.write() as session:
            id = await actions.request(session, viewer(info), keys, input.idempotency_key, now(session))
            rows = await reads.exports(session, viewer(info), [id])
        if not rows:  # a repeat of what was asked so long ago that it is gone
            raise errors.refuse(errors.NOT_FOUND)
        return Export.of(rows[0])


async def _news(session: Session, after: feed.Cursor, *, person: UUID) -> feed.News:
    return await feed.of_person(session, after, person, actions.NEWS)


async def _told(info: Info, frame: Frame) -> ExportUpdates:
    async with info.context.read() as session:
        row = await reads.newest(session, viewer(info))
        moment = now(session)
    return ExportUpdates(
        export=Export.of(row) if row else None, resync=frame.resync, cursor=str(frame.cursor), server_time=moment
    )


async def _fetch(info: Info, keys: list[str]) -> list[Any]:
    if info.context.viewer is None:
        return [None] * len(keys)
    async with info.context.read() as session:
        rows = await reads.exports(session, viewer(info), [as_uuid(key) for key in keys])
    found = {str(row.id): Export.of(row) for row in rows}
    return [found.get(key) for key in keys]


NODES: dict[str, Fetch] = {"Export": _fetch}
