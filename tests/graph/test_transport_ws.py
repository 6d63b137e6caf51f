"""graphql-transport-ws to the letter, on real sockets."""

import asyncio
import json
from contextlib import suppress
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from app.graph import server
from app.graph.sockets import SOCKETS_A_PERSON, SUBSCRIPTIONS_A_SOCKET, LiveSocket, Sockets
from tests.city import City
from tests.sockets import receive, send, served, socket, subscribe, token

pytestmark = pytest.mark.anyio

NEWS = "subscription { noticeUpdates { ... on NoticeUpdates { unread } } }"


async def closed(connection: ClientConnection) -> tuple[int, str]:
    """How the server closed it, whatever it still sent before."""
    async with asyncio.timeout(60):
        with suppress(ConnectionClosed):
            while True:
                await connection.recv()
    assert connection.close_code is not None
    return connection.close_code, connection.close_reason or ""


ASK: dict[str, Any] = {"id": "1", "type": "subscribe", "payload": {"query": "{ __typename }"}}
MALFORMED: list[Any] = [
    "{bad",
    "null",
    "[]",
    '"subscribe"',
    "5",
    b'{"type": "ping"}',
    {"type": "nope"},
    {"id": "1"},
    {"type": 5},
    ASK | {"id": 1},
    {"type": "subscribe", "payload": {"query": "{ __typename }"}},
    {"id": "1", "type": "subscribe"},
    ASK | {"payload": "x"},
    ASK | {"payload": {}},
    ASK | {"payload": {"query": 1}},
    ASK | {"payload": {"query": "{ a }", "variables": "x"}},
    ASK | {"payload": {"query": "{ a }", "variables": []}},
    ASK | {"payload": {"query": "{ a }", "operationName": 7}},
    ASK | {"payload": {"query": "{ a }", "extensions": "x"}},
    {"type": "complete"},
    {"type": "complete", "id": 7},
    {"type": "ping", "payload": "x"},
    {"type": "pong", "payload": []},
    "[" * 100_000,
]


async def test_malformed_messages_end_the_socket_with_4400(city: City) -> None:
    async with served(city) as url:
        for message in MALFORMED:
            async with socket(url, None) as connection:
                assert (await receive(connection))["type"] == "connection_ack"
                await connection.send(message if isinstance(message, str | bytes) else json.dumps(message))
                assert await closed(connection) == (4400, "BAD_MESSAGE"), message
        async with socket(url, None) as connection:
            await send(connection, type="connection_init", payload=[1])
            assert (await closed(connection))[0] in (4400, 4429)


async def test_the_order_of_a_conversation(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "INIT_WAIT", server.INIT_WAIT / 20)
    async with served(city) as url:
        address = url.replace("http", "ws", 1)

        async def opened(*protocols: Any) -> ClientConnection:
            return await connect(address, subprotocols=list(protocols) or None)

        late = await opened("graphql-transport-ws")
        assert await closed(late) == (4408, "INIT_TOO_LATE")
        early = await opened("graphql-transport-ws")
        await send(early, type="ping", payload={"t": 1})
        assert await receive(early) == {"type": "pong", "payload": {"t": 1}}
        await send(early, **ASK)
        assert await closed(early) == (4401, "NOT_INITIALISED")
        async with socket(url, None) as twice:
            await send(twice, type="connection_init")
            assert await closed(twice) == (4429, "INIT_TWICE")
        assert await closed(await opened()) == (4406, "Subprotocol not acceptable")
        for old in ("graphql-ws", "x-nothing"):
            with suppress(InvalidHandshake):  # the client's own no to a server that picked no protocol
                assert (await closed(await opened(old)))[0] == 4406


async def test_a_fault_of_one_operation_ends_that_operation_alone(city: City) -> None:
    resident = await city.resident()
    async with served(city) as url, socket(url, token(city, resident)) as connection:
        await receive(connection)
        await subscribe(connection, "news", NEWS)
        assert (await receive(connection))["type"] == "next"
        for id, query, code in (
            ("a", "subscription {", "BAD_DOCUMENT"),
            ("b", "{ nothing }", "BAD_DOCUMENT"),
            ("c", "query A { __typename } query B { __typename }", "NO_SUCH_OPERATION"),
            ("a", "{ " + "viewer { id } " * 9 + "}", "TOO_BROAD"),
        ):
            await subscribe(connection, id, query)
            said = await receive(connection)
            assert (said["id"], said["type"], said["payload"][0]["extensions"]["code"]) == (id, "error", code)
        await subscribe(connection, "a", "{ unreadNotices }")
        assert [(await receive(connection))["type"] for _ in range(2)] == ["next", "complete"]
        await send(connection, type="complete", id="nobody")
        await subscribe(connection, "news", NEWS)
        assert await closed(connection) == (4409, "SAME_ID")


