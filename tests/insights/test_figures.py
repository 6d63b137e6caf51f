"""Figures that are taken along are recorded first, and say above themselves how they were made."""

import asyncio
import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.access import Role, Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.core.links import SECRET, Link, Way
from app.core.sealing import KeyProvider
from app.directory.rules.sheets import FORMULA, harmless
from app.graph.ids import global_id, uuid_of
from app.insights.models import FigureFormat, Figures
from app.insights.rules.figures import A_DAY, SHEETS, weeks_of, written
from tests.city import REFUSED, TOWN, City, codes
from tests.insights.test_demand import a_monday, asks
from tests.insights.test_hot_issues import DAY, a_quiet_past, night
from tests.vault.scene import DENIED, attempt
from tests.vault.sending import house, path

pytestmark = pytest.mark.anyio

EXPORT = f"""mutation ($input: ExportFiguresInput!) {{ exportFigures(input: $input) {{ __typename {REFUSED}
    ... on FigureExport {{ id personId figures from to purpose format madeAt url }} }} }}"""
EXPORTS = "{ figureExports(first: 50) { nodes { id personId figures from to purpose url } } }"
CSV = FigureFormat.CSV
ABOVE = 8
"""Lines above the rows, their titles the last."""


async def takes(city: City, viewer: Viewer, figures: str = "DEMAND", days: Any = 30, **said: Any) -> Any:
    today = await city.today()
    input: dict[str, Any] = {"figures": figures, "from": str(today - days * DAY), "to": str(today)}
    input |= {"purpose": "BRIEFING", "idempotencyKey": str(new_id())} | said
    return await city.one(viewer, EXPORT, input=input)


def table(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))


async def fetched(client: httpx.AsyncClient, export: Any) -> list[list[str]]:
    answer = await client.get(path(export["url"]))
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return table(answer.content)


async def test_what_an_analyst_takes_along_is_what_she_is_told(city: City) -> None:
    analyst, supervisor = await city.person(Role.ANALYST), await city.person(Role.SUPERVISOR)
    monday = await a_monday(city)
    await a_quiet_past(city)
    await asks(city, 6, "labour.wages")
    await asks(city, 5, "family.divorce", each=2)
    await city.settle()
    await city.pass_time(8 * DAY)
    await night(city)
    async with house(city) as client:
        demand = await fetched(client, await takes(city, analyst))
        # Of every week that has one of the days, as the field tells it.
        sunday = str(monday + 6 * DAY)
        of_a_day = await fetched(client, await takes(city, analyst, **{"from": sunday, "to": sunday}))
        issues = await fetched(client, await takes(city, supervisor, "HOT_ISSUES"))
        record = await fetched(client, await takes(city, analyst, "PROMISE_RECORD", days=13))
    assert demand[:3] == [
        ["名称", "一周咨询量"],
        ["统计方法", SHEETS[Figures.DEMAND].made],
        ["最少人数（k）", "5"],
    ]
    assert [line[0] for line in demand[3:6]] == ["滞后", "所选日期", "导出时间"]
    assert datetime.fromisoformat(demand[5][1]).utcoffset() == timedelta(hours=8)
    assert demand[ABOVE - 1] == SHEETS[Figures.DEMAND].columns
    town = [TOWN, "沁园街道"]
    assert (
        demand[ABOVE:]
        == of_a_day[ABOVE:]
        == [
            [str(monday), "labour.wages", "欠薪与工资", *town, "否", "6", "6"],
            [str(monday), "family.divorce", "离婚", *town, "否", "10", "5"],
        ]
    )
    found = {tuple(line[2:7]) for line in issues[ABOVE:]}
    assert ("labour.wages", "欠薪与工资", *town, "5") in found
    assert ("labour.wages", "欠薪与工资", "", "", "5") in found
    today = await city.today()
    weeks = [*weeks_of(today - 13 * DAY, today)]
    assert [line[:2] for line in record[ABOVE:]] == [[str(first), str(last)] for first, last in weeks]
    assert sum(int(line[2]) for line in record[ABOVE:]) == 16
    for file in (demand, issues, record):
        assert {len(line) for line in file[ABOVE - 1 :]} == {len(file[ABOVE - 1])}


