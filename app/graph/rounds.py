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
from functools import partial
from itertools import islice
from typing import Any, Final, Generic, Protocol, TypeVar
from uuid import UUID
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
        """Of one person's streams, which find the same after the same news. The same rings for all of hers."""
        ...

    @property
    def is_busy(self) -> bool:
        """Whether there is something to do for her, by herself, before she is told."""
        ...


T = TypeVar("T", bound=Stream)
AT_ONCE: Final = 125
"""People who are looked for in one transaction."""
ROUNDS: Final = 2
"""At a time: while PostgreSQL looks for some, the others are told."""

Look = Callable[[Crowd, Sequence[tuple[T, feed.Cursor]]], Awaitable[Sequence[tuple[feed.News, Any]]]]
"""`(crowd, streams)`: of each stream what happened since its cursor, and what its frame shows beside."""
Show = Callable[[Frame, datetime], Any]
"""A frame of the graph's, as things stand at that time."""


@dataclass(eq=False, slots=True)
class _Member(Generic[T]):
    context: Context
    viewer: Viewer
    stream: T
    bell: Bell
    group: "_Group[T] | None" = None
    told: asyncio.Future[Frame] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


@dataclass(eq=False, slots=True)
class _Group(Generic[T]):
    """Streams of one person that want the same and know the same. The first of them is looked for, and its bell is the
    one that is listened to: what rings for one rings for all."""

    person: str
    wants: Hashable
    after: feed.Cursor
    members: list[_Member[T]] = field(default_factory=list)
    devices: dict[UUID, Viewer] = field(default_factory=dict)
    looks: bool = False
    """Whether a round is looking for them."""
    pending: bool = False
    """Whether there is news to come that was not yet in order."""

    @property
    def key(self) -> Hashable:
        return self.person, self.wants, self.after

    @property
    def bell(self) -> Bell:
        return self.members[0].bell

    def add(self, one: _Member[T]) -> None:
        one.group = self
        self.members.append(one)
        self.devices[one.viewer.sign_in] = one.viewer

    def remove(self, one: _Member[T]) -> None:
        one.group = None
        self.members.remove(one)
        self.devices = {each.viewer.sign_in: each.viewer for each in self.members}

    def on(self, device: Viewer) -> "list[_Member[T]]":
        return [one for one in self.members if one.viewer.sign_in == device.sign_in]


_Share = tuple[Frame, list[_Member[T]]]
"""A frame, and to whom it goes."""


