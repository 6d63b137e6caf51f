"""Streams that are the same for everybody run once for all who follow them.

A subscription that says `@shared` is a stream of states: each frame is whole in itself. So nobody needs every one of
them, and who comes late, comes back or is slow goes on with the newest. One execution, in nobody's name, serves all
who sent the same document with the same variables in the same language. Each frame is written as JSON once, and its
bytes go to every connection that can take them; of one that cannot, a bit is remembered (`Wire`).
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final
from weakref import WeakKeyDictionary

from strawberry.types import ExecutionResult

from app.graph.common import written
from app.graph.context import Context, Socket
from app.graph.metrics import SUBSCRIPTIONS
from app.graph.outlets import Wire, tail
from app.graph.wake import Wake

A_TURN: Final = 250
"""Connections that are written to before others have their turn."""


@dataclass
class Told(ExecutionResult):
    """A frame, and the end of the message that carries it: its JSON and a brace."""

    tail: bytes = b""


class Channel:
    """One execution, and who follows it: it begins with the first of them and ends with the last."""

    def __init__(self, source: Callable[[], Awaitable[Any]], key: "_Key", among: "dict[_Key, Channel]") -> None:
        self._source, self._key, self._among = source, key, among
        self._followers = 0
        self._lines: dict[tuple[Wire, bytes], None] = {}
        self._news, self._over = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.newest: ExecutionResult | None = None

    def join(self) -> None:
        self._followers += 1
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    def leave(self) -> None:
        self._followers -= 1
        if not self._followers and self._task is not None:
            self._forget()
            self._task.cancel()

    def _forget(self) -> None:
        if self._among.get(self._key) is self:
            del self._among[self._key]

    async def after(self, seen: ExecutionResult | None) -> ExecutionResult | None:
        """The newest frame, once there is another than `seen`; None when no more will come."""
        while self.newest is seen and not self._over.is_set():
            await self._news.wait()
        return None if self.newest is seen else self.newest

    async def write_to(self, wire: Wire, head: bytes, seen: ExecutionResult | None) -> None:
        """The frames after `seen`, `head` before each, until no more will come."""
        self._lines[wire, head] = None
        try:
            if isinstance(self.newest, Told) and self.newest is not seen:
                wire.put(head, self.newest.tail)
            await self._over.wait()
        except asyncio.CancelledError:
            wire.drop(head)
            raise
        finally:
            del self._lines[wire, head]

    async def _run(self) -> None:
        try:
            source = await self._source()
            try:
                async for result in source:
                    self.newest = result
                    await self._tell()
            finally:
                await source.aclose()
        finally:
            self._forget()
            self._over.set()
            self._news.set()

    async def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()
        if not isinstance(newest := self.newest, Told):
            return
        tail, lines, everybody = newest.tail, self._lines, list(self._lines)
        for begin in range(0, len(everybody), A_TURN):
            for line in everybody[begin : begin + A_TURN]:
                if line in lines:  # she may have left while others had their turn
                    wire, head = line
                    wire.put(head, tail)
            await asyncio.sleep(0)


def told(result: ExecutionResult) -> Told:
    """The frame, written as JSON."""
    errors = [error.formatted for error in result.errors] if result.errors else None
    return Told(result.data, result.errors, result.extensions, tail(result.data, errors, result.extensions))


class Following:
    """One subscriber's stream: the newest frame, then each newest there is when she asks for the next."""

    def __init__(self, channel: Channel, socket: Socket | None) -> None:
        self._channel, self._socket = channel, socket
        self._seen: ExecutionResult | None = None
        self._open = True
        channel.join()
        SUBSCRIPTIONS.inc()
        if socket:
            socket.subscriptions += 1

    def __aiter__(self) -> "Following":
        return self

    async def __anext__(self) -> ExecutionResult:
        found = await self._channel.after(self._seen)
        if found is None:
            raise StopAsyncIteration
        self._seen = found
        return found

    async def write_to(self, wire: Wire, head: bytes) -> None:
        """All that comes after what was given last, until the end."""
        await self._channel.write_to(wire, head, self._seen)
        self._seen = self._channel.newest

    async def aclose(self) -> None:
        if self._open:
            self._open = False
            self._channel.leave()
            SUBSCRIPTIONS.dec()
            if self._socket:
                self._socket.subscriptions -= 1


_Key = tuple[Any, ...]
_channels: WeakKeyDictionary[Wake, dict[_Key, Channel]] = WeakKeyDictionary()
"""Of each process's bells (tests have several houses in one process)."""


def follow(context: Context, named: str | None, variables: Any, run: Callable[[Context], Awaitable[Any]]) -> Following:
    """The stream of this admitted document, which may be running. `run` executes it in the context that it is given,
    which is nobody's."""
    assert context.admitted is not None
    document = context.admitted.document
    # A channel keeps its document through its context: nothing else gets that address meanwhile.
    key = (id(document), named, written(variables), context.language, context.allowance)
    channels = _channels.setdefault(context.wake, {})
    known = channels.get(key)
    if known is None:
        apart: dict[str, Any] = {
            "viewer": None,
            "socket": None,
            "connection_params": {},
            "address": "",
            "traceparent": "",
        }
        nobody = replace(context.for_operation(), **apart)
        known = channels[key] = Channel(partial(run, nobody), key, channels)
    return Following(known, context.socket)
