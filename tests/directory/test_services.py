"""What institutions do, what to bring, and how one gets in."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.access import Role, Viewer
from app.directory.models import Service
from app.directory.rules import hours, services
from app.directory.rules.hours import Hours, OpenDay, Stretch, whole
from app.directory.rules.sheets import COLUMNS
from scripts import export_directory
from scripts.import_directory import take_in
from tests.city import TOWN, City
from tests.directory.desk import (
    change_institution,
    enter_institution,
    open_institution,
    place_institution,
)
from tests.directory.test_importing import OFFICE, sheet
from tests.directory.test_map import NEAREST

pytestmark = pytest.mark.anyio

MEDIATION = {"service": "MEDIATION", "documents": ["身份证", "与纠纷有关的材料"]}


@pytest.fixture
async def editor(city: City) -> Viewer:
    return await city.person(Role.EDITOR)


async def test_who_needs_something_finds_who_does_it_and_what_to_bring(city: City, editor: Viewer) -> None:
    door = {"accessible": True, "languages": [" 普通话 ", "手语"], "services": [MEDIATION, {"service": "LEGAL_AID"}]}
    made = await enter_institution(city, editor, **door)
    assert (made["accessible"], made["languages"]) == (True, ["普通话", "手语"])
    assert made["services"] == [
        {"service": "LEGAL_AID", "name": "法律援助申请", "documents": []},
        MEDIATION | {"name": "人民调解"},
    ]
    await place_institution(city, editor, made["id"], 1)
    for service, found in (("MEDIATION", 1), ("LEGAL_AID", 1), ("NOTARISATION", 0)):
        assert len((await city.one(None, NEAREST, town=TOWN, service=service))["points"]) == found
    changed = await change_institution(city, editor, made["id"], 2, accessible=False, services=[])
    assert (changed["accessible"], changed["services"], changed["languages"]) == (False, [], ["普通话", "手语"])
    assert {field["field"] for field in changed["history"][0]["fields"]} == {"accessible", "services"}
    table: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"services": [MEDIATION, MEDIATION]}, ("BAD_VALUE", "services")),
        ({"services": [MEDIATION | {"documents": ["证"]}]}, ("TOO_SHORT", "services.0.documents.0")),
        ({"services": [MEDIATION | {"documents": ["身份证;户口簿"]}]}, ("BAD_VALUE", "services.0.documents.0")),
        ({"services": [MEDIATION | {"documents": ["身份证"] * 2}]}, ("BAD_VALUE", "services.0.documents")),
        ({"languages": ["普通话"] * 2}, ("BAD_VALUE", "languages")),
        ({"languages": ["普通\x00话"]}, ("BAD_VALUE", "languages")),
    ]
    for said, wrong in table:
        refused = await change_institution(city, editor, made["id"], 3, **said)
        assert [(reason["code"], reason["field"]) for reason in refused["reasons"]] == [wrong]


async def test_a_table_says_it_too_and_what_it_has_no_column_for_stays(
    city: City, editor: Viewer, tmp_path: Path
) -> None:
    said = {"accessible": "是", "languages": "普通话;手语", "services": "人民调解=身份证|材料清单;LEGAL_AID"}
    said |= {"hours": "MONDAY,TUESDAY=09:00-12:00 14:00-17:30;2026-12-24="}
    path = sheet(tmp_path / "in.csv", [OFFICE | said])
    taken, wrong = await take_in(city.owner, path, "导入", "批量导入", False)
    assert ((taken.new, taken.changed), wrong) == ((1, 0), [])
    kept = "SELECT accessible, languages, services, hours FROM app.institution"
    before = await city.sql(kept)
    assert before[0][:3] == (True, ["普通话", "手语"], {"MEDIATION": ["身份证", "材料清单"], "LEGAL_AID": []})
    assert before[0][3]["dates"] == {"2026-12-24": []}
    out = tmp_path / "out.csv"
    await export_directory.put_out(city.owner, out)
    few = tmp_path / "few.csv"
    with few.open("w", encoding="utf-8", newline="") as file:
        names = [name for name in COLUMNS if name not in said]
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerow({name: value for name, value in OFFICE.items() if name in names})
    for same in (path, out, few):
        taken, wrong = await take_in(city.owner, same, "导入", "批量导入", False)
        assert ((taken.new, taken.changed, taken.same), wrong) == ((0, 0, 1), []), same.name
    assert await city.sql(kept) == before
    for column, bad in (
        ("accessible", "也许"),
        ("services", "魔法"),
        ("hours", "周一=9-12"),
        ("hours", "MONDAY=9:00-12:00"),
    ):
        bad_path = sheet(tmp_path / "bad.csv", [OFFICE | said | {column: bad}])
        _, ((row, reasons),) = await take_in(city.owner, bad_path, "导入", "批量导入", True)
        assert (row, {(reason.field or "").partition(".")[0] for reason in reasons}) == (2, {column})
    empty = sheet(tmp_path / "empty.csv", [OFFICE])
    taken, _ = await take_in(city.owner, empty, "导入", "批量导入", False)
    assert taken.changed == 1
    assert await city.sql(kept) == [(None, [], {}, None)]


STRETCHES = st.lists(st.integers(0, 1440), min_size=0, max_size=6, unique=True).map(
    lambda marks: [
        (f"{one // 60:02}:{one % 60:02}", f"{two // 60:02}:{two % 60:02}")
        for one, two in zip(sorted(marks)[::2], sorted(marks)[1::2], strict=False)
    ]
)


@given(
    st.dictionaries(st.sampled_from(OpenDay), STRETCHES),
    st.dictionaries(st.dates(date(2026, 1, 1), date(2028, 1, 1)), STRETCHES, max_size=3),
    st.dictionaries(
        st.sampled_from(Service), st.lists(st.sampled_from(["身份证", "户口簿=本人页", "a-b c"]), unique=True)
    ),
)
def test_a_cell_is_read_as_it_was_written(
    days: dict[OpenDay, list[Stretch]], dates: dict[date, list[Stretch]], said: dict[Service, list[str]]
) -> None:
    kept = whole(Hours(days=days, dates=dates))
    cell = hours.written(kept)
    assert (hours.read(cell) if cell else kept) == kept
    assert services.read(services.written({one.value: told for one, told in said.items()})) == said


async def test_setting_hours_keeps_the_door_and_changing_the_door_keeps_the_hours(city: City, editor: Viewer) -> None:
    made = await enter_institution(city, editor, accessible=True)
    await open_institution(city, editor, made["id"], 1)
    await change_institution(city, editor, made["id"], 2, accessible=False)
    ((accessible, kept),) = await city.sql("SELECT accessible, hours FROM app.institution")
    assert (accessible, kept["days"]["MONDAY"]) == (False, [["09:00", "12:00"], ["14:00", "17:30"]])
