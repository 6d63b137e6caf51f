"""Lawyers ask back: the clocks stand still, the seat is kept, and nobody stops the promise unseen."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Viewer
from app.core.ids import new_id
from tests.city import City, codes
from tests.threads.talk import (
    answered,
    ask_back,
    awaited,
    deliver,
    happened,
    heard,
    inform,
    inquire,
    lawyer_id,
    moment,
    standing,
    told,
    until,
)

pytestmark = pytest.mark.anyio

SEAT = "{ seats(first: 1) { nodes { id state leaseUntil claimedAt } } }"
EXTEND = "mutation ($id: ID!) { extendLease(input: {seatId: $id}) { __typename ... on Seat { leaseUntil } } }"
RESOLVE = "mutation ($id: ID!) { resolveQuestion(input: {questionId: $id}) { __typename } }"
PROMISE = """query ($id: ID!) { question(id: $id) { promise { pausedSince
  firstAnswer { dueAt late pausedSeconds } pauses { from until } } } }"""


async def seated(city: City) -> tuple[Viewer, str, Viewer]:
    asker, lawyer = await city.resident(), await city.lawyer()
    question = await city.asked(asker)
    await city.settle()
    await city.claim(lawyer)
    return asker, question, lawyer


async def seat_of(city: City, lawyer: Viewer) -> Any:
    (seat,) = (await city.one(lawyer, SEAT))["nodes"]
    return seat


async def lease(city: City, lawyer: Viewer) -> float:
    """Seconds from the claim to the end of her lease."""
    seat = await seat_of(city, lawyer)
    return (moment(seat["leaseUntil"]) - moment(seat["claimedAt"])).total_seconds()


async def test_a_lawyer_asks_back_and_the_asker_replies(city: City) -> None:
    asker, question, lawyer = await seated(city)
    await city.turn_seconds(60)
    asked = await inquire(city, lawyer, question, kinds=["CONTRACT", "AMOUNT"])
    assert asked["kinds"] == ["CONTRACT", "AMOUNT"]
    assert asked["lawyer"] == {"id": lawyer_id(lawyer)}
    assert (asked["message"]["kind"], asked["message"]["body"]) == ("INQUIRY", "请问有书面合同吗？")
    await city.settle()
    assert await told(city, asker) == ["INFORMATION_WANTED"]
    assert (await city.one(asker, PROMISE, id=question))["promise"]["pausedSince"] == asked["askedAt"]
    assert codes(await inquire(city, lawyer, question, "还有别的证据吗？")) == ["INQUIRY_OPEN"]
    assert (await standing(city, asker, question))["inquiries"][0]["repliedAt"] is None

    await city.pass_time(120)
    given = await inform(city, asker, asked["id"])
    assert given["repliedAt"]
    await city.settle()
    assert await told(city, lawyer) == ["INFORMATION_GIVEN"]
    assert [message["kind"] for message in await heard(city, lawyer, question)] == ["INFORMATION", "INQUIRY"]
    promise = (await city.one(asker, PROMISE, id=question))["promise"]
    assert promise["pausedSince"] is None
    assert len(promise["pauses"]) == 1
    assert promise["firstAnswer"]["pausedSeconds"] == pytest.approx(120, abs=5)
    assert codes(await inform(city, asker, asked["id"])) == ["INQUIRY_REPLIED"]
    again = await inquire(city, lawyer, question, "那微信里怎么说的？")
    assert again["kinds"] == []


async def test_the_seat_is_kept_for_her_and_runs_on_with_what_was_left(city: City) -> None:
    asker, question, lawyer = await seated(city)
    await city.turn_seconds(60)
    asked = await inquire(city, lawyer, question)
    assert await lease(city, lawyer) == pytest.approx(300 + 1800, abs=1)
    await city.pass_time(600)
    assert (await seat_of(city, lawyer))["state"] == "WRITING"
    await inform(city, asker, asked["id"])
    await city.settle()
    # She had asked after one minute of five, and the reply came ten minutes later.
    assert await lease(city, lawyer) == pytest.approx(660 + 240, abs=10)
    assert "SEAT_CHANGED" in await desk(city, lawyer)
    await city.pass_time(200)
    assert (await seat_of(city, lawyer))["state"] == "WRITING"
    await city.pass_time(60)
    assert (await seat_of(city, lawyer))["state"] == "EXPIRED"


async def desk(city: City, lawyer: Viewer) -> list[str]:
    rows = await city.sql("SELECT kind FROM app.feed WHERE person = :p ORDER BY id DESC LIMIT 2", p=lawyer.id)
    return [row.kind for row in rows]


async def test_two_minutes_are_hers_however_late_she_asked(city: City) -> None:
    asker, question, lawyer = await seated(city)
    await city.turn_seconds(290)
    asked = await inquire(city, lawyer, question)
    await city.pass_time(30)
    await inform(city, asker, asked["id"])
    await city.settle()
    assert await lease(city, lawyer) == pytest.approx(320 + 120, abs=10)


async def test_what_she_extends_while_she_waits_is_not_lost(city: City) -> None:
    asker, question, lawyer = await seated(city)
    asked = await inquire(city, lawyer, question)
    seat = await seat_of(city, lawyer)
    await city.run(lawyer, EXTEND, id=seat["id"])
    await city.pass_time(60)
    await inform(city, asker, asked["id"])
    await city.settle()
    assert await lease(city, lawyer) == pytest.approx(60 + 300 + 120, abs=10)


async def test_no_seat_is_kept_for_ever(city: City) -> None:
    """Half an hour beyond the lease; the clock of the promise stands still until the asker replies."""
    asker, question, lawyer = await seated(city)
    asked = await inquire(city, lawyer, question)
    await city.pass_time(2090)
    assert (await seat_of(city, lawyer))["state"] == "WRITING"
    await city.pass_time(11)
    assert (await seat_of(city, lawyer))["state"] == "EXPIRED"
    assert "SEAT_LOST" in await told(city, lawyer)
    await inform(city, asker, asked["id"])
    await city.settle()
    assert (await seat_of(city, lawyer))["state"] == "EXPIRED"
    assert "INFORMATION_GIVEN" in await happened(city, question)


async def test_one_who_asks_back_again_and_again_keeps_her_seat_for_an_hour_at_most(city: City) -> None:
    asker, question, lawyer = await seated(city)
    for text in ("有合同吗，什么时候签的？", "有没有工资条或转账记录？", "公司叫什么名字，在哪里？"):
        asked = await inquire(city, lawyer, question, text)
        assert asked["__typename"] == "Inquiry"
        await city.pass_time(1100)
        await inform(city, asker, asked["id"])
        await city.settle()
        assert await lease(city, lawyer) <= 3600
    seat = await seat_of(city, lawyer)
    await inquire(city, lawyer, question, "最后一次发工资是哪天？")
    await city.run(lawyer, EXTEND, id=seat["id"])
    assert await lease(city, lawyer) == 3600
    await city.pass_time(3600 - 3300 + 1)
    assert (await seat_of(city, lawyer))["state"] == "EXPIRED"


async def test_a_lawyer_who_answered_may_ask_too_and_follow_ups_wait_meanwhile(city: City) -> None:
    asker, question, (first, _, _) = await answered(city, 3)
    await until(city, 9)
    asked = await ask_back(city, asker, question, toLawyerId=lawyer_id(first))
    await city.turn_seconds(600)
    inquiry = await inquire(city, first, question, kinds=["DATE"])
    now = await standing(city, asker, question)
    assert now["followUps"][0]["clock"] == {"dueAt": None, "reachedAt": None, "late": False}
    assert now["waitingOn"] == "LAWYER"
    await city.pass_time(timedelta(hours=2))
    assert await awaited(city, question) == 1
    assert "FOLLOW_UP_OPENED" not in await happened(city, question)

    await inform(city, asker, inquiry["id"])
    now = await standing(city, asker, question)
    due = moment(now["followUps"][0]["clock"]["dueAt"]) - moment(asked["askedAt"])
    assert due.total_seconds() == pytest.approx(1800 + 7200, abs=10)
    await city.pass_time(timedelta(minutes=19))
    assert "FOLLOW_UP_OPENED" not in await happened(city, question)
    await city.pass_time(timedelta(minutes=2))
    assert "FOLLOW_UP_OPENED" in await happened(city, question)


async def test_when_only_an_inquiry_is_open_it_is_the_askers_turn(city: City) -> None:
    asker, question, (first, _, _) = await answered(city, 3)
    assert (await standing(city, asker, question))["waitingOn"] == "NONE"
    inquiry = await inquire(city, first, question)
    assert (await standing(city, asker, question))["waitingOn"] == "ASKER"
    await inform(city, asker, inquiry["id"])
    assert (await standing(city, asker, question))["waitingOn"] == "NONE"


async def test_what_cannot_be_asked_or_given_is_refused_by_name(city: City) -> None:
    asker, question, lawyer = await seated(city)
    for text, code in (("短", "TOO_SHORT"), ("长" * 501, "TOO_LONG"), ("请打我电话13800138000细说", "CONTACT_DETAILS")):
        refused = await inquire(city, lawyer, question, text)
        assert [(reason["code"], reason["field"]) for reason in refused["reasons"]] == [(code, "text")]
    assert codes(await inquire(city, lawyer, question, kinds=["DATE", "DATE"])) == ["BAD_VALUE"]
    asked = await inquire(city, lawyer, question)
    assert codes(await inform(city, asker, asked["id"], "")) == ["BLANK"]
    assert codes(await inform(city, lawyer, asked["id"])) == ["NOT_FOUND"]
    await city.run(
        asker, "mutation ($id: ID!) { withdrawQuestion(input: {questionId: $id}) { __typename } }", id=question
    )
    assert codes(await inform(city, asker, asked["id"])) == ["QUESTION_CLOSED"]
    assert codes(await inquire(city, lawyer, question)) == ["NOT_FOUND"]


async def test_the_same_key_asks_and_replies_once(city: City) -> None:
    asker, question, lawyer = await seated(city)
    key = str(new_id())
    asked = await inquire(city, lawyer, question, idempotencyKey=key)
    assert await inquire(city, lawyer, question, idempotencyKey=key) == asked
    given = await inform(city, asker, asked["id"], idempotencyKey=key)
    assert await inform(city, asker, asked["id"], idempotencyKey=key) == given
    assert len(await heard(city, asker, question)) == 2


async def test_all_who_take_part_learn_the_facts_but_not_what_a_peer_asked(city: City) -> None:
    asker, question, lawyer = await seated(city)
    peer, done = await city.lawyers(2)
    await city.pass_time(60)
    await city.claim(peer)
    await deliver(city, done)
    asked = await inquire(city, lawyer, question)
    await inform(city, asker, asked["id"])
    assert [message["kind"] for message in await heard(city, peer, question)] == ["INFORMATION"]
    assert (await standing(city, peer, question))["inquiries"] == []
    assert [message["kind"] for message in await heard(city, done, question)] == ["INFORMATION", "INQUIRY"]


async def test_what_a_lawyer_asked_before_the_question_was_resolved_holds_up_nobody_who_takes_it_up_again(
    city: City,
) -> None:
    asker, question, (lawyer, *_) = await answered(city, 3)
    asked = await inquire(city, lawyer, question)
    assert (await standing(city, asker, question))["waitingOn"] == "ASKER"
    await city.one(
        asker, "mutation ($id: ID!) { resolveQuestion(input: {questionId: $id}) { __typename } }", id=question
    )
    await until(city, 9)
    follow_up = await ask_back(city, asker, question)
    assert (await standing(city, asker, question))["waitingOn"] == "LAWYER"
    assert follow_up["clock"]["dueAt"]
    await city.pass_time(timedelta(minutes=31))
    (now,) = (await standing(city, asker, question))["followUps"]
    assert (now["stage"], now["clock"]["late"]) == (2, True)
    await city.pass_time(timedelta(days=7))
    assert "STILL_SATISFIED" not in await told(city, asker), "she waits for a lawyer"
    assert (await inform(city, asker, asked["id"]))["repliedAt"], "and may reply all the same"


async def test_what_was_asked_in_an_earlier_round_keeps_no_lawyer_from_asking(city: City) -> None:
    """The asker resolved it without a reply, and took it up again: of what was asked before no reply is owed."""
    asker, question, (lawyer, *_) = await answered(city)
    before = await inquire(city, lawyer, question)
    assert codes(await inquire(city, lawyer, question)) == ["INQUIRY_OPEN"]
    await city.one(asker, RESOLVE, id=question)
    await city.turn(timedelta(days=1))
    assert not codes(await ask_back(city, asker, question))
    await city.settle()
    asked = await asyncio.gather(*(inquire(city, lawyer, question) for _ in range(10)))
    (made,) = [one for one in asked if not codes(one)]
    assert {code for one in asked for code in codes(one)} == {"INQUIRY_OPEN"}
    for one in (made, before):
        assert (await inform(city, asker, one["id"]))["repliedAt"]
    assert not codes(await inquire(city, lawyer, question))
