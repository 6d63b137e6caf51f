"""Connections that take their time, or ask for more than a person needs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from app.connections import LONGEST_HEAD
from app.graph import http
from app.settings import Settings
from tests.city import City
from tests.sockets import receive, served, socket, token

pytestmark = pytest.mark.anyio

SECONDS = 2.0
HEAD = "POST /graphql HTTP/1.1\r\nHost: city\r\nContent-Type: application/json\r\n"
BODY = '{"query": "{ specialties { name } }"}'
WHOLE = f"{HEAD}Content-Length: {len(BODY)}\r\n\r\n{BODY}"


@pytest.fixture
async def port(city: City) -> AsyncIterator[int]:
    city.settings = Settings(demo=True, head_seconds=SECONDS)
    async with served(city) as url:
        found = urlsplit(url).port
        assert found
        yield found


@asynccontextmanager
async def line(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        await writer.wait_closed()


async def until_dropped(reader: asyncio.StreamReader) -> tuple[str, float]:
    """What was said before the end, and after how many seconds it came."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.timeout(60):
        said = await reader.read()
    return said.decode(), loop.time() - began


async def answer(reader: asyncio.StreamReader) -> str:
    """The first bytes of an answer whose body is read too."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = next(int(row.split(":")[1]) for row in head.lower().splitlines() if row.startswith("content-length"))
    await reader.readexactly(length)
    return head


async def test_a_head_that_does_not_end_is_dropped_however_busily_it_comes(port: int) -> None:
    async with line(port) as (reader, writer):
        dropped = asyncio.create_task(until_dropped(reader))
        writer.write(HEAD.encode())
        while not dropped.done():
            writer.write(b"X-Slow: 1\r\n")
            await asyncio.sleep(0.1)
        said, after = await dropped
    assert said.startswith("HTTP/1.1 408 ")
    # The server counts from the line's beginning, which is a little before ours.
    assert SECONDS - 0.1 <= after < SECONDS + 7


@pytest.mark.parametrize("words", ["", "P", "\r\n"])
async def test_who_says_nothing_is_dropped_too(port: int, words: str) -> None:
    async with line(port) as (reader, writer):
        writer.write(words.encode())
        said, after = await until_dropped(reader)
    assert said.startswith("HTTP/1.1 408 ")
    assert after < SECONDS + 7


async def test_a_second_request_has_as_long_as_the_first(port: int) -> None:
    async with line(port) as (reader, writer):
        for _ in range(3):
            await asyncio.sleep(SECONDS * 0.5)
            writer.write(WHOLE.encode())
            assert (await answer(reader)).startswith("HTTP/1.1 200")
        writer.write(b"GET /livez HTT")
        said, after = await until_dropped(reader)
    assert said.startswith("HTTP/1.1 408 ")
    assert SECONDS * 0.9 <= after < SECONDS + 7


async def test_blank_lines_between_requests_keep_nothing_open(port: int) -> None:
    async with line(port) as (reader, writer):
        writer.write(WHOLE.encode())
        assert (await answer(reader)).startswith("HTTP/1.1 200")
        dropped = asyncio.create_task(until_dropped(reader))
        while not dropped.done():
            writer.write(b"\r\n")
            await asyncio.sleep(0.1)
        _, after = await dropped
    assert after < SECONDS + 7


async def test_others_are_served_meanwhile(port: int) -> None:
    async with line(port) as (slow, hanging):
        hanging.write(HEAD.encode())
        for _ in range(20):
            async with line(port) as (reader, writer):
                writer.write(WHOLE.encode())
                assert (await answer(reader)).startswith("HTTP/1.1 200")
        assert (await until_dropped(slow))[0].startswith("HTTP/1.1 408 ")


async def test_a_head_is_no_place_for_a_book(port: int) -> None:
    async with line(port) as (reader, writer):
        writer.write(HEAD.encode() + b"X-Book: " + b"a" * (LONGEST_HEAD + 1))
        said, after = await until_dropped(reader)
    assert said.startswith("HTTP/1.1 431 ")
    assert after < SECONDS


async def test_a_frame_is_no_longer_than_a_body_and_nothing_is_deflated(city: City, port: int) -> None:
    url = f"http://127.0.0.1:{port}/graphql"
    async with socket(url, token(city, await city.resident())) as connection:
        await receive(connection)
        assert connection.protocol.extensions == []
        await connection.send("a" * (http.BODY + 1))
        with pytest.raises(ConnectionClosed) as closed:
            await receive(connection)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1009


async def test_beyond_so_many_connections_there_is_no_room(city: City) -> None:
    city.settings = Settings(demo=True, limit_concurrency=5)
    async with served(city) as url:
        port: Any = urlsplit(url).port
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(5)]
        async with line(port) as (reader, writer):
            writer.write(WHOLE.encode())
            assert (await reader.readline()).startswith(b"HTTP/1.1 503 ")
        for _, writer in held:
            writer.close()
            await writer.wait_closed()
        await asyncio.sleep(0.1)
        async with line(port) as (reader, writer):
            writer.write(WHOLE.encode())
            assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
        async with connect(url.replace("http", "ws", 1), subprotocols=["graphql-transport-ws"]):  # type: ignore[list-item]
            pass
