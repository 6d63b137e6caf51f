"""Streams of one kind that are woken together look together: one transaction for all, each behind her own wall."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar
from weakref import WeakKeyDictionary

from app.core import feed
from app.core.access import SessionEnded
from app.core.crowd import Crowd, crowd
from app.graph.context import Context
from app.graph.live import Frame
from app.graph.wake import Wake

T = TypeVar("T")
AT_ONCE: Final = 100
"""Who look in one transaction; while the next hundred do, these are told."""

Look = Callable[[Crowd, Sequence[tuple[T, feed.Cursor]]], Awaitable[Sequence[tuple[feed.News, Any]]]]
"""`(crowd, streams)`: of each stream what happened since its cursor, and what its frame shows beside."""


@dataclass(eq=False)
class _Asking(Generic[T]):
    context: Context
    stream: T
    after: feed.Cursor
    told: asyncio.Future[tuple[feed.News, Any]]

    def fail(self, error: BaseException) -> None:
        if not self.told.done():
            self.told.set_exception(error)

    def tell(self, found: tuple[feed.News, Any], now: datetime) -> None:
        if not self.told.done():
            self.context.now = now
            self.told.set_result(found)


class _Queue(Generic[T]):
    """Who waits in this process for the next round."""

    def __init__(self, look: Look[T]) -> None:
        self._look = look
        self._asking: list[_Asking[T]] = []
        self._round: asyncio.Task[None] | None = None

    async def turn(self, asking: _Asking[T]) -> tuple[feed.News, Any]:
        self._asking.append(asking)
        if self._round is None:
            self._round = asyncio.create_task(self._rounds(asking.context))
        return await asking.told

    async def _rounds(self, context: Context) -> None:
        try:
            while self._asking:
                async with context.wake.looks:
                    some, self._asking = self._asking[:AT_ONCE], self._asking[AT_ONCE:]
                    if still := [one for one in some if not one.told.done()]:
                        await self._one(context, still)
        finally:
            self._round = None

    async def _one(self, context: Context, some: list[_Asking[T]]) -> None:
        who = [one.context.viewer for one in some if one.context.viewer]
        try:
            async with crowd(context.db, who) as everybody:
                here = [one for place, one in enumerate(some) if place in everybody.present]
                found = await self._look(everybody, [(one.stream, one.after) for one in here])
            for one, seen in zip(here, found, strict=True):
                one.tell(seen, everybody.now)
        except Exception as error:
            for one in some:
                one.fail(error)
        else:
            for one in some:
                one.fail(SessionEnded())


class Rounds(Generic[T]):
    """Of streams of one kind, in which only who is signed in can be."""

    def __init__(self, look: Look[T]) -> None:
        self._look = look
        self._queues: WeakKeyDictionary[Wake, _Queue[T]] = WeakKeyDictionary()

    async def look(self, context: Context, stream: T, after: feed.Cursor) -> Frame:
        """One look, with all of this process who want one now. Raises SessionEnded."""
        queue = self._queues.setdefault(context.wake, _Queue(self._look))
        told: asyncio.Future[tuple[feed.News, Any]] = asyncio.get_running_loop().create_future()
        (events, pending), found = await queue.turn(_Asking(context, stream, after, told))
        last = feed.at(events[-1]) if events else after
        return Frame(events, last, found, pending or len(events) == feed.LIMIT)
