"""A week is told in cells that are made once: what is too small is put together until it is not."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.core.access import Role, Viewer
from app.graph.ids import global_id
from tests.city import TOWN, City, codes
from tests.consultation.test_erasing import erase
from tests.insights.test_hot_issues import DAY, night

pytestmark = pytest.mark.anyio

CELLS = """query ($week: Date!) { demand(week: $week) {
    week rest questions askers category { code } town { code } } }"""
ELSEWHERE = "419001002"


async def asks(city: City, people: int, category: str, town: str = TOWN, each: int = 1) -> list[tuple[Viewer, str]]:
    askers = [await city.resident() for _ in range(people)]
    said = {"categoryId": global_id("Category", category), "divisionCode": town}
    return [(asker, await city.asked(asker, **said)) for asker in askers for _ in range(each)]


async def a_monday(city: City) -> date:
    today = await city.today()
    await city.pass_time((7 - today.weekday()) * DAY)
    return await city.today()


async def cells(city: City, viewer: Viewer, week: date) -> list[Any]:
    found = await city.one(viewer, CELLS, week=str(week))
    named = [(one["category"] and one["category"]["code"], one["town"] and one["town"]["code"]) for one in found]
    return [(*of, one["rest"], one["questions"], one["askers"]) for of, one in zip(named, found, strict=True)]


async def test_what_few_people_asked_is_put_together(city: City) -> None:
    analyst, monday = await city.person(Role.ANALYST), await a_monday(city)
    (asker, first), *_ = await asks(city, 6, "labour.wages")
    await asks(city, 3, "labour.wages", ELSEWHERE)
    await asks(city, 4, "family.divorce", each=2)
    await city.pass_time(6 * DAY + timedelta(hours=2))  # the same week
    await asks(city, 1, "family.divorce", ELSEWHERE)
    await asks(city, 3, "labour.injury")
    await asks(city, 1, "labour.dismissal")
    await asks(city, 3, "contract.housing")
    await city.settle()
    await city.pass_time(DAY)
    await night(city)
    assert await cells(city, analyst, monday) == [], "who asked on Sunday may take it back for a day"
    await city.pass_time(DAY)
    await night(city)
    told = [
        ("labour", None, True, 7, 7),  # of wages elsewhere, injuries and dismissals, each of fewer than five
        ("labour.wages", TOWN, False, 6, 6),
        ("family.divorce", None, False, 9, 5),  # four here and one elsewhere
    ]
    assert await cells(city, analyst, monday + 3 * DAY) == told
    assert await cells(city, analyst, monday - DAY) == []
    assert codes(await erase(city, asker, first)) == []
    for _ in range(2):
        await city.pass_time(DAY)
        await night(city)
    assert await cells(city, analyst, monday) == told, "no number is corrected"


async def test_what_is_left_of_all_is_told_where_it_is_enough(city: City) -> None:
    analyst, monday = await city.person(Role.ANALYST), await a_monday(city)
    await asks(city, 3, "contract.housing")
    await asks(city, 2, "labour.wages")
    await city.settle()
    await city.pass_time(8 * DAY)
    await night(city)
    assert await cells(city, analyst, monday) == [(None, None, True, 5, 5)]


async def test_a_week_that_is_still_to_come_is_refused(city: City) -> None:
    analyst = await city.person(Role.ANALYST)
    (error,) = await city.errors(analyst, CELLS, week=str(await city.today() + DAY))
    assert error["extensions"]["code"] == "NOT_YET"
    (error,) = await city.errors(await city.resident(), CELLS, week="2026-11-02")
    assert error["extensions"]["code"] == "FORBIDDEN"