class _Queue(Generic[T]):
    """Who waits in this process for the next round."""

    def __init__(self, look: Look[T], show: Show) -> None:
        self._look, self._show = look, show
        self._groups: dict[Hashable, _Group[T]] = {}
        self._asking: dict[_Group[T], None] = {}
        self._rounds: set[asyncio.Task[None]] = set()

    async def join(self, one: _Member[T], last: Frame) -> Frame:
        """Until there is something that she has to see to herself."""
        group = _Group[T](str(one.viewer.id), one.stream.wants, last.cursor)
        known = self._groups.get(group.key)
        if known is None or known.looks:  # that look does not ask whether her device is signed in
            known = self._groups[group.key] = group
        try:
            self._comes(one, known, pending=last.pending)
            return await one.told
        finally:
            self._leaves(one)

    def _comes(self, one: _Member[T], group: _Group[T], *, pending: bool) -> None:
        group.add(one)
        if group.bell is one.bell or pending:
            group.pending = group.pending or pending
            self._listens(group)
        if one.bell.is_rung:
            self._rung(group)

    def _leaves(self, one: _Member[T]) -> None:
        group = one.group
        if group is None:
            return
        first, rung = group.bell is one.bell, group.bell.is_rung
        group.remove(one)
        one.bell.hears = None
        if not group.members:
            self._asking.pop(group, None)
            self._forget(group)
        if not rung:  # what rang for her was answered with the first one's bell, and hers was left as it is
            one.bell.answered()
        if first and group.members:
            if not rung:
                group.bell.answered()
            self._listens(group)

    def _forget(self, group: _Group[T]) -> None:
        if self._groups.get(group.key) is group:
            del self._groups[group.key]

    def _listens(self, group: _Group[T]) -> None:
        group.bell.hears = partial(self._rung, group)
        if not group.looks:
            group.bell.look_anyway(pending=group.pending)
            if group.bell.is_rung:
                self._rung(group)

    def _rung(self, group: _Group[T]) -> None:
        if group.looks:
            return  # it is found rung when that is over
        self._asking[group] = None
        if len(self._rounds) < ROUNDS:
            task = asyncio.create_task(self._go_round(group.members[0].context))
            self._rounds.add(task)
            task.add_done_callback(self._rounds.discard)

    async def _go_round(self, context: Context) -> None:
        while self._asking:
            async with context.wake.looks:
                some = list(islice(self._asking, AT_ONCE))
                for group in some:
                    del self._asking[group]
                    group.looks = True
                    group.bell.answered()
                if some:
                    await self._one(context, some)

    async def _one(self, context: Context, some: Sequence[_Group[T]]) -> None:
        devices = [(group, viewer) for group in some for viewer in group.devices.values()]
        try:
            async with crowd(context.db, [viewer for _, viewer in devices]) as everybody:
                for place, (group, viewer) in enumerate(devices):
                    if place not in everybody.present:
                        self._fail(group.on(viewer), SessionEnded())
                here = [group for group in some if group.members]
                found = await self._look(everybody, [(group.members[0].stream, group.after) for group in here])
            self._tell(zip(here, found, strict=True), everybody.now)
        except Exception as error:
            for group in some:
                self._fail(group.members, error)

    def _fail(self, some: Iterable[_Member[T]], error: Exception) -> None:
        for one in list(some):
            self._leaves(one)
            if not one.told.done():
                one.told.set_exception(error)

    def _alone(self, one: _Member[T], frame: Frame, now: datetime) -> None:
        """She sees to it herself."""
        self._leaves(one)
        one.context.now = now
        if not one.told.done():
            one.told.set_result(frame)

    def _tell(self, seen: Iterable[tuple[_Group[T], tuple[feed.News, Any]]], now: datetime) -> None:
        together: dict[Alike, list[_Share[T]]] = defaultdict(list)
        told = []
        for group, ((events, pending), found) in seen:
            last = feed.at(events[-1]) if events else group.after
            frame = Frame(events, last, found, pending or len(events) == feed.LIMIT)
            told.append((group, frame))
            ready: dict[Alike, list[_Member[T]]] = defaultdict(list)
            for one in list(group.members):
                outlet = one.context.outlet
                if one.told.done():
                    continue
                if one.stream.is_busy or found is None:
                    self._alone(one, frame, now)
                elif not events:
                    continue
                elif outlet and outlet.alike and outlet.wire.is_free:
                    ready[outlet.alike].append(one)
                else:
                    self._alone(one, frame, now)
            for alike, some in ready.items():
                together[alike].append((frame, some))
        for alike, shares in together.items():
            self._put(alike, shares, now)
        for group, frame in told:
            self._goes_on(group, frame)

    def _put(self, alike: Alike, shares: Sequence[_Share[T]], now: datetime) -> None:
        try:
            said = [begun(one) for one in alike.data([self._show(frame, now) for frame, _ in shares])]
        except Exception:
            # Of somebody something is not simply there: each on her own, to tell whose.
            for frame, some in shares:
                for one in some:
                    self._alone(one, frame, now)
            return
        for (_, some), data in zip(shares, said, strict=True):
            for one in some:
                assert one.context.outlet
                one.context.outlet.put(data)

    def _goes_on(self, group: _Group[T], frame: Frame) -> None:
        """With what the frame told, and with those who know the same by now."""
        self._forget(group)
        group.after, group.pending = frame.cursor, frame.pending
        if not group.members:
            return
        known = self._groups.setdefault(group.key, group)
        if known is group or known.looks:
            group.looks = False
            self._listens(group)
        else:
            for one in list(group.members):
                self._leaves(one)
                self._comes(one, known, pending=frame.pending)


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
        return await queue.join(_Member(context, context.viewer, stream, bell), last)
