"""Weeks after a question was resolved its asker is asked what came of it."""

import asyncio
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from app.consultation.events import FollowThroughDue
from app.consultation.models import CameOf, WhyNotBegun
from app.consultation.rules.follow_through import CameOfIt, against
from app.core.db import NOBODY
from app.core.ids import new_id
from app.core.outbox import emit
from app.graph.ids import uuid_of
from app.guidance.rules.path.law import PathWay
from tests.city import REFUSED, City, codes
from tests.consultation.opinions import Answered, answered, told
from workers.post import STAND

pytestmark = pytest.mark.anyio

SEES = """followThrough { declined askings { afterDays round way outcome hindrance answeredAt askedAt openUntil } }"""
READ = f"query ($id: ID!) {{ question(id: $id) {{ id {SEES} }} }}"
ANSWER = f"""mutation ($input: AnswerFollowThroughInput!) {{
  answerFollowThrough(input: $input) {{ __typename ... on Question {{ {SEES} }} {REFUSED} }} }}"""
DECLINE = f"""mutation ($input: DeclineFollowThroughInput!) {{
  declineFollowThrough(input: $input) {{ __typename ... on Question {{ {SEES} }} {REFUSED} }} }}"""
KIND = "WHAT_CAME_OF_IT"
FORTNIGHT = timedelta(days=14)


async def resolved(city: City) -> Answered:
    story = await answered(city, await city.lawyers(1))
    await story.resolve()
    return story


async def says(story: Answered, who: Any = None, key: str | None = None, **said: Any) -> Any:
    said = {"questionId": story.question, "idempotencyKey": key or str(new_id())} | said
    return await story.city.one(who or story.asker, ANSWER, input=said)


async def declines(story: Answered, who: Any = None) -> Any:
    return await story.city.one(who or story.asker, DECLINE, input={"questionId": story.question})


async def askings(story: Answered) -> list[Any]:
    found = await story.city.one(story.asker, READ, id=story.question)
    of: list[Any] = found["followThrough"]["askings"]
    return of


def test_which_answers_make_sense() -> None:
    fine = {
        (bool(way), outcome, bool(why))
        for way, outcome, why in product((None, PathWay.MEDIATION), CameOf, (None, WhyNotBegun.COST))
        if not against(CameOfIt(way=way, outcome=outcome, hindrance=why))
    }
    assert fine == {
        (True, "SOLVED", False),
        (False, "SOLVED", False),
        (True, "UNDER_WAY", False),
        (True, "REFUSED", False),
        (True, "GAVE_UP", False),
        (False, "GAVE_UP", False),
        (False, "NOT_BEGUN", True),
    }


async def test_she_is_asked_after_two_weeks_and_after_six_and_changes_what_she_said(city: City) -> None:
    story = await resolved(city)
    await city.pass_time(FORTNIGHT - timedelta(minutes=5))
    assert await told(city, story.asker, KIND) == 0
    assert codes(await says(story, outcome="GAVE_UP")) == ["FOLLOW_THROUGH_CLOSED"]
    await city.pass_time(timedelta(minutes=5))
    assert await told(city, story.asker, KIND) == 1
    assert await told(city, story.lawyers[0], KIND) == 0

    said = await says(story, outcome="NOT_BEGUN", hindrance="DID_NOT_KNOW_HOW")
    (first,) = said["followThrough"]["askings"]
    assert (first["afterDays"], first["way"], first["outcome"]) == (14, None, "NOT_BEGUN")
    assert (await says(story, outcome="UNDER_WAY", way="LABOUR_ARBITRATION"))["__typename"] == "Question"
    (again,) = await askings(story)
    assert (again["outcome"], again["way"], again["hindrance"]) == ("UNDER_WAY", "LABOUR_ARBITRATION", None)
    assert again["answeredAt"] == first["answeredAt"]

    await city.turn(timedelta(days=30))
    assert codes(await says(story, outcome="GAVE_UP")) == ["FOLLOW_THROUGH_CLOSED"]
    await city.pass_time(timedelta(days=1))
    assert await told(city, story.asker, KIND) == 2
    assert (await says(story, outcome="SOLVED", way="LABOUR_ARBITRATION"))["__typename"] == "Question"
    assert [one["outcome"] for one in await askings(story)] == ["UNDER_WAY", "SOLVED"]


async def test_what_is_solved_is_not_asked_about_again(city: City) -> None:
    story = await resolved(city)
    await city.pass_time(FORTNIGHT)
    await says(story, outcome="SOLVED")
    await city.pass_time(timedelta(days=40))
    assert await told(city, story.asker, KIND) == 1


async def test_who_says_no_is_not_asked_before_or_between(city: City) -> None:
    before, between = await resolved(city), await resolved(city)
    assert (await declines(before))["followThrough"] == {"declined": True, "askings": []}
    assert (await declines(before))["followThrough"]["declined"] is True
    await city.pass_time(FORTNIGHT)
    assert await told(city, before.asker, KIND) == 0
    assert await told(city, between.asker, KIND) == 1
    await declines(between)
    await city.pass_time(timedelta(days=40))
    assert await told(city, between.asker, KIND) == 1


