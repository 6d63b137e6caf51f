"""The city's keepers take in what a provider or the bureau hands them as a table, and give it out again."""

import csv
import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from app.core.access import Role
from app.directory.rules.sheets import COLUMNS, FORMULA, harmless
from scripts import export_directory, import_directory
from scripts.hindrance import Hindrance
from scripts.import_directory import take_in
from scripts.sheets import rows_of
from tests.city import City
from tests.directory.desk import enter_institution
from tests.directory.test_finding import names

pytestmark = pytest.mark.anyio

GOOD: dict[str, Any] = {
    "kind": "律师",
    "number": "14101201511800001",
    "name": "曾丽萍",
    "workplace": "示例清明律师事务所",
    "specialties": "婚姻家庭;labour",
    "source": "示例供应商",
    "verifiedAt": "2026-03-01",
    "example": "1",
}
OFFICE: dict[str, Any] = {
    "kind": "LAW_FIRM",
    "number": "示例-31410",
    "name": "示例清明律师事务所",
    "aliases": "示例清明;示例清明所",
    "division": "419001001",
    "phones": "0391-0000001;0391-0000002",
    "source": "示例供应商",
    "verifiedAt": "2026-03-01T09:00:00+08:00",
    "example": "1",
}
WRONG = (
    ("kind", "魔法师"),
    ("number", "12345"),
    ("name", ""),
    ("division", "110101"),
    ("phones", "打电话"),
    ("specialties", "魔法"),
    ("standing", "GONE"),
    ("verifiedAt", "昨天"),
    ("province", "河南"),
    ("example", "maybe"),
)


