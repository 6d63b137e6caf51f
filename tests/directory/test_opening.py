"""When institutions are open: the keepers say it, everybody reads it, and what is open now is found first."""

import asyncio
import random
from datetime import date, datetime
from typing import Any

import pytest

from app.core.access import Role, Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.directory.reads.opening import calendar, hours_of
from app.directory.rules.hours import Hours, OpenDay, open_at, whole
from app.graph.ids import global_id
from app.places.rules.workdays import CITY_TIME, DayKind, add_workdays
from tests.city import City, codes
from tests.directory.desk import (
    CALENDAR,
    HOURS_OFFICE,
    SEEN,
    SET_CALENDAR,
    WEEKDAYS,
    WHY,
    WORK,
    change_institution,
    enter_institution,
    enter_worker,
    open_institution,
    place_institution,
    set_calendar,
)
from tests.directory.test_map import HERE, fill, view

pytestmark = pytest.mark.anyio

DOOR = "query ($id: ID!) { node(id: $id) { ... on Institution { openNow opensAt changesAt } } }"
FOUND = """query ($query: String, $open: Boolean!, $near: CoordinatesInput) {
  directory(query: $query, openNow: $open, near: $near, first: 20) { nodes { name } } }"""
NEAREST = """query ($at: CoordinatesInput!, $open: Boolean!) {
  nearestPoints(at: $at, openNow: $open, first: 50) { points { institution { name openNow opensAt } } } }"""
MAP = """query ($bounds: BoundsInput!, $open: Boolean!) {
  mapPoints(bounds: $bounds, zoom: 5, openNow: $open) { count institutions { name } } }"""

LATE = {"opens": "9:00", "closes": "12:00"}


@pytest.fixture
async def editor(city: City) -> Viewer:
    return await city.person(Role.EDITOR)


async def turned_to(city: City, moment: str) -> None:
    wanted = datetime.fromisoformat(moment).replace(tzinfo=CITY_TIME)
    await city.turn(wanted - await city.now())


async def at(city: City, id: str, moment: str) -> tuple[Any, ...]:
    await turned_to(city, moment)
    told = await city.one(None, DOOR, id=id)
    return told["openNow"], *(told[name] and _local(told[name]) for name in ("opensAt", "changesAt"))


def _local(told: str) -> str:
    return f"{datetime.fromisoformat(told).astimezone(CITY_TIME):%m-%d %H:%M}"


async def test_a_week_with_a_holiday_a_sunday_worked_instead_and_a_day_of_moving(city: City, editor: Viewer) -> None:
    await turned_to(city, "2028-09-20T08:00")  # no library knows that year
    id = (await enter_institution(city, editor))["id"]
    assert (await city.one(None, DOOR, id=id)) == {"openNow": None, "opensAt": None, "changesAt": None}
    days = [{"day": day, "open": WORK} for day in WEEKDAYS]
    days += [{"day": "HOLIDAY", "open": [{"opens": "10:00", "closes": "11:00"}]}]
    moving = {"day": "2028-09-26", "open": []}
    told = await open_institution(city, editor, id, 1, days=days, dates=[moving])
    hours = {day["day"]: day["open"] for day in told["openingHours"]["days"]}
    assert hours["MAKE_UP"] == hours["MONDAY"] == WORK
    assert (hours["SATURDAY"], hours["HOLIDAY"]) == ([], days[-1]["open"])
    assert (told["openingHours"]["dates"], told["openingHours"]["holidaysKnownUntil"]) == ([moving], None)
    assert await at(city, id, "2028-09-25T09:30") == (True, None, "09-25 12:00")
    assert await at(city, id, "2028-09-25T18:00") == (False, "09-27 09:00", "09-27 09:00")  # the 26th they move
    assert await at(city, id, "2028-09-28T08:59") == (False, "09-28 09:00", "09-28 09:00")
    assert await at(city, id, "2028-10-02T10:30") == (True, None, "10-02 12:00")  # nobody has announced it yet

    announced = [{"day": "2028-10-02", "kind": "HOLIDAY"}, {"day": "2028-09-24", "kind": "MAKE_UP"}]
    told = await set_calendar(city, editor, 2028, 0, days=announced, complete=True)
    assert (told["known"], told["version"], told["source"]) == (True, 1, "示例通知")
    assert await at(city, id, "2028-10-02T10:30") == (True, None, "10-02 11:00")
    assert await at(city, id, "2028-09-24T10:00") == (True, None, "09-24 12:00")
    assert (await city.one(None, SEEN.replace("aliases", "aliases openingHours { holidaysKnownUntil }"), id=id))[
        "openingHours"
    ] == {"holidaysKnownUntil": "2028-12-31"}

    again = await open_institution(city, editor, id, 2, days=days, dates=[moving])
    assert again["version"] == 2
    gone = await city.one(editor, HOURS_OFFICE, input={"institutionId": id, "version": 2, "reason": WHY})
    assert (gone["version"], gone["openNow"], gone["openingHours"]) == (3, None, None)
    assert [field["field"] for field in gone["history"][0]["fields"]] == ["hours"]
    assert '"2028-09-26": []' in gone["history"][0]["fields"][0]["before"]


