"""graphql-transport-ws to the letter, on Strawberry's handler.

After https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md. What the handler leaves open is closed here:
every malformed message ends the socket with its code, a fault of one operation ends that operation alone, and a pong
says again what its ping said.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, cast

import orjson
from starlette.websockets import WebSocketDisconnect, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.types.execution import PreExecutionError

from app.core.errors import Code, Refused
from app.graph.context import Context
from app.graph.frames import Own
from app.graph.metrics import SOCKETS, count_error
from app.graph.outlets import WIRE, Wire
from app.graph.persisted import extensions_of
from app.graph.rates import RATE_LIMITED
from app.graph.shared import Following, Told
from app.graph.sockets import (
    BAD_MESSAGE,
    BAD_TOKEN,
    INIT_TOO_LATE,
    INIT_TWICE,
    NOT_INITIALISED,
    OPERATIONS_A_SOCKET,
    SAME_ID,
    TOO_MANY_OPERATIONS,
    LiveSocket,
)


class Adapter(ASGIWebSocketAdapter):
    async def send_json(self, message: Mapping[str, object]) -> None:
        await self.send_text(orjson.dumps(message))

    async def send_text(self, message: bytes) -> None:
        """As text: browsers hand a binary frame to the page as a Blob."""
        try:
            await self.ws.send_text(message.decode())
        except (WebSocketDisconnect, RuntimeError) as error:
            raise WebSocketDisconnected from error

    async def close(self, code: int, reason: str) -> None:
        if self.ws.application_state is WebSocketState.CONNECTED:
            with suppress(RuntimeError, WebSocketDisconnect):
                await self.ws.close(code, reason)


def _object_or_null(value: object) -> bool:
    return value is None or isinstance(value, dict)


def _names_a_document(payload: dict[str, Any]) -> bool:
    """Instead of sending it, as the protocol knows nothing of and clients do all the same."""
    extensions = payload.get("extensions")
    return "documentId" in payload or (isinstance(extensions, dict) and "persistedQuery" in extensions)


def _well_formed(message: Any) -> bool:
    if not isinstance(message, dict):
        return False
    payload = message.get("payload")
    match message.get("type"):
        case "connection_init" | "ping" | "pong":
            return _object_or_null(payload)
        case "complete":
            return isinstance(message.get("id"), str)
        case "subscribe":
            return (
                isinstance(message.get("id"), str)
                and isinstance(payload, dict)
                and (isinstance(payload.get("query"), str) or _names_a_document(payload))
                and isinstance(payload.get("query"), str | None)
                and isinstance(payload.get("documentId"), str | None)
                and isinstance(payload.get("operationName"), str | None)
                and _object_or_null(payload.get("variables"))
                and _object_or_null(payload.get("extensions"))
            )
    return False


class Handler(BaseGraphQLTransportWSHandler[Context, None]):
    """One socket's life."""

    async def handle(self) -> None:
        view = cast("Any", self.view)
        socket = cast("LiveSocket", self.context.socket)
        with SOCKETS.track_inprogress():
            try:
                await super().handle()
            finally:
                view.sockets.closed(socket)

    async def handle_message(self, message: Any) -> None:
        await asyncio.sleep(0)  # ten thousand messages may have come at once: others have their turn between them
        if not _well_formed(message):
            await self._close(BAD_MESSAGE)
        else:
            await super().handle_message(message)

    async def handle_invalid_message(self, error_message: str) -> None:
        await self._close(BAD_MESSAGE)

    async def handle_connection_init(self, message: Any) -> None:
        if self.connection_timed_out:
            return
        if self.connection_init_received:
            await self._close(INIT_TWICE)
            return
        self.connection_init_received = True
        if self.connection_init_timeout_task:
            self.connection_init_timeout_task.cancel()
        self.context.connection_params = message.get("payload") or {}
        try:
            payload = await self.view.on_ws_connect(self.context)
        except ConnectionRejectionError:
            await self._close(BAD_TOKEN)
            return
        await self.send_message(cast("Any", {"type": "connection_ack", "payload": payload}))
        self.connection_acknowledged = True

    async def handle_connection_init_timeout(self) -> None:
        await asyncio.sleep(self.connection_init_wait_timeout.total_seconds())
        self.connection_timed_out = True
        await self._close(INIT_TOO_LATE)

    async def handle_ping(self, message: Any) -> None:
        said = {"payload": message["payload"]} if "payload" in message else {}
        await self.send_message(cast("Any", {"type": "pong", **said}))

    async def handle_subscribe(self, message: Any) -> None:
        if not self.connection_acknowledged:
            await self._close(NOT_INITIALISED)
        elif message["id"] in self.operations:
            await self._close(SAME_ID)
        elif len(self.operations) >= OPERATIONS_A_SOCKET:
            await self._refuse(message["id"], TOO_MANY_OPERATIONS, limit=OPERATIONS_A_SOCKET)
        elif (text := await self._document(message)) is not None:
            await super().handle_subscribe(message | {"payload": message["payload"] | {"query": text}})

    async def _document(self, message: Any) -> str | None:
        """The one that is meant; None where it was refused."""
        payload, persisted = message["payload"], cast("Any", self.view).persisted
        try:
            text: str = persisted.text(payload.get("query"), extensions_of(payload))
        except Refused as refused:
            await self._refuse(message["id"], refused.reasons[0].code)
            return None
        return text

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        view = cast("Any", self.view)
        if wait := await view.must_wait(self.context):
            await self._refuse(operation.id, RATE_LIMITED, seconds=wait)
            self.operations.pop(operation.id, None)
            return
        with suppress(WebSocketDisconnected):
            await super().run_operation(operation)

    async def _send_result_stream(self, operation: Operation[Context, None], result_source: Any) -> None:
        socket = cast("Adapter", self.websocket)
        wire: Wire | None = socket.ws.scope.get("extensions", {}).get(WIRE)
        head = b'{"id":%b,"type":"next","payload":' % orjson.dumps(operation.id)
        if wire is not None and isinstance(result_source, Own):
            result_source.through(wire, head)
        async for result in result_source:
            if isinstance(result, PreExecutionError):
                await self._handle_pre_execution_error(operation, result)
                return
            if not isinstance(result, Told):
                await operation.send_next(result)
            elif wire is None:
                await socket.send_text(head + result.tail)
            else:
                await wire.tell(head, result.tail)
                if isinstance(result_source, Following):
                    await result_source.write_to(wire, head)

    @staticmethod
    def _get_pre_execution_close_reason(error: object) -> None:
        """A syntax error is the operation's own, and ends it alone.

        Strawberry closes the socket with 4400, which the protocol document does not ask for:
        https://github.com/strawberry-graphql/strawberry/blob/main/strawberry/subscriptions/protocols/graphql_transport_ws/handlers.py
        """
        return

    async def _refuse(self, id: str, why: Code, **values: object) -> None:
        extensions: dict[str, object] = {"code": why.name}
        if "seconds" in values:
            extensions["retryAfter"] = values["seconds"]
        count_error(why.name)
        error = {"message": why.message(self.context.language, values), "extensions": extensions}
        await self.send_message(cast("Any", {"id": id, "type": "error", "payload": [error]}))

    async def _close(self, why: Code) -> None:
        assert why.close is not None
        count_error(why.name)
        await self.websocket.close(why.close, why.name)
