"""A device that was signed out is refused at once: by HTTP, in the middle of a subscription, and on an idle socket."""

import asyncio
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from app.accounts.actions import sessions
from app.accounts.models import Ended
from app.core.access import Role, SessionEnded, Viewer
from app.core.db import now
from app.core.ids import new_id
from tests.accounts.hall import set_roles, suspend
from tests.accounts.town import SIGN_OUT, Town, codes, new_openid
from tests.city import City
from tests.sockets import receive, send, served, socket, subscribe, token

pytestmark = pytest.mark.anyio

DRAFTS = "{ drafts(first: 1) { nodes { id } } }"
NEWS = "subscription { noticeUpdates { __typename } }"


async def closing(line: Any) -> tuple[int, str]:
    """How the socket ends, whatever is still said on it before."""
    try:
        while True:
            await receive(line)
    except ConnectionClosed as closed:
        said = closed.rcvd
        return (said.code, said.reason) if said else (1006, "")


async def test_a_token_that_is_out_already_is_refused_from_the_next_request_on(town: Town) -> None:
    openid = new_openid()
    here, there = await town.by_wechat(openid), await town.by_wechat(openid)
    async with town.city.http() as client:

        async def asked(session: Any) -> Any:
            bearer = {"Authorization": f"Bearer {session['accessToken']}"}
            return (await client.post("/graphql", json={"query": DRAFTS}, headers=bearer)).json()

        assert "errors" not in await asked(here)
        await town.ask(await town.viewer(here), SIGN_OUT)
        [error] = (await asked(here))["errors"]
        assert error["extensions"]["code"] == "SESSION_ENDED"
        assert "errors" not in await asked(there)


async def test_what_a_signed_out_device_sends_changes_nothing(town: Town) -> None:
    viewer = await town.viewer(await town.by_wechat(new_openid()))
    await town.ask(viewer, SIGN_OUT)
    for everywhere in (False, True):
        assert codes(await town.ask(viewer, SIGN_OUT, everywhere=everywhere)) == ["SESSION_ENDED"]
    assert await town.city.sql("SELECT ended_why FROM app.sign_in") == [("SIGNED_OUT",)]


async def test_a_token_with_the_device_of_somebody_else_is_nobodys(city: City) -> None:
    me, other = await city.resident(), await city.resident()
    for forged in (Viewer(me.id, other.sign_in, me.roles), Viewer(me.id, new_id(), me.roles)):
        [error] = await city.errors(forged, DRAFTS)
        assert error["extensions"]["code"] == "SESSION_ENDED"
    assert await city.errors(me, DRAFTS) == []


async def test_live_sockets_of_a_device_close_with_it_and_no_others(city: City) -> None:
    me = await city.resident()
    elsewhere = Viewer(me.id, new_id(), me.roles)
    await city.signed_in(elsewhere)
    async with (
        served(city) as url,
        socket(url, token(city, me)) as idle,
        socket(url, token(city, me)) as listening,
        socket(url, token(city, elsewhere)) as other,
    ):
        for line in (idle, listening, other):
            assert (await receive(line))["type"] == "connection_ack"
        await subscribe(listening, "1", NEWS)
        assert (await receive(listening))["type"] == "next"
        async with city.db.acting(me) as session:
            await sessions.end(session, me.id, Ended.SIGNED_OUT, now(session), only=me.sign_in)
        assert await closing(idle) == (4403, "SESSION_ENDED")
        assert await closing(listening) == (4403, "SESSION_ENDED")
        await send(other, type="ping")
        assert await receive(other) == {"type": "pong"}


async def test_a_socket_is_not_opened_by_a_device_that_was_signed_out(city: City) -> None:
    me = await city.resident()
    async with city.db.acting(me) as session:
        await sessions.end(session, me.id, Ended.SIGNED_OUT, now(session))
    async with served(city) as url, socket(url, token(city, me)) as line:
        assert await closing(line) == (4403, "SESSION_ENDED")


async def test_a_subscription_that_missed_the_bell_ends_at_its_next_look(city: City) -> None:
    me = await city.resident()
    async with city.follow(me, NEWS) as frames:
        _, errors = await anext(frames)
        assert errors is None
        await city.sql(
            "UPDATE app.sign_in SET ended_at = now(), ended_why = 'SIGNED_OUT' WHERE id = :id", id=me.sign_in
        )
        await city.wake.ring([me.id])
        _, errors = await anext(frames)
        assert [error.extensions["code"] for error in errors] == ["SESSION_ENDED"]
        with pytest.raises(StopAsyncIteration):
            await anext(frames)


async def test_of_fifty_who_end_everything_at_once_each_device_ends_once(city: City) -> None:
    me = await city.resident()
    devices = [Viewer(me.id, new_id(), me.roles) for _ in range(50)]
    await city.signed_in(*devices)

    async def ends(device: Viewer) -> int:
        try:
            async with city.db.acting(device) as session:
                return await sessions.end(session, me.id, Ended.SIGNED_OUT, now(session))
        except SessionEnded:
            return 0

    assert sum(await asyncio.gather(*map(ends, devices))) == 51


async def test_whoever_is_suspended_or_loses_an_office_is_thrown_off_her_line(city: City) -> None:
    admin, suspended, demoted = await city.person(Role.ADMIN), await city.resident(), await city.person(Role.EDITOR)
    async with served(city) as url:
        for person in (suspended, demoted):
            async with socket(url, token(city, person)) as line:
                assert (await receive(line))["type"] == "connection_ack"
                assert await city.errors(person, DRAFTS) == []
                await (suspend(city, admin, person) if person is suspended else set_roles(city, admin, person))
                assert await closing(line) == (4403, "SESSION_ENDED")
                [error] = await city.errors(person, DRAFTS)
                assert error["extensions"]["code"] == "SESSION_ENDED"
