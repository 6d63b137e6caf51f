"""Somebody describes her trouble, and is shown what it may be about."""

import time
from typing import Any

import pytest

from app.core.errors import Language
from app.directory.rules.taxonomy import CATEGORIES, SPECIALTIES
from app.graph.ids import global_id
from app.schema import schema
from tests.city import City

pytestmark = pytest.mark.anyio

CATEGORIES_TREE = (
    "{ categories { id code name parent { code } children { id code name parent { code } children { code } } } }"
)
SUGGEST = "query ($body: String!) { suggestCategories(body: $body) { probability category { id code } } }"


async def test_the_tree_has_two_levels_and_holds_every_category_once(city: City) -> None:
    with city.statements() as sent:
        tree = await city.one(None, CATEGORIES_TREE)
    assert sent == []
    assert [first["code"] for first in tree] == list(SPECIALTIES)
    assert all(first["parent"] is None for first in tree)
    below = [child for first in tree for child in first["children"]]
    assert all(child["parent"]["code"] == child["code"].split(".")[0] for child in below)
    assert all(child["children"] == [] for child in below)
    assert {node["code"] for node in tree + below} == set(CATEGORIES)
    assert len(tree) + len(below) == len(CATEGORIES)


async def test_a_category_is_a_node_and_has_a_name_in_both_languages(city: City) -> None:
    node = "query ($id: ID!) { node(id: $id) { __typename id ... on Category { code name } } }"
    wages = global_id("Category", "labour.wages")
    assert await city.one(None, node, id=wages) == {
        "__typename": "Category",
        "id": wages,
        "code": "labour.wages",
        "name": "欠薪与工资",
    }
    english = await schema.execute(node, variable_values={"id": wages}, context_value=city.context(None, Language.EN))
    assert english.data is not None
    assert english.data["node"]["name"] == "Wages"
    assert await city.one(None, node, id=global_id("Category", "astrology")) is None


async def test_a_resident_is_shown_likely_categories_before_signing_in(city: City) -> None:
    with city.statements() as sent:
        guesses = await city.one(None, SUGGEST, body="老板拖欠我三个月工资，一直不给，怎么办？")
    assert sent == []
    assert guesses[0]["category"]["code"].split(".")[0] == "labour"
    probabilities = [guess["probability"] for guess in guesses]
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(0 < probability <= 1 for probability in probabilities)
    assert sum(probabilities) <= 1 + 1e-9
    assert len({guess["category"]["id"] for guess in guesses}) == len(guesses)


async def test_a_text_that_says_nothing_is_answered_all_the_same(city: City) -> None:
    assert isinstance(await city.one(None, SUGGEST, body=""), list)
    assert isinstance(await city.one(None, SUGGEST, body="？"), list)


@pytest.mark.parametrize(("body", "code"), [("字" * 2001, "TOO_LONG"), ("a\x00b", "BAD_TEXT"), ("\ud800", "BAD_TEXT")])
async def test_what_could_not_be_asked_is_refused(city: City, body: str, code: str) -> None:
    (error,) = await city.errors(None, SUGGEST, body=body)
    (reason,) = error["extensions"]["reasons"]
    assert (reason["code"], reason["field"]) == (code, "body")
    assert body not in str(error)


async def test_the_text_is_neither_kept_nor_logged(city: City, capfd: Any, caplog: Any) -> None:
    with city.statements() as sent:
        await city.one(None, SUGGEST, body="我在克井镇的工厂上班，老板拖欠工资不给")
        await city.errors(None, SUGGEST, body="老板拖欠工资" * 1000)
    assert sent == []
    said = "".join(capfd.readouterr()) + caplog.text
    assert "拖欠" not in said


async def test_a_long_text_is_guessed_at_within_a_breath(city: City) -> None:
    body = ("老板拖欠我三个月工资，一直不给，怎么办？" * 100)[:2000]
    await city.one(None, SUGGEST, body=body)
    begun = time.process_time()
    for _ in range(10):
        await city.one(None, SUGGEST, body=body)
    assert (time.process_time() - begun) / 10 < 0.1
