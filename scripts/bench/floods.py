"""The worst that may be sent to the graph over sockets and over slow lines; see scripts/bench/attacks.py."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from app.graph.http import JSON
from scripts.bench.attacks import MEGABYTE, NAME, Attack, Target

HEAD = f"POST /graphql HTTP/1.1\r\nhost: house\r\ncontent-type: {JSON}\r\n"
CUT = "cut off"
"""The connection was closed without a word."""
NEWS = "subscription { noticeUpdates { ... on NoticeUpdates { unread } } }"
PATIENCE = 30.0
"""Seconds until an attacker gives up."""

# Lines --------------------------------------------------------------------------------------------------------------

Say = Callable[[asyncio.StreamWriter], Awaitable[None]]


def line(name: str, say: Say, *right: str, messages: int = 1, times: int = 3) -> Attack:
    """Says something on a bare connection until it is answered, or cut off."""

    async def strike(target: Target) -> str:
        reader, writer = await asyncio.open_connection(urlsplit(target.url).hostname, urlsplit(target.url).port)
        saying = asyncio.create_task(_say(say, writer))
        try:
            async with asyncio.timeout(PATIENCE):
                status = (await reader.readline()).decode().split()
                await asyncio.wait([saying], timeout=2)  # the rest comes all the same
        except ConnectionError:
            return CUT
        finally:
            saying.cancel()
            writer.close()
        return status[1] if status else CUT

    return Attack(name, strike, right, messages, times)


async def _say(say: Say, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        await say(writer)


async def declared(writer: asyncio.StreamWriter) -> None:
    writer.write(f"{HEAD}content-length: {100 * MEGABYTE}\r\n\r\n".encode())


async def sent(writer: asyncio.StreamWriter) -> None:
    await declared(writer)
    for _ in range(100):
        writer.write(b" " * MEGABYTE)
        await writer.drain()


async def in_chunks(writer: asyncio.StreamWriter) -> None:
    writer.write(f"{HEAD}transfer-encoding: chunked\r\n\r\n".encode())
    for _ in range(100):
        writer.write(f"{MEGABYTE:x}\r\n".encode() + b" " * MEGABYTE + b"\r\n")
        await writer.drain()


async def in_crumbs(writer: asyncio.StreamWriter) -> None:
    """A megabyte in chunks of one byte each: six on the line."""
    writer.write(f"{HEAD}transfer-encoding: chunked\r\n\r\n".encode())
    for _ in range(101):
        writer.write(b"1\r\n \r\n" * 10_000)
        await writer.drain()


async def slow_body(writer: asyncio.StreamWriter) -> None:
    writer.write(f"{HEAD}content-length: 1000\r\n\r\n".encode())
    while True:
        writer.write(b" ")
        await asyncio.sleep(0.05)


async def slow_head(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD.encode())
    while True:
        writer.write(b"x-slow: 1\r\n")
        await asyncio.sleep(0.05)


async def long_head(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD.encode() + b"x-book: " + b"a" * MEGABYTE)
    await writer.drain()


async def many_heads(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD.encode() + b"".join(b"x-%d: 1\r\n" % number for number in range(20_000)) + b"\r\n")
    await writer.drain()


async def rubbish(writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x00\xff\x16\x03\x01" * 1000 + b"\r\n\r\n")


async def nul_in_head(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD.encode() + b"x-client: a\x00b\r\ncontent-length: 0\r\n\r\n")


async def pipelined(writer: asyncio.StreamWriter) -> None:
    body = json.dumps({"query": NAME})
    writer.write(f"{HEAD}content-length: {len(body)}\r\n\r\n{body}".encode() * 1_000)
    await writer.drain()


LINES = [
    line("100 MB declared", declared, "413"),
    line("100 MB sent", sent, "413", CUT),
    line("100 MB sent in chunks", in_chunks, "413", CUT),
    line("1 MB in chunks of one byte", in_crumbs, "413", CUT),
    line("a body of a byte each 50 ms", slow_body, "408", times=1),
    line("a head of a line each 50 ms", slow_head, "408", times=1),
    line("a head of 1 MB", long_head, "431", "400", CUT),
    line("20,000 headers", many_heads, "431", "400", CUT),
    line("what is no HTTP", rubbish, "400"),
    line("a NUL in a header", nul_in_head, "400"),
    line("1,000 requests before the first answer", pipelined, "200", messages=1_000, times=1),
]

# Sockets ------------------------------------------------------------------------------------------------------------

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
    return f"{connection.close_code} {connection.close_reason}".strip()


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


async def two_hundred_subscriptions(connection: ClientConnection) -> str:
    for number in range(200):
        await connection.send(asks(NEWS, f"s{number}"))
    return await codes(connection, 200)


async def a_thousand_operations(connection: ClientConnection) -> str:
    for number in range(1000):
        await connection.send(asks("{ unreadNotices }", f"q{number}"))
    return await codes(connection, 1000)


async def pings(connection: ClientConnection) -> str:
    for _ in range(10_000):
        await connection.send('{"type": "ping"}')
    return await codes(connection, 10_000) or "answered"


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
    for number in range(500):
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
        held: list[ClientConnection] = []
        try:
            for _ in range(count):
                held.append(await opened(target, token).__aenter__())
            return await closing(held[0])
        finally:
            await asyncio.gather(*(one.close() for one in held))

    return Attack(name, strike, (right,), messages=count, times=1)


async def foreign_page(target: Target) -> str:
    protocols: Any = ["graphql-transport-ws"]
    origin: Any = "http://["
    try:
        async with connect(target.url.replace("http", "ws", 1), subprotocols=protocols, origin=origin) as connection:
            return await closing(connection)
    except InvalidHandshake as error:
        return str(getattr(error, "response", error).status_code)


SOCKETS = [
    socket("a frame of 2 MB", says("a" * 2 * MEGABYTE), "1009 frame too big"),
    socket("a frame of 900 kB that is no JSON", says("a" * 900_000), "4400 BAD_MESSAGE"),
    socket("a message in 30,000 pieces", unfinished_frame, "1009", "4400 BAD_MESSAGE"),
    socket("a binary frame", says(b'{"type": "ping"}'), "4400 BAD_MESSAGE"),
    socket("JSON 100,000 deep in a frame", says("[" * 100_000), "4400 BAD_MESSAGE"),
    socket("5,000 digits in a frame", says('{"type": "ping", "payload": {"n": %s}}' % ("9" * 5000)), "4400 BAD_MESSAGE"),
    socket("a lone surrogate in a frame", says(r'{"type": "ping", "payload": {"n": "\ud800"}}'), "4400 BAD_MESSAGE"),
    socket("a document with 490 object fields", lambda c: _one(c, f"{{ {'viewer { id } ' * 490} }}"), "TOO_BROAD"),
    socket("200 subscriptions", two_hundred_subscriptions, "TOO_MANY_OPERATIONS, TOO_MANY_SUBSCRIPTIONS", "TOO_MANY_SUBSCRIPTIONS", messages=200),
    socket("1,000 operations at once", a_thousand_operations, "TOO_MANY_OPERATIONS", "", messages=1_000, times=1),
    socket("10,000 pings", pings, "answered", messages=10_000, times=1),
    socket("10,000 completes", completes, "answered", messages=10_000, times=1),
    socket("500 subscriptions begun and ended", comes_and_goes, "answered", messages=1_000, times=1),
    socket("1,000 messages after the end", after_the_end, "4400 BAD_MESSAGE", messages=1_000, times=1),
    socket("no connection_init", says('{"type": "ping"}'), "4408 INIT_TOO_LATE", init=False, times=1),
    socket("connection_init with a token of 900 kB", says(json.dumps({"type": "connection_init", "payload": {"token": "a." * 450_000}})), "4403 BAD_TOKEN", init=False),
    crowd("50 sockets of one person", 50, "4429 TOO_MANY_SOCKETS", signed_in=True),
    crowd("120 sockets without a token", 120, "4429 TOO_MANY_SOCKETS", signed_in=False),
    Attack("an origin that is no address", foreign_page, ("403",)),
]  # fmt: skip


async def _one(connection: ClientConnection, query: str) -> str:
    await connection.send(asks(query))
    return await codes(connection, 1)
