"""A lawyer changes her answer: both versions stay."""

import asyncio
from typing import Any

import pytest

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.city import CONTENT, REFUSED, City, codes
from tests.consultation.test_answering import seated
from tests.consultation.test_likeness import REACH_ME, asker_of
from tests.consultation.test_statements import PAGE
from tests.words import own_words

pytestmark = pytest.mark.anyio

AMEND = f"""mutation ($input: AmendAnswerInput!) {{ amendAnswer(input: $input) {{
  __typename ... on Answer {{ id amendedAt content {{ text }} versions {{ at content {{ text }} }} }} {REFUSED} }} }}"""
READ = """query ($id: ID!) { question(id: $id) { answers {
  deliveredAt amendedAt content { text } versions { at content { text } } } } }"""


async def amended(city: City, lawyer: Viewer, answer: str, text: str, key: str | None = None, **parts: Any) -> Any:
    content = CONTENT | {"text": text} | parts
    return await city.one(
        lawyer, AMEND, input={"answerId": answer, "content": content, "idempotencyKey": key or str(new_id())}
    )


async def answered(city: City, count: int = 1) -> tuple[str, list[Viewer], list[str]]:
    """A question and so many answers to it."""
    question, lawyers, seats = await seated(city, count)
    answers = [(await city.answer(lawyer, seat))["id"] for lawyer, seat in zip(lawyers, seats, strict=True)]
    await city.settle()
    return question, lawyers, answers


async def test_both_versions_are_read_and_the_asker_is_told(city: City) -> None:
    question, (lawyer, peer), (answer, _) = await answered(city, 2)
    asker = await asker_of(city, question)
    before = (await city.one(asker, READ, id=question))["answers"][0]
    assert before["amendedAt"] is None
    assert before["versions"] == [{"at": before["deliveredAt"], "content": before["content"]}]
    await city.pass_time(60)
    texts = [own_words("second thoughts"), own_words("third thoughts")]
    for text in texts:
        made = await amended(city, lawyer, answer, text)
        assert (made["__typename"], made["content"]["text"]) == ("Answer", text)
        await city.pass_time(60)
    for reader in (asker, lawyer, peer):
        now = (await city.one(reader, READ, id=question))["answers"][0]
        assert [version["content"]["text"] for version in now["versions"]] == [before["content"]["text"], *texts]
        assert [version["at"] for version in now["versions"]] == sorted(version["at"] for version in now["versions"])
        assert now["amendedAt"] == now["versions"][-1]["at"] > now["deliveredAt"] == before["deliveredAt"]
        assert now["content"]["text"] == texts[-1]
    told = await city.one(asker, "{ notices(first: 10) { nodes { kind aboutId } } }")
    assert [n["aboutId"] for n in told["nodes"] if n["kind"] == "ANSWER_AMENDED"] == [question] * 2
    log = await city.sql(
        "SELECT 1 FROM app.feed WHERE subject = :q AND kind = 'ANSWER_AMENDED'", q=uuid_of(question, "Question")
    )
    assert len(log) == 2


async def test_the_same_key_amends_once(city: City) -> None:
    _, (lawyer,), (answer,) = await answered(city)
    text, key = own_words("again"), str(new_id())
    first = await amended(city, lawyer, answer, text, key)
    assert await amended(city, lawyer, answer, text, key) == first
    assert codes(await amended(city, lawyer, answer, own_words("other"), key)) == ["KEY_REUSED"]
    assert len(first["versions"]) == 2


async def test_an_answer_has_at_most_twenty_versions_also_when_two_come_at_once(city: City) -> None:
    question, (lawyer,), (answer,) = await answered(city)
    for number in range(18):
        made = await amended(city, lawyer, answer, own_words(f"version {number}"))
        assert len(made["versions"]) == number + 2
    got = await asyncio.gather(*(amended(city, lawyer, answer, own_words(f"last {n}")) for n in range(3)))
    assert sorted(codes(payload) for payload in got) == [[], ["TOO_MANY_VERSIONS"], ["TOO_MANY_VERSIONS"]]
    read = await city.one(await asker_of(city, question), READ, id=question)
    assert len(read["answers"][0]["versions"]) == 20


