"""A stream that is the same for everybody runs once, whoever follows it."""

import asyncio
import json
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.frames import Frame, Opcode

from app.connections import frame_header
from app.core.access import Viewer
from app.graph import shared
from app.graph.documents import admit
from app.graph.limits import RESIDENT
from app.graph.outlets import WIRE
from app.places.rules.workdays import today
from app.schema import schema
from app.serve import configured
from app.settings import Settings
from scripts.embedded import free_port
from tests.city import City
from tests.sockets import receive, send, served, socket, subscribe, token

pytestmark = pytest.mark.anyio

FIELDS = (
    "{ __typename ... on PromiseRecord { questions open firstAnswer { came } } ... on Refused { reasons { code } } }"
)
RECORD = f"subscription ($from: Date!, $to: Date!) {{ promiseRecordUpdates(from: $from, to: $to) {FIELDS} }}"
OTHER = RECORD.replace("questions open", "open")


async def days(city: City) -> dict[str, str]:
    """Yesterday and today: a story that is told around midnight is of two days."""
    day = today(await city.now())
    return {"from": str(day - timedelta(days=1)), "to": str(day)}


async def frame(connection: ClientConnection) -> Any:
    """What the next message shows: the record, or the whole message where it is none."""
    message = await receive(connection)
    return message["payload"]["data"]["promiseRecordUpdates"] if message["type"] == "next" else message


def looks(statements: list[str]) -> int:
    return sum("promise_record" in one for one in statements)


async def happens(city: City, asker: Viewer) -> None:
    await city.asked(asker)
    await city.settle()


async def test_many_who_follow_are_told_by_one_look(city: City) -> None:
    asker, span = await city.resident(), await days(city)
    async with served(city) as url, AsyncExitStack() as stack:

        async def opened(**params: Any) -> ClientConnection:
            connection = await stack.enter_async_context(socket(url, token(city, asker) if params else None, **params))
            await receive(connection)
            return connection

        fifty = [await opened() for _ in range(50)]
        with city.statements() as statements:
            await asyncio.gather(*(subscribe(one, f"s{n}", RECORD, **span) for n, one in enumerate(fifty)))
            first = await asyncio.gather(*map(frame, fifty))
        assert {json.dumps(one) for one in first} == {json.dumps(first[0])}
        assert (first[0]["questions"], first[0]["open"]) == (0, 0)
        assert looks(statements) == 1
        english, another = await opened(language="en"), await opened(language="zh")
        await subscribe(english, "e", RECORD, **span)
        await subscribe(another, "o", OTHER, **span)
        assert (await frame(english))["questions"] == (await frame(another))["open"] == 0
        # News: each of three executions looks, for fifty-two who follow.
        with city.statements() as statements:
            await happens(city, asker)
            told = await asyncio.gather(*map(frame, [*fifty, english, another]))
        assert {one.get("questions", 1) for one in told} == {one["open"] for one in told} == {1}
        assert 3 <= looks(statements) < 10
        # Who comes late begins with how it stands, and ids are hers to choose again once she has left.
        late = await opened()
        await subscribe(late, "s0", RECORD, **span)
        assert (await frame(late))["questions"] == 1
        await send(late, type="complete", id="s0")
        await subscribe(late, "s0", RECORD, **span)
        assert (await frame(late))["questions"] == 1
    await asyncio.sleep(0.1)
    assert not shared._channels[city.wake]  # the last one has left
    with city.statements() as statements:
        await happens(city, asker)
        await asyncio.sleep(0.2)
    assert looks(statements) == 0


async def test_what_is_refused_or_wrong_ends_for_each(city: City) -> None:
    span = await days(city)
    async with served(city) as url, socket(url, None) as one, socket(url, None) as two:
        await receive(one), await receive(two)
        for connection in (one, two):
            await subscribe(connection, "a", RECORD, **span | {"to": "2999-01-01"})
            assert (await frame(connection))["reasons"][0]["code"] == "NOT_YET"
            assert await frame(connection) == {"id": "a", "type": "complete"}
            await subscribe(connection, "a", RECORD, **span | {"to": "no day"})
            said = await frame(connection)
            assert (said["type"], said["payload"][0]["extensions"]["code"]) == ("error", "BAD_DOCUMENT")
    assert not shared._channels[city.wake]


async def test_without_a_socket_and_polled(city: City) -> None:
    """As the schema streams it: the newest frame is what is asked for next, and leaving ends it."""
    asker, span = await city.resident(), await days(city)
    async with city.follow(asker, RECORD, **span) as one, city.follow(None, RECORD, **span) as two:
        for stream in (one, two):
            data, errors = await anext(stream)
            assert (errors, data["promiseRecordUpdates"]["questions"]) == (None, 0)
        for number in (1, 2):
            await happens(city, asker)
            data, _ = await anext(one)
            while data["promiseRecordUpdates"]["questions"] != number:
                data, _ = await anext(one)
        data, _ = await anext(two)  # slept meanwhile
        assert data["promiseRecordUpdates"]["questions"] == 2


def test_which_documents_are_shared() -> None:
    record = RECORD.removeprefix("subscription ")
    deep = f"subscription A {record.partition('{')[0]} {{ ...F }} fragment F on Subscription {{ ... {{ ...G }} }} "
    deep += "fragment G on Subscription { x: promiseRecordUpdates(from: $from, to: $to) { __typename } }"
    notices = "subscription B { noticeUpdates { __typename } }"

    def is_shared(document: str, name: str | None = None) -> bool:
        return admit(schema._schema, document, name, {}, RESIDENT).shared

    assert is_shared(RECORD)
    assert is_shared(deep, "A")
    assert is_shared(f"{deep} {notices}", "A")
    assert not is_shared(f"{deep} {notices}", "B")


async def test_a_slow_client_is_told_the_newest_alone() -> None:
    """Of two thousand frames that it does not read, what lay in the sockets' buffers and the last one come."""
    page, over = b"x" * 10_000, asyncio.Event()

    async def pours(websocket: WebSocket) -> None:
        await websocket.accept()
        wire = websocket.scope["extensions"][WIRE]
        for number in range(2_000):
            for line in (b"a", b"b"):
                wire.put(line, b"%d " % number + page)
            if number % 100 == 0:
                await asyncio.sleep(0)
        wire.drop(b"b")
        over.set()
        await websocket.receive()

    app, port = Starlette(routes=[WebSocketRoute("/", pours)]), free_port()
    server = uvicorn.Server(configured(app, Settings(), host="127.0.0.1", port=port, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    async with connect(f"ws://127.0.0.1:{port}/", max_queue=4) as client:
        await over.wait()
        got: list[tuple[str, int]] = []
        while ("a", 1_999) not in got:
            said = str(await asyncio.wait_for(client.recv(), 60))
            got.append((said[0], int(said[1:].split()[0])))
    server.should_exit = True
    await serving
    for line in "ab":
        numbers = [number for name, number in got if name == line]
        assert numbers == sorted(numbers)
        assert len(numbers) < 1_500
    assert ("b", 1_999) not in got


@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536, 2**20])
def test_a_frame_says_how_long_it_is(length: int) -> None:
    whole = Frame(Opcode.TEXT, b"x" * length).serialize(mask=False)
    assert frame_header(length) + b"x" * length == whole
