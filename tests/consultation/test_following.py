"""Asking back until satisfied: who is asked, and how long it may wait."""

from datetime import timedelta

import pytest

from app.core.access import Role
from app.graph.ids import uuid_of
from tests.accounts.hall import suspend
from tests.city import City, codes
from tests.threads.talk import (
    STOP,
    answered,
    ask_back,
    awaited,
    happened,
    heard,
    inform,
    inquire,
    lawyer_id,
    moment,
    reply,
    standing,
    told,
    until,
)

pytestmark = pytest.mark.anyio

HALF_AN_HOUR = timedelta(minutes=30)


async def test_all_who_answered_are_asked_and_the_first_reply_ends_the_wait(city: City) -> None:
    asker, question, (first, second) = await answered(city)
    await until(city, 9)
    asked = await ask_back(city, asker, question)
    assert (asked["state"], asked["stage"], asked["to"]) == ("WAITING", 1, None)
    assert asked["message"]["kind"] == "FOLLOW_UP"
    assert asked["message"]["body"] == "那要准备哪些材料？"
    assert moment(asked["clock"]["dueAt"]) - moment(asked["askedAt"]) == HALF_AN_HOUR
    await city.settle()
    assert "FOLLOW_UP" in await told(city, first)
    assert "FOLLOW_UP" in await told(city, second)
    assert (await standing(city, asker, question))["waitingOn"] == "LAWYER"

    await city.pass_time(600)
    said = await reply(city, first, asked["id"])
    assert said["kind"] == "REPLY"
    assert said["regardsId"] == asked["message"]["id"]
    assert said["lawyer"] == {"id": lawyer_id(first)}
    later = await reply(city, second, asked["id"], "补充一点：考勤记录也要带上。")
    assert later["kind"] == "REPLY"
    await city.settle()
    (now,) = (await standing(city, asker, question))["followUps"]
    assert now["state"] == "ANSWERED"
    assert now["clock"]["reachedAt"] == now["endedAt"] < now["clock"]["dueAt"]
    assert not now["clock"]["late"]
    assert [message["kind"] for message in await heard(city, asker, question)] == ["REPLY", "REPLY", "FOLLOW_UP"]
    assert (await told(city, asker)).count("FOLLOW_UP_ANSWERED") == 1

    await city.pass_time(timedelta(days=1))
    log = await happened(city, question)
    assert "FOLLOW_UP_OPENED" not in log
    assert await awaited(city, question) == 0
    assert "FOLLOW_UP_LATE" not in await told(city, asker)


async def test_one_who_does_not_reply_is_helped_by_the_others_and_then_by_new_lawyers(city: City) -> None:
    asker, question, (hers, other) = await answered(city)
    await until(city, 9)
    asked = await ask_back(city, asker, question, toLawyerId=lawyer_id(hers))
    assert (asked["stage"], asked["to"]) == (0, {"id": lawyer_id(hers)})
    assert asked["message"]["addressee"] == {"id": lawyer_id(hers)}
    await city.settle()
    assert "FOLLOW_UP" in await told(city, hers)
    assert "FOLLOW_UP" not in await told(city, other)

    await city.pass_time(HALF_AN_HOUR)
    (now,) = (await standing(city, asker, question))["followUps"]
    assert (now["state"], now["stage"], now["to"]) == ("WAITING", 1, {"id": lawyer_id(hers)})
    assert now["message"]["addressee"] is None
    assert now["clock"]["late"]
    assert "FOLLOW_UP" in await told(city, other)
    assert (await told(city, asker)).count("FOLLOW_UP_LATE") == 1

    newcomer = await city.lawyer(pool="NATION")
    await city.pass_time(HALF_AN_HOUR)
    assert (await standing(city, asker, question))["followUps"][0]["stage"] == 2
    seat = await city.claim(newcomer)
    assert [message["kind"] for message in await heard(city, newcomer, question)] == ["FOLLOW_UP"]
    await city.pass_time(60)
    refused = await reply(city, newcomer, asked["id"])
    assert codes(refused) == ["ANSWER_FIRST"]
    assert (await city.answer(newcomer, seat["id"]))["__typename"] == "Answer"
    await city.settle()
    (now,) = (await standing(city, asker, question))["followUps"]
    assert now["state"] == "ANSWERED"
    assert now["clock"]["late"]
    assert (await told(city, asker)).count("FOLLOW_UP_ANSWERED") == 1
    await city.pass_time(HALF_AN_HOUR)
    assert await awaited(city, question) == 0


async def test_one_that_waits_always_has_its_next_moment(city: City) -> None:
    asker, question, _ = await answered(city, 1)
    await until(city, 9)
    asked = await ask_back(city, asker, question)
    for _ in range(4):
        assert await awaited(city, question) == 1
        await city.pass_time(HALF_AN_HOUR)
    log = await happened(city, question)
    assert log.count("FOLLOW_UP_OPENED") == 4
    ((wanted,),) = await city.sql(
        "SELECT wanted FROM app.dispatch WHERE question = :q", q=uuid_of(question, "Question")
    )
    assert (
        wanted == 3
    )  # the promised three are still looked for, and nobody asks for more than one beyond what is there
    await city.one(asker, STOP, id=asked["id"])
    await city.pass_time(timedelta(days=1))
    assert await awaited(city, question) == 0


