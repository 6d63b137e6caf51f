"""Sockets that break the protocol, and floods of what it allows."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from scripts.bench.attacks import MEGABYTE, PATIENCE, Attack, Target

NEWS = "subscription { noticeUpdates { ... on NoticeUpdates { unread } } }"

Talk = Callable[[ClientConnection], Awaitable[Any]]


@asynccontextmanager
async def opened(target: Target, token: str | None, *, init: bool = True) -> AsyncIterator[ClientConnection]:
    url = target.url.replace("http", "ws", 1)
    protocols: Any = ["graphql-transport-ws"]
    async with connect(url, subprotocols=protocols, close_timeout=1, max_queue=None, ping_interval=None) as socket:
        if init:
            await socket.send(json.dumps({"type": "connection_init", "payload": {"token": token} if token else {}}))
            await socket.recv()
        yield socket


def socket(
    name: str, talk: Talk, *right: str, init: bool = True, messages: int = 1, times: int = 5, signed_in: bool = True
) -> Attack:
    """Talks on a socket until it is closed, or for a second longer than there is something to say."""

    async def strike(target: Target) -> str:
        token = target.resident() if signed_in else None
        async with opened(target, token, init=init) as connection:
            with suppress(ConnectionClosed):
                said = await talk(connection)
                if said is not None:
                    return str(said)
            return await closing(connection)

    return Attack(name, strike, right, messages, times)


async def closing(connection: ClientConnection) -> str:
    """How the house closed it."""
    with suppress(ConnectionClosed, TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while True:
                await connection.recv()
    said = connection.close_reason or ""
    return f"{connection.close_code} {said if said.isupper() else ''}".strip()


async def codes(connection: ClientConnection, count: int) -> str:
    """The codes of the errors among as many answers."""
    found: set[str] = set()
    async with asyncio.timeout(PATIENCE):
        while count > 0:
            said = json.loads(await connection.recv())
            if said["type"] in ("error", "next", "pong"):
                count -= 1
            if said["type"] == "error":
                found.update(error["extensions"]["code"] for error in said["payload"])
    return ", ".join(sorted(found))


def says(*frames: str | bytes) -> Talk:
    async def talk(connection: ClientConnection) -> None:
        for frame in frames:
            await connection.send(frame)

    return talk


def asks(query: str, id: str = "1", **more: Any) -> str:
    return json.dumps({"type": "subscribe", "id": id, "payload": {"query": query} | more})


async def too_broad(connection: ClientConnection) -> str:
    await connection.send(asks(f"{{ {'viewer { id } ' * 490} }}"))
    return await codes(connection, 1)


async def two_hundred_subscriptions(connection: ClientConnection) -> str:
    for number in range(200):
        await connection.send(asks(NEWS, f"s{number}"))
    return await codes(connection, 200)


async def three_hundred_operations(connection: ClientConnection) -> str:
    for number in range(300):
        await connection.send(asks("{ unreadNotices }", f"q{number}"))
    return await codes(connection, 300)


async def pings(connection: ClientConnection) -> str:
    for _ in range(10_000):
        await connection.send('{"type": "ping"}')
    return await codes(connection, 10_000) or "answered"


async def idle(connection: ClientConnection) -> None:
    while True:
        await connection.send('{"type": "ping"}')
        await asyncio.sleep(0.025)


async def completes(connection: ClientConnection) -> str:
    for _ in range(10_000):
        await connection.send('{"type": "complete", "id": "nobody"}')
    await connection.send('{"type": "ping"}')
    return await codes(connection, 1) or "answered"


async def after_the_end(connection: ClientConnection) -> None:
    """What was on its way when the house closed."""
    with suppress(ConnectionClosed):
        for frame in ["{bad", *[asks("{ unreadNotices }", f"q{number}") for number in range(1000)]]:
            await connection.send(frame)


async def comes_and_goes(connection: ClientConnection) -> str:
    """Begins a subscription and ends it, again and again."""
    for number in range(100):
        await connection.send(asks(NEWS, f"s{number}"))
        await connection.send(json.dumps({"type": "complete", "id": f"s{number}"}))
    await connection.send('{"type": "ping"}')
    async with asyncio.timeout(PATIENCE):
        while json.loads(await connection.recv())["type"] != "pong":
            pass
    return "answered"


async def unfinished_frame(connection: ClientConnection) -> None:
    """A message in 30,000 pieces that never ends."""

    async def pieces() -> AsyncIterator[str]:
        for _ in range(30_000):
            yield "a" * 40

    await connection.send(pieces())


def crowd(name: str, count: int, right: str, *, signed_in: bool) -> Attack:
    """One who opens that many sockets: how the first of them ends."""

    async def strike(target: Target) -> str:
        token = target.resident() if signed_in else None
        async with AsyncExitStack() as held:
            first, *_ = [await held.enter_async_context(opened(target, token)) for _ in range(count)]
            return await closing(first)

    return Attack(name, strike, (right,), messages=count, times=1)


async def foreign_page(target: Target) -> str:
    protocols: Any = ["graphql-transport-ws"]
    origin: Any = "http://["
    try:
        async with connect(target.url.replace("http", "ws", 1), subprotocols=protocols, origin=origin) as connection:
            return await closing(connection)
    except InvalidStatus as error:
        return str(error.response.status_code)


LONG_TOKEN = json.dumps({"type": "connection_init", "payload": {"token": "a." * 450_000}})
MANY_DIGITS = '{"type": "ping", "payload": {"n": %s}}' % ("9" * 5000)
TOO_MANY = ("TOO_MANY_SUBSCRIPTIONS", "TOO_MANY_OPERATIONS, TOO_MANY_SUBSCRIPTIONS")

SOCKETS = [
    socket("a frame of 2 MB", says("a" * 2 * MEGABYTE), "1009"),
    socket("a frame of 900 kB that is no JSON", says("a" * 900_000), "4400 BAD_MESSAGE"),
    socket("a message in 30,000 pieces", unfinished_frame, "1009", "1006", messages=30_000, times=3),
    socket("a binary frame", says(b'{"type": "ping"}'), "4400 BAD_MESSAGE"),
    socket("JSON 100,000 deep in a frame", says("[" * 100_000), "4400 BAD_MESSAGE"),
    socket("5,000 digits in a frame", says(MANY_DIGITS), "4400 BAD_MESSAGE"),
    socket("a lone surrogate in a frame", says(r'{"type": "ping", "payload": {"n": "\ud800"}}'), "4400 BAD_MESSAGE"),
    socket("a document with 490 object fields", too_broad, "TOO_BROAD"),
    socket("200 subscriptions", two_hundred_subscriptions, *TOO_MANY, messages=200),
    socket("300 operations at once", three_hundred_operations, "TOO_MANY_OPERATIONS", "", messages=300, times=1),
    socket("10,000 pings", pings, "answered", messages=10_000, times=1),
    socket("10,000 completes", completes, "answered", messages=10_000, times=1),
    socket("100 subscriptions begun and ended", comes_and_goes, "answered", messages=200, times=1),
    socket("1,000 messages after the end", after_the_end, "4400 BAD_MESSAGE", messages=1_000, times=1),
    socket("pings and no connection_init", idle, "4408 INIT_TOO_LATE", init=False, messages=200, times=1),
    socket("connection_init with a token of 900 kB", says(LONG_TOKEN), "4403 BAD_TOKEN", init=False),
    crowd("50 sockets of one person", 50, "4429 TOO_MANY_SOCKETS", signed_in=True),
    crowd("120 sockets without a token", 120, "4429 TOO_MANY_SOCKETS", signed_in=False),
    Attack("an origin that is no address", foreign_page, ("403",)),
]