def sheet(path: Path, rows: list[dict[str, Any]]) -> Path:
    if path.suffix == ".xlsx":
        book = Workbook()
        page = book.worksheets[0]
        page.append(COLUMNS)
        for row in rows:
            page.append([row.get(name) for name in COLUMNS])
        book.save(path)
        return path
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def lawyers(count: int, wrong: int) -> Iterator[dict[str, Any]]:
    """Of a provider, the wrong ones spread evenly among them."""
    every = count // wrong
    for place in range(count):
        row = GOOD | {"number": f"1{11 + place % 5}01{2000 + place % 20}1{place % 2}{place:06}"}
        if place % every == 0:
            column, said = WRONG[place // every % len(WRONG)]
            row |= {column: said}
        yield row


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
async def test_a_table_goes_in_and_the_same_again_changes_nothing(city: City, tmp_path: Path, ending: str) -> None:
    path = sheet(tmp_path / f"register.{ending}", [GOOD, OFFICE])
    for dry, came in ((True, (2, 0, 0)), (False, (2, 0, 0)), (False, (0, 0, 2)), (True, (0, 0, 2))):
        taken, wrong = await take_in(city.owner, path, "导入", "批量导入", dry)
        assert ((taken.new, taken.changed, taken.same), wrong) == (came, [])
    ((worker, office),) = await city.sql(
        "SELECT w.name, i.name FROM app.legal_worker w JOIN app.institution i ON i.id = w.institution"
    )
    assert (worker, office) == ("曾丽萍", "示例清明律师事务所")
    assert len(await city.sql("SELECT 1 FROM app.register_change WHERE editor IS NULL")) == 2
    assert await names(city, "zengliping") == ["曾丽萍"]
    changed = sheet(path, [GOOD | {"name": "曾丽苹"}, OFFICE])
    taken, _ = await take_in(city.owner, changed, "导入", "批量导入", False)
    assert (taken.new, taken.changed, taken.same) == (0, 1, 1)
    ((before, after),) = await city.sql("SELECT before, after FROM app.register_change WHERE version = 2")
    assert (before, after) == ({"name": "曾丽萍"}, {"name": "曾丽苹"})


@pytest.mark.parametrize(("column", "said"), WRONG)
async def test_a_wrong_cell_is_named_by_row_and_column(city: City, tmp_path: Path, column: str, said: str) -> None:
    path = sheet(tmp_path / "register.csv", [OFFICE, GOOD | {column: said}])
    taken, wrong = await take_in(city.owner, path, "导入", "批量导入", False)
    assert taken.new == 1
    ((number, reasons),) = wrong
    assert number == 3
    assert (reasons[0].field or "").partition(".")[0] == column


async def test_numbers_of_spreadsheets_and_repeats_are_told(city: City, tmp_path: Path) -> None:
    rows = [GOOD | {"number": 14101201511800001}, GOOD, GOOD, OFFICE | {"phones": 3910000001}]
    taken, wrong = await take_in(city.owner, sheet(tmp_path / "r.xlsx", rows), "导入", "批量导入", False)
    assert taken.new == 1
    told = [(number, (reasons[0].code.name, reasons[0].field)) for number, reasons in wrong]
    assert told == [(2, ("NOT_TEXT", "number")), (4, ("TWICE_IN_FILE", "number")), (5, ("NOT_TEXT", "phones"))]
    assert wrong[1][1][0].values == {"row": 3}


@pytest.mark.short
async def test_many_rows_with_some_wrong_ones(city: City, tmp_path: Path) -> None:
    await _many(city, tmp_path, 1_000, 20)


@pytest.mark.full
async def test_many_more_rows_with_one_in_a_hundred_wrong(city: City, tmp_path: Path) -> None:
    """`ROWS=20000` takes in as many as anybody has patience for."""
    rows = int(os.environ.get("ROWS", "5000"))
    print(f"\n{rows} rows in {await _many(city, tmp_path, rows, rows // 100):.1f} s")


async def _many(city: City, tmp_path: Path, count: int, bad: int) -> float:
    path = sheet(tmp_path / "register.csv", list(lawyers(count, bad)))
    began = time.perf_counter()
    taken, wrong = await take_in(city.owner, path, "导入", "批量导入", False)
    took = time.perf_counter() - began
    assert (taken.new, len(wrong)) == (count - bad, bad)
    every = count // bad
    expected = {place * every + 2: WRONG[place % len(WRONG)][0] for place in range(bad)}
    assert {number: (reasons[0].field or "").partition(".")[0] for number, reasons in wrong} == expected
    taken, again = await take_in(city.owner, path, "导入", "批量导入", False)
    assert (taken.new, taken.changed, taken.same, len(again)) == (0, 0, count - bad, bad)
    assert len(await city.sql("SELECT 1 FROM app.register_change")) == count - bad
    return took


async def test_the_command_names_what_is_wrong_and_ends_with_one(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = sheet(tmp_path / "register.csv", [OFFICE, GOOD | {"name": ""}])
    chosen = import_directory._options([str(path), "--owner-url", city.urls.owner, "--dry-run"])
    assert await import_directory._do(chosen) == 1
    said = capsys.readouterr()
    assert said.out == "Nothing was written. It would be: 1 new, 0 changed, 0 as before, 1 wrong.\n"
    assert said.err.startswith("row 3: name: This must not be empty.")
    assert await city.sql("SELECT 1 FROM app.institution") == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
async def test_what_is_given_out_can_be_taken_in_and_computes_nothing(city: City, tmp_path: Path, ending: str) -> None:
    editor = await city.person(Role.EDITOR)
    await enter_institution(city, editor, address='=HYPERLINK("http://x")', aliases=["+示例", "-示例", "@示例"])
    await take_in(city.owner, sheet(tmp_path / "in.csv", [OFFICE, GOOD]), "导入", "批量导入", False)
    out = tmp_path / f"out.{ending}"
    assert await export_directory.put_out(city.owner, out) == 3
    if ending == "csv":
        cells = [cell for row in csv.reader(out.read_text("utf-8-sig").splitlines()) for cell in row]
        assert '\'=HYPERLINK("http://x")' in cells
        assert not any(cell.startswith(FORMULA) for cell in cells)
    else:
        page = load_workbook(out).worksheets[0]
        assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "inlineStr", "n"}
        assert all(cell.value is None for row in page.iter_rows() for cell in row if cell.data_type == "n")
    taken, wrong = await take_in(city.owner, out, "导入", "批量导入", False)
    assert ((taken.new, taken.changed, taken.same), wrong) == ((0, 0, 3), [])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
async def test_marks_that_came_in_with_a_word_keep_no_table_in(city: City, tmp_path: Path, ending: str) -> None:
    """What is pasted may hold ends of lines and of pages that no keyboard has."""
    editor = await city.person(Role.EDITOR)
    await enter_institution(city, editor, address="示例路1号\u2028三楼\x0b东侧\x85北门")
    out = tmp_path / f"out.{ending}"
    assert await export_directory.put_out(city.owner, out) == 1
    taken, wrong = await take_in(city.owner, out, "导入", "批量导入", False)
    assert (taken.new, wrong) == (0, [])
    assert (taken.changed, taken.same) == ((0, 1) if ending == "csv" else (1, 0))


def test_a_cell_that_would_be_a_formula_is_none() -> None:
    assert [harmless(said) for said in ("=1+1", "+1", "-1", "@a", "\t=1", "1=1", "")] == [
        "'=1+1",
        "'+1",
        "'-1",
        "'@a",
        "'\t=1",
        "1=1",
        "",
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("none.csv", b""),
        ("other.csv", b"kind,number,name,magic\n"),
        ("bytes.csv", b"\xff\xff\xff\x80"),
        ("no.xlsx", b"PK\x03\x04 nothing"),
    ],
)
def test_what_is_no_such_table_is_told_as_such(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Hindrance, match=name):
        list(rows_of(path))


def test_a_chinese_spreadsheet_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes("kind,number,name,verifiedAt\n律师,14101201511800001,曾丽萍,2026-03-01\n,,,\n".encode("gb18030"))
    ((number, row),) = rows_of(path)
    assert (number, row["name"]) == (2, "曾丽萍")
    assert date.fromisoformat(row["verifiedAt"]).year == 2026