async def test_programs_are_given_the_same_figures_under_the_same_head(city: City) -> None:
    analyst, monday = await city.person(Role.ANALYST), await a_monday(city)
    await a_quiet_past(city)
    await asks(city, 6, "labour.wages")
    await asks(city, 5, "family.divorce")
    await asks(city, 6, "labour.injury", each=2)
    await city.settle()
    await city.pass_time(8 * DAY)
    await night(city)
    async with house(city) as client:
        for figures in Figures:
            taken = await takes(city, analyst, figures, format="JSON")
            assert taken["format"] == "JSON"
            answer = await client.get(path(taken["url"]))
            assert answer.headers["content-type"] == "application/json"
            assert answer.headers["content-disposition"].endswith('.json"')
            said, lines = answer.json(), await fetched(client, await takes(city, analyst, figures))
            head = [said[name] for name in ("name", "made", "least", "delay")]
            assert head == [line[1] for line in lines[:4]]
            assert [said["from"], said["to"]] == lines[4][1:]
            assert datetime.fromisoformat(said["exportedAt"]).utcoffset() == timedelta(hours=8)
            assert (said["figures"], [*said["columns"].values()]) == (figures, lines[ABOVE - 1])
            assert said["rows"]
            assert [[told(row[key]) for key in said["columns"]] for row in said["rows"]] == lines[ABOVE:]
            if figures == Figures.DEMAND:
                wages = next(row for row in said["rows"] if row["category"] == "labour.wages")
                assert (wages["week"], wages["rest"], wages["questions"]) == (str(monday), False, 6)
    noted = await city.sql("SELECT format FROM app.figure_export ORDER BY n")
    assert [row.format for row in noted] == ["JSON", "CSV"] * 3


def told(value: Any) -> str:
    """As a cell of the table says what a program is told."""
    return {None: "", True: "是", False: "否"}[value] if value is None or isinstance(value, bool) else str(value)


async def test_who_took_what_is_recorded_and_auditors_see_all(city: City) -> None:
    analyst, other, auditor = [await city.person(role) for role in (Role.ANALYST, Role.SUPERVISOR, Role.AUDITOR)]
    key = str(new_id())
    first = await takes(city, analyst, purpose="RESEARCH", idempotencyKey=key)
    assert first["personId"] == global_id("PersonFile", analyst.id)
    assert (await takes(city, analyst, purpose="RESEARCH", idempotencyKey=key))["id"] == first["id"]
    assert codes(await takes(city, analyst, purpose="BRIEFING", idempotencyKey=key)) == ["KEY_REUSED"]
    second = await takes(city, other, "HOT_ISSUES")
    for viewer, seen in ((analyst, [first]), (other, [second]), (auditor, [second, first])):
        nodes = (await city.one(viewer, EXPORTS))["nodes"]
        assert [one["id"] for one in nodes] == [one["id"] for one in seen]
        assert [one["url"] is not None for one in nodes] == [viewer is not auditor] * len(nodes)
    read = "query ($id: ID!) { node(id: $id) { id } }"
    assert await city.one(other, read, id=first["id"]) is None
    assert await city.one(auditor, read, id=first["id"]) == {"id": first["id"]}
    for who in (None, await city.resident(), await city.lawyer(), await city.person(Role.ADMIN)):
        for document in (EXPORTS, EXPORT):
            said = {"input": {"figures": "DEMAND", "from": "2026-01-01", "to": "2026-01-01", "purpose": "BRIEFING"}}
            said["input"]["idempotencyKey"] = key
            (error,) = await city.errors(who, document, **(said if document is EXPORT else {}))
            assert error["extensions"]["code"] == ("UNAUTHENTICATED" if who is None else "FORBIDDEN")


@pytest.mark.parametrize(
    ("days", "code"),
    [((1, 0), "TURNED_ROUND"), ((0, 1), "NOT_YET"), ((-400, 0), "TOO_MANY_DAYS")],
)
async def test_days_that_nobody_may_ask_for_are_not_taken_along(city: City, days: tuple[int, int], code: str) -> None:
    first, last = [str(await city.today() + day * DAY) for day in days]
    made = await takes(city, await city.person(Role.ANALYST), **{"from": first, "to": last})
    assert code in codes(made)
    assert await city.sql("SELECT 1 FROM app.figure_export") == []


async def test_twenty_a_day_however_many_come_at_once(city: City) -> None:
    analyst = await city.person(Role.ANALYST)
    made = await asyncio.gather(*(takes(city, analyst) for _ in range(30)))
    assert sorted(codes(one) for one in made) == [[]] * A_DAY + [["TOO_MANY_EXPORTS"]] * (30 - A_DAY)
    assert codes(await takes(city, await city.person(Role.ANALYST))) == [], "of each person"
    await city.pass_time(DAY)
    assert codes(await takes(city, analyst)) == []


