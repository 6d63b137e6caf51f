"""Streams of one kind that are woken together look together: one transaction for all, each behind her own wall.

Of what was found for them, frames are made together as well, wherever that takes no more than a look at the rows
(`execution/alike.py`), and go straight to the wire. Who needs more than that goes on by herself: her stream is woken
with what was found for her.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, Protocol, TypeVar
from weakref import WeakKeyDictionary

from app.core import feed
from app.core.access import SessionEnded
from app.core.crowd import Crowd, crowd
from app.graph.context import Context
from app.graph.execution.alike import Alike
from app.graph.live import Frame
from app.graph.wake import Bell, Wake


class Stream(Protocol):
    @property
    def is_busy(self) -> bool:
        """Whether there is something to do for her, by herself, before she is told."""
        ...


T = TypeVar("T", bound=Stream)
AT_ONCE: Final = 250
"""Who look in one transaction."""
ROUNDS: Final = 2
"""At a time: while PostgreSQL looks for some, the others are told."""

Look = Callable[[Crowd, Sequence[tuple[T, feed.Cursor]]], Awaitable[Sequence[tuple[feed.News, Any]]]]
"""`(crowd, streams)`: of each stream what happened since its cursor, and what its frame shows beside."""
Show = Callable[[Frame, datetime], Any]
"""A frame of the graph's, as things stand at that time."""


@dataclass(eq=False, slots=True)
class _Member(Generic[T]):
    context: Context
    stream: T
    bell: Bell
    after: feed.Cursor
    told: asyncio.Future[Frame] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    looks: bool = False
    """Whether a round is looking for her."""

    def fail(self, error: BaseException) -> None:
        if not self.told.done():
            self.told.set_exception(error)

    def tell(self, frame: Frame) -> None:
        if not self.told.done():
            self.told.set_result(frame)


class _Queue(Generic[T]):
    """Who waits in this process for the next round."""

    def __init__(self, look: Look[T], show: Show) -> None:
        self._look, self._show = look, show
        self._asking: dict[_Member[T], None] = {}
        self._rounds: set[asyncio.Task[None]] = set()

    async def join(self, one: _Member[T], *, pending: bool) -> Frame:
        """Until there is something that she has to see to herself."""
        one.bell.hears = lambda: self._rung(one)
        try:
            self._stays(one, pending=pending)
            return await one.told
        finally:
            one.bell.hears = None
            self._asking.pop(one, None)

    def _stays(self, one: _Member[T], *, pending: bool) -> None:
        one.looks = False
        one.bell.look_anyway(pending=pending)
        if one.bell.is_rung:
            self._rung(one)

    def _rung(self, one: _Member[T]) -> None:
        if one.looks:
            return  # it is found rung when that is over
        self._asking[one] = None
        if len(self._rounds) < ROUNDS:
            task = asyncio.create_task(self._go_round(one.context))
            self._rounds.add(task)
            task.add_done_callback(self._rounds.discard)

    async def _go_round(self, context: Context) -> None:
        while self._asking:
            async with context.wake.looks:
                some = list(self._asking)[:AT_ONCE]
                for one in some:
                    del self._asking[one]
                    one.looks = True
                    one.bell.answered()
                if some:
                    await self._one(context, some)

    async def _one(self, context: Context, some: Sequence[_Member[T]]) -> None:
        who = [one.context.viewer for one in some if one.context.viewer]
        try:
            async with crowd(context.db, who) as everybody:
                here = [one for place, one in enumerate(some) if place in everybody.present]
                found = await self._look(everybody, [(one.stream, one.after) for one in here])
            self._tell(zip(here, found, strict=True), everybody.now)
            absent = set(some).difference(here)
        except Exception as error:
            for one in some:
                one.fail(error)
        else:
            for one in absent:
                one.fail(SessionEnded())

    def _tell(self, seen: Iterable[tuple[_Member[T], tuple[feed.News, Any]]], now: datetime) -> None:
        together: dict[Alike, list[tuple[_Member[T], Frame]]] = defaultdict(list)
        for one, ((events, pending), found) in seen:
            one.context.now = now
            last = feed.at(events[-1]) if events else one.after
            frame = Frame(events, last, found, pending or len(events) == feed.LIMIT)
            outlet = one.context.outlet
            if one.told.done():
                continue
            if one.stream.is_busy or found is None:
                one.tell(frame)
            elif not events:
                self._stays(one, pending=frame.pending)
            elif outlet and outlet.alike and outlet.wire.is_free:
                together[outlet.alike].append((one, frame))
            else:
                one.tell(frame)
        for alike, some in together.items():
            self._put(alike, some, now)

    def _put(self, alike: Alike, some: Sequence[tuple[_Member[T], Frame]], now: datetime) -> None:
        try:
            said = alike.data([self._show(frame, now) for _, frame in some])
        except Exception:
            # Of somebody something is not simply there: each on her own, to tell whose.
            for one, frame in some:
                one.tell(frame)
            return
        for (one, frame), data in zip(some, said, strict=True):
            assert one.context.outlet
            one.context.outlet.put(data)
            one.after = frame.cursor
            self._stays(one, pending=frame.pending)


class Rounds(Generic[T]):
    """Of streams of one kind, in which only who is signed in can be."""

    def __init__(self, look: Look[T], show: Show) -> None:
        self._look, self._show = look, show
        self._queues: WeakKeyDictionary[Wake, _Queue[T]] = WeakKeyDictionary()

    async def look(self, context: Context, stream: T, bell: Bell, last: Frame) -> Frame:
        """With all of this process, whenever the bell rings, until something was found that her own stream has to say.
        Raises SessionEnded."""
        queue = self._queues.setdefault(context.wake, _Queue(self._look, self._show))
        return await queue.join(_Member(context, stream, bell, last.cursor), pending=last.pending)
