"""WeChat's pushes arrive at the house: each counts once, is answered in time, and nobody else's counts at all."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.accounts.routes.callback import TO_ARRIVE, TO_KEEP
from app.core.db import NOBODY
from app.core.outbox import emit
from app.core.retention import RoundDue
from app.outside import fakes
from app.outside.fakes.faults import Fault
from app.outside.fakes.pushes import Letter, Pusher
from app.outside.fakes.wechat import openid_of
from app.outside.wechat import WeChatError
from app.outside.wechat.pushes import LARGEST
from tests.accounts.mailbox import LINK, MINI, OFFICIAL, Post, in_any_order
from tests.accounts.town import BIND, Town

pytestmark = pytest.mark.anyio

ZHANG, LI = openid_of("zhang"), openid_of("li")
REPLY, OFFER = fakes.WECHAT_TEMPLATES["REPLY"], fakes.WECHAT_TEMPLATES["OFFER"]


@pytest.fixture
async def post(town: Town) -> AsyncIterator[Post]:
    async with Post.open(town) as post:
        yield post


def _answers(*said: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"TemplateId": id, "SubscribeStatusString": how, "PopupScene": "0"} for id, how in said]


async def test_wechat_is_told_our_address_and_hears_the_echo(post: Post) -> None:
    for path, pusher in ((OFFICIAL, post.official), (MINI, post.mini)):
        asked = pusher.echo()
        heard = await post.house.get(path, params=asked)
        assert (heard.status_code, heard.text) == (200, asked["echostr"])
        assert heard.headers["content-type"].startswith("text/plain")
        assert (await post.house.get(path, params=asked | {"nonce": "1"})).status_code == 403
        assert (await post.house.get(path)).status_code == 400


async def test_an_account_without_a_token_has_no_address(town: Town) -> None:
    async with town.city.http() as house:
        for path in (OFFICIAL, MINI):
            assert (await house.post(path, content=b"<xml/>")).status_code == 404


async def test_whoever_writes_gets_the_card_that_she_asks_for(post: Post) -> None:
    answer = await post.answer(post.official.text(ZHANG, " 咨询！"))
    assert (answer.findtext("ToUserName"), answer.findtext("MsgType")) == (ZHANG, "text")
    assert "十分钟内至少三位律师" in answer.findtext("Content")
    assert f'data-miniprogram-appid="{fakes.WECHAT_APP_ID}"' in answer.findtext("Content")
    answer = await post.answer(post.official.text(ZHANG, "地图"))
    assert (answer.findtext("MsgType"), answer.findtext("Articles/item/Url")) == ("news", LINK)
    assert answer.findtext("Articles/item/Title") == "法治地图"
    for letter in (post.official.text(ZHANG, "１２３４８"), post.official.event(ZHANG, "CLICK", EventKey="12348")):
        assert "拨打12348" in (await post.answer(letter)).findtext("Content")
    for letter in (
        post.official.text(ZHANG, "老板拖欠我三个月工资怎么办"),
        post.official.push(ZHANG, MsgType="image", PicUrl="https://x", MsgId="9"),
        post.official.event(ZHANG, "subscribe"),
    ):
        assert "回复“咨询”向律师提问" in (await post.answer(letter)).findtext("Content")
    for letter in (post.official.event(ZHANG, "VIEW", EventKey="x"), post.official.event(ZHANG, "CLICK", EventKey="x")):
        assert (await post.brings(letter)).text == "success"
    assert (await post.of_mini(post.mini.text(ZHANG, "咨询"))).text == "success"
    assert await post.pushes() == 1  # that she follows; not a word of what she wrote


async def test_who_follows_is_bound_by_her_unionid_and_who_leaves_is_not(post: Post, town: Town) -> None:
    session = await town.by_wechat("openid-of-zhang", "union-of-zhang")
    town.providers.accounts.followers |= {ZHANG: "union-of-zhang", LI: "union-of-li"}
    await post.event(ZHANG, "subscribe", EventKey="")
    await post.event(LI, "subscribe", EventKey="")
    await town.city.settle()
    ((person,),) = await town.city.sql("SELECT person FROM app.identity WHERE kind = 'wechat'")
    assert await post.bound() == [person]
    assert session["viewer"]["hasWechat"]

    await post.event(ZHANG, "unsubscribe")
    await town.city.settle()
    assert await post.bound() == []
    assert await town.city.sql("SELECT count(*) FROM app.follower") == [(1,)]
    await post.brings(post.official.event(ZHANG, "subscribe", at=time.time() + 2))
    await town.city.settle()
    assert await post.bound() == [person]
    # Of two that overtook each other the older one changes nothing.
    await post.event(ZHANG, "unsubscribe", at=time.time() - 100)
    await town.city.settle()
    assert await post.bound() == [person]


async def test_who_followed_first_is_bound_when_she_signs_in(post: Post, town: Town) -> None:
    town.providers.accounts.followers[ZHANG] = "union-of-zhang"
    await post.event(ZHANG, "SCAN", EventKey="school-7")
    await town.city.settle()
    assert await post.bound() == []
    for _ in range(2):
        await town.by_wechat("openid-of-zhang", "union-of-zhang")
        await town.city.settle()
    assert len(await post.bound()) == 1
    assert [kind for kind, _ in await post.facts()] == ["FollowerPushed", "PersonUnited"]


async def test_who_left_before_wechat_was_asked_is_bound_to_nobody(post: Post, town: Town) -> None:
    await town.by_wechat("openid-of-zhang", "union-of-zhang")
    await post.event(ZHANG, "subscribe")
    await post.event("o-no-such-openid", "subscribe")
    await town.city.settle()
    assert await post.bound() == []
    assert await town.city.sql("SELECT count(*) FROM app.follower") == [(0,)]


async def test_wechat_is_asked_again_who_follows_where_it_does_not_say(post: Post, town: Town) -> None:
    await town.by_wechat("openid-of-zhang", "union-of-zhang")
    town.providers.accounts.followers |= {ZHANG: "union-of-zhang", LI: None}
    town.providers.accounts.official.next_are(Fault(code=45009), Fault(cut=True))
    await post.event(ZHANG, "subscribe")
    for _ in range(2):
        with pytest.raises(WeChatError):
            await town.city.settle()
        assert await post.bound() == []
        await town.city.turn(timedelta(minutes=1))
    await town.city.settle()
    assert len(await post.bound()) == 1
    # Whoever may not ask is not told another time, and an account that stands alone knows no unionids.
    town.providers.accounts.official.next_are(Fault(code=48001))
    for _ in range(2):
        await post.event(LI, "SCAN", EventKey=str(time.time()))
        await town.city.settle()
    assert await town.city.sql("SELECT count(*) FROM app.follower WHERE unioned IS NULL") == [(1,)]


async def test_pushes_are_kept_for_three_months(post: Post, town: Town) -> None:
    await post.event(ZHANG, "SCAN", EventKey="window-12")
    await town.city.settle()
    for days, left in ((89, 1), (2, 0)):
        await town.city.turn(timedelta(days=days))
        async with town.city.worker.acting(NOBODY) as session:
            await emit(session, RoundDue(what="push"))
        await town.city.settle()
        assert await post.pushes() == left


async def test_what_wechat_knows_of_a_person_moves_and_ends_with_her(post: Post, town: Town) -> None:
    first = await town.by_sms("13912345678")
    second = await town.by_wechat("openid-of-zhang", "union-of-zhang")
    town.providers.accounts.followers[ZHANG] = "union-of-zhang"
    await post.event(ZHANG, "subscribe")
    await town.city.settle()
    await town.pass_time(minutes=1)
    code = await town.code_for("13912345678")
    bound = await town.ask(await town.viewer(second), BIND, phone="13912345678", code=code)
    assert bound["viewer"]["id"] == first["viewer"]["id"]
    rows = await town.city.sql("SELECT kind, person FROM app.identity ORDER BY kind")
    assert [kind for kind, _ in rows] == ["official", "sms", "union", "wechat"]
    assert len({person for _, person in rows}) == 1

    await town.city.sql("DELETE FROM app.identity")
    assert await town.city.sql("SELECT count(*) FROM app.follower") == [(0,)]


async def test_the_scene_she_came_by_is_kept_for_those_who_count(post: Post, town: Town) -> None:
    for event, key in (
        ("subscribe", "qrscene_window-12"),
        ("SCAN", "window-13"),
        ("subscribe", "不 行"),
        ("SCAN", "x" * 65),
    ):
        await post.event(ZHANG, event, EventKey=key)
    scenes = await town.city.sql("SELECT scene FROM app.wechat_push ORDER BY received_at")
    assert [scene for (scene,) in scenes] == ["window-12", "window-13", None, None]


async def test_consents_become_facts_about_whoever_gave_them(post: Post, town: Town) -> None:
    await town.by_wechat(ZHANG)
    ((person,),) = await town.city.sql("SELECT person FROM app.identity WHERE kind = 'wechat'")
    both = _answers((REPLY, "accept"), (OFFER, "reject"), ("not ours", "accept"), (REPLY, "perhaps"))
    wrapped = {"SubscribeMsgPopupEvent": {"List": both}}
    await post.of_mini(post.mini.event(ZHANG, "subscribe_msg_popup_event", **wrapped))
    await town.city.settle()
    one = {"SubscribeMsgChangeEvent": {"List": _answers((REPLY, "reject"))[0]}}
    await post.of_mini(post.mini.event(ZHANG, "subscribe_msg_change_event", **one))
    said = {"ToUserName": "gh_1demo", "FromUserName": ZHANG, "CreateTime": 1, "MsgType": "event"}
    said |= {"Event": "subscribe_msg_popup_event", "List": _answers((OFFER, "accept"))}
    await post.of_mini(post.mini.letter(httpx.Response(200, json=said).content))
    sent = {"List": {"TemplateId": REPLY, "MsgID": "1700827132819554304", "ErrorCode": "0", "ErrorStatus": "success"}}
    await post.of_mini(post.mini.event(ZHANG, "subscribe_msg_sent_event", SubscribeMsgSentEvent=sent))
    # Of somebody whom nobody knows here.
    await post.of_mini(post.mini.event(LI, "subscribe_msg_popup_event", **wrapped))

    about = {"person": str(person), "channel": "MINI_PROGRAM"}
    expected: list[tuple[str, dict[str, Any]]] = [
        ("ConsentPushed", about | {"template": "REPLY", "accepted": True}),
        ("ConsentPushed", about | {"template": "OFFER", "accepted": False}),
        ("ConsentPushed", about | {"template": "REPLY", "accepted": False}),
        ("ConsentPushed", about | {"template": "OFFER", "accepted": True}),
        ("MessageReported", {"channel": "MINI_PROGRAM", "message": "1700827132819554304", "code": "0"}),
    ]
    assert await post.facts() == sorted(expected, key=in_any_order)
    await town.city.settle()
    left = await town.city.sql(
        "SELECT template FROM app.message_consent WHERE person = :p AND delivery IS NULL AND ended_at IS NULL", p=person
    )
    assert left == [("OFFER",)]


async def test_an_opinion_on_a_picture_is_kept(post: Post, town: Town) -> None:
    result = {"suggest": "risky", "label": "20002"}
    await post.of_mini(
        post.mini.event(ZHANG, "wxa_media_check", trace_id="68f351b2-75a4d3f0", version="2", result=result)
    )
    ((said,),) = await town.city.sql("SELECT said FROM app.wechat_push")
    assert said == {"trace": "68f351b2-75a4d3f0", "suggest": "risky", "label": "20002", "reports": []}


async def test_a_copy_counts_once_and_gets_the_same_answer(post: Post, town: Town) -> None:
    """WeChat repeats what it got no answer to: the same again, or the same event under another signature."""
    town.providers.accounts.followers[ZHANG] = "union-of-zhang"
    at = time.time()
    letter = post.official.event(ZHANG, "subscribe", at=at)
    copies = [letter] * 25 + [post.official.event(ZHANG, "subscribe", at=at) for _ in range(25)]
    answers = await asyncio.gather(*(post.brings(copy) for copy in copies))
    assert {answer.status_code for answer in answers} == {200}
    assert (await post.pushes(), [kind for kind, _ in await post.facts()]) == (1, ["FollowerPushed"])


async def test_a_signature_is_good_once(post: Post, town: Town) -> None:
    """In the clear nothing signs the body: who has seen one push could send any other under its signature."""
    seen = post.mini.event(ZHANG, "subscribe_msg_popup_event", List=_answers((REPLY, "reject")))
    assert (await post.of_mini(seen)).status_code == 200
    forged = Letter(seen.query, post.mini.event(LI, "subscribe_msg_popup_event").body)
    assert (await post.of_mini(forged)).status_code == 403
    assert (await post.of_mini(seen)).status_code == 200  # WeChat's own copy, seconds later
    await town.city.turn(timedelta(seconds=31))
    assert (await post.of_mini(seen)).status_code == 403
    assert await post.pushes() == 1
    asked = post.official.text(ZHANG, "咨询")
    assert (await post.brings(asked)).status_code == 200
    await town.city.turn(timedelta(seconds=31))
    assert (await post.brings(asked)).status_code == 403
    await town.city.turn(timedelta(minutes=20))
    await post.brings(post.official.text(ZHANG, "咨询"))
    assert await town.city.sql("SELECT count(*) FROM app.wechat_nonce") == [(1,)]  # what is stale anyway is not kept


async def test_what_is_stale_forged_or_too_large_is_refused(post: Post) -> None:
    stranger = Pusher("another", fakes.OFFICIAL_APP_ID, fakes.OFFICIAL_AES_KEY)
    for letter, status in (
        (post.official.event(ZHANG, "subscribe", at=time.time() - 400), 403),
        (stranger.event(ZHANG, "subscribe"), 403),
        (post.mini.event(ZHANG, "subscribe"), 400),
        (post.official.letter(b"<!DOCTYPE a><xml/>"), 400),
        (Letter({}, b"<xml/>"), 400),
        (Letter(post.official.echo(), b"x" * (LARGEST + 1)), 413),
    ):
        answer = await post.brings(letter)
        assert (answer.status_code, answer.content) == (status, b"")
    assert await post.pushes() == 0


async def test_a_sender_that_never_ends_is_not_waited_for(post: Post) -> None:
    drops = 0

    async def drop_by_drop() -> AsyncIterator[bytes]:
        nonlocal drops
        while drops < 600:
            yield b" "
            drops += 1
            await asyncio.sleep(0.1)

    answer = await post.house.post(OFFICIAL, params=post.official.echo(), content=drop_by_drop())
    assert (answer.status_code, drops < 600) == (408, True)

    async def flood() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 10_000

    assert (await post.house.post(OFFICIAL, params=post.official.echo(), content=flood())).status_code == 413


async def test_wechat_is_answered_in_time_whatever_the_database_does(post: Post, town: Town) -> None:
    town.providers.accounts.followers[ZHANG] = "union-of-zhang"
    event = post.official.event(ZHANG, "subscribe")
    async with town.city.super.acting("") as session:
        await session.rows(text("LOCK TABLE app.wechat_nonce IN ACCESS EXCLUSIVE MODE"))
        for letter, status in ((event, 503), (post.official.text(ZHANG, "咨询"), 200)):
            assert (await post.brings(letter)).status_code == status
    assert TO_ARRIVE + TO_KEEP < 5  # when WeChat gives up
    # The copy that WeChat sends next does it, or finds it done.
    assert (await post.brings(event)).status_code == 200
    await town.city.settle()
    assert await post.pushes() == 1
    assert [kind for kind, _ in await post.facts()] == ["FollowerPushed"]


async def test_a_database_that_is_gone_is_no_reason_for_silence(post: Post, town: Town) -> None:
    await town.city.sql("REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA door FROM app_api")
    assert (await post.event(ZHANG, "subscribe")).status_code == 503
    assert (await post.brings(post.official.text(ZHANG, "咨询"))).status_code == 200


async def test_mutated_pushes_have_no_effect(post: Post) -> None:
    assert await _mutate(post, 500) == 0


@pytest.mark.full
async def test_ten_thousand_mutated_pushes_have_no_effect(post: Post) -> None:
    assert await _mutate(post, 10_000) == 0


async def _mutate(post: Post, count: int) -> int:
    """How many were kept, of pushes with something changed: in what is signed, or in what is sealed."""
    chance = random.Random(count)
    statuses: Counter[int] = Counter()
    for _ in range(count):
        pusher, path = chance.choice([(post.official, OFFICIAL), (post.mini, MINI)])
        letter = pusher.event(ZHANG, chance.choice(["subscribe", "unsubscribe", "subscribe_msg_popup_event"]))
        changed = _changed(chance, letter, body_too=bool(pusher.aes_key))
        statuses[(await changed.to(post.house, path)).status_code] += 1
    assert set(statuses) <= {400, 403, 413}, statuses
    return await post.pushes()


def _changed(chance: random.Random, letter: Letter, *, body_too: bool) -> Letter:
    """In the clear the body is not signed: there a change is one of the query."""
    query, body = dict(letter.query), bytearray(letter.body)
    if body_too and chance.random() < 0.6:
        start = body.index(b"<Encrypt>") + 9
        at = chance.randrange(start, body.index(b"</Encrypt>"))
        match chance.randrange(4):
            case 0:
                body[at] = chance.choice([c for c in b"ABCDEFGHabcdefgh01234567+/=<&\x00\xff" if c != body[at]])
            case 1:
                del body[at : at + chance.randrange(1, 40)]
            case 2:
                body[at:at] = chance.randbytes(chance.randrange(1, 40))
            case _:
                body = bytearray(chance.randbytes(chance.randrange(200)))
        return Letter(query, bytes(body))
    signed = ["timestamp", "nonce", "msg_signature" if body_too else "signature"]
    name = chance.choice(signed)
    match chance.randrange(3):
        case 0:
            query[name] = chance.choice(["", "0", "签名", "\x00", "9" * 30, query[name] + "0", query[name][:-1] + "z"])
        case 1:
            del query[name]
        case _:
            query[name] = query[name][:-1] + chance.choice([c for c in "0123456789" if c != query[name][-1]])
    return Letter(query, bytes(body))


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_signed_is_answered(post: Post, seed: int) -> None:
    """In the clear, where anybody who sees a token can sign any body: nothing of it is an error of ours."""
    chance = random.Random(seed)
    plain = post.mini.event(ZHANG, "subscribe_msg_popup_event", List=_answers((REPLY, "accept"))).body
    statuses: Counter[int] = Counter()
    for _ in range(150):
        body = bytearray(plain)
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(body))
            body[at : at + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
        statuses[(await post.of_mini(post.mini.letter(bytes(body)))).status_code] += 1
    assert set(statuses) <= {200, 400}, statuses
