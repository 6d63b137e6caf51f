"""Seats, leases, drafts and answers."""

import json
from typing import Any

import pytest

from app.consultation.rules.answering import Content
from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.city import CONTENT, City, codes

pytestmark = pytest.mark.anyio

EXTEND = """mutation ($id: ID!) { extendLease(input: {seatId: $id}) {
  __typename ... on Seat { extended leaseUntil state } ... on Refused { reasons { code } } } }"""
RELEASE = """mutation ($id: ID!) { releaseSeat(input: {seatId: $id}) {
  __typename ... on Seat { state question { id } } ... on Refused { reasons { code } } } }"""
SAVE = """mutation ($id: ID!, $content: AnswerContentInput!) {
  saveAnswerDraft(input: {seatId: $id, content: $content}) {
  __typename ... on Seat { draft { conclusion text } } ... on Refused { reasons { code field } } } }"""
SEATS = "{ seats(first: 5) { nodes { id state draft { text } question { id } offer { state } } } }"
ANSWERS = "query ($id: ID!) { question(id: $id) { answers { lawyer { id } content { text } } } }"


async def seated(city: City, count: int = 1) -> tuple[str, list[Viewer], list[str]]:
    lawyers = await city.lawyers(count)
    id = await city.asked(await city.resident())
    await city.settle()
    return id, lawyers, [(await city.claim(lawyer))["id"] for lawyer in lawyers]


async def test_answers_are_blind_until_ones_own_is_delivered(city: City) -> None:
    id, (first, second), (seat_a, seat_b) = await seated(city, 2)
    await city.answer(first, seat_a)
    assert (await city.one(second, ANSWERS, id=id))["answers"] == []
    await city.answer(second, seat_b)
    assert len((await city.one(second, ANSWERS, id=id))["answers"]) == 2
    assert len((await city.one(first, ANSWERS, id=id))["answers"]) == 2


async def test_the_third_answer_closes_the_door_and_the_writers_may_finish(city: City) -> None:
    id, lawyers, seats = await seated(city, 5)
    late = await city.lawyer()
    await city.pass_time(60)
    for lawyer, seat in zip(lawyers[:3], seats[:3], strict=True):
        await city.answer(lawyer, seat)
    assert await city.offer_ids(late) == []
    for lawyer, seat in zip(lawyers[3:], seats[3:], strict=True):
        assert (await city.answer(lawyer, seat))["__typename"] == "Answer"
    assert len((await city.one(lawyers[0], ANSWERS, id=id))["answers"]) == 5


async def test_reading_ends_with_the_lease(city: City) -> None:
    id, (lawyer,), (seat,) = await seated(city)
    await city.turn_seconds(300)
    assert await city.one(lawyer, "query ($id: ID!) { question(id: $id) { id } }", id=id) is None
    assert codes(await city.answer(lawyer, seat)) == ["LEASE_ENDED"]
    assert codes(await city.one(lawyer, EXTEND, id=seat)) == ["LEASE_ENDED"]
    await city.settle()
    page = await city.one(lawyer, SEATS)
    assert page["nodes"][0]["state"] == "EXPIRED"
    assert page["nodes"][0]["question"] is None


async def test_a_lease_is_extended_once(city: City) -> None:
    _, (lawyer,), (seat,) = await seated(city)
    assert (await city.one(lawyer, EXTEND, id=seat))["extended"]
    assert codes(await city.one(lawyer, EXTEND, id=seat)) == ["EXTENDED_ALREADY"]
    await city.pass_time(400)
    assert (await city.one(lawyer, SEATS))["nodes"][0]["state"] == "WRITING"
    await city.pass_time(20)
    assert (await city.one(lawyer, SEATS))["nodes"][0]["state"] == "EXPIRED"


async def test_a_seat_can_be_given_back_and_taken_again_with_its_draft(city: City) -> None:
    id, (lawyer,), (seat,) = await seated(city)
    draft = CONTENT | {"text": "写到一半"}
    saved = await city.one(lawyer, SAVE, id=seat, content=draft)
    assert saved["draft"]["text"] == "写到一半"
    assert await city.one(lawyer, RELEASE, id=seat) == {"__typename": "Seat", "state": "RELEASED", "question": None}
    assert codes(await city.one(lawyer, RELEASE, id=seat)) == ["LEASE_ENDED"]
    await city.settle()
    again = await city.claim(lawyer)
    assert again["id"] != seat
    page = await city.one(lawyer, SEATS)
    assert page["nodes"][0]["draft"] == {"text": "写到一半"}
    (kept,) = await city.sql("SELECT seats_ended, seats_kept FROM app.lawyer WHERE id = :id", id=lawyer.id)
    assert tuple(kept) == (0, 0)
    assert id


