"""Somebody finds out whether she would get legal aid before she applies."""

from typing import Any

import pytest

from app.core.errors import Language
from app.schema import schema
from tests.city import City

pytestmark = pytest.mark.anyio

CHECK = """query ($answers: EligibilityAnswersInput!) { checkEligibility(kind: LEGAL_AID, answers: $answers) {
  outcome basis missing { name text options { value text item article { number } } }
  steps { rule condition says result decides articles { law number about } inputs { question values } } } }"""
QUESTIONS = "{ eligibilityQuestions(kind: LEGAL_AID) { name text options { value text item article { law number } } } }"


async def codes(city: City, **answers: Any) -> list[tuple[str, str | None]]:
    result = await schema.execute(CHECK, variable_values={"answers": answers}, context_value=city.context(None))
    assert result.errors
    extensions: dict[str, Any] = result.errors[0].extensions or {}
    return [(reason["code"], reason["field"]) for reason in extensions["reasons"]]


async def test_a_worker_without_wages_learns_why_he_is_eligible(city: City) -> None:
    with city.statements() as sent:
        questions = await city.one(None, QUESTIONS)
        found = await city.one(
            None,
            CHECK,
            answers={
                "form": "REPRESENTATION",
                "matter": "LABOUR",
                "groups": ["MIGRANT_WORKER"],
                "proved": True,
                "represented": False,
            },
        )
    assert sent == []
    assert [one["name"] for one in questions][:2] == ["form", "matter"]
    labour = next(one for one in questions[1]["options"] if one["value"] == "LABOUR")
    assert labour["text"] == "请求确认劳动关系或者支付劳动报酬"
    assert (labour["item"], labour["article"]) == (5, {"law": "法律援助法", "number": "31"})
    assert (found["outcome"], found["basis"], found["missing"]) == ("ELIGIBLE", "EXEMPT", [])
    deciding = {step["condition"]: step for step in found["steps"] if step["decides"]}
    assert list(deciding) == ["FORM", "MATTER", "REPRESENTATION", "MEANS"]
    means = deciding["MEANS"]
    assert means["articles"] == [{"law": "法律援助法", "number": "42", "about": "免予核查经济困难状况的人员"}]
    assert means["inputs"] == [
        {"question": "groups", "values": ["MIGRANT_WORKER"]},
        {"question": "matter", "values": ["LABOUR"]},
        {"question": "proved", "values": ["YES"]},
    ]


async def test_what_is_missing_is_asked_in_her_language(city: City) -> None:
    said = {"answers": {"form": "REPRESENTATION", "matter": "MAINTENANCE", "represented": False, "hardship": True}}
    result = await schema.execute(CHECK, variable_values=said, context_value=city.context(None, Language.EN))
    assert result.data is not None
    found = result.data["checkEligibility"]
    assert (found["outcome"], found["basis"]) == ("NEEDS_CHECK", "CHECK")
    assert [one["name"] for one in found["missing"]] == ["circumstances", "groups", "proved", "income", "promised"]
    assert found["missing"][-1]["text"].startswith("Do you promise")
    assert found["missing"][-1]["options"] == []


async def test_bad_answers_are_refused_by_their_names(city: City) -> None:
    assert await codes(city, householdMembers=0, monthlyIncome="三千") == [
        ("BAD_VALUE", "answers.householdMembers"),
        ("BAD_AMOUNT", "answers.monthlyIncome"),
    ]
    for bad in ("", "-1", "1.234", "1e5", "9" * 13, "9" * 20_000, "1\x00", "\ud800", "1,000"):
        assert await codes(city, monthlyIncome=bad) == [("BAD_AMOUNT", "answers.monthlyIncome")]
    for good in ("０", " 3200.5 ", "999999999999.99"):
        assert (await city.one(None, CHECK, answers={"monthlyIncome": good, "householdMembers": 50}))["outcome"]
