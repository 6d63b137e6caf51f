"""A resident taps the mini program."""

import asyncio
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from app.outside.fakes.faults import Fault
from app.outside.wechat import WeChat
from tests.accounts.town import BY_WECHAT, WHO, Town, codes, new_openid
from tests.outside.world import nobody_home

pytestmark = pytest.mark.anyio

REFUSALS = {
    40029: "WECHAT_CODE_INVALID",
    40163: "WECHAT_CODE_INVALID",
    45011: "WECHAT_TOO_OFTEN",
    40226: "WECHAT_BLOCKED",
    40125: "WECHAT_UNAVAILABLE",
    40013: "WECHAT_UNAVAILABLE",
    99999: "WECHAT_UNAVAILABLE",
}
NONSENSE = [
    ("", "phone", ["BLANK"]),
    ("x" * 513, "phone", ["TOO_LONG"]),
    ("a\x00b", "phone", ["BAD_TEXT"]),
    ("a\ud800", "phone", ["BAD_TEXT"]),
    ("漢字 with blanks", "phone", ["BAD_VALUE"]),
    ("demo-wang", "x" * 81, ["TOO_LONG"]),
    ("demo-wang", "a\x00b", ["BAD_TEXT"]),
    ("demo-wang", "\udfff", ["BAD_TEXT"]),
    ("", "\x00", ["BLANK", "BAD_TEXT"]),
]


async def test_the_first_tap_makes_a_resident_and_the_next_finds_her(town: Town) -> None:
    openid = new_openid()
    first = await town.by_wechat(openid)
    again = await town.by_wechat(openid)

    assert first["__typename"] == "Session"
    assert first["roles"] == first["viewer"]["roles"] == ["RESIDENT"]
    assert (first["viewer"]["hasWechat"], first["viewer"]["hasPhone"]) == (True, False)
    assert first["viewer"]["standing"] == "ACTIVE"
    assert again["viewer"]["id"] == first["viewer"]["id"]
    assert again["viewer"]["since"] == first["viewer"]["since"]
    assert again["viewer"]["sessionId"] != first["viewer"]["sessionId"]
    assert len({first["accessToken"], first["refreshToken"], again["accessToken"], again["refreshToken"]}) == 4


async def test_tokens_last_a_quarter_of_an_hour_and_thirty_days(town: Town) -> None:
    session = await town.by_wechat(new_openid())
    access = datetime.fromisoformat(session["accessTokenExpiresAt"])
    refresh = datetime.fromisoformat(session["refreshTokenExpiresAt"])
    assert abs(refresh - access - (timedelta(days=30) - timedelta(minutes=15))) < timedelta(seconds=2)
    assert len(session["refreshToken"]) == 43


async def test_the_viewer_is_whoever_signed_in_and_null_for_nobody(town: Town) -> None:
    session = await town.by_wechat(new_openid())
    viewer = await town.viewer(session)
    assert await town.ask(viewer, WHO) == session["viewer"]
    assert await town.ask(None, WHO) is None


async def test_two_first_taps_at_once_make_one_person(town: Town) -> None:
    openid = new_openid()
    sessions = await asyncio.gather(*(town.by_wechat(openid) for _ in range(12)))
    assert len({session["viewer"]["id"] for session in sessions}) == 1
    # Nobody was made and left behind without a name.
    assert await town.city.sql("SELECT count(*) FROM app.person") == [(1,)]


async def test_what_wechat_refuses_is_said_in_our_words(town: Town) -> None:
    for errcode, said in REFUSALS.items():
        town.providers.wechat.faults.next_are(Fault(code=errcode))
        answer = await town.by_wechat(new_openid())
        assert codes(answer) == [said]
        assert str(errcode) not in answer["reasons"][0]["message"]
    assert await town.city.sql("SELECT count(*) FROM app.person") == [(0,)]


async def test_a_code_opens_once(town: Town) -> None:
    code = town.providers.wechat.login(new_openid())
    assert (await town.ask(None, BY_WECHAT, code=code))["__typename"] == "Session"
    assert codes(await town.ask(None, BY_WECHAT, code=code)) == ["WECHAT_CODE_INVALID"]


async def test_a_busy_wechat_is_waited_for_and_a_missing_one_is_not(town: Town) -> None:
    town.providers.wechat.faults.next_are(Fault(code=-1))
    assert (await town.by_wechat(new_openid()))["__typename"] == "Session"
    town.city.doors[WeChat] = WeChat(nobody_home(), "wx", "secret")
    assert codes(await town.by_wechat(new_openid())) == ["WECHAT_UNAVAILABLE"]


async def test_nonsense_never_reaches_wechat(town: Town) -> None:
    for code, device, said in NONSENSE:
        assert codes(await town.ask(None, BY_WECHAT, code=code, device=device)) == said
    assert town.providers.wechat.faults.calls == 0


async def test_the_longest_name_of_a_device_is_kept_and_shown_to_nobody(town: Town) -> None:
    code = town.providers.wechat.login(new_openid())
    await town.ask(None, BY_WECHAT, code=code, device="机" * 80)
    assert await town.city.sql("SELECT device FROM app.sign_in") == [("机" * 80,)]


async def test_over_http_the_token_says_who_asks(town: Town) -> None:
    async with town.city.http() as client:
        said = {"query": BY_WECHAT, "variables": {"code": town.providers.wechat.login(new_openid())}}
        session = (await client.post("/graphql", json=said)).json()["data"]["signInWithWechat"]
        bearer = {"Authorization": f"Bearer {session['accessToken']}"}
        asked = await client.post("/graphql", json={"query": WHO}, headers=bearer)
        assert asked.json()["data"] == {"viewer": session["viewer"]}
        anonymous = await client.post("/graphql", json={"query": WHO})
        assert anonymous.json()["data"] == {"viewer": None}


async def test_a_suspended_person_is_told_so(town: Town) -> None:
    openid = new_openid()
    viewer = await town.viewer(await town.by_wechat(openid))
    await town.suspend(viewer.id)
    assert codes(await town.by_wechat(openid)) == ["SUSPENDED"]


async def test_no_log_tells_the_openid_the_code_or_a_token(town: Town) -> None:
    openid = new_openid()
    code = town.providers.wechat.login(openid)
    with capture_logs() as logs:
        session = await town.ask(None, BY_WECHAT, code=code)
        town.providers.wechat.faults.next_are(Fault(code=40125))
        await town.ask(None, BY_WECHAT, code=code)
    for secret in (openid, code, session["accessToken"], session["refreshToken"]):
        assert secret not in str(logs)