async def test_a_year_is_what_the_staff_say_before_what_the_library_knows(city: City, editor: Viewer) -> None:
    known = await city.one(None, CALENDAR, year=2026)
    assert (known["known"], known["version"], known["source"], known["history"]) == (True, 0, None, [])
    days = {day["day"]: day["kind"] for day in known["days"]}
    assert (days["2026-10-03"], days["2026-10-10"], len(days)) == ("HOLIDAY", "MAKE_UP", 39)
    assert not (await city.one(None, CALENDAR, year=2029))["known"]
    otherwise = [{"day": "2026-10-10", "kind": "ORDINARY"}, {"day": "2026-12-24", "kind": "HOLIDAY"}]
    told = await set_calendar(city, editor, 2026, 0, days=otherwise)
    days = {day["day"]: day["kind"] for day in told["days"]}
    assert ("2026-10-10" not in days, days["2026-12-24"], len(days)) == (True, "HOLIDAY", 39)
    assert told["history"][0]["reason"] == WHY
    assert (await set_calendar(city, editor, 2026, 1, days=otherwise))["version"] == 1
    assert codes(await set_calendar(city, editor, 2026, 0, days=[])) == ["CHANGED_MEANWHILE"]
    back = await set_calendar(city, editor, 2026, 1, days=[])
    assert (back["version"], len(back["history"]), len(back["days"])) == (2, 2, 39)
    assert (await city.one(await city.resident(), CALENDAR, year=2026))["history"] == []
    await set_calendar(city, editor, 2029, 0, days=[{"day": "2029-01-02", "kind": "HOLIDAY"}])
    async with city.db.acting(NOBODY) as session:
        read = await calendar(session)
    assert (read.kind(date(2029, 1, 2)), read.knows(2029), read.knows(2026)) == (DayKind.HOLIDAY, False, True)
    new_year = datetime(2029, 1, 1, 12, tzinfo=CITY_TIME)
    assert add_workdays(new_year, 1, read) == datetime(2029, 1, 4, tzinfo=CITY_TIME)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (
            {"days": [{"day": "MONDAY", "open": [{"opens": "9:00", "closes": "12:00"}]}]},
            ("BAD_HOURS", "hours.days.0.open"),
        ),
        ({"dates": [{"day": "2026-12-24", "open": WORK[::-1] + WORK[:1]}]}, ("BAD_HOURS", "hours.dates.0.open")),
        ({"days": [{"day": "MONDAY", "open": WORK}] * 2}, ("BAD_VALUE", "hours.days")),
        ({"dates": [{"day": "2026-12-24", "open": WORK}] * 2}, ("BAD_VALUE", "hours.dates")),
        ({"reason": "改"}, ("TOO_SHORT", "reason")),
        ({"version": 7}, ("CHANGED_MEANWHILE", "version")),
        ({"institutionId": global_id("Institution", new_id())}, ("NOT_FOUND", "institutionId")),
        ({"institutionId": global_id("Lawyer", new_id())}, ("BAD_ID", "institutionId")),
    ],
)
async def test_hours_that_cannot_be_are_refused_by_name(
    city: City, editor: Viewer, said: dict[str, Any], wrong: tuple[str, str]
) -> None:
    id = (await enter_institution(city, editor))["id"]
    refused = await open_institution(city, editor, id, said.pop("version", 1), **said)
    assert [(reason["code"], reason["field"]) for reason in refused["reasons"]] == [wrong]
    assert await city.sql("SELECT 1 FROM app.institution WHERE hours IS NOT NULL") == []


