"""People come by a channel: what they do within thirty days is counted for it, and for nobody else."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Viewer
from app.core.db import NOBODY
from app.core.outbox import emit
from app.core.retention import RoundDue
from app.graph.ids import global_id
from app.outreach.actions import touching
from app.outside.fakes.wechat import openid_of
from tests.accounts.mailbox import Post
from tests.accounts.town import BIND, BY_SMS, BY_WECHAT, Town, new_phone
from tests.city import REFUSED
from tests.consultation.test_life import resolve
from tests.exporting.copies import copied
from tests.outreach.hall import CLOSE, Hall
from tests.vault.sending import house, path

pytestmark = pytest.mark.anyio

ZHANG = openid_of("zhang")


@pytest.fixture
async def post(town: Town) -> AsyncIterator[Post]:
    async with Post.open(town) as post:
        yield post


def with_code(document: str, code: str) -> str:
    return document.replace("device: $device", f'device: $device, channelCode: "{code}"')


async def comes_by_sms(hall: Hall, code: str, phone: str | None = None) -> Any:
    phone = phone or new_phone()
    digits = await hall.town.code_for(phone)
    session = await hall.town.ask(None, with_code(BY_SMS, code), phone=phone, code=digits)
    assert session["__typename"] == "Session", session
    return await hall.town.viewer(session)


async def comes_by_wechat(hall: Hall, code: str, openid: str, unionid: str | None = None) -> Viewer:
    session = await hall.town.ask(
        None, with_code(BY_WECHAT, code), code=hall.town.providers.wechat.login(openid, unionid)
    )
    assert session["__typename"] == "Session", session
    return await hall.town.viewer(session)


async def test_from_a_scan_to_being_content(hall: Hall, post: Post) -> None:
    """Fifty scan at once; one of them follows, signs in, asks, gets three answers and is content."""
    city, lawyers = hall.city, await hall.city.lawyers(3)
    town = await hall.made(kind="TOWN", name="克井镇", divisionCode="419001100")
    window = await hall.made(parentId=town["id"], name="克井镇服务窗口")
    other = await hall.made(name="另一窗口")
    answers = await asyncio.gather(*(post.house.get(path(window["url"])) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert await hall.counts(window) == [50, 0, 0, 0, 0, 0]
    for _ in range(3):  # whoever comes again on the same day was counted; the cookie says nothing but that
        assert (await post.house.get(path(window["url"]))).status_code == 200
    assert (await post.house.head(path(window["url"]))).status_code == 200
    assert answers[0].headers["set-cookie"].startswith("counted=1; HttpOnly; Max-Age=86400; Path=/c/")
    assert (await hall.counts(window))[0] == 50

    town_of = hall.town.providers.accounts
    town_of.followers[ZHANG] = "union-of-zhang"
    await post.event(ZHANG, "subscribe", EventKey=f"qrscene_{window['code']}")
    await city.settle()
    assert await hall.counts(window) == [51, 1, 0, 0, 0, 0]
    # By another code she signs in: the first one stays hers.
    zhang = await comes_by_wechat(hall, other["code"], "openid-of-zhang", "union-of-zhang")
    await city.settle()
    assert await hall.counts(window) == [51, 1, 1, 0, 0, 0]
    assert await hall.counts(other) == [0, 0, 0, 0, 0, 0]
    question = await city.asked(zhang)
    await city.settle()
    assert await hall.counts(window) == [51, 1, 1, 1, 0, 0]
    for number, lawyer in enumerate(lawyers, 1):
        seat = await city.claim(lawyer)
        await city.answer(lawyer, seat["id"])
        await city.settle()
        assert (await hall.counts(window))[4] == (number == 3)
    await resolve(city, zhang, question)
    await city.settle()
    assert await hall.counts(window) == [51, 1, 1, 1, 1, 1]
    assert await hall.counts(town) == [51, 1, 1, 1, 1, 1]
    assert await hall.counts(town, below=False) == [0, 0, 0, 0, 0, 0]
    # Net of who leaves, until she comes back.
    await post.event(ZHANG, "unsubscribe")
    await city.settle()
    assert await hall.counts(window) == [51, 0, 1, 1, 1, 1]


async def test_what_was_told_of_a_code_is_lost_on_nobody_and_hers_to_take_along(hall: Hall) -> None:
    city, channel = hall.city, await hall.made()
    closed = await hall.made(name="关闭的窗口")
    await city.one(hall.editor, CLOSE, input={"channelId": closed["id"], "version": 1})
    for code in (closed["code"], "23456789ABCD", "no code", "x" * 300):
        await comes_by_sms(hall, code)
        await hall.town.pass_time(minutes=2)
    # Fifty devices of hers at once: she came once.
    me = await comes_by_sms(hall, channel["code"].lower())
    async with city.worker.acting(NOBODY) as session:
        at = session.info["now"]

    async def again() -> None:
        async with city.worker.acting(NOBODY) as session:
            await touching.signed_in(session, me.id, channel["code"], at)

    await asyncio.gather(*(again() for _ in range(50)))
    await city.settle()
    assert await city.sql("SELECT step, n FROM app.outreach_day") == [("SIGN_IN", 1)]
    async with house(city) as client:
        copy = (await copied(city, client, me)).said()
    assert '"name": "示例服务窗口"' in copy
    assert '"steps": [' in copy
    # After thirty days nobody knows any more; the number stays. Then she may come first again.
    await city.pass_time(timedelta(days=30))
    async with city.worker.acting(NOBODY) as session:
        await emit(session, RoundDue(what="touch"))
    await city.settle()
    assert await city.sql("SELECT count(*) FROM app.outreach_touch") == [(0,)]
    async with city.worker.acting(NOBODY) as session:
        await touching.signed_in(session, me.id, channel["code"], session.info["now"])
    assert await city.sql("SELECT count(*) FROM app.outreach_touch") == [(1,)]
    # And with her account it goes.
    close = f"mutation {{ closeAccount(input: {{understood: true}}) {{ __typename {REFUSED} }} }}"
    assert (await city.one(me, close))["__typename"] != "Refused"
    await city.settle()
    assert await city.sql("SELECT count(*) FROM app.outreach_touch") == [(0,)]
    assert await city.sql("SELECT sum(n) FROM app.outreach_day") == [(2,)]


async def test_two_accounts_that_become_one_came_once(hall: Hall) -> None:
    city, first, second = hall.city, await hall.made(), await hall.made(name="另一窗口")
    by_phone = await comes_by_sms(hall, first["code"], "13912345678")
    await hall.town.pass_time(minutes=2)
    session = await hall.town.ask(
        None, with_code(BY_WECHAT, second["code"]), code=hall.town.providers.wechat.login("o-of-her")
    )
    await city.settle()
    assert await hall.counts(second) == [0, 0, 1, 0, 0, 0]
    digits = await hall.town.code_for("13912345678")
    bound = await hall.town.ask(await hall.town.viewer(session), BIND, phone="13912345678", code=digits)
    assert bound["viewer"]["id"] == global_id("Viewer", by_phone.id)
    assert await hall.counts(first) == [0, 0, 1, 0, 0, 0]
    assert await hall.counts(second) == [0, 0, 0, 0, 0, 0]
    assert await city.sql("SELECT person FROM app.outreach_touch") == [(by_phone.id,)]
