"""Hot issues are found from categories and towns alone, two nights later, and told to those who look after the city."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from app.core.access import Role, Viewer
from app.core.db import NOBODY, now
from app.insights.actions.counting import look
from tests.city import TOWN, City, codes
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
ISSUES = """query ($from: Date!, $to: Date!) { hotIssues(from: $from, to: $to) {
    from to category { code } town { code } askersAtLeast timesUsual } }"""
TASKS = "{ tasks(kind: HOT_ISSUE, first: 10) { nodes { kind category { code } town { code } petition { id } } } }"
WITHDRAW = """mutation ($id: ID!) { withdrawQuestion(input: {questionId: $id}) { __typename ... on Refused {
    reasons { code } } } }"""


async def a_quiet_past(city: City, days: int = 56, each: int = 8) -> None:
    """Until eight days ago one question on every so manieth day."""
    history = """INSERT INTO app.demand SELECT CAST(:until AS date) - back, :town, 'labour.wages', 1
        FROM generate_series(0, CAST(:days AS integer) - 1) AS back
        WHERE back % :each = 0 OR back = :days - 1"""
    await city.sql(history, until=await city.today() - 7 * DAY, town=TOWN, days=days, each=each)


async def night(city: City) -> None:
    async with city.worker.acting(NOBODY) as session:
        await look(session, now(session))
    await city.settle()


async def ask(city: City, people: int, each: int = 1) -> list[tuple[Viewer, str]]:
    askers = [await city.resident() for _ in range(people)]
    asked = [(asker, await city.asked(asker)) for asker in askers for _ in range(each)]
    await city.settle()
    return asked


async def seen(city: City, viewer: Viewer, days: int = 30) -> list[Any]:
    today = await city.today()
    found: list[Any] = await city.one(viewer, ISSUES, **{"from": str(today - days * DAY), "to": str(today)})
    return found


async def noted(city: City) -> list[Any]:
    return await city.sql("SELECT town, askers, times FROM app.hot_issue ORDER BY town NULLS FIRST, day")


async def test_what_many_ask_is_seen_two_nights_later_and_supervisors_see_to_it(city: City) -> None:
    analyst, supervisor = await city.person(Role.ANALYST), await city.person(Role.SUPERVISOR)
    await a_quiet_past(city)
    await ask(city, 7)
    day = await city.today()
    await night(city)
    await city.pass_time(DAY)
    await night(city)
    assert await seen(city, analyst) == [], "who asked may take it back for a day"
    await city.pass_time(DAY)
    await night(city)
    told = {"from": str(day - 6 * DAY), "to": str(day), "category": {"code": "labour.wages"}, "askersAtLeast": 5}
    issues = [told | {"town": None, "timesUsual": 7.0}, told | {"town": {"code": TOWN}, "timesUsual": 7.0}]
    assert await seen(city, analyst) == await seen(city, supervisor) == issues
    tasks = (await city.one(supervisor, TASKS))["nodes"]
    of = {"kind": "HOT_ISSUE", "category": {"code": "labour.wages"}, "petition": None}
    assert sorted(tasks, key=str) == sorted([of | {"town": None}, of | {"town": {"code": TOWN}}], key=str)
    for _ in range(4):
        await city.pass_time(DAY)
        await night(city)
    assert len(await noted(city)) == 2, "what was noted is noted once in seven days"


async def test_few_people_are_nobodys_business_however_much_they_ask(city: City) -> None:
    await a_quiet_past(city)
    await ask(city, 4, each=3)
    await city.pass_time(2 * DAY)
    await night(city)
    assert await noted(city) == []
    assert (await city.sql("SELECT sum(questions) FROM app.demand WHERE day > :then", then=date(2020, 1, 1)))[0][0] > 12


async def test_what_was_taken_back_or_erased_meanwhile_counts_for_nothing(city: City) -> None:
    await a_quiet_past(city)
    asked = await ask(city, 5)
    assert codes(await city.one(asked[0][0], WITHDRAW, id=asked[0][1])) == []
    await city.settle()
    await city.pass_time(2 * DAY)
    await night(city)
    assert await noted(city) == []
    assert await city.sql("SELECT questions FROM app.demand ORDER BY day DESC LIMIT 1") == [(4,)]


async def test_of_a_city_that_has_just_begun_nothing_is_usual_yet(city: City) -> None:
    await a_quiet_past(city, days=10)
    await ask(city, 6)
    await city.pass_time(2 * DAY)
    await night(city)
    assert await noted(city) == []


async def test_nights_that_did_not_come_are_made_up_for_and_each_day_is_counted_once(city: City) -> None:
    await a_quiet_past(city)
    await ask(city, 3)
    await city.pass_time(DAY)
    await ask(city, 3)
    await city.pass_time(4 * DAY)
    await asyncio.gather(*(night(city) for _ in range(5)))
    counted = "SELECT questions FROM app.demand ORDER BY day DESC LIMIT 2"
    assert await city.sql(counted) == [(3,), (3,)]
    assert [(town, askers) for town, askers, _ in await noted(city)] == [(None, 5), (TOWN, 5)]


async def test_nobody_else_reads_numbers_and_nobody_the_counts(city: City) -> None:
    await city.sql("INSERT INTO app.demand VALUES (current_date, :town, 'labour.wages', 1)", town=TOWN)
    issue = "INSERT INTO app.hot_issue VALUES (gen_random_uuid(), 'labour', NULL, current_date, 5, NULL, now())"
    await city.sql(issue)
    today = str(await city.today())
    for who in (None, await city.resident(), await city.lawyer(), await city.person(Role.EDITOR)):
        (error,) = await city.errors(who, ISSUES, **{"from": today, "to": today})
        assert error["extensions"]["code"] == ("FORBIDDEN" if who else "UNAUTHENTICATED")
    analyst = await city.person(Role.ANALYST)
    assert await attempt(city.db, analyst.id, "SELECT 1 FROM app.hot_issue") == "rows=1"
    assert await attempt(city.db, (await city.resident()).id, "SELECT 1 FROM app.hot_issue") == "rows=0"
    for statement in ("SELECT 1 FROM app.demand", "SELECT 1 FROM door.recent_demand(current_date)"):
        assert await attempt(city.db, analyst.id, statement) == DENIED
        if "app." in statement:
            assert await attempt(city.worker, NOBODY, statement) == DENIED
