"""An asker chooses the answer she likes best."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.core.ids import new_id
from app.graph.ids import global_id
from tests.city import City, codes
from tests.consultation.opinions import CHOOSE, Answered, answered, choose, told

pytestmark = pytest.mark.anyio

WEEK = timedelta(days=7)


async def best(story: Answered) -> list[bool]:
    return [answer["best"] for answer in await story.read()]


async def test_the_best_answer_is_one_of_the_questions_and_its_lawyer_is_told(city: City) -> None:
    lawyers = await city.lawyers(3)
    story = await answered(city, lawyers)
    assert await best(story) == [False, False, False]
    chosen = await choose(city, story.asker, story.question, story.answers[1])
    assert chosen == {"__typename": "Answer", "id": story.answers[1], "best": True}
    await city.settle()
    assert await best(story) == [False, True, False]
    assert [answer["best"] for answer in await story.read(lawyers[0])] == [False, True, False]
    assert [await told(city, lawyer, "BEST_ANSWER") for lawyer in lawyers] == [0, 1, 0]
    ((ids,),) = await city.sql("SELECT ids FROM app.feed WHERE kind = 'BEST_CHOSEN'")
    assert global_id("Answer", ids["answer"]) == story.answers[1]


async def test_she_may_change_her_mind_for_seven_days_after_the_first_choice(city: City) -> None:
    lawyers = await city.lawyers(2)
    story = await answered(city, lawyers)
    one, two = story.answers
    await choose(city, story.asker, story.question, one)
    await city.turn(WEEK - timedelta(minutes=1))
    for answer in (two, one, two):
        assert (await choose(city, story.asker, story.question, answer))["best"]
    await city.settle()
    assert await best(story) == [False, True]
    assert [await told(city, lawyer, "BEST_ANSWER") for lawyer in lawyers] == [1, 1], "once an answer"

    await city.turn(timedelta(minutes=1))
    refused = await choose(city, story.asker, story.question, one)
    assert (codes(refused), refused["reasons"][0]["field"]) == (["BEST_FIXED"], "answerId")
    assert (await choose(city, story.asker, story.question, two))["best"], "that it is so may be said again"
    assert await best(story) == [False, True]
    assert len(await city.sql("SELECT 1 FROM app.outbox WHERE kind = 'BestChosen'")) == 4


async def test_fifty_at_once_choose_one(city: City) -> None:
    story = await answered(city, await city.lawyers(2))
    one = story.answers[0]
    same = await asyncio.gather(
        *(choose(city, story.asker, story.question, one, "the-same-key") for _ in range(25)),
        *(choose(city, story.asker, story.question, one) for _ in range(25)),
    )
    assert all(payload["best"] for payload in same)
    assert len(await city.sql("SELECT 1 FROM app.outbox WHERE kind = 'BestChosen'")) == 1
    assert codes(await choose(city, story.asker, story.question, story.answers[1], "the-same-key")) == ["KEY_REUSED"]


async def test_an_answer_to_another_question_is_not_found(city: City) -> None:
    (lawyer,) = await city.lawyers(1)
    asker = await city.resident()
    story, hers = await answered(city, [lawyer], asker), await answered(city, [lawyer], asker)
    anothers = await answered(city, [lawyer])
    for answer in (hers.answers[0], anothers.answers[0], global_id("Answer", new_id())):
        refused = await choose(city, asker, story.question, answer)
        assert (codes(refused), refused["reasons"][0]["field"]) == (["NOT_FOUND"], "answerId")
    assert await city.sql("SELECT 1 FROM app.best") == []


async def test_anothers_question_is_not_found_with_the_statements_of_one_that_is_not_there(city: City) -> None:
    lawyer, offered = await city.lawyers(2)
    story = await answered(city, [lawyer])
    for viewer in (await city.resident(), lawyer, offered):
        with city.statements() as of_anothers:
            refused = await choose(city, viewer, story.question, story.answers[0])
        with city.statements() as of_nothing:
            unknown = await choose(city, viewer, global_id("Question", new_id()), story.answers[0])
        assert refused == unknown
        assert (codes(refused), refused["reasons"][0]["field"]) == (["NOT_FOUND"], "questionId")
        assert of_anothers == of_nothing
    said = {"questionId": story.question, "answerId": story.answers[0], "idempotencyKey": "k" * 8}
    (error,) = await city.errors(None, CHOOSE, input=said)
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_lawyer_who_still_writes_does_not_see_the_choice(city: City) -> None:
    """On the ground of a seat she sees none of the others' answers, nor what became of them."""
    first, writing = await city.lawyers(2)
    story = await answered(city, [first])
    await city.claim(writing)
    await choose(city, story.asker, story.question, story.answers[0])
    assert await story.read(writing) == []
    async with city.db.acting(writing.id) as session:
        assert (await session.rows(text("SELECT * FROM app.best"))).all() == []
