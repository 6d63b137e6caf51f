"""Asking, and taking it back."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.core.ids import new_id
from app.graph.ids import global_id
from app.places.rules.workdays import CITY_TIME
from tests.city import ASK, City, codes, question

pytestmark = pytest.mark.anyio

NOBODY = new_id()
WITHDRAW = """mutation ($id: ID!) { withdrawQuestion(input: {questionId: $id}) {
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
        ({"opposingParty": "某"}, "TOO_SHORT", "opposingParty"),
        ({"opposingParty": "某" * 61}, "TOO_LONG", "opposingParty"),
        ({"opposingParty": "宏达\x00公司"}, "BAD_TEXT", "opposingParty"),
        ({"lawyerIds": [global_id("Lawyer", new_id()) for _ in range(4)]}, "TOO_MANY", "lawyerIds"),
        ({"lawyerIds": [global_id("Lawyer", NOBODY)] * 2}, "BAD_VALUE", "lawyerIds.1"),
        ({"lawyerIds": [global_id("Lawyer", NOBODY)]}, "LAWYER_NOT_REQUESTABLE", "lawyerIds.0"),
        ({"lawyerIds": [global_id("Firm", NOBODY)]}, "BAD_ID", "lawyerIds.0"),
        ({"onBehalfOf": global_id("Delegation", NOBODY)}, "NOT_FOUND", "onBehalfOf"),
        ({"draftId": global_id("Draft", NOBODY)}, "NOT_FOUND", "draftId"),
    ],
)
async def test_what_cannot_be_asked_is_refused_by_name_and_leaves_nothing(
    city: City, change: dict[str, Any], code: str, field: str
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


async def test_ten_questions_a_day_are_the_most_and_the_refusal_names_the_minute_that_ends_it(city: City) -> None:
    """Not "tomorrow": whoever asked in the evening is refused until the next evening."""
    asker, began = await city.resident(), await city.now()
    for number in range(10):
        id = await city.asked(asker)
        await city.one(asker, WITHDRAW, id=id)
        if number == 0:
            await city.turn(timedelta(hours=3))
    refused = await city.one(asker, ASK, input=question())
    assert codes(refused) == ["QUOTA_DAY"]
    ends = (began + timedelta(days=1)).astimezone(CITY_TIME)
    named = [f"{ends + timedelta(minutes=late):%Y-%m-%d %H:%M}" for late in (0, 1)]
    assert any(one in refused["reasons"][0]["message"] for one in named)
    await city.turn(timedelta(hours=21) - timedelta(minutes=1))
    assert codes(await city.one(asker, ASK, input=question())) == ["QUOTA_DAY"]
    await city.turn(timedelta(minutes=2))
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


# Whom one asks, and against whom ---------------------------------------------------------------------------------

CHOSEN = "query ($id: ID!) { question(id: $id) { namedLawyers { id } opposingPartyKnown } }"


async def test_the_lawyers_one_chose_have_seats_kept_for_them_for_three_minutes(city: City) -> None:
    asker = await city.resident()
    chosen = await city.lawyers(3, requestable=True, specialty="marriage")
    ids = [global_id("Lawyer", lawyer.id) for lawyer in chosen]
    id = await city.asked(asker, lawyerIds=ids, opposingParty="济源市宏达建筑工程有限公司")
    read = await city.one(asker, CHOSEN, id=id)
    assert read == {"namedLawyers": [{"id": lawyer} for lawyer in ids], "opposingPartyKnown": True}
    ((named, asked_at, until),) = await city.sql("SELECT named, asked_at, named_until FROM app.dispatch")
    assert (named, until - asked_at) == ([lawyer.id for lawyer in chosen], timedelta(seconds=180))


async def test_whom_one_chose_and_against_whom_is_for_the_askers_eyes(city: City) -> None:
    asker, chosen = await city.resident(), await city.lawyer(requestable=True)
    id = await city.asked(asker, lawyerIds=[global_id("Lawyer", chosen.id)], opposingParty="宏达建筑公司")
    await city.settle()
    await city.claim(chosen)
    assert await city.one(chosen, CHOSEN, id=id) == {"namedLawyers": [], "opposingPartyKnown": False}
    ((party,),) = await city.sql("SELECT party FROM app.dispatch")
    assert len(party) == 32
    for table in ("question", "brief", "dispatch", "outbox", "feed", "idempotency", "offer"):
        assert await city.sql(f"SELECT 1 FROM app.{table} t WHERE t::text LIKE '%宏达%'") == []


async def test_who_names_nobody_leaves_the_choice_to_the_house(city: City) -> None:
    id = await city.asked(asker := await city.resident())
    assert await city.one(asker, CHOSEN, id=id) == {"namedLawyers": [], "opposingPartyKnown": False}
    ((until, party),) = await city.sql("SELECT named_until, party FROM app.dispatch")
    assert (until, party) == (None, None)


@pytest.mark.parametrize(
    "how",
    [
        {"requestable": False},
        {"requestable": True, "availability": "AWAY"},
        {"requestable": True, "standing": "SUSPENDED"},
        {"requestable": True, "snoozed_until": datetime(2100, 1, 1, tzinfo=UTC)},
    ],
)
async def test_nobody_is_asked_by_name_who_does_not_take_that_now(city: City, how: dict[str, Any]) -> None:
    asker, good, other = await city.resident(), await city.lawyer(requestable=True), await city.lawyer(**how)
    ids = [global_id("Lawyer", lawyer.id) for lawyer in (good, other)]
    refused = await city.one(asker, ASK, input=question() | {"lawyerIds": ids})
    assert [(r["code"], r["field"]) for r in refused["reasons"]] == [("LAWYER_NOT_REQUESTABLE", "lawyerIds.1")]
    assert await city.sql("SELECT 1 FROM app.question") == []


async def test_a_lawyer_does_not_ask_herself(city: City) -> None:
    lawyer = await city.lawyer(requestable=True)
    refused = await city.one(lawyer, ASK, input=question() | {"lawyerIds": [global_id("Lawyer", lawyer.id)]})
    assert codes(refused) == ["LAWYER_NOT_REQUESTABLE"]


async def test_a_repeat_is_answered_alike_whatever_became_of_the_lawyer(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer(requestable=True)
    said = question() | {"lawyerIds": [global_id("Lawyer", lawyer.id)]}
    made = await city.one(asker, ASK, input=said)
    await city.sql("UPDATE app.lawyer SET availability = 'AWAY'")
    assert await city.one(asker, ASK, input=said) == made


async def test_what_a_page_of_questions_shows_of_their_lives_costs_one_statement_a_kind(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer(requestable=True)
    for _ in range(9):
        said: dict[str, Any] = {"lawyerIds": [global_id("Lawyer", lawyer.id)], "opposingParty": "宏达建筑公司"}
        await city.one(asker, WITHDRAW, id=await city.asked(asker, **said))
    page = """{ questions(first: 20) { nodes { id status round resolvedAt reopensUntil allowed delegated
      delegation { id } screening { verdict } safetyCards { title } namedLawyers { id } opposingPartyKnown } } }"""
    with city.statements() as asked:
        assert len((await city.one(asker, page))["nodes"]) == 9
    # The page, whose they are, their answers, what was chosen, its lawyers, and what was spoken.
    assert len(asked) <= 6, asked
