"""Notices through each channel: what arrives, what a refusal means, and what nobody may hear of."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from datetime import timedelta
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from app.outside import fakes
from app.outside.fakes.faults import Fault
from app.outside.fakes.sms import CHINA, FAILED, WAITING
from app.outside.fakes.wechat import openid_of
from app.outside.post import Channel, Fate, Message, NotSent, Post, Verdict
from app.outside.posting import open_post
from app.settings import Settings
from tests.outside.world import World, a_slammed_door, nobody_home

pytestmark = pytest.mark.anyio

ZHANG, PHONE = openid_of("zhang"), "+8613912345678"
REPLY = Message("REPLY", {"thing1": "您的咨询有新回复", "time2": "2026年11月28日 10:00"}, "pages/question?id=1")
TEXT = Message("REPLY")
MINI, OFFICIAL, SMS = Channel.MINI_PROGRAM, Channel.OFFICIAL_ACCOUNT, Channel.SMS
WECHAT = [(MINI, fakes.WECHAT_TEMPLATES["REPLY"]), (OFFICIAL, fakes.OFFICIAL_TEMPLATES["REPLY"])]


@pytest.fixture
async def post(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Post]:
    world.accounts.followers[ZHANG] = "unionid-of-zhang"
    async with aclosing(_post_at(world.url, monkeypatch)) as post:
        yield post


def _post_at(url: str, monkeypatch: pytest.MonkeyPatch) -> Post:
    for name, value in fakes.settings(url).items():
        monkeypatch.setenv(name, value)
    return open_post(**Settings().post())


async def _refused(
    post: Post, channel: Channel, to: str = ZHANG, message: Message = REPLY
) -> tuple[Verdict, str | None]:
    with pytest.raises(NotSent) as refused:
        await post.send(channel, to, message, uuid4())
    return refused.value.verdict, refused.value.code


async def test_each_channel_brings_the_message_to_the_phone(world: World, post: Post) -> None:
    for channel, template in WECHAT:
        world.accounts.agrees(ZHANG, template)
        assert await post.send(channel, ZHANG, REPLY, uuid4()) != ""
    assert await post.send(SMS, PHONE, TEXT, uuid4()) != ""
    assert await post.send(SMS, PHONE, Message("DIGEST", {"count": "7"}), uuid4()) != ""
    seen = [(one.channel, one.to, one.title, one.lines, one.page) for one in world.phones.arrived()]
    lines = ("您的咨询有新回复", "2026年11月28日 10:00")
    assert seen[:2] == [(channel, ZHANG, "咨询回复通知", lines, "pages/question?id=1") for channel, _ in WECHAT]
    assert [(channel, to) for channel, to, *_ in seen[2:]] == [("SMS", "13912345678")] * 2
    assert seen[3][3] == ("您有7条未读消息，请打开“公共法律服务”小程序查看。",)


async def test_one_consent_is_one_message_and_a_long_term_template_needs_none(world: World, post: Post) -> None:
    for channel, template in WECHAT:
        assert await _refused(post, channel) == (Verdict.NO_CONSENT, "43101")
        world.accounts.agrees(ZHANG, template)
        await post.send(channel, ZHANG, REPLY, uuid4())
        assert await _refused(post, channel) == (Verdict.NO_CONSENT, "43101")
        world.accounts.long_term.add(template)
        await post.send(channel, ZHANG, REPLY, uuid4())
    assert len(world.phones.arrived(ZHANG)) == 4


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (43101, Verdict.NO_CONSENT),
        (40003, Verdict.BAD_ADDRESS),
        (43004, Verdict.BAD_ADDRESS),
        (40037, Verdict.CONFIG),
        (41030, Verdict.CONFIG),
        (47003, Verdict.CONFIG),
        (43107, Verdict.CONFIG),
        (45168, Verdict.CONFIG),
        (40164, Verdict.CONFIG),
        (99999, Verdict.CONFIG),
        (45009, Verdict.BACK_OFF),
        (45011, Verdict.BACK_OFF),
        (43108, Verdict.TRY_AGAIN),
        (-1, Verdict.TRY_AGAIN),
    ],
)
async def test_what_wechats_refusals_mean(world: World, post: Post, code: int, verdict: Verdict) -> None:
    for channel, faults in ((MINI, world.accounts.mini), (OFFICIAL, world.accounts.official)):
        faults.next_are(Fault(code=code))
        with capture_logs() as logs:
            assert await _refused(post, channel) == (verdict, str(code))
        assert ("wechat_refuses_us" in [line["event"] for line in logs]) == (verdict is Verdict.CONFIG)
        assert faults.calls == 1
    assert world.phones.arrived() == []


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", Verdict.LIMITED),
        ("Throttling.User", Verdict.BACK_OFF),
        ("isv.MOBILE_NUMBER_ILLEGAL", Verdict.BAD_ADDRESS),
        ("isv.AMOUNT_NOT_ENOUGH", Verdict.CONFIG),
        ("isv.SMS_TEMPLATE_ILLEGAL", Verdict.CONFIG),
        ("isp.SYSTEM_ERROR", Verdict.TRY_AGAIN),
        ("SignatureNonceUsed", Verdict.UNKNOWN),
        ("InternalError", Verdict.UNKNOWN),
    ],
)
async def test_what_the_sms_providers_refusals_mean(world: World, post: Post, code: str, verdict: Verdict) -> None:
    world.sms.faults.next_are(Fault(code=code))
    assert await _refused(post, SMS, PHONE, TEXT) == (verdict, code)


async def test_what_never_left_is_told_from_what_may_have_arrived(
    world: World, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for channel, to, message, faults in (
        (MINI, ZHANG, REPLY, world.accounts.mini),
        (OFFICIAL, ZHANG, REPLY, world.accounts.official),
        (SMS, PHONE, TEXT, world.sms.faults),
    ):
        for _, template in WECHAT:
            world.accounts.agrees(ZHANG, template, 2)
        for fault, arrives in ((Fault(cut=True), 0), (Fault(cut=True, done=True), 1), (Fault(status=502), 0)):
            world.phones.clear()
            faults.next_are(fault)
            assert (await _refused(post, channel, to, message))[0] is Verdict.UNKNOWN
            assert len(world.phones.arrived()) == arrives
    async with a_slammed_door() as slammed:
        for url, verdict in ((nobody_home(), Verdict.TRY_AGAIN), (slammed, Verdict.UNKNOWN)):
            async with aclosing(_post_at(url, monkeypatch)) as away:
                assert (await _refused(away, SMS, PHONE, TEXT))[0] is verdict
                # Of WeChat a token is asked for first: until there is one, nothing was sent.
                assert (await _refused(away, MINI))[0] is Verdict.TRY_AGAIN


async def test_what_does_not_fit_a_template_is_not_even_asked(world: World, post: Post) -> None:
    long = {"thing1": "字" * 21, "time2": "10:00"}
    for message in (Message("REPLY", long), Message("NONE", REPLY.words), Message("REPLY", {"odd": "字"})):
        for channel, _ in WECHAT:
            assert (await _refused(post, channel, message=message))[0] is Verdict.CONFIG
    for message in (Message("NONE"), Message("DIGEST", {"count": "七"}), Message("REPLY", {"name": "张三"})):
        assert await _refused(post, SMS, PHONE, message) == (Verdict.CONFIG, None)
    assert await _refused(post, SMS, "not a number", TEXT) == (Verdict.BAD_ADDRESS, None)
    assert (world.accounts.mini.calls, world.accounts.official.calls, world.sms.faults.calls) == (0, 0, 0)
    without = Post({})
    assert not without.carries(SMS)
    assert await _refused(without, SMS, PHONE, TEXT) == (Verdict.CONFIG, None)


async def test_the_provider_is_asked_what_became_of_a_text(world: World, post: Post) -> None:
    lost, other = uuid4(), uuid4()
    today = world.now().astimezone(CHINA).date()
    assert await post.ask(SMS, PHONE, lost, today) is Fate.NOT_KNOWN
    world.sms.faults.next_are(Fault(cut=True, done=True))
    with pytest.raises(NotSent) as unknown:
        await post.send(SMS, PHONE, TEXT, lost)
    assert unknown.value.verdict is Verdict.UNKNOWN
    for _ in range(60):  # hers is on the second page by now
        await post.send(SMS, PHONE, TEXT, other)
    assert await post.ask(SMS, PHONE, lost, today) is Fate.ARRIVED
    assert await post.ask(SMS, PHONE, lost, today - timedelta(days=1)) is Fate.NOT_KNOWN
    world.sms.status = WAITING
    assert await post.ask(SMS, PHONE, lost, today) is Fate.UNDER_WAY
    world.sms.status = FAILED
    assert await post.ask(SMS, PHONE, lost, today) is Fate.FAILED
    assert await post.ask(MINI, ZHANG, lost, today) is Fate.NOT_KNOWN
    for fault, verdict in ((Fault(cut=True), Verdict.TRY_AGAIN), (Fault(code="Throttling"), Verdict.BACK_OFF)):
        world.sms.faults.next_are(fault)
        with pytest.raises(NotSent) as refused:
            await post.ask(SMS, PHONE, lost, today)
        assert refused.value.verdict is verdict


async def test_neither_log_nor_error_tells_whom_what_or_by_which_token(
    world: World, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    faults: list[Callable[[], None]] = [
        lambda: world.accounts.mini.next_are(Fault(code=43107)),
        lambda: world.accounts.mini.next_are(Fault(cut=True)),
        lambda: world.accounts.tokens.faults.next_are(Fault(code=40125)),
    ]
    with capture_logs() as logs:
        for fault in faults:
            fault()
            world.accounts.tokens.expire(fakes.WECHAT_APP_ID)
            with pytest.raises(NotSent) as refused:
                await post.send(MINI, ZHANG, REPLY, uuid4())
            told += [repr(refused.value), *traceback.format_exception(refused.value), repr(REPLY)]
    told += [caplog.text, repr(logs)]
    assert "HTTP Request: POST" in caplog.text
    for secret in (ZHANG, "access_token=", fakes.WECHAT_SECRET, "您的咨询有新回复", "pages/question"):
        assert secret not in "".join(told)


async def test_a_provider_that_hesitates_has_done_its_work(world: World, post: Post) -> None:
    world.accounts.agrees(ZHANG, fakes.WECHAT_TEMPLATES["REPLY"])
    world.accounts.mini.next_are(Fault(hesitation=60))
    sending = asyncio.create_task(post.send(MINI, ZHANG, REPLY, uuid4()))
    async with asyncio.timeout(60):
        while not world.phones.arrived():
            await asyncio.sleep(0.01)
    assert not sending.done()
    sending.cancel()
