"""Notices: a list, a stream with its polling twin, and marks."""

from collections.abc import AsyncGenerator
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.core import errors, feed
from app.core.db import Session, now
from app.core.errors import refuse
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.live import Frame, Since, follow, look
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import SignedIn
from app.graph.refusals import Refused
from app.notices import actions, reads
from app.notices.rules.wording import AT_ONCE, IDS_OR_UP_TO, TOO_MANY_NOTICES
from app.notices.types.notices import (
    AcknowledgeNoticesResult,
    MarkNoticesReadResult,
    Notice,
    NoticesAcknowledged,
    NoticesRead,
    NoticeUpdates,
    NoticeUpdatesResult,
)

_UPDATES = "The viewer's new notices, those read on other devices, and how many are unread."


@strawberry.input(description="Which notices are read: some by their ids, or all up to one.")
class MarkNoticesReadInput:
    ids: list[strawberry.ID] | None = strawberry.field(default=None, description="At most 100; instead of `upTo`.")
    up_to: strawberry.ID | None = strawberry.field(
        default=None, description="This notice and all older ones; instead of `ids`."
    )


@strawberry.input(description="What has arrived at a client.")
class AcknowledgeNoticesInput:
    cursor: str = strawberry.field(description="That of the last frame of `noticeUpdates` that the client has.")


@strawberry.type
class ReadingQuery:
    @strawberry.field(permission_classes=[SignedIn], description="What the viewer was told, newest first.")
    async def notices(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        unread_only: Annotated[bool, strawberry.argument(description="Leave out what is marked as read.")] = False,
    ) -> Connection[Notice] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.notice_page(session, viewer(info), wanted, unread_only)
        language = info.context.language
        found: Connection[Notice] = connect(
            wanted, rows, at=lambda row: (row.at, row.id), node=lambda row: Notice.of(row, language)
        )
        return found

    @strawberry.field(
        permission_classes=[SignedIn], description="How many of the viewer's notices are unread, counted up to 99."
    )
    async def unread_notices(self, info: Info) -> int | None:
        async with info.context.read() as session:
            return await reads.count_unread(session, viewer(info))

    @strawberry.field(
        permission_classes=[SignedIn], description=f"{_UPDATES} The subscription's twin, for clients that poll."
    )
    async def notice_updates(self, info: Info, after: Since = None) -> NoticeUpdatesResult | None:
        since = feed.cursor(after)
        frame = await look(info.context, partial(_news, person=viewer(info).id), since)
        return await _told(info, frame, snapshot=since is None)


@strawberry.type
class ReadingSubscription:
    @strawberry.subscription(permission_classes=[SignedIn], description=_UPDATES)
    async def notice_updates(self, info: Info, after: Since = None) -> AsyncGenerator[NoticeUpdatesResult, None]:
        try:
            since = feed.cursor(after)
        except errors.Refused as refused:
            yield Refused.of(refused, info.context.language)
            return
        person = viewer(info).id
        snapshot = since is None
        async for frame in follow(info.context, person, partial(_news, person=person), since):
            yield await _told(info, frame, snapshot)
            snapshot = False


@strawberry.type
class ReadingMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Mark some of the viewer's notices as read, or all up to one. Marking again changes nothing.",
    )
    async def mark_notices_read(
        self,
        info: Info,
        input: Annotated[MarkNoticesReadInput, strawberry.argument(description="Which notices you have read.")],
    ) -> MarkNoticesReadResult | None:
        ids, up_to = input.ids, input.up_to
        if (ids is None) == (up_to is None):
            raise refuse(IDS_OR_UP_TO)
        some = [uuid_of(id, "Notice", "ids") for id in ids or ()]
        if len(some) > AT_ONCE:
            raise refuse(TOO_MANY_NOTICES, "ids", limit=AT_ONCE)
        newest = uuid_of(up_to, "Notice", "upTo") if up_to is not None else None
        async with info.context.write() as session:
            if newest:
                rows = await actions.mark_read_up_to(session, viewer(info), newest)
            else:
                rows = await actions.mark_read(session, viewer(info), some)
            unread = await reads.count_unread(session, viewer(info))
        language = info.context.language
        return NoticesRead(notices=[Notice.of(row, language) for row in rows[:AT_ONCE]], unread=unread)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Say that a client has what a frame of `noticeUpdates` brought, and all before it. What nobody "
        "acknowledges within ten seconds is sent by WeChat or as a text message, where it deserves that.",
    )
    async def acknowledge_notices(
        self,
        info: Info,
        input: Annotated[AcknowledgeNoticesInput, strawberry.argument(description="How far you have come.")],
    ) -> AcknowledgeNoticesResult | None:
        upto = feed.cursor(input.cursor)
        assert upto is not None
        async with info.context.write() as session:
            return NoticesAcknowledged(acknowledged=await actions.acknowledge(session, viewer(info), upto))


async def _news(session: Session, after: feed.Cursor, *, person: UUID) -> feed.News:
    return await feed.of_person(session, after, person, actions.NEWS)


async def _told(info: Info, frame: Frame, snapshot: bool) -> NoticeUpdates:
    """The snapshot is read after its cursor was taken: what comes between the two is told twice, never lost."""
    told = [as_uuid(event.ids["notice"]) for event in frame.events if "notice" in event.ids]
    async with info.context.read() as session:
        if snapshot or frame.resync:
            rows, unread = await reads.unread(session, viewer(info))
        else:
            rows = sorted(await reads.notices(session, viewer(info), told), key=lambda row: (row.at, row.id))
            unread = await reads.count_unread(session, viewer(info))
        moment = now(session)
    language = info.context.language
    return NoticeUpdates(
        notices=[Notice.of(row, language) for row in rows],
        unread=unread,
        resync=frame.resync,
        cursor=str(frame.cursor),
        server_time=moment,
    )


async def _fetch(info: Info, keys: list[str]) -> list[Any]:
    if info.context.viewer is None:
        return [None] * len(keys)
    async with info.context.read() as session:
        rows = await reads.notices(session, viewer(info), [as_uuid(key) for key in keys])
    found = {str(row.id): Notice.of(row, info.context.language) for row in rows}
    return [found.get(key) for key in keys]


NODES: dict[str, Fetch] = {"Notice": _fetch}
