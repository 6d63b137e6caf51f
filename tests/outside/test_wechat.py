"""Signing in through WeChat: what it answers, and what becomes of it when it does not."""

import logging
import time
import traceback
from dataclasses import fields
from datetime import timedelta

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router
from structlog.testing import capture_logs

from app.outside import fakes
from app.outside.fakes.faults import Fault
from app.outside.fakes.wechat import FakeWeChat, openid_of
from app.outside.wechat import (
    WeChat,
    WeChatCodeRefused,
    WeChatError,
    WeChatMisconfigured,
    WeChatPersonBlocked,
    WeChatSession,
    WeChatTooOften,
    WeChatUnavailable,
)
from tests.outside.world import World, a_slammed_door, nobody_home

pytestmark = pytest.mark.anyio


async def test_a_code_names_the_person_once(world: World) -> None:
    code = world.wechat.login("openid-of-wang", "unionid-of-wang")
    wechat = world.ask_wechat()

    assert await wechat.code_to_session(code) == WeChatSession("openid-of-wang", "unionid-of-wang")
    with pytest.raises(WeChatCodeRefused) as refused:
        await wechat.code_to_session(code)
    assert refused.value.errcode == 40163


async def test_an_app_without_an_open_platform_account_gets_no_unionid(world: World) -> None:
    session = await world.ask_wechat().code_to_session(world.wechat.login("openid-of-li"))
    assert session.unionid is None


async def test_a_code_lives_five_minutes(world: World) -> None:
    early, late = world.wechat.login("one"), world.wechat.login("two")
    wechat = world.ask_wechat()

    world.later = timedelta(minutes=4, seconds=59)
    assert (await wechat.code_to_session(early)).openid == "one"
    world.later = timedelta(minutes=5, seconds=1)
    with pytest.raises(WeChatCodeRefused) as refused:
        await wechat.code_to_session(late)
    assert refused.value.errcode == 40029


async def test_what_no_login_ever_gave_is_refused_and_what_cannot_be_a_code_is_not_even_asked(
    world: World,
) -> None:
    wechat = world.ask_wechat()
    with pytest.raises(WeChatCodeRefused):
        await wechat.code_to_session("made up & odd=%41+")
    assert world.wechat.faults.calls == 1
    for nonsense in ("", "x" * 600, "漢字", "\ud800"):
        with pytest.raises(WeChatCodeRefused):
            await wechat.code_to_session(nonsense)
    assert world.wechat.faults.calls == 1


async def test_a_demo_code_names_the_same_person_every_time(world: World) -> None:
    wechat = world.ask_wechat()
    first, again, other = [await wechat.code_to_session(f"demo-{name}") for name in ("zhang", "zhang", "li")]
    assert first == again == WeChatSession(openid_of("zhang"), None)
    assert other.openid != first.openid
    assert len(first.openid) == 28


async def test_demo_codes_can_be_switched_off() -> None:
    fake = FakeWeChat(demo_codes=False)
    street = Router([Route("/sns/jscode2session", fake.answer)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(street)) as client:
        wechat = WeChat("http://wechat", fakes.WECHAT_APP_ID, fakes.WECHAT_SECRET, client=client)
        with pytest.raises(WeChatCodeRefused):
            await wechat.code_to_session("demo-zhang")
        await wechat.aclose()
        assert not client.is_closed


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [
        (40029, WeChatCodeRefused),
        (40163, WeChatCodeRefused),
        (41008, WeChatCodeRefused),
        (45011, WeChatTooOften),
        (40226, WeChatPersonBlocked),
        (40013, WeChatMisconfigured),
        (40125, WeChatMisconfigured),
        (40164, WeChatMisconfigured),
        (40243, WeChatMisconfigured),
        (41002, WeChatMisconfigured),
        (41004, WeChatMisconfigured),
        (99999, WeChatError),
    ],
)
async def test_each_refusal_has_its_kind_and_is_not_asked_again(
    world: World, errcode: int, kind: type[WeChatError]
) -> None:
    world.wechat.faults.next_are(Fault(code=errcode))
    with pytest.raises(WeChatError) as refused:
        await world.ask_wechat().code_to_session("demo-zhang")
    assert type(refused.value) is kind
    assert refused.value.errcode == errcode
    assert world.wechat.faults.calls == 1


