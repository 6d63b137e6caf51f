"""Streams of one kind that are woken together look together: one transaction for all, each behind her own wall.

Who watches on several devices is looked for once, and each of them is asked whether it is still signed in. Of what
was found, frames are made together as well, wherever that takes no more than a look at the rows
(`execution/alike.py`), and go straight to the wire. Who needs more than that goes on by herself: her stream is woken
with what was found for her.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, Protocol, TypeVar
from weakref import WeakKeyDictionary

from app.core import feed
from app.core.access import SessionEnded, Viewer
from app.core.crowd import Crowd, crowd
from app.graph.context import Context
from app.graph.execution.alike import Alike
from app.graph.live import Frame
from app.graph.outlets import begun
from app.graph.wake import Bell, Wake


class Stream(Protocol):
    @property
    def wants(self) -> Hashable:
        """Of one person's streams, which find the same after the same news."""
        ...

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
Who = tuple[str, str]
"""A person and her device. As texts: they are looked up at every frame, and a UUID's hash is worked out each time."""


@dataclass(eq=False, slots=True)
class _Member(Generic[T]):
    context: Context
    viewer: Viewer
    stream: T
    bell: Bell
    after: feed.Cursor
    told: asyncio.Future[Frame] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    looks: bool = False
    """Whether a round is looking for her."""
    who: Who = field(init=False)

    def __post_init__(self) -> None:
        self.who = str(self.viewer.id), str(self.viewer.sign_in)

    def fail(self, error: BaseException) -> None:
        if not self.told.done():
            self.told.set_exception(error)

    def tell(self, frame: Frame) -> None:
        if not self.told.done():
            self.told.set_result(frame)


_Group = list[_Member[T]]


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
        devices = {one.who: one.viewer for one in some}
        try:
            async with crowd(context.db, list(devices.values())) as everybody:
                present = {who for place, who in enumerate(devices) if place in everybody.present}
                alike = _alike(one for one in some if one.who in present)
                found = await self._look(everybody, [(group[0].stream, group[0].after) for group in alike])
            self._tell(zip(alike, found, strict=True), everybody.now)
        except Exception as error:
            for one in some:
                one.fail(error)
        else:
            for one in some:
                if one.who not in present:
                    one.fail(SessionEnded())

    def _tell(self, seen: Iterable[tuple[_Group[T], tuple[feed.News, Any]]], now: datetime) -> None:
        together: dict[Alike, list[tuple[Frame, _Group[T]]]] = defaultdict(list)
        for group, ((events, pending), found) in seen:
            last = feed.at(events[-1]) if events else group[0].after
            frame = Frame(events, last, found, pending or len(events) == feed.LIMIT)
            ready: dict[Alike, _Group[T]] = defaultdict(list)
            for one in group:
                one.context.now = now
                outlet = one.context.outlet
                if one.told.done():
                    continue
                if one.stream.is_busy or found is None:
                    one.tell(frame)
                elif not events:
                    self._stays(one, pending=frame.pending)
                elif outlet and outlet.alike and outlet.wire.is_free:
                    ready[outlet.alike].append(one)
                else:
                    one.tell(frame)
            for alike, some in ready.items():
                together[alike].append((frame, some))
        for alike, frames in together.items():
            self._put(alike, frames, now)

    def _put(self, alike: Alike, frames: Sequence[tuple[Frame, _Group[T]]], now: datetime) -> None:
        try:
            said = [begun(one) for one in alike.data([self._show(frame, now) for frame, _ in frames])]
        except Exception:
            # Of somebody something is not simply there: each on her own, to tell whose.
            for frame, group in frames:
                for one in group:
                    one.tell(frame)
            return
        for (frame, group), data in zip(frames, said, strict=True):
            for one in group:
                assert one.context.outlet
                one.context.outlet.put(data)
                one.after = frame.cursor
                self._stays(one, pending=frame.pending)


def _alike(some: Iterable[_Member[T]]) -> list[_Group[T]]:
    """By who they are, what they want and what they know: of each group one looks for all."""
    groups: dict[Hashable, _Group[T]] = defaultdict(list)
    for one in some:
        groups[one.who[0], one.stream.wants, one.after].append(one)
    return list(groups.values())


class Rounds(Generic[T]):
    """Of streams of one kind, in which only who is signed in can be."""

    def __init__(self, look: Look[T], show: Show) -> None:
        self._look, self._show = look, show
        self._queues: WeakKeyDictionary[Wake, _Queue[T]] = WeakKeyDictionary()

    async def look(self, context: Context, stream: T, bell: Bell, last: Frame) -> Frame:
        """With all of this process, whenever the bell rings, until something was found that her own stream has to say.
        Raises SessionEnded."""
        queue = self._queues.setdefault(context.wake, _Queue(self._look, self._show))
        assert context.viewer is not None
        return await queue.join(_Member(context, context.viewer, stream, bell, last.cursor), pending=last.pending)
