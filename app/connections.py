"""How uvicorn treats a connection, where its own manners are not ours."""

import asyncio
from functools import lru_cache
from random import uniform
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import State

from app.graph.outlets import WIRE
from app.graph.sockets import GOING_AWAY, RETURN_WITHIN

LONGEST_HEAD = 64 * 1024
"""Bytes of a request's line and headers together."""
GOODBYE = 3.0
"""Seconds for a client to say goodbye in turn."""

MOST_CHUNKS = 10_000
"""Chunks of a body: of those that a megabyte may come in, a hundred bytes each."""
TOO_MANY_CHUNKS = "413 Content Too Large"
TOO_SLOW = "408 Request Timeout"
TOO_LARGE = "431 Request Header Fields Too Large"


class Config(uvicorn.Config):
    """uvicorn's, and how long a request's head may take."""

    def __init__(self, app: Any, *, head_seconds: float, **more: Any) -> None:
        super().__init__(app, **more)
        self.head_seconds = head_seconds


class OnePacket:
    """Where an answer is written to: its head waits for what follows it, for a turn of the loop at most.

    uvicorn writes the two one by one; a packet of its own for each costs as much as many an answer.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._began, self._head = False, b""

    def write(self, data: bytes) -> None:
        if self._began:
            head, self._head = self._head, b""
            self._transport.write(head + data)
        else:
            self._began, self._head = True, data
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        if self._head:
            self.write(b"")

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def is_closing(self) -> bool:
        return self._transport.is_closing()


class Prompt(HttpToolsProtocol):
    """A client that does not finish a request's head in time is dropped. (uvicorn waits for ever once a byte came.)"""

    config: Config

    def __init__(self, *parts: Any, **named: Any) -> None:
        super().__init__(*parts, **named)
        self._late: asyncio.TimerHandle | None = None
        self._in_head = True
        self._head_bytes = self._chunks = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_bytes += len(data)
            if self._late is None:
                self._wait()
        super().data_received(data)
        if self._in_head and self._head_bytes > LONGEST_HEAD:
            self._drop(TOO_LARGE)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()
        if self.cycle is not None:
            self.cycle.transport = cast("asyncio.Transport", OnePacket(self.transport, self.loop))

    def on_chunk_header(self) -> None:
        """httptools calls it for each chunk of a body."""
        self._chunks += 1
        if self._chunks == MOST_CHUNKS:
            self._drop(TOO_MANY_CHUNKS)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._in_head and self._late is None:  # answered before all of it came: the rest may not take for ever
            self._wait()

    def on_message_complete(self) -> None:
        self._stop_waiting()
        super().on_message_complete()
        self._in_head, self._head_bytes, self._chunks = True, 0, 0

    def _wait(self) -> None:
        self._late = self.loop.call_later(self.config.head_seconds, self._is_late)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _is_late(self) -> None:
        if self.flow.read_paused:  # it is we who do not listen: an earlier request is being answered
            self._wait()
        else:
            self._drop(TOO_SLOW)

    def _drop(self, status: str) -> None:
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.write(f"HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".encode())
            self.transport.close()


class Live(WebSocketsSansIOProtocol):
    """A socket that is closed because the house restarts says when to come back, and waits for the goodbye.

    Close code 1012 (Service Restart), reason `GOING_AWAY 2.7`: those who were cut off together come back one by one.
    It takes frames ready made (`app.graph.outlets.Wire`).
    """

    def __init__(self, *parts: Any, **named: Any) -> None:
        super().__init__(*parts, **named)
        self._waiting: dict[bytes, bytes] = {}
        self.is_free = True

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent and not self.conn.extensions:  # an extension would change each frame
            cast("Any", self.scope)["extensions"][WIRE] = self

    def put(self, head: bytes, tail: bytes) -> None:
        transport = self.transport
        if self.close_sent or transport.is_closing():  # as it is, too, once the client has said goodbye
            return
        if self.is_free:
            transport.write(frame_header(len(head) + len(tail)) + head + tail)
        else:
            self._waiting[head] = tail

    async def tell(self, head: bytes, tail: bytes) -> None:
        while not self.writable.is_set():
            await self.writable.wait()
        self.put(head, tail)

    def drop(self, head: bytes) -> None:
        self._waiting.pop(head, None)

    def pause_writing(self) -> None:
        super().pause_writing()
        self.is_free = False

    def resume_writing(self) -> None:
        super().resume_writing()
        self.is_free = True
        waiting, self._waiting = self._waiting, {}
        for head, tail in waiting.items():
            self.put(head, tail)

    def shutdown(self) -> None:
        if not self.handshake_complete or self.close_sent or self.conn.state is not State.OPEN:
            super().shutdown()
            return
        self.stop_keepalive()
        assert GOING_AWAY.close is not None
        code, reason = GOING_AWAY.close, f"{GOING_AWAY.name} {uniform(0, RETURN_WITHIN):.1f}"
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(GOODBYE, self.transport.close)


@lru_cache(maxsize=512)
def frame_header(length: int) -> bytes:
    """Of a whole text frame that is not masked (RFC 6455, 5.2)."""
    if length < 126:
        return bytes((0x81, length))
    return b"\x81\x7e" + length.to_bytes(2) if length < 65536 else b"\x81\x7f" + length.to_bytes(8)