async def test_a_lost_lease_loses_no_draft(city: City) -> None:
    _, (lawyer,), (seat,) = await seated(city)
    await city.one(lawyer, SAVE, id=seat, content=CONTENT)
    await city.pass_time(300)
    assert codes(await city.one(lawyer, SAVE, id=seat, content=CONTENT)) == ["LEASE_ENDED"]
    await city.claim(lawyer)
    assert (await city.one(lawyer, SEATS))["nodes"][0]["draft"] == {"text": CONTENT["text"]}


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"text": "短"}, "TOO_SHORT", "content.text"),
        ({"text": "长" * 5001}, "TOO_LONG", "content.text"),
        ({"text": "长\x00" * 60}, "BAD_TEXT", "content.text"),
        ({"conclusion": " "}, "BLANK", "content.conclusion"),
        ({"summary": "话" * 151}, "TOO_LONG", "content.summary"),
        ({"nextSteps": ["投诉"] * 21}, "TOO_MANY", "content.nextSteps"),
        ({"evidence": [""]}, "BLANK", "content.evidence"),
        ({"basis": [{"law": "法" * 200, "article": "条" * 200}]}, "TOO_LONG", "content.basis"),
        ({"limit": {"amount": 0, "unit": "DAY"}}, "BAD_VALUE", "content.limit.amount"),
        ({"limit": {"amount": 241, "unit": "MONTH"}}, "BAD_VALUE", "content.limit.amount"),
        ({"limit": {"amount": 3, "unit": "YEAR", "begins": "自" * 101}}, "TOO_LONG", "content.limit.begins"),
    ],
)
async def test_an_answer_that_is_none_is_refused_by_name(
    city: City, change: dict[str, Any], code: str, field: str
) -> None:
    _, (lawyer,), (seat,) = await seated(city)
    refused = await city.answer(lawyer, seat, **change)
    assert [(reason["code"], reason["field"]) for reason in refused["reasons"]] == [(code, field)]
    assert (await city.answer(lawyer, seat))["__typename"] == "Answer"


PARTS = "content { outlook forum limit { amount unit begins } }"


async def test_what_can_be_compared_is_read_as_it_was_said(city: City) -> None:
    """In a draft as well; whoever leaves it out leaves it open."""
    id, (lawyer, other), (seat, another) = await seated(city, 2)
    limit = {"amount": 1, "unit": "YEAR", "begins": None}
    said: dict[str, Any] = {"outlook": "LIKELY", "forum": "LABOUR_ARBITRATION", "limit": limit}
    await city.one(lawyer, SAVE, id=seat, content=CONTENT | said)
    drafts = "{ seats(first: 5) { nodes { draft { outlook forum limit { amount unit begins } } } } }"
    assert (await city.one(lawyer, drafts))["nodes"] == [{"draft": said}]
    await city.answer(lawyer, seat, **said)
    await city.answer(other, another)
    read = await city.one(lawyer, f"query ($id: ID!) {{ question(id: $id) {{ answers {{ {PARTS} }} }} }}", id=id)
    assert [answer["content"] for answer in read["answers"]] == [said, {"outlook": None, "forum": None, "limit": None}]


def test_an_answer_of_before_opens_as_it_was() -> None:
    lists = ("basis", "next_steps", "evidence", "deadlines")
    old = dict.fromkeys(("conclusion", "text", "summary"), "话") | dict.fromkeys(lists, ())
    content = Content.model_validate_json(json.dumps(old))
    assert (content.outlook, content.forum, content.limit) == (None, None, None)


async def test_the_same_key_delivers_once(city: City) -> None:
    id, (lawyer,), (seat,) = await seated(city)
    key = str(new_id())
    first = await city.answer(lawyer, seat, key)
    assert await city.answer(lawyer, seat, key) == first
    assert codes(await city.answer(lawyer, seat, key, summary="另一种说法")) == ["KEY_REUSED"]
    assert codes(await city.answer(lawyer, seat)) == ["ALREADY_ANSWERED"]
    assert len((await city.one(lawyer, ANSWERS, id=id))["answers"]) == 1


async def test_the_same_key_claims_once(city: City) -> None:
    lawyer = await city.lawyer()
    await city.asked(await city.resident())
    await city.settle()
    key = str(new_id())
    first = await city.claim(lawyer, key=key)
    assert await city.claim(lawyer, key=key) == first
    assert codes(await city.claim(lawyer)) == ["ALREADY_SEATED"]


async def test_the_offered_read_the_brief_and_nothing_else(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    id = await city.asked(asker)
    await city.settle()
    page = await city.one(lawyer, "{ offers(first: 5) { nodes { brief state category { code } town { code } } } }")
    (offer,) = page["nodes"]
    assert offer["brief"]
    assert (offer["state"], offer["category"]["code"]) == ("OPEN", "labour.wages")
    assert await city.one(lawyer, "query ($id: ID!) { question(id: $id) { id } }", id=id) is None


async def test_another_lawyers_offer_and_seat_are_not_found(city: City) -> None:
    _, (lawyer,), (seat,) = await seated(city)
    other = await city.lawyer()
    (offer,) = await city.offer_ids(lawyer)
    assert codes(await city.claim(other, offer)) == ["NOT_FOUND"]
    for document in (EXTEND, RELEASE):
        assert codes(await city.one(other, document, id=seat)) == ["NOT_FOUND"]
    assert codes(await city.answer(other, seat)) == ["NOT_FOUND"]
    assert codes(await city.answer(other, global_id("Seat", str(new_id())))) == ["NOT_FOUND"]
    nodes = await city.one(other, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[offer, seat])
    assert nodes == [None, None]


async def test_the_reply_time_is_the_median_of_the_last_answers(city: City) -> None:
    lawyer = await city.lawyer()
    for wait in (100, 200, 250):
        await city.asked(await city.resident())
        await city.settle()
        seat = await city.claim(lawyer)
        await city.turn_seconds(wait)
        await city.answer(lawyer, seat["id"])
        await city.settle()
    (row,) = await city.sql("SELECT reply_seconds, seats_kept FROM app.lawyer WHERE id = :id", id=lawyer.id)
    assert row[0] == pytest.approx(200, abs=3)
    assert row[1] == 3
