"""GraphQL over HTTP and graphql-transport-ws, on Strawberry's own view and handler."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
import strawberry
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketState
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult

from app.core.access import Viewer
from app.core.db import Database
from app.core.errors import Language
from app.graph.context import Context, Socket
from app.graph.wake import Wake

INIT_WAIT = timedelta(seconds=5)
SUBSCRIPTIONS_A_SOCKET = 10
EXPIRED = 4403


@dataclass(frozen=True)
class Passport:
    """What a valid access token says: whose it is, and for how many seconds more."""

    viewer: Viewer
    seconds: float


Identify = Callable[[str], Passport | None]


class LiveSocket(Socket):
    """Closes itself when the token it was opened with runs out, unless it was renewed."""

    def __init__(self, websocket: WebSocket) -> None:
        self.viewer: Viewer | None = None
        self._websocket = websocket
        self._end: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None

    def renew(self, expires_in: float) -> None:
        self.forget()
        self._end = asyncio.get_running_loop().call_later(max(0.0, expires_in), self._close)

    def forget(self) -> None:
        if self._end:
            self._end.cancel()

    def _close(self) -> None:
        self._closing = asyncio.create_task(self._say_goodbye())

    async def _say_goodbye(self) -> None:
        if self._websocket.application_state is WebSocketState.CONNECTED:
            await self._websocket.close(EXPIRED, "access token expired")


class Schema(strawberry.Schema):
    """Each operation has a context of its own, also when many share one socket."""

    async def execute(self, query: str | None, *args: Any, **kwargs: Any) -> ExecutionResult:
        return await super().execute(query, *args, **_fresh(kwargs))

    async def stream(self, query: str | None, *args: Any, **kwargs: Any) -> Any:
        return await super().stream(query, *args, **_fresh(kwargs))

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        """Strawberry would log each error with what was sent; ShowErrors logs what may be logged."""


def _fresh(kwargs: dict[str, Any]) -> dict[str, Any]:
    context: Context | None = kwargs.get("context_value")
    return kwargs | {"context_value": context.for_operation()} if context else kwargs


class View(GraphQL[Context, None]):
    def __init__(
        self,
        schema: Schema,
        *,
        db: Database,
        wake: Wake,
        doors: Mapping[type[Any], Any],
        identify: Identify,
        origins: tuple[str, ...] = (),
        trust_proxy: bool = False,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=INIT_WAIT,
            max_subscriptions_per_connection=SUBSCRIPTIONS_A_SOCKET,
            allowed_origins=origins,
        )
        self._db, self._wake, self._doors = db, wake, doors
        self._identify, self._trust_proxy = identify, trust_proxy

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        passport = self._identify(token) if scheme.lower() == "bearer" else None
        return Context(
            db=self._db,
            wake=self._wake,
            doors=self._doors,
            viewer=passport.viewer if passport else None,
            language=language_of(request.headers.get("accept-language", "")),
            address=self._address(request),
            socket=LiveSocket(request) if isinstance(request, WebSocket) else None,
        )

    def _address(self, request: HTTPConnection) -> str:
        forwarded = request.headers.get("x-forwarded-for", "")
        if self._trust_proxy and forwarded:
            return forwarded.rsplit(",", 1)[-1].strip()  # what our own proxy added, not what the client claims
        return request.client.host if request.client else ""

    async def on_ws_connect(self, context: Context) -> dict[str, Any]:
        """The token comes in connection_init: `{"token": "...", "language": "en"}`. Without a good one: 4403."""
        said = context.connection_params.get("token")
        passport = self._identify(said) if isinstance(said, str) else None
        socket = context.socket
        if passport is None or socket is None:
            raise ConnectionRejectionError
        socket.viewer = context.viewer = passport.viewer
        if isinstance(language := context.connection_params.get("language"), str):
            context.language = language_of(language)
        socket.renew(passport.seconds)
        return {"expiresIn": int(passport.seconds)}

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)


def language_of(accepted: str) -> Language:
    """English where it is asked for before Chinese (RFC 9110, Accept-Language); Chinese otherwise."""
    best, weight = Language.ZH, 0.0
    for part in accepted.lower().split(","):
        tag, _, quality = part.strip().partition(";q=")
        spoken = {"en": Language.EN, "zh": Language.ZH}.get(tag.split("-")[0])
        try:
            value = float(quality) if quality else 1.0
        except ValueError:
            value = 0.0
        if spoken and value > weight:
            best, weight = spoken, value
    return best
