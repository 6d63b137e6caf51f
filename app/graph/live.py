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
Still = Callable[[Session], Awaitable[bool]]
"""Asked at each look, in its transaction: whether the viewer may still listen."""


async def always(_: Session) -> bool:
    return True


@dataclass(frozen=True)
class Frame:
    events: Sequence[Any]
    cursor: feed.Cursor
    pending: bool = False
    over: bool = False


async def look(context: Context, read: Look, after: feed.Cursor | None, still: Still = always) -> Frame:
    """One look, as the polling twin has it. Without a cursor: no events, and where to go on from."""
    async with context.read() as session:
        over = not await still(session)
        if after is None:
            return Frame((), await feed.latest(session), over=over)
        events, pending = await read(session, after)
    last = feed.at(events[-1]) if events else after
    return Frame(events, last, pending or len(events) == feed.LIMIT, over)


async def follow(
    context: Context, topic: UUID, read: Look, after: feed.Cursor | None, still: Still = always
) -> AsyncIterator[Frame]:
    """The first frame at once, then one for each look that found something; the last one when it is over.

    Holds no connection while it waits.
    """
    with context.wake.bell(topic) as bell:
        frame = await look(context, read, after, still)
        yield frame
        while not frame.over:
            await bell.wait(pending=frame.pending)
            frame = await look(context, read, frame.cursor, still)
            if frame.events or frame.over:
                yield frame
