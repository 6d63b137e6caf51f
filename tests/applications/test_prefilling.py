"""Who asked a question does not tell it all again when she applies for legal aid."""

from typing import Any

import pytest

from app.applications.rules.forms.mediation import DisputeKind
from app.applications.rules.prefilling import dispute_of, facts_of, matter_of, place_of
from app.core.access import Viewer
from app.directory.rules.taxonomy import CATEGORIES
from app.graph.ids import global_id, uuid_of
from app.guidance.rules.eligibility import LAWS, AidMatter, EligibilityKind
from tests.city import TOWN, City, codes, question
from tests.consultation.speaking import SAID, asked, recorded
from tests.consultation.test_life_delegated import ask, family

pytestmark = pytest.mark.anyio

PREFILL = """query ($id: ID!, $fields: [PrefillField!]!) { prefillFromQuestion(questionId: $id, fields: $fields) {
  __typename ... on LegalAidPrefill { facts matter livesAt } ... on Refused { reasons { code field } } } }"""
ALL = ["FACTS", "MATTER", "LIVES_AT"]


async def prefill(city: City, who: Viewer, id: str, fields: list[str]) -> Any:
    return await city.one(who, PREFILL, id=id, fields=fields)


async def test_what_was_written_and_spoken_is_carried_over_where_it_is_named(city: City) -> None:
    asker = await city.resident()
    async with city.http() as client:
        voice = await recorded(city, client, asker)
    id = await asked(city, asker, voice, SAID, body="包工头不认账。", categoryId=global_id("Category", "labour.injury"))
    found = await prefill(city, asker, id, ALL)
    assert found["facts"] == f"包工头不认账。\n{SAID}"
    assert found["matter"] == "WORK_INJURY"
    assert found["livesAt"].endswith(place_of(TOWN))
    assert await prefill(city, asker, id, []) == {
        "__typename": "LegalAidPrefill",
        "facts": None,
        "matter": None,
        "livesAt": None,
    }
    # What is not named is not opened: no key is asked for.
    with city.statements() as sent:
        only = await prefill(city, asker, id, ["MATTER"])
    assert (only["facts"], only["matter"]) == (None, "WORK_INJURY")
    assert not any("app.key" in statement for statement in sent)
    with city.statements() as sent:
        await prefill(city, asker, id, ALL)
    assert any("app.key" in statement for statement in sent)
    assert len(sent) <= 6


async def test_only_she_and_who_asks_for_her_apply_with_it(city: City) -> None:
    mother, daughter, delegation = await family(city)
    (lawyer,) = await city.lawyers(1)
    id = (await ask(city, daughter, delegation))["id"]
    await city.settle()
    await city.claim(lawyer)
    body = question()["body"]
    for owner in (mother, daughter):
        assert (await prefill(city, owner, id, ALL))["facts"] == body
    for other in (lawyer, await city.resident()):
        refused = await prefill(city, other, id, ALL)
        assert codes(refused) == ["NOT_FOUND"]
    assert (await city.errors(None, PREFILL, id=id, fields=ALL))[0]["extensions"]["code"] == "UNAUTHENTICATED"
    await city.sql(
        "UPDATE app.delegation SET ended_at = app.clock(), ended_by = 'ELDER' WHERE elder = :elder", elder=mother.id
    )
    assert codes(await prefill(city, daughter, id, ALL)) == ["NOT_FOUND"]
    assert codes(await prefill(city, mother, global_id("Answer", uuid_of(id, "Question")), ALL)) == ["BAD_ID"]


def test_every_category_is_a_matter_or_may_be_several() -> None:
    law = LAWS[EligibilityKind.LEGAL_AID]
    assert law.matters.keys() <= CATEGORIES.keys()
    assert {matter_of(code) for code in CATEGORIES} <= {None, *AidMatter}
    assert matter_of("labour.wages") is AidMatter.LABOUR
    assert matter_of("labour.dismissal") is None
    assert matter_of("family.divorce") is AidMatter.OTHER
    assert matter_of("criminal.custody") is AidMatter.SUSPECT_OR_DEFENDANT


def test_nothing_that_was_said_is_lost() -> None:
    assert facts_of(" 写的。 ", "说的。") == "写的。\n说的。"
    assert facts_of("", "说的。" * 2_000) == "说的。" * 2_000
    assert facts_of("", None) is None
    assert facts_of(None, " ") is None


async def test_a_mediation_begins_with_it_too(city: City) -> None:
    asker, other = await city.resident(), await city.resident()
    document = """query ($id: ID!, $fields: [PrefillField!]!) {
      prefillFromQuestion(questionId: $id, fields: $fields, kind: MEDIATION) {
      __typename ... on MediationPrefill { facts type place } ... on Refused { reasons { code field } } } }"""
    id = await city.asked(asker, "邻居的房檐滴水冲坏了我家的墙，怎么办？")
    found = await city.one(asker, document, id=id, fields=ALL)
    assert found["facts"] == "邻居的房檐滴水冲坏了我家的墙，怎么办？"
    assert found["place"].endswith(place_of(TOWN))
    nothing = {"__typename": "MediationPrefill", "facts": None, "type": None, "place": None}
    assert await city.one(asker, document, id=id, fields=[]) == nothing
    assert codes(await city.one(other, document, id=id, fields=ALL)) == ["NOT_FOUND"]


async def test_a_notarisation_begins_with_it_too(city: City) -> None:
    asker, other = await city.resident(), await city.resident()
    document = """query ($id: ID!, $fields: [PrefillField!]!) {
      prefillFromQuestion(questionId: $id, fields: $fields, kind: NOTARISATION) {
      __typename ... on NotarisationPrefill { facts matter livesAt divisionCode }
      ... on Refused { reasons { code } } } }"""
    id = await city.asked(asker, "父亲去世后房子怎么继承？", categoryId=global_id("Category", "family.inheritance"))
    assert await city.one(asker, document, id=id, fields=ALL) == {
        "__typename": "NotarisationPrefill",
        "facts": "父亲去世后房子怎么继承？",
        "matter": "INHERITANCE",
        "livesAt": place_of(TOWN),
        "divisionCode": TOWN,
    }
    nothing = {"facts": None, "matter": None, "livesAt": None, "divisionCode": None}
    assert await city.one(asker, document, id=id, fields=[]) == {"__typename": "NotarisationPrefill"} | nothing
    assert codes(await city.one(other, document, id=id, fields=ALL)) == ["NOT_FOUND"]


def test_categories_propose_a_type_of_dispute() -> None:
    assert {dispute_of(code) for code in CATEGORIES} - {None} == set(DisputeKind) - {
        DisputeKind.ENVIRONMENT,
        DisputeKind.OTHER,
    }
    assert dispute_of("neighbours.management") is DisputeKind.PROPERTY_MANAGEMENT
    assert dispute_of("neighbours.adjacency") is DisputeKind.NEIGHBOURS
    assert dispute_of("criminal.violence") is None
