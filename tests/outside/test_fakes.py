"""The fakes as scripts start them: a process of their own, ordered about over HTTP."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing
from uuid import uuid4

import httpx
import pytest

from app.outside import fakes
from app.outside.fakes.wechat import openid_of
from app.outside.post import Message, NotSent
from app.outside.sms import AlibabaSms, SmsLimited
from app.outside.wechat import WeChat, WeChatTooOften
from app.outside.wechat.mini_program import MiniProgram
from app.outside.wechat.official_account import OfficialAccount
from tests.outside.world import PATIENT

pytestmark = pytest.mark.anyio


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "app.outside.fakes", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        yield process
        process.kill()


async def test_a_process_shows_what_arrived_takes_orders_and_says_nothing(
    process: subprocess.Popen[str],
) -> None:
    assert process.stdout is not None
    url = process.stdout.readline().split()[-1]
    given = fakes.settings(url)
    sms = AlibabaSms(
        given["SMS_URL"],
        given["SMS_KEY_ID"],
        given["SMS_KEY_SECRET"],
        given["SMS_SIGN_NAME"],
        given["SMS_TEMPLATE_CODE"],
        patience=PATIENT,
    )
    wechat = WeChat(given["WECHAT_URL"], given["WECHAT_APP_ID"], given["WECHAT_SECRET"], patience=PATIENT)
    async with aclosing(sms), aclosing(wechat), httpx.AsyncClient(base_url=url) as browser:
        message_id = await sms.send_code("+8613912345678", "123456")
        await sms.send_code("13800000000", "654321")
        arrived = (await browser.get("/arrived", params={"phone": "13912345678"})).json()
        assert [(message["id"], message["code"]) for message in arrived] == [(message_id, "123456")]
        assert len((await browser.get("/arrived")).json()) == 2
        page = await browser.get("/")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "演示手机" in page.text

        await _notices(browser, given)

        code = (await browser.post("/login", json={"openid": "o1", "unionid": "u1"})).json()["code"]
        assert (await wechat.code_to_session(code)).unionid == "u1"

        for door, refusal in (("wechat", 45011), ("sms", "isv.BUSINESS_LIMIT_CONTROL")):
            order = {"door": door, "faults": [{"code": refusal}] * 2}
            assert (await browser.post("/faults", json=order)).status_code == 204
        with pytest.raises(WeChatTooOften):
            await wechat.code_to_session("demo-zhang")
        with pytest.raises(SmsLimited):
            await sms.send_code("13912345678", "123456")
        await browser.delete("/faults")
        assert (await wechat.code_to_session("demo-zhang")).openid
        assert await sms.send_code("13912345678", "123456")

    process.send_signal(signal.SIGTERM)
    said = process.stdout.read()
    assert process.wait(5) in (0, -signal.SIGTERM)
    assert said == ""


async def _notices(browser: httpx.AsyncClient, given: dict[str, str]) -> None:
    """Consents, followers and tokens are ordered over HTTP, and the page is told of every channel."""
    openid, offer = openid_of("zhang"), Message("OFFER", {"thing1": "<b>有新的咨询</b>", "time2": "10:00"})
    template = fakes.WECHAT_TEMPLATES["OFFER"]
    app = (fakes.WECHAT_APP_ID, fakes.WECHAT_SECRET, fakes.WECHAT_TEMPLATES)
    official = OfficialAccount(given["WECHAT_URL"], fakes.OFFICIAL_APP_ID, fakes.OFFICIAL_SECRET, {}, patience=PATIENT)
    async with aclosing(MiniProgram(given["WECHAT_URL"], *app, patience=PATIENT)) as mini, aclosing(official):
        with pytest.raises(NotSent):
            await mini.send(openid, offer, uuid4())
        order = {"openid": openid, "template": template, "times": 2}
        assert (await browser.post("/consent", json=order)).status_code == 204
        for _ in range(2):
            await mini.send(openid, offer, uuid4())
            assert (await browser.post("/expire", json={"appid": fakes.WECHAT_APP_ID})).status_code == 204
        assert not (await official.follower(openid)).follows
        assert (await browser.post("/follow", json={"openid": openid, "unionid": "u1"})).status_code == 204
        assert (await official.follower(openid)).unionid == "u1"
    inbox = (await browser.get("/inbox", params={"to": openid})).json()
    assert [(one["channel"], one["lines"][0]) for one in inbox] == [("MINI_PROGRAM", "<b>有新的咨询</b>")] * 2
    assert len((await browser.get("/inbox")).json()) == 4
    page = (await browser.get("/")).text
    assert 'fetch("inbox")' in page
    # Whatever arrives is shown as text: nothing puts it into the page as markup.
    assert "textContent" in page
    assert "innerHTML" not in page
