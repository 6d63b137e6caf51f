"""What ends a follow-up, what needs no reply, and what opens a question again."""

from datetime import timedelta
from typing import Any

import pytest

from tests.city import City, codes
from tests.threads.talk import (
    STOP,
    answered,
    ask_back,
    deliver,
    happened,
    heard,
    lawyer_id,
    reply,
    standing,
    told,
    until,
)

pytestmark = pytest.mark.anyio

WITHDRAW = "mutation ($id: ID!) { withdrawQuestion(input: {questionId: $id}) { __typename } }"
RESOLVE = "mutation ($id: ID!) { resolveQuestion(input: {questionId: $id}) { __typename } }"
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.mark.parametrize(
    "thanks",
    [{"body": "好的，谢谢律师！"}, {"body": "我已经去劳动局登记了，结果出来再说。", "noReplyNeeded": True}],
)
async def test_a_last_word_of_thanks_is_never_a_miss(city: City, thanks: dict[str, Any]) -> None:
    asker, question, (lawyer,) = await answered(city, 1)
    await until(city, 9)
    said = await ask_back(city, asker, question, **thanks)
    assert (said["state"], said["clock"], said["message"]["kind"]) == ("STOPPED", None, "THANKS")
    await city.pass_time(timedelta(days=2))
    assert "FOLLOW_UP" not in await told(city, lawyer)
    assert "FOLLOW_UP_LATE" not in await told(city, asker)
    assert [message["body"] for message in await heard(city, lawyer, question)] == [thanks["body"]]
    assert "FOLLOW_UP_OPENED" not in await happened(city, question)


async def test_thanks_in_advance_leave_the_follow_up_waiting(city: City) -> None:
    asker, question, (first, second) = await answered(city)
    await until(city, 9)
    to_first = await ask_back(city, asker, question, toLawyerId=lawyer_id(first))
    to_second = await ask_back(city, asker, question, "工伤怎么算？", toLawyerId=lawyer_id(second))
    await city.turn_seconds(5)
    await ask_back(city, asker, question, "谢谢！")
    states = [row["state"] for row in (await standing(city, asker, question))["followUps"]]
    assert states == ["STOPPED", "WAITING", "WAITING"]

    await reply(city, first, to_second["id"], "这个问题我来答：工伤先认定再赔偿，材料也一并写在这里了。")
    await city.turn_seconds(5)
    await ask_back(city, asker, question, "明白了，谢谢您。")
    rows = (await standing(city, asker, question))["followUps"]
    assert {row["id"]: row["state"] for row in rows}[to_first["id"]] == "STOPPED"
    await city.pass_time(timedelta(days=1))
    assert "FOLLOW_UP_LATE" not in await told(city, asker)


async def test_the_asker_may_say_that_no_reply_is_needed_any_more(city: City) -> None:
    asker, question, (lawyer,) = await answered(city, 1)
    asked = await ask_back(city, asker, question)
    for _ in range(2):
        assert (await city.one(asker, STOP, id=asked["id"]))["state"] == "STOPPED"
    assert (await happened(city, question)).count("FOLLOW_UP_STOPPED") == 1
    assert codes(await city.one(lawyer, STOP, id=asked["id"])) == ["NOT_FOUND"]
    assert (await reply(city, lawyer, asked["id"]))["kind"] == "REPLY"
    assert (await standing(city, asker, question))["followUps"][0]["state"] == "STOPPED"


async def test_what_cannot_be_asked_back_is_refused_by_name(city: City) -> None:
    asker, stranger = await city.resident(), await city.lawyer()
    question = await city.asked(asker)
    assert codes(await ask_back(city, asker, question)) == ["NO_ANSWER_YET"]
    await city.settle()
    await deliver(city, stranger)
    other = await city.lawyer()
    assert codes(await ask_back(city, asker, question, toLawyerId=lawyer_id(other))) == ["HAS_NOT_ANSWERED"]
    for body, code in ((" ", "BLANK"), ("长" * 2001, "TOO_LONG"), ("空\x00", "BAD_TEXT")):
        refused = await ask_back(city, asker, question, body)
        assert [(reason["code"], reason["field"]) for reason in refused["reasons"]] == [(code, "body")]
    asked = await ask_back(city, asker, question)
    refused = await reply(city, stranger, asked["id"], "加我微信 lawyer_li_888 详谈。")
    assert codes(refused) == ["CONTACT_DETAILS"]
    assert codes(await reply(city, stranger, asked["id"], "长" * 5001)) == ["TOO_LONG"]
    await city.run(asker, WITHDRAW, id=question)
    assert codes(await ask_back(city, asker, question)) == ["QUESTION_CLOSED"]
    assert codes(await reply(city, stranger, asked["id"])) == ["QUESTION_CLOSED"]


@pytest.mark.parametrize("over", [WITHDRAW, RESOLVE])
async def test_a_question_that_is_over_waits_for_nobody(city: City, over: str) -> None:
    asker, question, (lawyer,) = await answered(city, 1)
    await until(city, 9)
    await ask_back(city, asker, question, toLawyerId=lawyer_id(lawyer))
    await city.run(asker, over, id=question)
    await city.settle()
    now = await standing(city, asker, question)
    assert now["followUps"][0]["state"] == "STOPPED"
    assert now["waitingOn"] == "NONE"
    assert not now["followUps"][0]["clock"]["late"]
    await city.pass_time(timedelta(hours=2))
    assert "FOLLOW_UP_LATE" not in await told(city, asker)
    assert "FOLLOW_UP_OPENED" not in await happened(city, question)


async def test_a_resolved_question_is_taken_up_again_by_the_same_lawyers_first(city: City) -> None:
    asker, question, (first, second, _) = await answered(city, 3)
    await until(city, 9)
    await city.run(asker, RESOLVE, id=question)
    await city.pass_time(timedelta(days=2))
    thanks = await ask_back(city, asker, question, "谢谢各位律师")
    assert thanks["state"] == "STOPPED"
    assert (await standing(city, asker, question))["status"] == "RESOLVED"

    newcomer = await city.lawyer()
    asked = await ask_back(city, asker, question, "仲裁之后老板还是不给，怎么办？", toLawyerId=lawyer_id(first))
    assert (asked["state"], asked["stage"]) == ("WAITING", 0)
    await city.settle()
    now = await standing(city, asker, question)
    assert (now["status"], now["waitingOn"]) == ("OPEN", "LAWYER")
    assert "FOLLOW_UP" in await told(city, first)
    assert "QUESTION_REOPENED" in await told(city, second)
    assert await city.offer_ids(newcomer) == []
    await city.pass_time(HALF_AN_HOUR)
    assert "FOLLOW_UP" in await told(city, second)
    assert await city.offer_ids(newcomer) == []
    await city.pass_time(HALF_AN_HOUR)
    assert len(await city.offer_ids(newcomer)) == 1
    await reply(city, second, asked["id"])
    ((round,),) = await city.sql("SELECT round FROM app.follow_up WHERE state = 'ANSWERED'")
    assert round == 1


async def test_after_thirty_days_a_question_is_asked_anew(city: City) -> None:
    asker, question, _ = await answered(city, 1)
    await city.run(asker, RESOLVE, id=question)
    await city.turn(timedelta(days=30))
    assert codes(await ask_back(city, asker, question)) == ["QUESTION_CLOSED"]
