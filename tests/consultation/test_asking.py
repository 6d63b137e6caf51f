"""Asking, and taking it back."""

import asyncio
from datetime import timedelta

import pytest

from app.core.ids import new_id
from app.graph.ids import global_id
from tests.city import ASK, City, codes, question

pytestmark = pytest.mark.anyio

WITHDRAW = """mutation ($id: ID!) { withdrawQuestion(questionId: $id) {
  __typename ... on Question { id status } ... on Refused { reasons { code } } } }"""


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"body": ""}, "BLANK", "body"),
        ({"body": "   \n "}, "BLANK", "body"),
        ({"body": "欠薪？"}, "TOO_SHORT", "body"),
        ({"body": "欠" * 2001}, "TOO_LONG", "body"),
        ({"body": "老板拖欠\x00工资"}, "BAD_TEXT", "body"),
        ({"body": "老板拖欠\ud800工资"}, "BAD_TEXT", "body"),
        ({"brief": "欠" * 81}, "TOO_LONG", "brief"),
        ({"brief": " "}, "BLANK", "brief"),
        ({"divisionCode": "110101"}, "BAD_VALUE", "divisionCode"),
        ({"categoryId": global_id("Category", "astrology")}, "BAD_VALUE", "categoryId"),
        ({"categoryId": global_id("Question", str(new_id()))}, "BAD_ID", "categoryId"),
        ({"categoryId": "labour"}, "BAD_ID", "categoryId"),
        ({"idempotencyKey": "short"}, "BAD_KEY", "idempotencyKey"),
    ],
)
async def test_what_cannot_be_asked_is_refused_by_name_and_leaves_nothing(
    city: City, change: dict[str, str], code: str, field: str
) -> None:
    asked = await city.one(await city.resident(), ASK, input=question() | change)
    assert [(reason["code"], reason["field"]) for reason in asked["reasons"]] == [(code, field)]
    assert all(reason["message"] for reason in asked["reasons"])
    for table in ("question", "key", "dispatch", "outbox", "feed", "idempotency"):
        assert await city.sql(f"SELECT 1 FROM app.{table}") == []


async def test_the_drafted_brief_says_nothing_of_the_body(city: City) -> None:
    body = "老板拖欠我三个月工资，我在沁园街道某工地干活，该怎么办？"
    made = await city.one(await city.resident(), ASK, input=question(body))
    brief = made["brief"]
    assert 0 < len(brief) <= 80
    assert not any(body[at : at + 6] in brief for at in range(len(body) - 5))


async def test_the_asker_may_write_the_brief_herself(city: City) -> None:
    made = await city.one(await city.resident(), ASK, input=question() | {"brief": "工资问题，急"})
    assert made["brief"] == "工资问题，急"


async def test_three_open_questions_are_the_most_even_at_once(city: City) -> None:
    asker = await city.resident()
    made = await asyncio.gather(*(city.one(asker, ASK, input=question(f"第{n}个问题，老板欠薪")) for n in range(50)))
    assert sorted(code for payload in made for code in codes(payload)) == ["QUOTA_OPEN"] * 47
    assert len(await city.sql("SELECT 1 FROM app.question")) == 3


async def test_ten_questions_a_day_are_the_most(city: City) -> None:
    asker = await city.resident()
    for _ in range(10):
        await city.one(asker, WITHDRAW, id=await city.asked(asker))
    assert codes(await city.one(asker, ASK, input=question())) == ["QUOTA_DAY"]
    await city.turn(timedelta(days=1, seconds=1))
    assert codes(await city.one(asker, ASK, input=question())) == []


async def test_a_withdrawn_question_is_gone_for_the_lawyers_at_once(city: City) -> None:
    asker = await city.resident()
    seated, offered = await city.lawyers(2)
    id = await city.asked(asker)
    await city.settle()
    seat = await city.claim(seated)
    (offer,) = await city.offer_ids(offered)

    assert (await city.one(asker, WITHDRAW, id=id))["status"] == "WITHDRAWN"
    # In the same instant, before any worker has run:
    read = await city.one(seated, "query ($id: ID!) { node(id: $id) { id } }", id=id)
    assert read is None
    assert codes(await city.claim(offered, offer)) == ["QUESTION_CLOSED"]
    assert codes(await city.answer(seated, seat["id"])) == ["LEASE_ENDED"]
    page = await city.one(offered, "{ offers(first: 5) { nodes { state brief } } }")
    assert page["nodes"] == [{"state": "CLOSED", "brief": None}]

    assert (await city.one(asker, WITHDRAW, id=id))["status"] == "WITHDRAWN"
    await city.pass_time(timedelta(hours=2))
    assert len(await city.sql("SELECT 1 FROM app.offer")) == 2
    told = await city.one(seated, "{ notices(first: 5) { nodes { kind } } }")
    assert told["nodes"] == [{"kind": "QUESTION_WITHDRAWN"}]


async def test_a_message_speaks_the_askers_language(city: City) -> None:
    asker = await city.resident()
    zh = await city.one(asker, ASK, input=question(""))
    assert zh["reasons"][0]["message"] == "此项不能为空。"


async def test_what_was_answered_stays_with_the_asker_and_the_lawyer(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    id = await city.asked(asker)
    await city.settle()
    seat = await city.claim(lawyer)
    await city.answer(lawyer, seat["id"])
    await city.one(asker, WITHDRAW, id=id)
    for viewer in (asker, lawyer):
        read = await city.one(viewer, "query ($id: ID!) { question(id: $id) { body answers { id } } }", id=id)
        assert read["body"]
        assert len(read["answers"]) == 1
