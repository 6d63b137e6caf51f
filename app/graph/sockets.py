"""The live sockets of this process: whose they are, how many one may have, and why they are closed."""

import asyncio
from collections import defaultdict
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from app.core.access import SESSION_ENDED, SessionEnded, Viewer, devices_of
from app.core.db import Database
from app.core.errors import Code, code
from app.graph.context import Socket
from app.graph.wake import Wake

SOCKETS_A_PERSON = 5
SOCKETS_AN_ADDRESS = 100
"""Of people who are not signed in: a school, or a town behind its carrier."""
OPERATIONS_A_SOCKET = 50
SUBSCRIPTIONS_A_SOCKET = 10
RETURN_WITHIN = 5.0
"""Seconds over which clients are asked to spread their return."""


BAD_MESSAGE = code(
    "BAD_MESSAGE",
    zh="消息格式无效。",
    en="The message is not one of graphql-transport-ws.",
    remedy="Send text frames of JSON as the protocol has them.",
    close=4400,
)
NOT_INITIALISED = code(
    "NOT_INITIALISED",
    zh="请先发送 connection_init。",
    en="Send connection_init first, and wait for its acknowledgement.",
    remedy="Connect again and begin with connection_init.",
    close=4401,
)
BAD_TOKEN = code(
    "BAD_TOKEN",
    zh="访问令牌无效。",
    en="The access token is not valid.",
    remedy="Refresh the tokens and connect again, or send no token to stay anonymous.",
    close=4403,
)
SOCKET_EXPIRED = code(
    "SOCKET_EXPIRED",
    zh="访问令牌已过期。",
    en="The access token has expired.",
    remedy="Refresh the tokens and connect again; `renewSocket` keeps one open.",
    close=4403,
)
NO_SUCH_PROTOCOL = code(
    "NO_SUCH_PROTOCOL",
    zh="仅支持 graphql-transport-ws 协议。",
    en="Only graphql-transport-ws is spoken here.",
    remedy="Ask for the subprotocol graphql-transport-ws.",
    close=4406,
)
INIT_TOO_LATE = code(
    "INIT_TOO_LATE",
    zh="连接初始化超时。",
    en="connection_init did not come in time.",
    remedy="Send it at once after connecting.",
    close=4408,
)
SAME_ID = code(
    "SAME_ID",
    zh="该编号的操作仍在进行。",
    en="An operation of this id is still going on.",
    remedy="Give each operation an id of its own.",
    close=4409,
)
INIT_TWICE = code(
    "INIT_TWICE",
    zh="connection_init 只能发送一次。",
    en="connection_init was sent twice.",
    remedy="Send it once a connection; renew the token by `renewSocket`.",
    close=4429,
)
TOO_MANY_SOCKETS = code(
    "TOO_MANY_SOCKETS",
    zh="连接数过多，最早的连接已关闭。",
    en="Too many sockets: the oldest was closed.",
    remedy="Use one socket for all subscriptions; do not connect again by yourself.",
    close=4429,
)
GOING_AWAY = code(
    "GOING_AWAY",
    zh="服务正在重启，请稍后重连。",
    en="The service restarts.",
    remedy="Connect again after a random while of up to 5 seconds, with the last cursor.",
    close=1012,
)
TOO_MANY_OPERATIONS = code(
    "TOO_MANY_OPERATIONS",
    zh="同时进行的操作过多，每个连接最多 {limit} 个。",
    en="Too many operations at once: at most {limit} on a socket.",
    remedy="Complete one first.",
)
TOO_MANY_SUBSCRIPTIONS = code(
    "TOO_MANY_SUBSCRIPTIONS",
    zh="订阅过多，每个连接最多 {limit} 个。",
    en="Too many subscriptions: at most {limit} on a socket.",
    remedy="Complete one first.",
)


class LiveSocket(Socket):
    """Closes itself when its token runs out, unless it was renewed, and when its device is signed out."""

    def __init__(self, websocket: WebSocket, db: Database, wake: Wake) -> None:
        self.viewer: Viewer | None = None
        self.subscriptions = 0
        self.whose: object = None
        """Whom it counts for, once that is known."""
        self._websocket, self._db, self._wake = websocket, db, wake
        self._end: asyncio.TimerHandle | None = None
        self._watch: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()

    def renew(self, expires_in: float) -> None:
        self.forget()
        loop = asyncio.get_running_loop()
        self._end = loop.call_later(max(0.0, expires_in), self.close_soon, SOCKET_EXPIRED)
        self._watch = loop.create_task(self._until_signed_out())

    def forget(self) -> None:
        if self._end:
            self._end.cancel()
        if self._watch:
            self._watch.cancel()

    async def _until_signed_out(self) -> None:
        """Looks once, and again whenever the bell rings; what the bell missed, each operation finds out."""
        assert self.viewer is not None
        with self._wake.bell(devices_of(self.viewer.id)) as bell:
            while True:
                try:
                    async with self._wake.looks, self._db.acting(self.viewer):
                        pass
                except SessionEnded:
                    self.close_soon(SESSION_ENDED)
                    return
                except (SQLAlchemyError, OSError):
                    pass  # nobody is sent away because the database is
                await bell.rung()

    def close_soon(self, why: Code) -> None:
        task = asyncio.create_task(self.close(why))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def close(self, why: Code, reason: str = "") -> None:
        assert why.close is not None
        if self._websocket.application_state is WebSocketState.CONNECTED:
            with suppress(RuntimeError, WebSocketDisconnect):  # gone in the same instant
                await self._websocket.close(why.close, reason or why.name)


class Sockets:
    """The live sockets of this process, and whose they are."""

    def __init__(self) -> None:
        self._of: dict[object, list[LiveSocket]] = defaultdict(list)

    def belongs(self, socket: LiveSocket, whose: object, most: int) -> None:
        """Who opens one more than is allowed loses the oldest: it may well be a phone's that changed its network."""
        socket.whose = whose
        theirs = self._of[whose]
        theirs.append(socket)
        if len(theirs) > most:
            theirs.pop(0).close_soon(TOO_MANY_SOCKETS)

    def closed(self, socket: LiveSocket) -> None:
        socket.forget()
        theirs = self._of.get(socket.whose, [])
        if socket in theirs:
            theirs.remove(socket)
            if not theirs:
                del self._of[socket.whose]
