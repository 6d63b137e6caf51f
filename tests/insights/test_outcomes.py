"""What came of it is told by month, in cells that are made once and of five people or more."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.core.access import Role, Viewer
from app.graph.ids import uuid_of
from tests.city import City
from tests.consultation.test_erasing import erase
from tests.insights.test_demand import asks
from tests.insights.test_hot_issues import night

pytestmark = pytest.mark.anyio

OUTCOMES = """query ($from: Date!, $to: Date!) { outcomes(from: $from, to: $to) {
    month asked answered solved share low high
    cells { category { code } way rest answered askers solved underWay refused gaveUp notBegun } } }"""


async def said(city: City, asked: list[tuple[Viewer, str]], month: date, way: str | None, *outcomes: str) -> None:
    """Each of them was asked in that month, and as many as there are outcomes answered."""
    for turn, (_, question) in enumerate(asked):
        outcome = outcomes[turn] if turn < len(outcomes) else None
        await city.sql(
            "INSERT INTO app.follow_through (question, round, turn, asked_at, way, outcome, hindrance, answered_at,"
            " changed_at) VALUES (:q, 0, 1, CAST(:day AS date), :way, :outcome, :why, :at, :at)",
            q=uuid_of(question, "Question"),
            day=month + timedelta(days=9),
            way=way if outcome else None,
            outcome=outcome,
            why="COST" if outcome == "NOT_BEGUN" else None,
            at=await city.now() if outcome else None,
        )


async def figures(city: City, viewer: Viewer) -> list[Any]:
    today = await city.today()
    found: list[Any] = await city.one(viewer, OUTCOMES, **{"from": str(today - timedelta(days=200)), "to": str(today)})
    return found


async def long_ago(city: City) -> date:
    """A month of which nobody can change an answer any more."""
    return (await city.today() - timedelta(days=75)).replace(day=1)


async def test_what_few_people_say_is_put_together_and_told_once(city: City) -> None:
    analyst, month = await city.person(Role.ANALYST), await long_ago(city)
    wages = await asks(city, 7, "labour.wages")
    await said(city, wages, month, "LABOUR_ARBITRATION", *["SOLVED"] * 3, "UNDER_WAY", "REFUSED")
    await said(city, await asks(city, 3, "labour.injury"), month, "LEGAL_AID", *["SOLVED"] * 3)
    await said(city, await asks(city, 2, "labour.wages"), month, None, *["NOT_BEGUN"] * 2)
    await said(city, await asks(city, 4, "family.divorce"), month, "CIVIL_SUIT", *["GAVE_UP"] * 4)
    assert await figures(city, analyst) == []
    await night(city)

    (told,) = await figures(city, analyst)
    assert (told["month"], told["asked"], told["answered"], told["solved"]) == (str(month), 16, 10, 6)
    assert told["share"] == 0.6
    assert told["low"] < 0.6 < told["high"]
    shown = [
        (one["category"] and one["category"]["code"], one["way"], one["rest"], one["answered"]) for one in told["cells"]
    ]
    assert sorted(shown, key=str) == [("labour", "LABOUR_ARBITRATION", False, 5), ("labour", None, True, 5)]
    assert [one["notBegun"] for one in told["cells"] if one["rest"]] == [2]

    assert (await erase(city, *wages[0]))["__typename"] == "Erasure"
    await night(city)
    assert await figures(city, analyst) == [told], "what was told once is corrected by nobody"


async def test_what_can_still_be_changed_is_not_told(city: City) -> None:
    analyst, month = await city.person(Role.ANALYST), (await city.today()).replace(day=1)
    await said(city, await asks(city, 6, "labour.wages"), month, "MEDIATION", *["SOLVED"] * 6)
    await night(city)
    assert await figures(city, analyst) == []


async def test_it_is_for_supervisors_and_analysts(city: City) -> None:
    today = str(await city.today())
    for who in (None, await city.resident(), await city.lawyer(), await city.person(Role.EDITOR)):
        (error,) = await city.errors(who, OUTCOMES, **{"from": today, "to": today})
        assert error["extensions"]["code"] == ("FORBIDDEN" if who else "UNAUTHENTICATED")
