"""An asker says what she makes of an answer."""

import asyncio
from datetime import datetime, timedelta
from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultation.events import AnswerRated, QuestionResolved
from app.consultation.rules.rating import lower_bound, rating_id, wilson
from app.core.ids import new_id
from app.core.outbox import emit
from app.graph.ids import global_id, uuid_of
from tests.city import City, codes
from tests.consultation.opinions import RATE, answered, rate, told

pytestmark = pytest.mark.anyio

WEEK = timedelta(days=7)
NODE = "query ($id: ID!) { node(id: $id) { __typename ... on Rating { stars comment } } }"


# Rules ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("good", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_that_of_the_textbook(good: int, of: int, low: float, high: float) -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3; the rest is its mirror."""
    interval = wilson(good, of)
    assert interval is not None
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)
    mirror = wilson(of - good, of)
    assert mirror is not None
    assert (1 - mirror.high, 1 - mirror.low) == pytest.approx(interval)


@given(st.integers(1, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_share_lies_in_its_interval_and_the_interval_between_none_and_all(counts: tuple[int, int]) -> None:
    good, of = counts
    interval = wilson(good, of)
    assert interval is not None
    low, high = interval
    assert 0 <= low <= good / of + 1e-12
    assert good / of - 1e-12 <= high <= 1
    if 0 < good < of:  # each end is where the share would lie 1.96 standard errors away
        for end in interval:
            assert abs(good / of - end) / sqrt(end * (1 - end) / of) == pytest.approx(1.96, abs=1e-3)


def test_nothing_has_no_interval_and_a_few_no_bound() -> None:
    assert wilson(0, 0) is None
    assert lower_bound(0, 0) is None
    assert lower_bound(4, 4) is None
    few, many = lower_bound(5, 5), lower_bound(98, 100)
    assert few is not None
    assert many is not None
    assert few < many, "a hundred who are nearly all satisfied count for more than five who all are"
    assert lower_bound(0, 5) == 0


# Stories -------------------------------------------------------------------------------------------------------


async def test_an_asker_rates_an_answer_and_its_lawyer_reads_it(city: City) -> None:
    lawyer, peer = await city.lawyers(2)
    story = await answered(city, [lawyer, peer])
    said: dict[str, Any] = {"understood": True, "knowsNextStep": False, "solved": None}
    said["comment"] = " 很耐心，讲得清楚。 "
    rating = await rate(city, story.asker, story.answers[0], 4, **said)
    assert rating["__typename"] == "Rating"
    assert (rating["stars"], rating["round"], rating["ratedAt"]) == (4, 0, rating["changedAt"])
    assert (rating["understood"], rating["knowsNextStep"], rating["solved"]) == (True, False, None)
    assert rating["comment"] == "很耐心，讲得清楚。"
    assert datetime.fromisoformat(rating["fixedAt"]) - datetime.fromisoformat(rating["ratedAt"]) == WEEK

    del rating["__typename"]
    assert [answer["rating"] for answer in await story.read()] == [rating, None]
    assert [answer["rating"] for answer in await story.read(lawyer)] == [rating, None]
    assert [answer["rating"] for answer in await story.read(peer)] == [None, None]
    shown = {"__typename": "Rating", "stars": 4, "comment": "很耐心，讲得清楚。"}
    for viewer, sees in ((story.asker, shown), (lawyer, shown), (peer, None), (await city.resident(), None)):
        assert await city.one(viewer, NODE, id=rating["id"]) == sees
    assert await city.one(None, NODE, id=rating["id"]) is None


async def test_who_acts_for_the_asker_rates_for_her_while_she_consents(city: City) -> None:
    story = await answered(city, await city.lawyers(1))
    child = await city.resident()
    await city.sql(
        "INSERT INTO app.reader (subject, person, basis, since) VALUES (:q, :p, 'delegate', app.clock())",
        q=story.id,
        p=child.id,
    )
    assert (await rate(city, child, story.answers[0], 3, comment="妈妈没听懂"))["comment"] == "妈妈没听懂"
    assert (await story.read())[0]["rating"]["comment"] == "妈妈没听懂"
    assert (await rate(city, story.asker, story.answers[0], 4))["stars"] == 4, "hers is the same rating"
    assert (await story.read(child))[0]["rating"]["stars"] == 4
    await story.resolve()
    await city.sql("UPDATE app.reader SET until = app.clock() WHERE basis = 'delegate'")
    assert codes(await rate(city, child, story.answers[0], 1)) == ["NOT_FOUND"]


async def test_words_are_sealed_and_stars_are_told_to_the_worker_alone(city: City) -> None:
    (lawyer,) = await city.lawyers(1)
    story = await answered(city, [lawyer])
    await rate(city, story.asker, story.answers[0], 1, comment="一点用也没有")
    ((comment,),) = await city.sql("SELECT comment FROM app.rating")
    assert "一点用".encode() not in comment
    ((ids,),) = await city.sql("SELECT ids FROM app.feed WHERE kind = 'ANSWER_RATED'")
    answer = uuid_of(story.answers[0], "Answer")
    assert ids == {"answer": str(answer), "round": 0}
    ((event,),) = await city.sql("SELECT ids FROM app.outbox WHERE kind = 'AnswerRated'")
    assert AnswerRated.model_validate(event) == AnswerRated(
        question=story.id, answer=answer, round=0, lawyer=lawyer.id, stars=1
    )


async def test_what_is_said_anew_replaces_all_that_was_said_for_seven_days(city: City) -> None:
    story = await answered(city, await city.lawyers(1))
    first = await rate(city, story.asker, story.answers[0], 2, solved=False, comment="还没看懂")
    await city.turn(WEEK - timedelta(minutes=1))
    second = await rate(city, story.asker, story.answers[0], 5, understood=True)
    assert (second["id"], second["ratedAt"], second["fixedAt"]) == (first["id"], first["ratedAt"], first["fixedAt"])
    assert second["changedAt"] > first["changedAt"]
    assert (second["stars"], second["understood"], second["solved"], second["comment"]) == (5, True, None, None)

    await city.turn(timedelta(minutes=1))
    refused = await rate(city, story.asker, story.answers[0], 1)
    assert codes(refused) == ["RATING_FIXED"]
    assert refused["reasons"][0]["field"] == "answerId"
    assert (await story.read())[0]["rating"]["stars"] == 5
    assert len(await city.sql("SELECT id FROM app.outbox WHERE kind = 'AnswerRated'")) == 2


async def test_each_round_is_rated_for_itself_and_the_last_word_is_shown(city: City) -> None:
    story = await answered(city, await city.lawyers(1))
    await rate(city, story.asker, story.answers[0], 5, key="of-the-first-round")
    await story.resolve()
    await city.turn(WEEK)
    assert codes(await rate(city, story.asker, story.answers[0], 1)) == ["RATING_FIXED"]
    await story.reopen()
    assert (await rate(city, story.asker, story.answers[0], 2))["round"] == 1
    assert [answer["rating"]["round"] for answer in await story.read()] == [1]
    again = await rate(city, story.asker, story.answers[0], 5, key="of-the-first-round")
    assert (again["round"], again["stars"]) == (0, 5), "a repeat is answered with what it once made"


async def test_what_was_answered_may_be_rated_whatever_became_of_the_question(city: City) -> None:
    lawyers = await city.lawyers(1)
    story = await answered(city, lawyers)
    for status in ("RESOLVED", "CLOSED"):
        await city.sql("UPDATE app.question SET status = :s", s=status)
        assert (await rate(city, story.asker, story.answers[0]))["__typename"] == "Rating"

    withdrawn = await answered(city, lawyers)
    gone = "mutation ($id: ID!) { withdrawQuestion(input: {questionId: $id}) { __typename } }"
    assert (await city.one(withdrawn.asker, gone, id=withdrawn.question))["__typename"] == "Question"
    assert (await rate(city, withdrawn.asker, withdrawn.answers[0]))["__typename"] == "Rating"


async def test_fifty_equal_ratings_are_one(city: City) -> None:
    story = await answered(city, await city.lawyers(1))
    said = await asyncio.gather(
        *(rate(city, story.asker, story.answers[0], 4, key="the-same-key", comment="好") for _ in range(50))
    )
    assert {payload["__typename"] for payload in said} == {"Rating"}
    assert len({payload["id"] for payload in said}) == 1
    assert len(await city.sql("SELECT 1 FROM app.rating")) == 1
    assert len(await city.sql("SELECT 1 FROM app.outbox WHERE kind = 'AnswerRated'")) == 1
    assert codes(await rate(city, story.asker, story.answers[0], 5, key="the-same-key")) == ["KEY_REUSED"]


async def test_fifty_changes_of_mind_at_once_are_one_rating_and_counted_as_it_ends(city: City) -> None:
    (lawyer,) = await city.lawyers(1)
    story = await answered(city, [lawyer])
    await asyncio.gather(*(rate(city, story.asker, story.answers[0], 1 + n % 5) for n in range(50)))
    await asyncio.gather(*(city.relay.sweep() for _ in range(4)))
    await city.settle()
    ((stars,),) = await city.sql("SELECT stars FROM app.rating")
    assert await city.sql("SELECT rated, liked FROM app.lawyer") == [(1, int(stars >= 4))]


@pytest.mark.parametrize(
    ("said", "reasons"),
    [
        ({"stars": 0}, [("BAD_VALUE", "stars")]),
        ({"stars": 6}, [("BAD_VALUE", "stars")]),
        ({"comment": "字" * 501}, [("TOO_LONG", "comment")]),
        ({"comment": "a\x00"}, [("BAD_TEXT", "comment")]),
        ({"stars": -1, "comment": "\ud800"}, [("BAD_VALUE", "stars"), ("BAD_TEXT", "comment")]),
    ],
)
async def test_what_cannot_be_said_is_refused_by_its_field(
    city: City, said: dict[str, Any], reasons: list[tuple[str, str]]
) -> None:
    refused = await rate(city, await city.resident(), global_id("Answer", new_id()), **said)
    assert [(reason["code"], reason["field"]) for reason in refused["reasons"]] == reasons


async def test_the_longest_comment_and_blanks_for_one_are_taken(city: City) -> None:
    story = await answered(city, await city.lawyers(1))
    assert (await rate(city, story.asker, story.answers[0], comment="字" * 500))["comment"] == "字" * 500
    assert (await rate(city, story.asker, story.answers[0], comment="  "))["comment"] is None


async def test_anothers_answer_is_not_found_with_the_statements_of_one_that_is_not_there(city: City) -> None:
    lawyer, offered = await city.lawyers(2)
    story = await answered(city, [lawyer])
    others = (await city.resident(), lawyer, offered)
    for viewer in others:
        with city.statements() as of_anothers:
            refused = await rate(city, viewer, story.answers[0], key="one-of-my-keys")
        with city.statements() as of_nothing:
            unknown = await rate(city, viewer, global_id("Answer", new_id()), key="one-of-my-keys")
        assert refused == unknown
        assert codes(refused) == ["NOT_FOUND"]
        assert of_anothers == of_nothing
    (error,) = await city.errors(
        None, RATE, input={"answerId": story.answers[0], "stars": 5, "idempotencyKey": "k" * 8}
    )
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_rating_has_one_spelling_of_its_id(city: City) -> None:
    story = await answered(city, await city.lawyers(1))
    await rate(city, story.asker, story.answers[0])
    answer = uuid_of(story.answers[0], "Answer")
    assert rating_id(answer, 0) != rating_id(answer, 1)
    assert (await city.one(story.asker, NODE, id=global_id("Rating", f"{answer}.0")))["stars"] == 5
    assert await city.one(story.asker, NODE, id=global_id("Rating", f"{answer}.1")) is None
    for said in ("00", "-1", "x", "", "1.0", "1" * 9):
        (error,) = await city.errors(story.asker, NODE, id=global_id("Rating", f"{answer}.{said}"))
        assert error["extensions"]["code"] == "BAD_ID"


async def test_the_directory_learns_how_a_lawyer_is_liked(city: City) -> None:
    lawyer, other = await city.lawyers(2)
    figures = "{ lawyers(first: 2, orderBy: RATING) { nodes { id rating { n liked share lower } } } }"
    for number in range(5):
        story = await answered(city, [lawyer])
        await rate(city, story.asker, story.answers[0], 5 if number else 1)
        await city.settle()
        assert (await city.sql("SELECT rating_lower FROM app.lawyer WHERE id = :id", id=lawyer.id) == [(None,)]) is (
            number < 4
        )
        await city.turn(timedelta(hours=1))
    first, last = (await city.one(None, figures))["nodes"]
    assert first["id"] == global_id("Lawyer", lawyer.id)
    assert first["rating"] == {"n": 5, "liked": 4, "share": 0.8, "lower": pytest.approx(lower_bound(4, 5))}
    assert (last["id"], last["rating"]) == (global_id("Lawyer", other.id), None)

    await rate(city, story.asker, story.answers[0], 3)
    await city.settle()
    await city.sql("UPDATE app.outbox SET done_at = NULL, reacted = '{}', next_at = due_at WHERE kind = 'AnswerRated'")
    await city.settle()
    assert await city.sql("SELECT rated, liked FROM app.lawyer WHERE id = :id", id=lawyer.id) == [(5, 3)]


async def test_one_reminder_a_round_a_day_after_it_was_resolved(city: City) -> None:
    story = await answered(city, await city.lawyers(2))
    await story.resolve()
    await city.pass_time(timedelta(hours=24) - timedelta(minutes=5))
    assert await told(city, story.asker, "PLEASE_RATE") == 0
    await city.pass_time(timedelta(minutes=5))
    assert await told(city, story.asker, "PLEASE_RATE") == 1
    async with city.worker.acting("") as session:  # an event that comes twice reminds nobody twice
        await emit(session, QuestionResolved(question=story.id, round=0, by_silence=False))
    await city.pass_time(timedelta(days=2))
    assert await told(city, story.asker, "PLEASE_RATE") == 1

    await story.reopen()
    await story.resolve()
    await city.pass_time(timedelta(hours=25))
    assert await told(city, story.asker, "PLEASE_RATE") == 2, "a new round may be asked about"


async def test_whoever_rated_or_asked_back_is_not_reminded(city: City) -> None:
    lawyers = await city.lawyers(2)
    rated = await answered(city, lawyers)
    await rate(city, rated.asker, rated.answers[1], 3)
    await rated.resolve()
    taken_up = await answered(city, lawyers)
    await taken_up.resolve()
    await taken_up.reopen()
    await city.pass_time(timedelta(hours=25))
    assert await told(city, rated.asker, "PLEASE_RATE") == 0
    assert await told(city, taken_up.asker, "PLEASE_RATE") == 0


PAGE = "{{ questions(first: 20) {{ nodes {{ id answers {{ id deliveredAt lawyer {{ name }} {more} }} }} }} }}"


async def test_ratings_and_the_best_cost_a_page_of_answers_one_statement_each(city: City) -> None:
    lawyers, asker = await city.lawyers(2), await city.resident()
    for _ in range(3):
        story = await answered(city, lawyers, asker)
        for answer in story.answers:
            await rate(city, asker, answer)
        await city.turn(timedelta(hours=10))
    costs = {}
    for more in ("", "best", "rating { stars fixedAt }", "best rating { stars }"):
        with city.statements() as sent:
            page = await city.one(asker, PAGE.format(more=more))
        assert [len(question["answers"]) for question in page["nodes"]] == [2] * 3
        costs[more] = len(sent)
    assert list(costs.values()) == [costs[""], costs[""] + 1, costs[""] + 1, costs[""] + 2]
