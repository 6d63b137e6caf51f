"""The promised time stands still while the asker is asked back, and is over once; then the search goes on."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import uuid_of
from tests.city import City, codes
from tests.threads.talk import answered, awaited

pytestmark = pytest.mark.anyio

WANT = """mutation ($input: RequestInformationInput!) { requestInformation(input: $input) {
  __typename ... on Inquiry { id } ... on Refused { reasons { code } } } }"""
GIVE = """mutation ($input: GiveInformationInput!) { giveInformation(input: $input) {
  __typename ... on Refused { reasons { code } } } }"""
FOLLOW = """mutation ($input: AskFollowUpInput!) { askFollowUp(input: $input) {
  __typename ... on Refused { reasons { code } } } }"""
CHOICES = "query ($id: ID!) { question(id: $id) { breach { choices } } }"
RESOLVE = """mutation ($id: ID!) { resolveQuestion(input: {questionId: $id}) {
  __typename ... on Refused { reasons { code } } } }"""


async def ask_back(city: City, lawyer: Viewer, question: str) -> str:
    said = {"questionId": question, "text": "请问您签过书面的劳动合同吗？", "idempotencyKey": str(new_id())}
    made = await city.one(lawyer, WANT, input=said)
    assert made["__typename"] == "Inquiry", made
    id: str = made["id"]
    return id


async def reply(city: City, asker: Viewer, inquiry: str) -> None:
    said = {"inquiryId": inquiry, "body": "没有签过，只有工资条。", "idempotencyKey": str(new_id())}
    assert codes(await city.one(asker, GIVE, input=said)) == []


async def choices(city: City, asker: Viewer, question: str) -> list[str]:
    found: list[str] = (await city.one(asker, CHOICES, id=question))["breach"]["choices"]
    return found


async def breaches(city: City, question: str) -> int:
    id = uuid_of(question, "Question")
    (row,) = await city.sql("SELECT count(*) FROM app.feed WHERE subject = :q AND kind = 'PROMISE_BROKEN'", q=id)
    return int(row[0])


async def column(city: City, question: str, name: str) -> Any:
    id: UUID = uuid_of(question, "Question")
    (row,) = await city.sql(f"SELECT {name} FROM app.dispatch WHERE question = :q", q=id)
    return row[0]


async def told(city: City, asker: Viewer) -> list[str]:
    page = await city.one(asker, "{ notices(first: 20) { nodes { kind } } }")
    return [notice["kind"] for notice in page["nodes"]]


async def waiting(city: City) -> tuple[Viewer, str, list[Viewer]]:
    """A question on which two lawyers sit."""
    asker, lawyers = await city.resident(), await city.lawyers(2)
    question = await city.asked(asker)
    await city.settle()
    for lawyer in lawyers:
        await city.claim(lawyer)
    return asker, question, lawyers


async def test_the_promise_breaks_so_much_later_as_the_asker_was_asked_back(city: City) -> None:
    asker, question, (lawyer, _) = await waiting(city)
    await city.pass_time(100)
    inquiry = await ask_back(city, lawyer, question)
    await city.pass_time(60)
    await reply(city, asker, inquiry)
    await city.pass_time(441)  # 601 s after the asking
    assert await breaches(city, question) == 0
    await city.pass_time(61)
    assert await breaches(city, question) == 1
    assert (await told(city, asker)).count("PROMISE_BROKEN") == 1
    await city.pass_time(timedelta(hours=1))
    assert await breaches(city, question) == 1
    assert len(await city.sql("SELECT 1 FROM app.outbox WHERE kind = 'PromiseBroken'")) == 1
    assert len(await city.sql("SELECT 1 FROM app.outbox WHERE kind = 'PromiseRanOut' AND done_at IS NULL")) == 1


async def test_while_she_is_asked_back_the_promise_does_not_break_and_waves_go_on(city: City) -> None:
    asker, question, (one, other) = await waiting(city)
    first, second = await ask_back(city, one, question), await ask_back(city, other, question)
    far = await city.lawyer("marriage", "NATION")
    await city.pass_time(700)
    assert len(await city.offer_ids(far)) == 1
    assert await breaches(city, question) == 0
    await reply(city, asker, first)
    await city.pass_time(700)
    assert await breaches(city, question) == 0  # the other still waits
    await reply(city, asker, second)
    await city.pass_time(560)
    assert await breaches(city, question) == 0
    await city.pass_time(60)
    assert await breaches(city, question) == 1


async def test_who_is_asked_back_after_the_breach_has_a_broken_promise(city: City) -> None:
    asker, question, _ = await waiting(city)
    await city.pass_time(601)
    assert await breaches(city, question) == 1
    (late,) = await city.lawyers(1)
    await city.pass_time(600)
    await city.claim(late)
    await reply(city, asker, await ask_back(city, late, question))
    await city.pass_time(timedelta(hours=2))
    assert await breaches(city, question) == 1


async def test_when_the_promised_answers_are_there_the_search_ends_whatever_else_is_wanted(city: City) -> None:
    asker, lawyers = await city.resident(), await city.lawyers(3)
    question = await city.asked(asker)
    await city.settle()
    for lawyer in lawyers:
        assert await column(city, question, "kept_at") is None
        await city.answer(lawyer, (await city.claim(lawyer))["id"])
        await city.settle()
    kept = await column(city, question, "kept_at")
    assert kept is not None
    await city.pass_time(301)  # past the waves
    await city.sql("UPDATE app.dispatch SET wanted = 4")
    spare = await city.lawyers(2)
    await city.pass_time(timedelta(hours=3))
    assert await breaches(city, question) == 0
    assert [await city.offer_ids(lawyer) for lawyer in spare] == [[], []]
    assert await column(city, question, "kept_at") == kept


async def test_a_question_that_was_resolved_too_early_is_taken_up_again_without_a_breach(city: City) -> None:
    asker, question, (lawyer, other) = await waiting(city)
    for one in (lawyer, other):
        page = await city.one(one, "{ seats(first: 1) { nodes { id } } }")
        await city.answer(one, page["nodes"][0]["id"])
    await city.settle()
    assert codes(await city.one(asker, RESOLVE, id=question)) == []
    await city.pass_time(120)
    said = {"questionId": question, "body": "那我应该先去哪里投诉呢？", "idempotencyKey": str(new_id())}
    assert codes(await city.one(asker, FOLLOW, input=said)) == []
    await city.settle()
    spare = await city.lawyers(1, specialty="marriage")
    await city.pass_time(700)
    assert await breaches(city, question) == 0
    assert len(await city.offer_ids(spare[0])) == 1


async def test_who_was_called_long_ago_may_be_called_again(city: City) -> None:
    """In a small town everybody has been called by the evening; a question without answers still finds somebody."""
    lawyers = await city.lawyers(3)
    question = await city.asked(await city.resident())
    await city.settle()
    first = await city.offer_ids(lawyers[0])
    await city.pass_time(timedelta(hours=23))
    assert codes(await city.claim(lawyers[0])) == []
    await city.pass_time(timedelta(hours=1, minutes=20))
    (row,) = await city.sql("SELECT count(*), count(*) FILTER (WHERE until > app.clock()) FROM app.offer")
    assert tuple(row) == (3, 3)
    assert await city.offer_ids(lawyers[0]) == first
    assert codes(await city.claim(lawyers[1])) == []
    assert await breaches(city, question) == 1


async def test_however_often_it_is_resolved_and_opened_again_one_search_goes_on(city: City) -> None:
    asker, question, _ = await answered(city, 1)
    searched, ended = ["WAIT", "CALLBACK", "HOTLINE"], ["HOTLINE"]
    await city.pass_time(601)
    assert await choices(city, asker, question) == searched
    for _ in range(3):
        assert codes(await city.one(asker, RESOLVE, id=question)) == []
        assert await choices(city, asker, question) == ended
        said = {"questionId": question, "body": "那我应该先去哪里投诉呢？", "idempotencyKey": str(new_id())}
        assert codes(await city.one(asker, FOLLOW, input=said)) == []
        await city.settle()
        assert await choices(city, asker, question) == searched, "lawyers are looked for again"
    for _ in range(2):
        await city.pass_time(601)
        assert await awaited(city, question, "PromiseRanOut") == 1