async def test_what_could_not_be_delivered_is_no_amendment_either(city: City) -> None:
    _, (lawyer,), (answer,) = await answered(city)
    text = own_words("better")
    for bad, code in (
        ({"text": "短"}, "TOO_SHORT"),
        ({"text": text + REACH_ME}, "CONTACT_DETAILS"),
        ({"summary": ""}, "BLANK"),
        ({"limit": {"amount": 21, "unit": "YEAR"}}, "BAD_VALUE"),
    ):
        assert codes(await amended(city, lawyer, answer, **({"text": text} | bad))) == [code], bad
    assert (await amended(city, lawyer, answer, text))["__typename"] == "Answer"


async def test_only_her_own_answer_is_hers_to_change(city: City) -> None:
    """A peer reads it and the asker too; to others it is not there, by the same statements."""
    _, (_, peer), (answer, _) = await answered(city, 2)
    text, nowhere = own_words("mine"), global_id("Answer", new_id())
    assert codes(await amended(city, peer, answer, text)) == ["NOT_FOUND"]
    stranger = await city.lawyer()
    with city.statements() as there:
        assert codes(await amended(city, stranger, answer, text)) == ["NOT_FOUND"]
    with city.statements() as not_there:
        assert codes(await amended(city, stranger, nowhere, text)) == ["NOT_FOUND"]
    assert there == not_there
    errors = await city.errors(
        await city.resident(),
        AMEND,
        input={"answerId": answer, "content": CONTENT, "idempotencyKey": "a-key-of-this-test"},
    )
    assert [error["extensions"]["code"] for error in errors] == ["FORBIDDEN"]


async def test_a_peer_who_has_not_answered_sees_no_version(city: City) -> None:
    question, (lawyer, writing), (seat, _) = await seated(city, 2)
    answer = (await city.answer(lawyer, seat))["id"]
    await amended(city, lawyer, answer, own_words("again"))
    assert (await city.one(writing, READ, id=question))["answers"] == []
    assert await city.one(writing, "query ($id: ID!) { node(id: $id) { id } }", id=answer) is None


@pytest.mark.parametrize(
    ("status", "expected"), [("RESOLVED", []), ("CLOSED", ["QUESTION_CLOSED"]), ("WITHDRAWN", ["QUESTION_CLOSED"])]
)
async def test_an_answer_changes_while_its_question_is_open_or_resolved(
    city: City, status: str, expected: list[str]
) -> None:
    question, (lawyer,), (answer,) = await answered(city)
    await city.sql(
        "UPDATE app.question SET status = :status WHERE id = :q", status=status, q=uuid_of(question, "Question")
    )
    assert codes(await amended(city, lawyer, answer, own_words("late"))) == expected


async def test_the_next_one_is_compared_with_what_an_answer_says_now(city: City) -> None:
    _, (first, second, third), seats = await seated(city, 3)
    answer = (await city.answer(first, seats[0], text=own_words("was")))["id"]
    await amended(city, first, answer, own_words("is"))
    assert not (await city.answer(second, seats[1], text=own_words("is")))["counts"]
    assert (await city.answer(third, seats[2], text=own_words("was")))["counts"]


async def test_a_page_of_questions_with_all_versions_costs_no_more(city: City) -> None:
    question, lawyers, answers = await answered(city, 3)
    for lawyer, answer in zip(lawyers, answers, strict=True):
        for number in range(2):
            await amended(city, lawyer, answer, own_words(f"{answer} {number}"))
    page = PAGE.replace("deliveredAt", "deliveredAt amendedAt counts suspect versions { at content { text } }")
    asker = await asker_of(city, question)
    with city.statements() as asked:
        found = await city.one(asker, page)
    (edge,) = found["edges"]
    assert [len(answer["versions"]) for answer in edge["node"]["answers"]] == [3] * 3
    assert len(asked) <= 4, asked
    with city.statements() as asked:
        await city.one(lawyers[0], page)
    assert len(asked) <= 5, asked


async def test_a_version_is_sealed_in_its_place(city: City) -> None:
    _, (lawyer,), (answer,) = await answered(city)
    text = own_words("secret")
    await amended(city, lawyer, answer, text)
    ((kept,),) = await city.sql("SELECT content FROM app.amendment")
    assert text[:6].encode() not in kept
