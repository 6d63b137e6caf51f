"""A daughter, or a village cadre, asks for an elder: hers is the question, and she sees all of it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.city import ASK, City, codes, question
from tests.threads.talk import ask_back, told

pytestmark = pytest.mark.anyio

READ = """query ($id: ID!) { question(id: $id) { status body brief delegated allowed delegation { id relation given }
  namedLawyers { id } accesses { basis } answers { id } } }"""
RESOLVE = """mutation ($id: ID!) { resolveQuestion(input: {questionId: $id}) {
  __typename ... on Question { status } ... on Refused { reasons { code field } } } }"""
WITHDRAW = RESOLVE.replace("resolveQuestion", "withdrawQuestion")
PAGE = "{ questions(first: 9) { nodes { id } } }"


async def consent(city: City, elder: Viewer, delegate: Viewer) -> str:
    """As she gives it by the digits that came to her telephone."""
    id = new_id()
    await city.sql(
        "INSERT INTO app.delegation (id, elder, delegate, relation, consent, granted_at, names)"
        " VALUES (:id, :elder, :delegate, 'CHILD', 'SMS_CODE', :at, '')",
        id=id,
        elder=elder.id,
        delegate=delegate.id,
        at=datetime.now(UTC),
    )
    return global_id("Delegation", id)


async def family(city: City) -> tuple[Viewer, Viewer, str]:
    mother, daughter = await city.resident(), await city.resident()
    return mother, daughter, await consent(city, mother, daughter)


async def ask(city: City, delegate: Viewer, delegation: str, **more: Any) -> Any:
    return await city.one(delegate, ASK, input=question() | {"onBehalfOf": delegation} | more)


async def test_what_a_daughter_asks_is_her_mothers_and_both_read_it(city: City) -> None:
    mother, daughter, delegation = await family(city)
    lawyer = await city.lawyer()
    made = await ask(city, daughter, delegation)
    id = made["id"]
    await city.settle()
    assert await told(city, mother) == ["ASKED_FOR_YOU"]
    assert await told(city, daughter) == []
    for viewer, given in ((mother, True), (daughter, False)):
        read = await city.one(viewer, READ, id=id)
        assert (read["body"], read["brief"]) == (made["body"], made["brief"])
        assert (read["status"], read["delegated"], read["allowed"]) == (
            "OPEN",
            True,
            ["WITHDRAW", "REQUEST_CALLBACK", "ERASE"] if viewer is mother else ["WITHDRAW", "REQUEST_CALLBACK"],
        )
        assert read["delegation"] == {"id": delegation, "relation": "CHILD", "given": given}
        assert [node["id"] for node in (await city.one(viewer, PAGE))["nodes"]] == [id]
    await city.answer(lawyer, (await city.claim(lawyer))["id"])
    await city.settle()
    seen = await city.one(lawyer, READ, id=id)
    assert (seen["delegated"], seen["delegation"], seen["allowed"]) == (True, None, [])
    # That her daughter reads it is in the mother's own record.
    accesses = (await city.one(mother, READ, id=id))["accesses"]
    assert {access["basis"] for access in accesses} == {"delegate", "offered", "seat"}
    assert await city.sql("SELECT 1 FROM app.question WHERE asker <> :mother", mother=mother.id) == []


async def test_either_of_the_two_carries_the_question_on(city: City) -> None:
    mother, daughter, delegation = await family(city)
    lawyer = await city.lawyer()
    id = (await ask(city, daughter, delegation))["id"]
    await city.settle()
    await city.answer(lawyer, (await city.claim(lawyer))["id"])
    await city.settle()
    assert (await city.one(daughter, RESOLVE, id=id))["status"] == "RESOLVED"
    await city.settle()
    assert (await ask_back(city, mother, id))["__typename"] == "FollowUp"
    await city.settle()
    assert (await city.one(daughter, WITHDRAW, id=id))["status"] == "WITHDRAWN"


async def test_a_consent_that_is_withdrawn_ends_all_of_it_at_once(city: City) -> None:
    mother, daughter, delegation = await family(city)
    id = (await ask(city, daughter, delegation))["id"]
    await city.sql("UPDATE app.delegation SET ended_at = app.clock(), ended_by = 'ELDER'")
    assert await city.one(daughter, READ, id=id) is None
    assert (await city.one(daughter, PAGE))["nodes"] == []
    for document in (RESOLVE, WITHDRAW):
        assert codes(await city.one(daughter, document, id=id)) == ["NOT_FOUND"]
    again = await ask(city, daughter, delegation)
    assert again["reasons"][0]["code"] == "NOT_FOUND"
    assert again["reasons"][0]["field"] == "onBehalfOf"
    assert (await city.one(mother, READ, id=id))["status"] == "OPEN"
    assert len(await city.sql("SELECT 1 FROM app.question")) == 1


async def test_what_concerns_the_elder_is_told_to_both_while_she_consents(city: City) -> None:
    mother, daughter, stranger = await city.resident(), await city.resident(), await city.lawyer()
    consented = await consent(city, mother, daughter)
    asked = await city.one(daughter, ASK, input=question() | {"onBehalfOf": consented})
    assert asked["__typename"] == "Question", asked
    await city.settle()
    await city.answer(stranger, (await city.claim(stranger))["id"])
    await city.settle()
    assert [kind for kind in await told(city, daughter) if kind == "NEW_ANSWER"] == ["NEW_ANSWER"]
    assert "NEW_ANSWER" in await told(city, mother)
    await city.sql("UPDATE app.delegation SET ended_at = app.clock(), ended_by = 'ELDER'")
    await city.pass_time(600)
    assert "PROMISE_BROKEN" in await told(city, mother)
    assert "PROMISE_BROKEN" not in await told(city, daughter)


async def test_nobody_asks_by_the_consent_of_another(city: City) -> None:
    mother, daughter, delegation = await family(city)
    for stranger in (mother, await city.resident()):
        refused = await ask(city, stranger, delegation)
        assert (refused["reasons"][0]["code"], refused["reasons"][0]["field"]) == ("NOT_FOUND", "onBehalfOf")
    assert daughter
    assert await city.sql("SELECT 1 FROM app.question") == []


async def test_a_cadre_asks_for_many_and_each_has_the_quota_of_one(city: City) -> None:
    cadre, elders = await city.resident(), [await city.resident() for _ in range(3)]
    for elder in elders:
        delegation = await consent(city, elder, cadre)
        made = [await ask(city, cadre, delegation) for _ in range(4)]
        assert [codes(payload) for payload in made] == [[], [], [], ["QUOTA_OPEN"]]
        # What was asked for her is hers: she does not ask three more beside it.
        assert codes(await city.one(elder, ASK, input=question())) == ["QUOTA_OPEN"]
    assert codes(await city.one(cadre, ASK, input=question())) == []


async def test_neither_of_the_two_is_asked_by_name(city: City) -> None:
    elder, cadre, other = await city.lawyers(3, requestable=True)
    delegation = await consent(city, elder, cadre)
    ids = [global_id("Lawyer", lawyer.id) for lawyer in (other, elder, cadre)]
    refused = await ask(city, cadre, delegation, lawyerIds=ids)
    assert [(reason["code"], reason["field"]) for reason in refused["reasons"]] == [
        ("LAWYER_NOT_REQUESTABLE", "lawyerIds.1"),
        ("LAWYER_NOT_REQUESTABLE", "lawyerIds.2"),
    ]


async def test_the_elder_is_told_also_when_the_words_had_to_be_changed_first(city: City) -> None:
    mother, daughter, delegation = await family(city)
    id = (await ask(city, daughter, delegation, body="哈哈哈哈哈"))["id"]
    await city.settle()
    assert await told(city, mother) == []
    revise = """mutation ($input: ReviseQuestionInput!) { reviseQuestion(input: $input) {
      __typename ... on Question { status } } }"""
    said = {"questionId": id, "body": "老板拖欠工资怎么办", "idempotencyKey": str(new_id())}
    assert (await city.one(daughter, revise, input=said))["status"] == "OPEN"
    await city.settle()
    assert await told(city, mother) == ["ASKED_FOR_YOU"]