async def test_years_that_cannot_be_are_refused_by_name_and_strangers_write_nothing(city: City, editor: Viewer) -> None:
    table: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"year": 1999}, ("BAD_VALUE", "year")),
        ({"days": [{"day": "2028-10-01", "kind": "HOLIDAY"}]}, ("BAD_VALUE", "days.0.day")),
        ({"days": [{"day": "2027-10-01", "kind": "HOLIDAY"}] * 2}, ("BAD_VALUE", "days.1.day")),
        ({"days": [{"day": "2027-10-01", "kind": "MAKE_UP"}]}, ("BAD_VALUE", "days.0.day")),  # a Friday
        ({"source": "某\x00某"}, ("BAD_TEXT", "source")),
        ({"version": 3}, ("CHANGED_MEANWHILE", "version")),
    ]
    for said, wrong in table:
        year, version = said.pop("year", 2027), said.pop("version", 0)
        refused = await set_calendar(city, editor, year, version, **said)
        assert [(reason["code"], reason["field"]) for reason in refused["reasons"]] == [wrong]
    (error,) = await city.errors(None, CALENDAR, year=1)
    assert error["extensions"]["reasons"][0]["field"] == "year"
    id = (await enter_institution(city, editor))["id"]
    hours = {"institutionId": id, "version": 1, "reason": WHY}
    whole_year = {"year": 2027, "version": 0, "days": [], "complete": True, "source": "示例", "reason": WHY}
    for viewer in (None, await city.resident(), await city.person(Role.SUPERVISOR)):
        for document, input in ((HOURS_OFFICE, hours), (SET_CALENDAR, whole_year)):
            (error,) = await city.errors(viewer, document, input=input)
            assert error["extensions"]["code"] == ("FORBIDDEN" if viewer else "UNAUTHENTICATED")


async def test_of_fifty_at_once_one_is_taken_at_either_door(city: City, editor: Viewer) -> None:
    id = (await enter_institution(city, editor))["id"]
    closed = [[{"day": f"{2027 + number // 28}-01-{number % 28 + 1:02}", "open": []}] for number in range(50)]
    opened = [open_institution(city, editor, id, 1, dates=dates) for dates in closed]
    told = [set_calendar(city, editor, 2027, 0, source=f"示例通知{number}") for number in range(50)]
    for asked in (opened, told):
        done = await asyncio.gather(*asked)
        assert sorted(codes(one) != [] for one in done) == [False] + [True] * 49
        assert {code for one in done for code in codes(one)} == {"CHANGED_MEANWHILE"}
    assert await city.sql("SELECT version FROM app.calendar_year") == [(1,)]