async def test_wrong_credentials_raise_an_alarm(world: World) -> None:
    for wrong in (world.ask_wechat(app_id="wx0"), world.ask_wechat(secret="another")):
        with capture_logs() as logs, pytest.raises(WeChatMisconfigured):
            await wrong.code_to_session("demo-zhang")
        assert [(line["event"], line["log_level"]) for line in logs] == [("wechat_refuses_us", "error")]
    without = world.ask_wechat(secret="")
    with pytest.raises(WeChatMisconfigured):
        await without.code_to_session("demo-zhang")


async def test_a_busy_wechat_is_asked_twice_more(world: World) -> None:
    wechat = world.ask_wechat()
    world.wechat.faults.next_are(Fault(code=-1))
    assert (await wechat.code_to_session("demo-zhang")).openid == openid_of("zhang")
    assert world.wechat.faults.calls == 2

    world.wechat.faults.next_are(*[Fault(code=-1)] * 3)
    began = time.monotonic()
    with pytest.raises(WeChatUnavailable) as given_up:
        await wechat.code_to_session("demo-zhang")
    assert time.monotonic() - began >= 0.4
    assert given_up.value.errcode == -1
    assert world.wechat.faults.calls == 5


async def test_the_time_allowed_covers_answer_and_retries_alike(world: World) -> None:
    for faults in ([Fault(latency=2)], [Fault(code=-1, latency=0.15), Fault(latency=0.15)]):
        world.wechat.faults.clear()
        world.wechat.faults.next_are(*faults)
        with pytest.raises(WeChatUnavailable) as given_up:
            await world.ask_wechat(patience=0.25).code_to_session("demo-zhang")
        assert given_up.value.errcode is None


async def test_no_connection_a_broken_one_and_a_page_in_between_are_all_unavailable(world: World) -> None:
    async with a_slammed_door() as slammed:
        for url in (slammed, nobody_home()):
            with pytest.raises(WeChatUnavailable):
                await world.ask_wechat(url=url).code_to_session("demo-zhang")
    for fault in (Fault(cut=True), Fault(status=502), Fault(status=302), Fault(status=200)):
        world.wechat.faults.next_are(fault)
        with pytest.raises(WeChatUnavailable):
            await world.ask_wechat().code_to_session("demo-zhang")
    assert world.wechat.faults.calls == 4


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"errcode": "40029", "errmsg": "as third-party platforms are told"}', WeChatCodeRefused),
        ('{"errcode": "soon"}', WeChatUnavailable),
        ('{"errcode": []}', WeChatUnavailable),
        ('{"errcode": [1]}', WeChatUnavailable),
        ('{"errcode": 0, "openid": ""}', WeChatUnavailable),
        ('{"session_key": "k"}', WeChatUnavailable),
        ("[]", WeChatUnavailable),
        ("", WeChatUnavailable),
        ("\udcff", WeChatUnavailable),
    ],
)
async def test_odd_answers_name_nobody(body: str, kind: type[WeChatError]) -> None:
    async def odd(request: Request) -> Response:
        return PlainTextResponse(body.encode(errors="surrogateescape"))

    street = Router([Route("/sns/jscode2session", odd)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(street)) as client:
        with pytest.raises(kind):
            await WeChat("http://wechat", "wx", "secret", client=client).code_to_session("demo-zhang")


async def test_neither_log_nor_error_tells_the_code_the_secret_or_the_person(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    code = world.wechat.login("openid-of-wang", "unionid-of-wang")
    told: list[str] = []
    with capture_logs() as logs:
        session = await world.ask_wechat().code_to_session(code)
        for fault in (
            Fault(code=40125),
            Fault(code=40163),
            Fault(cut=True),
            Fault(status=502),
            Fault(latency=1),
        ):
            world.wechat.faults.next_are(fault)
            try:
                await world.ask_wechat(patience=0.2).code_to_session(code)
            except WeChatError as error:
                told += [repr(error), *traceback.format_exception(error)]
    told += [caplog.text, repr(session), repr(logs)]

    assert "HTTP Request: GET" in caplog.text
    for secret in (code, fakes.WECHAT_SECRET, "openid-of-wang", "unionid-of-wang", "session_key"):
        assert secret not in "".join(told)
    assert [field.name for field in fields(session)] == ["openid", "unionid"]
