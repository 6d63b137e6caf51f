"""A small client of the house: GraphQL over HTTP, and graphql-transport-ws with one subscription a socket.

The protocol: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

import asyncio
import ipaddress
import json
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from random import uniform
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.frames import CloseCode
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("graphql-transport-ws")
REFUSED = "... on Refused { reasons { code message } }"
PATIENCE = 30.0
"""Seconds for an answer of any kind."""
UNWELCOME = 4403
"""How a socket is closed whose token is not good."""
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds between attempts while the house cannot be reached."""
LONGEST_PAUSE = 10.0
"""Seconds: whatever a house asks for."""

Payload = dict[str, Any]


class Failed(Exception):
    """The house answered with an error, or with nothing at all."""


class Stumbled(Failed):
    """An error of its own making, which may be gone the next time."""


@dataclass(frozen=True)
class Address:
    """Where a house is, and the tokens of its demo city."""

    url: str
    ws_url: str
    residents: tuple[str, ...]
    lawyers: tuple[str, ...]
    phones: str = ""
    """The page that shows what came to whose telephone; only this machine sees it."""

    @classmethod
    def of(cls, demo: Payload, url: str | None = None) -> "Address":
        """From demo.json; `url` for a house that is reached by another name than its own."""
        where = url or str(demo["url"])
        ws_url = f"ws{where.removeprefix('http')}" if url else str(demo["wsUrl"])
        return cls(where, ws_url, tuple(demo["resident"]), tuple(demo["lawyer"]), demo.get("phones", ""))

    @property
    def is_here(self) -> bool:
        """No proxy stands between us and our own machine, whatever the environment says."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"


@dataclass(frozen=True)
class Line:
    """What all devices of a run share. `failures` counts the errors that were answered, by root field."""

    address: Address
    http: httpx.AsyncClient
    failures: Counter[str]

    @classmethod
    @asynccontextmanager
    async def open(cls, address: Address, failures: Counter[str]) -> AsyncGenerator["Line", None]:
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=not address.is_here) as http:
            yield cls(address, http, failures)


@dataclass(frozen=True)
class Wire:
    """One person's device; nobody's without a token. Every subscription is a socket of its own."""

    line: Line
    token: str = ""
    openid: str = ""
    """Who she is to the mini-program."""

    async def ask(self, document: str, **variables: Any) -> Any:
        """The value of the document's only root field; a refusal is a value too.

        Repeats what got no answer or stumbled: mutations carry their idempotency key. Raises Failed.
        """
        said = {"query": document, "variables": variables}
        for pause in PAUSES:
            with suppress(httpx.TransportError, Stumbled):
                return await self._post(said)
            await asyncio.sleep(pause)
        try:
            return await self._post(said)
        except httpx.TransportError as error:
            raise Failed(f"{self.line.address.url} does not answer: {error or type(error).__name__}") from error

    async def follow(self, document: str, **variables: Any) -> AsyncGenerator[Payload, None]:
        """A subscription's frames; what breaks is taken up again after the last cursor. Raises Failed."""
        after: str | None = None
        failures = 0
        while True:
            try:
                async with self._socket() as socket:
                    await self._subscribe(socket, document, variables | {"after": after})
                    async for frame in self._frames(socket):
                        after, failures = frame["cursor"], 0
                        yield frame
                    return
            except (OSError, TimeoutError, WebSocketException, Stumbled) as error:
                if isinstance(error, ConnectionClosed) and error.rcvd and error.rcvd.code == UNWELCOME:
                    raise Failed("The token is not accepted; start the house anew for fresh ones.") from error
                if failures == len(PAUSES):
                    raise Failed(f"{self.line.address.ws_url} cannot be followed: {error}") from error
                # Who was cut off together does not come back together.
                await asyncio.sleep(asked_to_wait(error) or PAUSES[failures] * uniform(0.5, 1.5))
                failures += 1

    async def _post(self, said: Payload) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        response = await self.line.http.post(self.line.address.url, json=said, headers=headers)
        try:
            return self._value(response.json())
        except ValueError as error:
            raise Failed(f"{self.line.address.url} does not speak GraphQL: HTTP {response.status_code}") from error

    def _socket(self) -> connect:
        return connect(
            self.line.address.ws_url,
            subprotocols=[PROTOCOL],
            compression=None,
            open_timeout=PATIENCE,
            ping_timeout=PATIENCE * 2,
            proxy=None if self.line.address.is_here else True,
        )

    async def _subscribe(self, socket: ClientConnection, document: str, variables: Payload) -> None:
        await _send(socket, {"type": "connection_init", "payload": {"token": self.token}})
        async with asyncio.timeout(PATIENCE):
            while (await _receive(socket))["type"] != "connection_ack":
                pass
        request = {"query": document, "variables": variables}
        await _send(socket, {"id": "1", "type": "subscribe", "payload": request})

    async def _frames(self, socket: ClientConnection) -> AsyncIterator[Payload]:
        while True:
            message = await _receive(socket)
            match message["type"]:
                case "next":
                    yield self._value(message["payload"])
                case "ping":
                    await _send(socket, {"type": "pong"})
                case "error":
                    self._value({"errors": message["payload"]})
                case "complete":
                    return

    def _value(self, result: Payload) -> Any:
        if errors := result.get("errors"):
            code = errors[0].get("extensions", {}).get("code")
            if code != "BUSY":  # which asks to come again, and says that nothing was changed
                self.line.failures[str((errors[0].get("path") or ["document"])[0])] += 1
            raise (Stumbled if code in ("BUSY", "INTERNAL") else Failed)(str(errors[0]["message"]))
        (value,) = result["data"].values()
        return value


def asked_to_wait(error: Exception) -> float:
    """Seconds that a house which restarts asked us to stay away (`GOING_AWAY 2.7`); 0 where it did not."""
    if isinstance(error, ConnectionClosed) and error.rcvd and error.rcvd.code == CloseCode.SERVICE_RESTART:
        said = error.rcvd.reason.rpartition(" ")[2]
        with suppress(ValueError):
            return min(max(float(said), 0.0), LONGEST_PAUSE)
    return 0.0


def codes(payload: Payload) -> list[str]:
    """Why it was refused; nothing for what was not."""
    return [reason["code"] for reason in payload.get("reasons", ())]


async def _send(socket: ClientConnection, message: Payload) -> None:
    await socket.send(json.dumps(message))


async def _receive(socket: ClientConnection) -> Payload:
    message: Payload = json.loads(await socket.recv())
    return message
