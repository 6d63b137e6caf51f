"""A served city, and a client that speaks graphql-transport-ws on a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from app.accounts.rules.tokens import sign
from app.core.access import Viewer
from app.core.sealing import KeyProvider
from app.main import house
from app.serve import Server, configured
from scripts.embedded import free_port
from tests.city import City


@asynccontextmanager
async def served(city: City) -> AsyncIterator[str]:
    """The city's API on a real port; yields `http://127.0.0.1:PORT/graphql`."""
    app = house(city.db, city.wake, city.doors, city.settings)
    port = free_port()
    server = Server(
        configured(app, city.settings, host="127.0.0.1", port=port, lifespan="off"), app.state.life, drain=0
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}/graphql"
    finally:
        server.should_exit = True
        server.force_exit = True
        await serving


def token(city: City, viewer: Viewer, seconds: float = 900) -> str:
    now = datetime.now(UTC)
    return sign(city.doors[KeyProvider].signing(), viewer, now, now + timedelta(seconds=seconds))


@asynccontextmanager
async def socket(url: str, token: str | None, **params: Any) -> AsyncIterator[ClientConnection]:
    """A connection on which connection_init was sent; the acknowledgement is the first thing to receive."""
    address = url.replace("http", "ws", 1)
    async with connect(address, subprotocols=["graphql-transport-ws"]) as connection:  # type: ignore[list-item]
        await send(connection, type="connection_init", payload={"token": token, **params})
        yield connection


async def send(connection: ClientConnection, **message: Any) -> None:
    await connection.send(json.dumps(message))


async def receive(connection: ClientConnection, seconds: float = 60) -> Any:
    async with asyncio.timeout(seconds):
        return json.loads(await connection.recv())


async def subscribe(connection: ClientConnection, id: str, query: str, /, **variables: Any) -> None:
    await send(connection, type="subscribe", id=id, payload={"query": query, "variables": variables})
