"""Somebody writes, and is shown what helps and what she may leave out, before anything is sent."""

from typing import Any

import pytest

from app.core.errors import Language
from app.schema import schema
from app.screening.rules.crisis import Crisis, card
from tests.city import City

pytestmark = pytest.mark.anyio

CARDS = "query ($body: String!) { safetyCards(body: $body) { signal title text steps phones { label number } basis } }"
DETAILS = "query ($body: String!) { personalDetails(body: $body) { kind start end words } }"


async def test_a_woman_in_fear_is_shown_the_card_before_she_has_signed_in(city: City) -> None:
    with city.statements() as sent:
        (shown,) = await city.one(None, CARDS, body="老公喝醉了就打我，我该怎么办")
    assert sent == []
    assert shown["signal"] == "DOMESTIC_VIOLENCE"
    assert {"110", "12338"} <= {phone["number"] for phone in shown["phones"]}
    assert any("人身安全保护令" in step for step in shown["steps"])
    assert "第二十八条" in shown["basis"] or "第二十三条至第三十条" in shown["basis"]


async def test_the_most_urgent_card_comes_first(city: City) -> None:
    shown = await city.one(None, CARDS, body="老公天天打我，还说要杀我全家，我不想活了")
    assert [one["signal"] for one in shown] == ["DANGER_TO_LIFE", "SUICIDE", "DOMESTIC_VIOLENCE"]


async def test_most_people_are_shown_no_card(city: City) -> None:
    assert await city.one(None, CARDS, body="公司拖欠工资三个月") == []
    assert await city.one(None, CARDS, body="") == []


async def test_the_card_speaks_the_reader_s_language(city: City) -> None:
    shown = await schema.execute(
        CARDS, variable_values={"body": "我老公被抓了"}, context_value=city.context(None, Language.EN)
    )
    assert shown.data is not None
    assert shown.data["safetyCards"][0]["title"] == card(Crisis.DETENTION, Language.EN).title


async def test_a_number_that_may_be_left_out_is_pointed_at(city: City) -> None:
    body = "😀他叫张三，电话138 0013 8000，借我五万"
    with city.statements() as sent:
        (shown,) = await city.one(None, DETAILS, body=body)
    assert sent == []
    assert shown == {"kind": "PHONE", "start": 8, "end": 21, "words": "138 0013 8000"}
    assert body[shown["start"] : shown["end"]] == shown["words"]
    assert await city.one(None, DETAILS, body="他借我五万不还") == []


@pytest.mark.parametrize("document", [CARDS, DETAILS])
@pytest.mark.parametrize(("body", "code"), [("字" * 2001, "TOO_LONG"), ("a\x00b", "BAD_TEXT"), ("\ud800", "BAD_TEXT")])
async def test_what_could_not_be_asked_is_refused(city: City, document: str, body: str, code: str) -> None:
    (error,) = await city.errors(None, document, body=body)
    (reason,) = error["extensions"]["reasons"]
    assert (reason["code"], reason["field"]) == (code, "body")
    assert body not in str(error)


async def test_the_text_is_neither_kept_nor_logged(city: City, capfd: Any, caplog: Any) -> None:
    with city.statements() as sent:
        await city.one(None, CARDS, body="克井镇的老公打我，电话13800138000")
        await city.one(None, DETAILS, body="克井镇的老公打我，电话13800138000")
        await city.errors(None, CARDS, body="克井镇" * 1000)
    assert sent == []
    said = "".join(capfd.readouterr()) + caplog.text
    assert "克井" not in said
    assert "13800138000" not in said
