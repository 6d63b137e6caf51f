"""What every outgoing line keeps to itself and where it does not go."""

import logging

import httpx
import pytest

from app.outside.lines import Line, open_line
from tests.outside.world import World, nobody_home

pytestmark = pytest.mark.anyio


async def test_a_proxy_is_not_asked_for_this_machine(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, nobody_home())
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    async with open_line() as line:
        assert (await line.get(f"{world.url}/arrived")).json() == []
        with pytest.raises(httpx.ConnectError):
            await line.get("http://example.invalid/")


async def test_the_log_names_the_address_without_its_query(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await world.line.get(f"{world.url}/arrived?phone=13912345678")
    assert f'HTTP Request: GET {world.url}/arrived "HTTP/1.1 200 OK"' in caplog.text
    assert "13912345678" not in caplog.text


async def test_a_line_is_opened_when_something_is_said_and_closes_only_what_is_its_own(world: World) -> None:
    own, lent = Line(), Line(world.line)
    await own.aclose()
    assert "_client" not in vars(own), "opened to be closed"
    assert (await own._client.get(f"{world.url}/arrived")).json() == []
    assert lent._client is world.line
    for line in (own, lent):
        await line.aclose()
    assert (own._client.is_closed, world.line.is_closed) == (True, False)
