"""Following the feed: a snapshot first, then what happened since, each frame with a cursor to resume from."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.core import feed
from app.core.db import Session
from app.graph.context import Context

Since = Annotated[
    str | None,
    strawberry.argument(description="The cursor of the last frame; without it, a snapshot and news from now on."),
]

Look = Callable[[Session, feed.Cursor], Awaitable[feed.News]]
Found = Callable[[Session, Sequence[Any], bool], Awaitable[Any]]
"""`(session, events, first)`: what a frame shows beside the events, read in the same transaction; None is the end."""


async def nothing_else(_session: Session, _events: Sequence[Any], _first: bool) -> bool:
    return True


@dataclass(frozen=True)
class Frame:
    events: Sequence[Any]
    cursor: feed.Cursor
    found: Any = True
    pending: bool = False


async def look(context: Context, read: Look, after: feed.Cursor | None, find: Found = nothing_else) -> Frame:
    """One look, as the polling twin has it. Without a cursor: no events, and where to go on from."""
    async with context.read() as session:
        if after is None:
            start = await feed.latest(session)
            return Frame((), start, await find(session, (), True))
        events, pending = await read(session, after)
        found = await find(session, events, False)
    last = feed.at(events[-1]) if events else after
    return Frame(events, last, found, pending or len(events) == feed.LIMIT)


async def follow(
    context: Context, topic: UUID, read: Look, after: feed.Cursor | None, find: Found = nothing_else
) -> AsyncIterator[Frame]:
    """The first frame at once, then one for each look that found news, until a look finds None.

    Holds no connection while it waits.
    """
    with context.wake.bell(topic) as bell:
        async with context.wake.looks:
            frame = await look(context, read, after, find)
        yield frame
        while frame.found is not None:
            await bell.wait(pending=frame.pending)
            async with context.wake.looks:
                frame = await look(context, read, frame.cursor, find)
            if frame.events or frame.found is None:
                yield frame