async def test_a_question_that_waited_for_the_morning_is_not_put_to_who_said_no_or_answered(city: City) -> None:
    no, said, again, danger = [await resolved(city) for _ in range(4)]
    await city.pass_time(FORTNIGHT)

    async def stands(story: Answered) -> bool:
        async with city.worker.acting(NOBODY) as session:
            return await STAND[KIND](session, story.asker.id, uuid_of(story.question, "Question"))

    assert [await stands(story) for story in (no, said, again, danger)] == [True] * 4
    await declines(no)
    await says(said, outcome="GAVE_UP")
    await again.reopen()
    await city.sql(
        "UPDATE app.dispatch SET lane = 'CRISIS' WHERE question = :q", q=uuid_of(danger.question, "Question")
    )
    assert [await stands(story) for story in (no, said, again, danger)] == [False] * 4
    await city.pass_time(timedelta(days=31))
    assert await told(city, said.asker, KIND) == 2
    assert await stands(said), "she was asked again"


async def test_what_was_taken_up_again_is_asked_about_from_its_new_end(city: City) -> None:
    story = await resolved(city)
    await city.pass_time(timedelta(days=5))
    await story.reopen()
    await city.pass_time(timedelta(days=1))
    await story.resolve()
    await city.pass_time(timedelta(days=13))
    assert await told(city, story.asker, KIND) == 0
    await city.pass_time(timedelta(days=1))
    assert [one["round"] for one in await askings(story)] == [1]
    await city.pass_time(timedelta(days=40))
    assert await told(city, story.asker, KIND) == 2


@pytest.mark.parametrize(
    "so",
    [
        "UPDATE app.dispatch SET lane = 'CRISIS' WHERE question = :q",
        "UPDATE app.question SET category = 'family.violence' WHERE id = :q",
        "INSERT INTO app.age_said (person, turn, band, at)"
        " SELECT asker, 99, 'UNDER_14', now() FROM app.question WHERE id = :q",
    ],
)
async def test_no_message_follows_weeks_later_where_it_may_endanger_and_no_child_is_asked(city: City, so: str) -> None:
    story = await resolved(city)
    await city.sql(so, q=story.id)
    await city.pass_time(timedelta(days=60))
    assert await told(city, story.asker, KIND) == 0
    assert await city.sql("SELECT 1 FROM app.follow_through") == []


async def test_what_she_said_goes_with_the_question_and_nobody_is_asked_about_what_is_erased(city: City) -> None:
    story = await resolved(city)
    await city.pass_time(FORTNIGHT)
    await says(story, outcome="GAVE_UP")
    await declines(story)
    erase = f"mutation ($input: EraseQuestionInput!) {{ eraseQuestion(input: $input) {{ __typename {REFUSED} }} }}"
    made = await city.one(story.asker, erase, input={"questionId": story.question, "idempotencyKey": "of-the-erasure"})
    assert made["__typename"] == "Erasure"
    await city.pass_time(timedelta(days=40))
    assert await city.sql("SELECT 1 FROM app.follow_through UNION ALL SELECT 1 FROM app.follow_through_declined") == []


async def test_who_takes_back_her_consent_is_asked_nothing_more(city: City) -> None:
    story = await resolved(city)
    no = f"mutation {{ withdrawConsent(input: {{purpose: SERVICE}}) {{ __typename {REFUSED} }} }}"
    assert (await city.one(story.asker, no))["__typename"] != "Refused"
    await city.settle()
    await city.pass_time(timedelta(days=60))
    assert await told(city, story.asker, KIND) == 0


async def test_it_is_hers_alone(city: City) -> None:
    """Who asked for her neither sees nor says it: the grievance may be against her."""
    story, child = await resolved(city), await city.resident()
    await city.sql(
        "INSERT INTO app.reader (subject, person, basis, since) VALUES (:q, :p, 'delegate', app.clock())",
        q=story.id,
        p=child.id,
    )
    await city.pass_time(FORTNIGHT)
    await says(story, outcome="GAVE_UP")
    for other in (child, story.lawyers[0]):
        found = await city.one(other, READ, id=story.question)
        assert found["followThrough"] is None
    for other in (child, story.lawyers[0], await city.resident()):
        assert codes(await says(story, other, outcome="SOLVED")) == ["NOT_FOUND"]
        assert codes(await declines(story, other)) == ["NOT_FOUND"]
    assert await told(city, child, KIND) == 0
    assert [one["outcome"] for one in await askings(story)] == ["GAVE_UP"]


async def test_an_event_that_comes_twice_asks_once_and_fifty_taps_are_one_answer(city: City) -> None:
    story = await resolved(city)
    await city.pass_time(FORTNIGHT)
    async with city.worker.acting("") as session:
        await emit(session, *[FollowThroughDue(question=story.id, round=0, turn=1)] * 2)
    await city.settle()
    assert await told(city, story.asker, KIND) == 1
    taps = [says(story, key="the-same-tap", outcome="REFUSED", way="PETITION") for _ in range(50)]
    assert {one["__typename"] for one in await asyncio.gather(*taps)} == {"Question"}
    assert [one["outcome"] for one in await askings(story)] == ["REFUSED"]
    other = await says(story, key="the-same-tap", outcome="SOLVED")
    assert codes(other) == ["KEY_REUSED"]
    assert codes(await says(story, outcome="NOT_BEGUN", way="PETITION")) == ["BAD_VALUE", "BAD_VALUE"]