async def test_the_open_come_first_among_what_fits_alike_and_alone_if_wanted(city: City, editor: Viewer) -> None:
    for number, name in enumerate(("济源示例甲公证处", "济源示例乙公证处", "济源示例丙公证处")):
        id = (await enter_institution(city, editor, name=name, number=f"示例-G-000{number}", aliases=[]))["id"]
        await place_institution(city, editor, id, 1)
        if name[4] == "乙":
            await open_institution(city, editor, id, 2)
        if name[4] == "丙":
            await open_institution(city, editor, id, 2, days=[{"day": "SUNDAY", "open": WORK}])
    await enter_worker(city, editor, name="单乙乙（示例）", workplace="济源示例乙公证处")
    await enter_worker(city, editor, name="单丙丙（示例）", workplace="济源示例丙公证处", number="示例-GR-2")
    await turned_to(city, "2026-12-02T10:00")  # a Wednesday
    for near in (None, HERE):
        told = await city.one(None, FOUND, query="济源示例公证处", open=False, near=near)
        names = [node["name"] for node in told["nodes"]]
        assert names[0] == "济源示例乙公证处"
        assert len(names) == 5
    alone = await city.one(None, FOUND, query="济源示例公证处", open=True)
    assert {node["name"] for node in alone["nodes"]} == {"济源示例乙公证处", "单乙乙（示例）"}
    listed = await city.one(None, FOUND, open=True)
    assert {node["name"] for node in listed["nodes"]} == {"济源示例乙公证处", "单乙乙（示例）"}
    await turned_to(city, "2026-12-06T10:00")  # a Sunday
    told = await city.one(None, FOUND, query="济源示例公证处", open=False)
    assert told["nodes"][0]["name"] == "济源示例丙公证处"
    around = view(112.5, 35.0, 112.7, 35.2)
    assert [mark["count"] for mark in await city.one(None, MAP, bounds=around, open=False)] == [3]
    (mark,) = await city.one(None, MAP, bounds=around, open=True)
    assert mark == {"count": 1, "institutions": [{"name": "济源示例丙公证处"}]}
    await change_institution(city, editor, global_id("Institution", await _named(city, "丙")), 3, standing="LEFT")
    assert await city.one(None, MAP, bounds=around, open=True) == []


async def _named(city: City, part: str) -> Any:
    ((id,),) = await city.sql("SELECT id FROM app.institution WHERE name LIKE :part", part=f"%{part}%")
    return id


HOURS_OF = "UPDATE app.institution SET hours = CAST(:hours AS jsonb), version = version + 1 WHERE name = :name"


async def test_the_database_and_the_rule_agree_on_who_is_open_and_many_cost_no_more(city: City, editor: Viewer) -> None:
    """Forty institutions with hours of chance, at chosen moments, by calendars of each kind."""
    made = await fill(city, 40)
    dice, known = random.Random(5), {}
    for number in range(1, len(made) + 1):
        marks = [sorted(f"{at // 60:02}:{at % 60:02}" for at in dice.sample(range(1441), 4)) for _ in range(10)]
        open = {day: [(one[0], one[1]), (one[2], one[3])] for day, one in zip(OpenDay, marks, strict=False)}
        dates = {date(2026, 12, 3): [("00:00", "24:00")] if number % 2 else []} if number % 3 else {}
        known[f"示例机构{number}"] = hours = whole(Hours(days=open, dates=dates))
        await city.sql(HOURS_OF, hours=hours.model_dump_json(), name=f"示例机构{number}")
    off = [{"day": "2026-12-04", "kind": "HOLIDAY"}, {"day": "2026-12-06", "kind": "MAKE_UP"}]
    await set_calendar(city, editor, 2026, 0, days=off)
    async with city.db.acting(NOBODY) as session:
        calendar_now = await calendar(session)
        ids = {id: name for id, name in await city.sql("SELECT id, name FROM app.institution")}
        assert {ids[id]: hours for id, hours in (await hours_of(session, None, ids)).items()} == known
    for moment in ("2026-12-02T10:17", "2026-12-03T23:59", "2026-12-04T12:00", "2026-12-06T15:30", "2026-10-01T09:00"):
        await turned_to(city, moment)
        moment_now = await city.now()
        open_then = {name for name, hours in known.items() if open_at(hours, moment_now, calendar_now)}
        with city.statements() as sent:
            told = await city.one(None, NEAREST, at=HERE, open=True)
        assert {point["institution"]["name"] for point in told["points"]} == open_then
        assert all(point["institution"]["openNow"] for point in told["points"])
        assert len(sent) == 2  # the institutions, and once the calendar
        around = view(100, 30, 125, 40)
        assert sum(mark["count"] for mark in await city.one(None, MAP, bounds=around, open=True)) == len(open_then)
        found = await city.one(None, FOUND, open=True)
        assert {node["name"] for node in found["nodes"]} <= open_then
        assert len(found["nodes"]) == min(20, len(open_then))
