"""A house that is asked to leave: a real process, a real signal, and clients that see it coming."""

import asyncio
import re
import signal
import time
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from scripts.children import Child
from tests.city import City
from tests.conftest import Servers
from tests.operation.processes import environment, serving
from tests.sockets import receive, socket, subscribe, token

pytestmark = pytest.mark.anyio

DRAIN = 1.5
NEWS = "subscription { noticeUpdates { ... on NoticeUpdates { cursor } } }"
ASKED = {"query": "{ specialties { name } }"}


async def ended(api: Child) -> float:
    """Seconds until it had left."""
    began = time.monotonic()
    while api.ended() is None:
        assert time.monotonic() < began + 25, api.last_words()
        await asyncio.sleep(0.02)
    return time.monotonic() - began


async def test_who_is_told_to_leave_says_so_first_and_sends_everybody_home(
    city: City, servers: Servers, keys_folder: Path, tmp_path: Path
) -> None:
    resident = await city.resident()
    async with serving(environment(city, servers, keys_folder, DRAIN), tmp_path) as (api, client):
        url = f"{client.base_url}/graphql"
        hints = []
        async with socket(url, token(city, resident)) as one, socket(url, token(city, resident)) as other:
            for connection in (one, other):
                await receive(connection)
                await subscribe(connection, "1", NEWS)
                assert (await receive(connection))["type"] == "next"
            told = time.monotonic()
            api.say_farewell()
            await asyncio.sleep(0.3)
            answer = await client.get("/readyz")
            assert (answer.status_code, answer.json()["why"]) == (503, "draining")
            assert (await client.get("/livez")).status_code == 200
            # Who has not looked yet is served as ever.
            assert "data" in (await client.post("/graphql", json=ASKED)).json()
            for connection in (one, other):
                with pytest.raises(ConnectionClosed) as closed:
                    await receive(connection)
                rcvd = closed.value.rcvd
                assert rcvd
                assert rcvd.code == 1012
                hints.append(re.fullmatch(r"GOING_AWAY [0-5]\.\d", rcvd.reason))
            assert time.monotonic() - told >= DRAIN
        assert all(hints)
        assert await ended(api) < 5
        assert api.ended() == -signal.SIGTERM
        with pytest.raises(httpx.TransportError):
            await client.get("/livez")
    log = (tmp_path / "api.log").read_text()
    assert '"level":"error"' not in log
    assert '"frames":1' in log  # each stream was ended, and told its line
    assert log.count('"type":"subscription"') == 2


async def test_a_request_that_is_being_answered_is_answered(
    city: City, servers: Servers, keys_folder: Path, tmp_path: Path
) -> None:
    """Its head and half of its body have come when the house is told to leave."""
    async with serving(environment(city, servers, keys_folder, drain=0), tmp_path) as (api, client):
        reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
        body = b'{"query": "{ specialties { name } }"}'
        head = "POST /graphql HTTP/1.1\r\nHost: city\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:10])
        await asyncio.sleep(0.3)
        api.say_farewell()
        await asyncio.sleep(0.5)
        writer.write(body[10:])
        answer = (await reader.read()).decode()
        assert answer.startswith("HTTP/1.1 200")
        assert '"specialties"' in answer
        writer.close()
        await writer.wait_closed()
        await ended(api)


@pytest.mark.parametrize("numbers", [[signal.SIGINT], [signal.SIGTERM, signal.SIGTERM]])
async def test_ctrl_c_and_a_second_word_do_not_wait(
    city: City, servers: Servers, keys_folder: Path, tmp_path: Path, numbers: list[signal.Signals]
) -> None:
    async with serving(environment(city, servers, keys_folder, drain=30), tmp_path) as (api, client):
        assert (await client.post("/graphql", json=ASKED)).status_code == 200
        assert api.process
        for number in numbers:
            api.process.send_signal(number)
            await asyncio.sleep(0.2)
        assert await ended(api) < 5
