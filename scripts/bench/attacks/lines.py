"""Bare connections that say too much, or say it too slowly."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import urlsplit

from app.graph.http import JSON
from scripts.bench.attacks import MEGABYTE, NAME, PATIENCE, Attack, Target

HEAD = f"POST /graphql HTTP/1.1\r\nhost: house\r\ncontent-type: {JSON}\r\n"
CUT = "cut off"
"""The connection was closed without a word."""

Say = Callable[[asyncio.StreamWriter], Awaitable[None]]


def line(name: str, say: Say, *right: str, messages: int = 1, times: int = 3) -> Attack:
    """Says something on a bare connection until it is answered, or cut off."""

    async def strike(target: Target) -> str:
        reader, writer = await asyncio.open_connection(urlsplit(target.url).hostname, urlsplit(target.url).port)
        saying = asyncio.create_task(_say(say, writer))
        try:
            async with asyncio.timeout(PATIENCE):
                status = (await reader.readline()).decode().split()
                await asyncio.wait([saying], timeout=1)  # the rest comes all the same
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
    line("1 MB in chunks of one byte", in_crumbs, "413", "408", CUT),
    line("a body of a byte each 50 ms", slow_body, "408", messages=200, times=1),
    line("a head of a line each 50 ms", slow_head, "408", messages=200, times=1),
    line("a head of 1 MB", long_head, "431", "400", CUT),
    line("20,000 headers", many_heads, "431", "400", CUT),
    line("what is no HTTP", rubbish, "400"),
    line("a NUL in a header", nul_in_head, "400"),
    line("1,000 requests before the first answer", pipelined, "200", messages=1_000, times=1),
]
