"""The one door of the graph: GraphQL over HTTP and graphql-transport-ws, on Strawberry's own view and handler."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLRequestData, process_result
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from app.core.access import OFFICES, Viewer
from app.core.db import Database
from app.core.errors import TABLE, Language, Refused
from app.graph import http, sockets, transport_ws
from app.graph.addresses import Addresses
from app.graph.clients import client_of, client_of_headers
from app.graph.common import Page
from app.graph.context import Context
from app.graph.documents import BAD_DOCUMENT, NO_SUCH_OPERATION
from app.graph.entrance import Schema
from app.graph.http import TurnedAway
from app.graph.limits import RESIDENT, STAFF, Allowance
from app.graph.metrics import count_error
from app.graph.persisted import Persisted
from app.graph.rates import RATE_LIMITED, Limiter
from app.graph.refusals import shown
from app.graph.sockets import LiveSocket, Sockets
from app.graph.trusted import Trusted
from app.graph.wake import Wake

INIT_WAIT = timedelta(seconds=5)
OPERATION_WAIT = 20.0
"""Seconds: longer than any statement may take, and shorter than a phone waits."""
CARRIED = {"GET": (OperationType.QUERY,), "POST": (OperationType.QUERY, OperationType.MUTATION)}
"""What each method carries; subscriptions come over sockets alone."""
WELL_FORMED = (BAD_DOCUMENT, NO_SUCH_OPERATION)
"""What application/json answers with 200, as the specification asks of that older type."""


@dataclass(frozen=True)
class Passport:
    """What a valid access token says: whose it is, and for how many seconds more."""

    viewer: Viewer
    seconds: float


Identify = Callable[[str], Passport | None]


class View(GraphQL[Context, None]):
    websocket_adapter_class = transport_ws.Adapter
    graphql_transport_ws_handler_class = transport_ws.Handler

    def __init__(
        self,
        schema: Schema,
        *,
        db: Database,
        wake: Wake,
        doors: Mapping[type[Any], Any],
        identify: Identify,
        limiter: Limiter,
        addresses: Addresses,
        origins: tuple[str, ...] = (),
        open_schema: bool = False,
        trusted: Trusted | None = None,
    ) -> None:
        """`open_schema`: everyone may ask for the schema, as in a demonstration."""
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=INIT_WAIT,
            max_subscriptions_per_connection=None,
            allowed_origins=origins,
        )
        self.sockets = Sockets()
        self._schema = schema
        self._db, self._wake, self._doors = db, wake, doors
        self._identify, self._addresses = identify, addresses
        self._staffs = STAFF
        self._residents = replace(RESIDENT, introspection=True) if open_schema else RESIDENT
        self._limiter, self._trusted = limiter, trusted or Trusted()
        self.persisted = Persisted(self._trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        request, headers = Request(scope, receive), http.headers_of(scope)
        media = http.negotiated(headers.get("accept"))
        try:
            if media is None:
                raise TurnedAway(http.NOT_ACCEPTABLE)
            if request.method not in CARRIED:
                raise TurnedAway(http.METHOD_NOT_ALLOWED)
            if request.method == "GET" and http.from_elsewhere(headers, self._allowed):
                raise TurnedAway(http.CROSS_SITE)
            response = await self._answer(request, headers, media)
        except TurnedAway as away:
            count_error(away.code.name)
            response = away.response(language_of(headers.get("accept-language", "")), media or http.JSON)
        await response(scope, receive, send)

    def _allowed(self, origin: str) -> bool:
        return "*" in self.allowed_origins or origin.rstrip("/") in self.allowed_origins

    async def _answer(self, request: Request, headers: Mapping[str, str], media: str) -> Response:
        """In place of Strawberry's `run`, which would look for much that never comes this way."""
        context = self._context(request, headers)
        data = await http.request_of(request, headers)
        if seconds := await self.must_wait(context):
            raise TurnedAway(RATE_LIMITED, retry_after=seconds)
        result = await self._execute(request.method, context, data)
        told: Any = process_result(result)
        if _never_ran(result):  # has no `data`, not even null (GraphQL specification, 7.1.2)
            del told["data"]
        elif isinstance(result, Page) and result.common:
            told["data"] = result.common.json
        return Response(self.encode_json(told), _status(result, media), media_type=media)

    async def _execute(self, method: str, context: Context, data: GraphQLRequestData) -> ExecutionResult:
        try:
            text = self.persisted.text(data.query, data.extensions)
        except Refused as refused:
            count_error(refused.reasons[0].code.name)
            error = GraphQLError(str(refused), original_error=refused)
            return PreExecutionError(data=None, errors=[shown(error, context.language)])
        try:
            async with asyncio.timeout(OPERATION_WAIT):
                return await self._schema.answer(
                    context, text, data.variables, data.operation_name, CARRIED[method], data.extensions
                )
        except InvalidOperationTypeError as error:
            raise TurnedAway(http.METHOD_NOT_ALLOWED) from error
        except TimeoutError as error:
            raise TurnedAway(http.TIMED_OUT) from error

    async def must_wait(self, context: Context) -> int:
        """Seconds until this person or address may ask again, 0 where it may now."""
        viewer = context.socket.viewer if context.socket else context.viewer
        if viewer:
            return await self._limiter.wait(str(viewer.id), "")
        return await self._addresses.must_wait(context.address)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        return self._context(request, request.headers)

    def _context(self, request: HTTPConnection, headers: Mapping[str, str]) -> Context:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        passport = self._identify(token) if scheme.lower() == "bearer" else None
        viewer = passport.viewer if passport else None
        return Context(
            db=self._db,
            wake=self._wake,
            doors=self._doors,
            viewer=viewer,
            language=language_of(headers.get("accept-language", "")),
            address=self._addresses.of(request),
            socket=LiveSocket(request, self._db, self._wake) if isinstance(request, WebSocket) else None,
            client=client_of_headers(headers),
            traceparent=headers.get("traceparent", ""),
            allowance=self._allowance(viewer),
            trusted=self._trusted,
        )

    def _allowance(self, viewer: Viewer | None) -> Allowance:
        return self._staffs if viewer and viewer.roles & OFFICES else self._residents

    async def on_ws_connect(self, context: Context) -> dict[str, Any]:
        """connection_init says who is there: `{"token": "...", "language": "en", "client": "miniprogram/1.4.2"}`.

        A token that is not good ends the socket with 4403; without one it is anonymous.
        """
        socket = context.socket
        assert isinstance(socket, LiveSocket)
        said = context.connection_params
        if isinstance(language := said.get("language"), str):
            context.language = language_of(language)
        if "client" in said:
            context.client = client_of(said["client"])
        token = said.get("token")
        if token is None:
            self.sockets.belongs(socket, context.address, sockets.SOCKETS_AN_ADDRESS)
            return {}
        passport = self._identify(token) if isinstance(token, str) else None
        if passport is None:
            raise ConnectionRejectionError
        socket.viewer = context.viewer = passport.viewer
        context.allowance = self._allowance(passport.viewer)
        self.sockets.belongs(socket, passport.viewer.id, sockets.SOCKETS_A_PERSON)
        socket.renew(passport.seconds)
        return {"expiresIn": int(passport.seconds)}

    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)


def _never_ran(result: ExecutionResult) -> bool:
    errors = result.errors or []
    return isinstance(result, PreExecutionError) or (result.data is None and not any(error.path for error in errors))


def _status(result: ExecutionResult, media: str) -> int:
    if not result.errors or not _never_ran(result):
        return 200
    said = TABLE.get(str((result.errors[0].extensions or {}).get("code")))
    if media == http.JSON and said in WELL_FORMED:
        return 200
    return (said.status if said else None) or (400 if media == http.GRAPHQL_RESPONSE else 200)


@lru_cache(maxsize=http.SAYINGS)
def language_of(accepted: str) -> Language:
    """English where it is asked for before Chinese (RFC 9110, Accept-Language); Chinese otherwise."""
    best, weight = Language.ZH, 0.0
    for part in accepted.lower().split(","):
        tag, _, quality = part.partition(";")
        spoken = {"en": Language.EN, "zh": Language.ZH}.get(tag.strip().split("-")[0])
        try:
            value = float(quality.strip().removeprefix("q=")) if quality else 1.0
        except ValueError:
            value = 0.0
        if spoken and value > weight:
            best, weight = spoken, value
    return best