async def test_at_night_a_lawyer_has_four_hours(city: City) -> None:
    asker, question, (lawyer,) = await answered(city, 1)
    await until(city, 23)
    asked = await ask_back(city, asker, question, toLawyerId=lawyer_id(lawyer))
    assert moment(asked["clock"]["dueAt"]) - moment(asked["askedAt"]) == timedelta(hours=4)
    await city.pass_time(timedelta(hours=3, minutes=59))
    assert (await standing(city, asker, question))["followUps"][0]["stage"] == 0
    await city.pass_time(60)
    assert (await standing(city, asker, question))["followUps"][0]["stage"] == 2


async def test_where_nobody_else_answered_new_lawyers_are_asked_at_once(city: City) -> None:
    """The asker is told that others have been asked: so they have."""
    asker, question, (hers, gone) = await answered(city)
    await suspend(city, await city.person(Role.ADMIN), gone)
    await until(city, 9)
    asked = await ask_back(city, asker, question, toLawyerId=lawyer_id(hers))
    newcomer = await city.lawyer(pool="NATION")
    await city.pass_time(HALF_AN_HOUR)
    assert (await told(city, asker)).count("FOLLOW_UP_LATE") == 1
    (now,) = (await standing(city, asker, question))["followUps"]
    assert (now["stage"], now["message"]["addressee"]) == (2, None)
    assert codes(await city.claim(newcomer)) == []
    assert [message["id"] for message in await heard(city, newcomer, question)] == [asked["message"]["id"]]


async def test_who_practises_no_more_keeps_nobody_waiting(city: City) -> None:
    asker, question, (gone, other) = await answered(city)
    await suspend(city, await city.person(Role.ADMIN), gone)
    await city.one(
        asker, "mutation ($id: ID!) { resolveQuestion(input: {questionId: $id}) { __typename } }", id=question
    )
    asked = await ask_back(city, asker, question, toLawyerId=lawyer_id(gone))
    assert (asked["stage"], asked["to"], asked["message"]["addressee"]) == (1, None, None)
    await city.settle()
    assert {"FOLLOW_UP", "QUESTION_REOPENED"} <= set(await told(city, other))
    assert await city.sql("SELECT 1 FROM app.notice WHERE person = :id AND kind <> 'OFFERED'", id=gone.id) == []


async def test_late_stays_late_though_the_reply_comes(city: City) -> None:
    asker, question, (lawyer,) = await answered(city, 1)
    await until(city, 9)
    asked = await ask_back(city, asker, question)
    await city.pass_time(timedelta(minutes=31))
    await reply(city, lawyer, asked["id"])
    (now,) = (await standing(city, asker, question))["followUps"]
    assert (now["state"], now["clock"]["late"]) == ("ANSWERED", True)


async def test_one_who_asks_for_another_asks_back_for_her_too(city: City) -> None:
    asker, question, (lawyer,) = await answered(city, 1)
    daughter = await city.resident()
    await city.sql(
        "INSERT INTO app.reader (subject, person, basis, since) VALUES (:q, :me, 'delegate', app.clock())",
        q=uuid_of(question, "Question"),
        me=daughter.id,
    )
    asked = await ask_back(city, daughter, question)
    said = await reply(city, lawyer, asked["id"])
    await city.settle()
    assert said["__typename"] == "Message"
    assert "FOLLOW_UP_ANSWERED" in await told(city, daughter)
    assert "FOLLOW_UP_ANSWERED" in await told(city, asker)
    (newest, oldest) = await heard(city, asker, question)
    assert (oldest["fromAsker"], oldest["mine"], newest["fromAsker"]) == (True, False, False)
    inquiry = await inquire(city, lawyer, question)
    assert (await inform(city, daughter, inquiry["id"]))["repliedAt"]
    assert (await city.one(daughter, STOP, id=asked["id"]))["state"] == "ANSWERED"


async def test_what_may_not_be_passed_on_is_refused_and_anger_is_not(city: City) -> None:
    asker, question, _ = await answered(city)
    offer = "澳门赌场线上开户，首存送彩金，加微信 dubo8888 办理"
    assert codes(await ask_back(city, asker, question, offer)) == ["UNLAWFUL_CONTENT"]
    assert (await standing(city, asker, question))["followUps"] == []
    assert (await ask_back(city, asker, question, "你们这群骗子，王八蛋！"))["state"] == "WAITING"


async def test_who_says_only_now_that_she_is_in_danger_is_shown_where_to_call(city: City) -> None:
    asker, question, _ = await answered(city)
    cards = "query ($id: ID!) { question(id: $id) { safetyCards { signal phones { number } } } }"
    assert (await city.one(asker, cards, id=question))["safetyCards"] == []
    await ask_back(city, asker, question, "他昨晚又打我了，掐着我的脖子，我很害怕，怎么办？")
    (card,) = (await city.one(asker, cards, id=question))["safetyCards"]
    assert card["signal"] in ("DOMESTIC_VIOLENCE", "DANGER_TO_LIFE")
    assert "110" in [phone["number"] for phone in card["phones"]]
