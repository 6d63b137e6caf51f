"""Tables as spreadsheet programs write them: CSV and XLSX, row by row."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from app.core import workbooks
from app.directory.rules.sheets import COLUMNS, NEEDED, harmless
from scripts.hindrance import Hindrance

ROWS = 200_000


def rows_of(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(row, what it says by column), the title row being row 1; rows without anything are left out.

    Raises Hindrance for what is no such table.
    """
    lines = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    titles: list[str] = [str(cell or "").strip().lstrip("\ufeff") for cell in next(lines, [])]
    if missing := [name for name in NEEDED if name not in titles]:
        raise Hindrance(
            f"{path.name} has no column {', '.join(missing)}. Its first row names them: {', '.join(COLUMNS)}."
        )
    if strange := [title for title in titles if title and title not in COLUMNS]:
        raise Hindrance(f"{path.name} has a column that is not known: {', '.join(strange)}.")
    for number, cells in enumerate(lines, 2):
        if number > ROWS:
            raise Hindrance(f"{path.name} has more than {ROWS} rows.")
        said = {title: cell for title, cell in zip(titles, cells, strict=False) if title}
        if any(cell not in (None, "") for cell in said.values()):
            yield number, said


def _csv(path: Path) -> Iterator[list[Any]]:
    """UTF-8; or as a Chinese Excel writes it."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError as error:
            raise Hindrance(f"{path.name} is neither UTF-8 nor GB 18030.") from error
    try:
        yield from csv.reader(io.StringIO(text, newline=""))  # other ends of lines than a table's are words
    except csv.Error as error:
        raise Hindrance(f"{path.name} is no CSV: {error}.") from error


def _xlsx(path: Path) -> Iterator[list[Any]]:
    """The first sheet."""
    try:
        yield from workbooks.rows(path)
    except workbooks.NoWorkbook as error:
        if error.size:
            raise Hindrance(f"{path.name} unpacks to {error.size:,} bytes; at most {error.most:,} are read.") from error
        raise Hindrance(f"{path.name} is no XLSX file.") from error


def write(path: Path, lines: Iterable[list[str]]) -> None:
    """Under a row of titles. No cell is a formula, whatever it says."""
    if path.suffix.lower() == ".xlsx":
        _write_xlsx(path, lines)
    else:
        _write_csv(path, lines)


def _write_csv(path: Path, lines: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([harmless(cell) for cell in line] for line in lines)


def _write_xlsx(path: Path, lines: Iterable[list[str]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("register")
    sheet.append(COLUMNS)
    for line in lines:
        # XML has no control characters; one that came in with a word must not keep the whole table in.
        cells = [WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", cell)) for cell in line]
        for cell in cells:
            cell.data_type = "s"  # what begins with = is text too
        sheet.append(cells)
    book.save(path)