async def test_a_token_that_is_not_good_closes_and_none_is_anonymous(city: City) -> None:
    async with served(city) as url:
        async with socket(url, "not.a.token") as connection:
            assert await closed(connection) == (4403, "BAD_TOKEN")
        async with socket(url, None) as connection:
            assert await receive(connection) == {"type": "connection_ack", "payload": {}}
            await subscribe(connection, "q", "{ lawyers(first: 1) { nodes { id } } unreadNotices }")
            answer = await receive(connection)
            assert answer["payload"]["data"]["lawyers"] == {"nodes": []}
            assert answer["payload"]["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_frames_are_text(city: City) -> None:
    async with served(city) as url, socket(url, None) as connection:
        assert isinstance(await connection.recv(), str)


async def test_so_many_subscriptions_a_socket_and_other_operations_beside_them(city: City) -> None:
    resident = await city.resident()
    async with served(city) as url, socket(url, token(city, resident)) as connection:
        await receive(connection)
        for number in range(SUBSCRIPTIONS_A_SOCKET):
            await subscribe(connection, f"s{number}", NEWS)
            assert (await receive(connection))["type"] == "next"
        await subscribe(connection, "more", NEWS)
        refused = await receive(connection)
        assert (refused["type"], refused["payload"][0]["extensions"]["code"]) == ("error", "TOO_MANY_SUBSCRIPTIONS")
        await subscribe(connection, "query", "{ unreadNotices }")
        assert [(await receive(connection))["type"] for _ in range(2)] == ["next", "complete"]
        await send(connection, type="complete", id="s0")
        await asyncio.sleep(0.2)
        await subscribe(connection, "more", NEWS)
        assert (await receive(connection))["type"] == "next"


async def test_who_opens_too_many_sockets_loses_the_oldest(city: City) -> None:
    resident, other = await city.resident(), await city.resident()
    async with served(city) as url:
        address = url.replace("http", "ws", 1)
        open = []
        for _ in range(SOCKETS_A_PERSON + 1):
            one = await connect(address, subprotocols=["graphql-transport-ws"])  # type: ignore[list-item]
            await send(one, type="connection_init", payload={"token": token(city, resident)})
            assert (await receive(one))["type"] == "connection_ack"
            open.append(one)
        assert await closed(open[0]) == (4429, "TOO_MANY_SOCKETS")
        async with socket(url, token(city, other)) as theirs:
            assert (await receive(theirs))["type"] == "connection_ack"
        for one in open[1:]:
            await subscribe(one, "q", "{ __typename }")
            assert (await receive(one))["type"] == "next"
            await one.close()


async def test_a_page_of_another_site_gets_no_socket(city: City) -> None:
    city.settings = city.settings.model_copy(update={"allowed_origins": ("https://h5.example",)})
    async with served(city) as url:
        address = url.replace("http", "ws", 1)
        for origin, welcome in (("https://h5.example", True), ("https://elsewhere.example", False)):
            attempt = connect(address, subprotocols=["graphql-transport-ws"], origin=origin)  # type: ignore[list-item,arg-type]
            if welcome:
                await (await attempt).close()
            else:
                with pytest.raises(InvalidHandshake, match="403"):
                    await attempt


class Looked(LiveSocket):
    """Counts how often one is asked whether it is another."""

    times = 0
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        Looked.times += 1
        return self is other


def test_ten_thousand_who_leave_at_once_are_not_looked_for_among_each_other() -> None:
    nothing: Any = None
    sockets, leaving = Sockets(), [Looked(nothing, nothing, nothing) for _ in range(300)]
    for number, one in enumerate(leaving):
        sockets.belongs(one, number // 3, SOCKETS_A_PERSON)
    for one in reversed(leaving):
        sockets.closed(one)
    assert Looked.times <= 3 * len(leaving)
    assert not sockets._of
