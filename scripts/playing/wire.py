"""A small client of the house: GraphQL over HTTP, and graphql-transport-ws with one subscription a socket.

The protocol: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

import asyncio
import ipaddress
import json
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("graphql-transport-ws")
REFUSED = "... on Refused { reasons { code message } }"
PATIENCE = 30.0
"""Seconds for an answer of any kind."""
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds between attempts while the house cannot be reached."""

Payload = dict[str, Any]


class Failed(Exception):
    """The house answered with an error, or with nothing at all."""


@dataclass(frozen=True)
class Address:
    """Where a house is, and the tokens of its demo city."""

    url: str
    ws_url: str
    residents: tuple[str, ...]
    lawyers: tuple[str, ...]

    @classmethod
    def of(cls, demo: Payload, url: str | None = None) -> "Address":
        """From demo.json; `url` for a house that is reached by another name than its own."""
        where = url or str(demo["url"])
        ws_url = f"ws{where.removeprefix('http')}" if url else str(demo["wsUrl"])
        return cls(where, ws_url, tuple(demo["resident"]), tuple(demo["lawyer"]))

    @property
    def is_here(self) -> bool:
        """No proxy stands between us and our own machine, whatever the environment says."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"


def open_http(address: Address) -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=PATIENCE, trust_env=not address.is_here)


@dataclass(frozen=True)
class Wire:
    """One person's device. Requests share `http`; every subscription is a socket of its own."""

    address: Address
    http: httpx.AsyncClient
    token: str

    async def ask(self, document: str, **variables: Any) -> Any:
        """The value of the document's only root field; a refusal is a value too.

        Repeats what got no answer: mutations carry their idempotency key. Raises Failed.
        """
        said = {"query": document, "variables": variables}
        for pause in (*PAUSES, None):
            try:
                response = await self.http.post(
                    self.address.url, json=said, headers={"Authorization": f"Bearer {self.token}"}
                )
                if response.status_code < 500:
                    return _only(response)
            except httpx.TransportError as error:
                if pause is None:
                    raise Failed(f"{self.address.url} does not answer: {error or type(error).__name__}") from error
            await asyncio.sleep(pause or 0)
        raise Failed(f"{self.address.url} fails: HTTP {response.status_code}")

    async def follow(self, document: str, **variables: Any) -> AsyncGenerator[Payload, None]:
        """A subscription's frames; a lost connection is made anew and goes on after the last cursor. Raises Failed."""
        after: str | None = None
        failures = 0
        while True:
            try:
                async with self._socket() as socket:
                    await self._open(socket, document, variables | {"after": after})
                    async for frame in _frames(socket):
                        after, failures = frame["cursor"], 0
                        yield frame
                    return
            except (OSError, TimeoutError, WebSocketException) as error:
                if isinstance(error, ConnectionClosed) and error.rcvd and error.rcvd.code == 4403:
                    raise Failed("The token is not accepted; start the house anew for fresh ones.") from error
                if failures == len(PAUSES):
                    raise Failed(f"{self.address.ws_url} cannot be reached: {error}") from error
                await asyncio.sleep(PAUSES[failures])
                failures += 1

    def _socket(self) -> connect:
        return connect(
            self.address.ws_url,
            subprotocols=[PROTOCOL],
            compression=None,
            open_timeout=PATIENCE,
            ping_timeout=PATIENCE * 2,
            proxy=None if self.address.is_here else True,
        )

    async def _open(self, socket: ClientConnection, document: str, variables: Payload) -> None:
        await _send(socket, {"type": "connection_init", "payload": {"token": self.token}})
        async with asyncio.timeout(PATIENCE):
            while (await _receive(socket))["type"] != "connection_ack":
                pass
        request = {"query": document, "variables": variables}
        await _send(socket, {"id": "1", "type": "subscribe", "payload": request})


def codes(payload: Payload) -> list[str]:
    """Why it was refused; nothing for what was not."""
    return [reason["code"] for reason in payload.get("reasons", ())]


async def _frames(socket: ClientConnection) -> AsyncIterator[Payload]:
    while True:
        message = await _receive(socket)
        match message["type"]:
            case "next":
                yield _value(message["payload"])
            case "ping":
                await _send(socket, {"type": "pong"})
            case "error":
                raise Failed(str(message["payload"][0]["message"]))
            case "complete":
                return


async def _send(socket: ClientConnection, message: Payload) -> None:
    await socket.send(json.dumps(message))


async def _receive(socket: ClientConnection) -> Payload:
    message: Payload = json.loads(await socket.recv())
    return message


def _only(response: httpx.Response) -> Any:
    try:
        return _value(response.json())
    except ValueError as error:
        raise Failed(f"That is no GraphQL: HTTP {response.status_code}") from error


def _value(result: Payload) -> Any:
    if errors := result.get("errors"):
        raise Failed(str(errors[0]["message"]))
    (value,) = result["data"].values()
    return value