async def test_the_address_is_hers_for_five_minutes_while_she_may(city: City) -> None:
    analyst, other = await city.person(Role.ANALYST), await city.person(Role.ANALYST)
    async with house(city) as client:
        export = await takes(city, analyst)
        link = path(export["url"])
        for answer in (await client.get(link), await client.head(link)):
            assert answer.headers["content-type"] == "text/csv; charset=utf-8"
            assert answer.headers["content-disposition"].startswith('attachment; filename="demand-2')
            assert answer.headers["cache-control"] == "private, no-store"
            assert answer.headers["x-content-type-options"] == "nosniff"
        secret, thing = city.doors[KeyProvider].secret(SECRET), uuid_of(export["id"], "FigureExport")
        until = await city.now() + timedelta(minutes=1)
        gone = await client.get(link + "x")
        assert (gone.status_code, gone.json()["reasons"][0]["code"]) == (404, "LINK_GONE")
        for way, whose, what in (
            (Way.FIGURES, other, thing),  # a link says what to look for, the walls say what is found
            (Way.FIGURES, await city.person(Role.AUDITOR), thing),  # who looks at it takes nothing along
            (Way.FIGURES, analyst, new_id()),
            (Way.EXPORT, analyst, thing),
        ):
            forged = Link(way, what, whose.id, whose.sign_in, until).signed(secret)
            assert (await client.get(f"/figures/{forged}")).content == gone.content
        await city.turn_seconds(290)
        assert (await client.get(link)).status_code == 200
        await city.turn_seconds(20)
        assert (await client.get(link)).content == gone.content
        assert [one["url"] for one in (await city.one(analyst, EXPORTS))["nodes"]] == [None]
        link = path((await takes(city, analyst))["url"])
        await city.sql("UPDATE app.role_held SET until = app.clock() WHERE person = :id", id=analyst.id)
        assert (await client.get(link)).content == gone.content, "her office has ended"


async def test_nobody_changes_what_was_recorded(city: City) -> None:
    analyst, auditor = await city.person(Role.ANALYST), await city.person(Role.AUDITOR)
    await takes(city, analyst)
    assert await attempt(city.db, auditor.id, "SELECT 1 FROM app.figure_export") == "rows=1"
    assert await attempt(city.db, (await city.person(Role.ANALYST)).id, "SELECT 1 FROM app.figure_export") == "rows=0"
    for who in (analyst.id, auditor.id):
        for statement in ("UPDATE app.figure_export SET purpose = 'RESEARCH'", "DELETE FROM app.figure_export"):
            assert await attempt(city.db, who, statement) == DENIED
    assert await attempt(city.worker, NOBODY, "SELECT 1 FROM app.figure_export") == DENIED
    entry = """INSERT INTO app.figure_export SELECT gen_random_uuid(), :whose, 'DEMAND', '2026-01-01', '2026-01-02',
        'BRIEFING', at, date(at AT TIME ZONE interval '8 hours'), 7
        FROM (SELECT app.clock() - CAST(:ago AS interval)) t (at)"""
    for ago, whose, comes in ((0, analyst, "rows=1"), (1, analyst, DENIED), (0, auditor, DENIED)):
        assert await attempt(city.db, analyst.id, entry, whose=whose.id, ago=timedelta(days=ago)) == comes


async def test_a_list_does_not_grow_dearer(city: City) -> None:
    analyst, counts = await city.person(Role.ANALYST), []
    for more in (1, 4):
        for _ in range(more):
            await takes(city, analyst)
        with city.statements() as sent:
            assert (await city.one(analyst, EXPORTS))["nodes"]
        counts.append(len(sent))
    assert counts == [1, 1]


def file(*rows: Any) -> list[list[str]]:
    made = written(Figures.DEMAND, date(2026, 11, 2), date(2026, 11, 8), datetime(2026, 11, 9, tzinfo=UTC), rows, CSV)
    return table(made)[ABOVE:]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), min_size=1, max_size=4))
def test_no_cell_is_a_formula_and_none_is_lost(cells: list[str]) -> None:
    (row,) = file(cells)
    assert not any(cell.startswith(FORMULA) for cell in row)
    assert row == [harmless(cell) for cell in cells]


def test_what_is_not_known_is_empty_and_a_comma_is_no_border() -> None:
    assert file([None, 0, date(2026, 11, 2), "一，二,三", '"四"', "=1+1"]) == [
        ["", "0", "2026-11-02", "一，二,三", '"四"', "'=1+1"]
    ]
    assert [*SHEETS] == [*Figures]
    for sheet in SHEETS.values():
        assert len({*sheet.keys}) == len(sheet.columns)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400))
def test_weeks_hold_each_day_once(first: date, more: int) -> None:
    last = first + more * DAY
    weeks = [*weeks_of(first, last)]
    days = [start + n * DAY for start, end in weeks for n in range((end - start).days + 1)]
    assert days == [first + n * DAY for n in range(more + 1)]
    assert all(start.weekday() == 0 for start, _ in weeks[1:])
    assert all(end.weekday() == 6 for _, end in weeks[:-1])
