"""Following the feed: a snapshot first, then what happened since, each frame with a cursor to resume from."""

from asyncio import sleep
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Annotated, Any, TypeVar
from uuid import UUID

import strawberry

from app.core import feed
from app.core.db import Session
from app.graph.context import Context
from app.graph.wake import Bell

Since = Annotated[
    str | None,
    strawberry.argument(description="The cursor of the last frame; without it, a snapshot and news from now on."),
]

RESYNC = (
    "True when the cursor was too old to go on from: drop what you have, this frame is a snapshot as without a cursor."
)
"""What every frame says of its field `resync`."""

Look = Callable[[Session, feed.Cursor], Awaitable[feed.News]]
Found = Callable[[Session, Sequence[Any], bool], Awaitable[Any]]
"""`(session, events, first)`: what a frame shows beside the events, read in the same transaction; None is the end."""


async def nothing_else(_session: Session, _events: Sequence[Any], _first: bool) -> bool:
    return True


@dataclass(slots=True)
class Frame:
    events: Sequence[Any]
    cursor: feed.Cursor
    found: Any = True
    pending: bool = False
    resync: bool = False


Again = Callable[[Bell, Frame], Awaitable[Frame]]
"""`(bell, last)`: another look, once the bell has rung."""
FAR = 1000
"""Events behind: a client that missed as many is better served by how things stand now."""


async def look(
    context: Context, read: Look, after: feed.Cursor | None, find: Found = nothing_else, *, resumes: bool = True
) -> Frame:
    """One look, as the polling twin has it. Without a cursor: no events, and where to go on from.

    Who `resumes` with a cursor that is too old, or of a time before a backup was restored, begins anew like one
    without, and is told so.
    """
    async with context.read() as session:
        if after is None:
            return await _snapshot(session, find)
        events, pending = await read(session, after)
        if resumes and await _lost(session, read, after, events):
            return await _snapshot(session, find, resync=True)
        found = await find(session, events, False)
    last = feed.at(events[-1]) if events else after
    return Frame(events, last, found, pending or len(events) == feed.LIMIT)


async def _snapshot(session: Session, find: Found, *, resync: bool = False) -> Frame:
    start = await feed.latest(session)
    return Frame((), start, await find(session, (), True), resync=resync)


async def _lost(session: Session, read: Look, after: feed.Cursor, events: Sequence[Any]) -> bool:
    """Whether nothing, or too much, lies behind the cursor."""
    if not events:
        return await feed.ahead(session, after)
    for _ in range(FAR // feed.LIMIT - 1):
        if len(events) < feed.LIMIT:
            return False
        events, _ = await read(session, feed.at(events[-1]))
    return len(events) == feed.LIMIT


async def follow(
    context: Context,
    topic: UUID,
    read: Look,
    after: feed.Cursor | None,
    find: Found = nothing_else,
    again: Again | None = None,
) -> AsyncIterator[Frame]:
    """The first frame at once, then one for each look that found news, until a look finds None.

    `again`: how to look after the first time, where many do it together. Holds no connection while it waits.
    """

    async def look_again(bell: Bell, last: Frame) -> Frame:
        await bell.wait(pending=last.pending)
        async with context.wake.looks:
            context.looks.keeps = True
            return await look(context, read, last.cursor, find, resumes=False)

    again = again or look_again
    with context.wake.bell(topic) as bell:
        async with context.wake.looks:
            context.looks.keeps = True  # what the frame shows is read where this was; Schema ends it with the frame
            frame = await look(context, read, after, find)
        yield frame
        while frame.found is not None:
            frame = await again(bell, frame)
            if frame.events or frame.found is None:
                yield frame
            else:
                await context.looks.over()


S = TypeVar("S")


async def states(
    context: Context, topic: UUID, look: Callable[[Session], Awaitable[tuple[object, S]]]
) -> AsyncIterator[S]:
    """How something stands: at once, and whenever it stands otherwise. `look` gives what a state is told from others
    by (compared with `==`), and the state. For streams that say `@shared`.

    It looks for at most half of the time, however often it rings.
    """
    told: object = None
    with context.wake.bell(topic) as bell:
        while True:
            async with context.wake.looks:
                began = monotonic()
                async with context.read() as session:
                    mark, state = await look(session)
                looked = monotonic()
            if told is None or mark != told:
                told = mark
                context.forget()
                yield state
            await sleep(max(0.0, looked + (looked - began) - monotonic()))  # telling it was rest enough
            await bell.wait(pending=False)
