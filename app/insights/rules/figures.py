"""Figures as a table that is taken along (CSV, RFC 4180) or as JSON (RFC 8259), with what one has to know of them above
it. Pure."""

import csv
import io
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import orjson
from pydantic import BaseModel

from app.core.errors import code
from app.directory.rules.sheets import harmless
from app.directory.rules.taxonomy import CATEGORIES
from app.insights.models import FigureFormat, Figures
from app.insights.rules.issues import SPAN
from app.places.rules import DIVISIONS
from app.places.rules.workdays import CITY_TIME

A_DAY: Final = 20
"""Exports that somebody makes in one day of the city; the table has no room for more."""
BOM: Final = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of its system, and shows Chinese words as rubbish."""

TOO_MANY_EXPORTS = code(
    "TOO_MANY_EXPORTS",
    zh="每人每天最多导出 {limit} 次，请明天再试。",
    en="At most {limit} exports a day; please go on tomorrow.",
    remedy="Wait for the city's next day, or export more days at once.",
)


class Sheet(BaseModel):
    """What is said above figures of a kind, and over their columns; `keys` are the columns' names for programs."""

    name: str
    made: str
    least: str
    delay: str
    columns: list[str]
    keys: list[str]


SHEETS: Final = {
    Figures(kind): Sheet(**said)
    for kind, said in tomllib.loads((Path(__file__).parents[1] / "data" / "figures.toml").read_text("utf-8")).items()
}
Row = Sequence[Any]


def written(
    figures: Figures, first: date, last: date, at: datetime, rows: Iterable[Row], format: FigureFormat
) -> bytes:
    """The whole file."""
    made_at = at.astimezone(CITY_TIME).isoformat(timespec="seconds")
    write = _csv if format is FigureFormat.CSV else _json
    return write(figures, first, last, made_at, rows)


def _csv(figures: Figures, first: date, last: date, made_at: str, rows: Iterable[Row]) -> bytes:
    """No cell begins a formula, dates are ISO 8601, and what is not known is empty."""
    sheet, file = SHEETS[figures], io.StringIO(newline="")
    above: list[Row] = [
        ("名称", sheet.name),
        ("统计方法", sheet.made),
        ("最少人数（k）", sheet.least),
        ("滞后", sheet.delay),
        ("所选日期", first, last),
        ("导出时间", made_at),
        (),
        sheet.columns,
    ]
    for row in (*above, *rows):
        csv.writer(file).writerow([_cell(cell) for cell in row])
    return (BOM + file.getvalue()).encode()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else harmless(str(value))


def _json(figures: Figures, first: date, last: date, made_at: str, rows: Iterable[Row]) -> bytes:
    """The same head and rows; each row has its `keys`, which `columns` says in Chinese."""
    sheet = SHEETS[figures]
    head = sheet.model_dump(include={"name", "made", "least", "delay"})
    said = {"figures": figures, **head, "from": first, "to": last, "exportedAt": made_at}
    said["columns"] = dict(zip(sheet.keys, sheet.columns, strict=True))
    said["rows"] = [dict(zip(sheet.keys, row, strict=True)) for row in rows]
    return orjson.dumps(said, default=float, option=orjson.OPT_INDENT_2)


def of_issues(rows: Iterable[Any]) -> Iterator[Row]:
    for row in rows:
        yield row.day - timedelta(days=SPAN - 1), row.day, *_about(row), row.askers, row.times


def of_cells(rows: Iterable[Any]) -> Iterator[Row]:
    for row in rows:
        yield row.week, *_about(row), row.rest, row.questions, row.askers


def of_record(first: date, last: date, row: Any) -> Row:
    """One of the public record's rows."""
    counts = row.questions, row.withdrawn, row.recategorised, row.breaches, row.open
    paused, log = (row.paused_questions, round(row.paused_seconds)), (row.entries, row.head.hex())
    return first, last, *counts, *paused, *_mark(row, "first"), *_mark(row, "third"), *log


def _mark(row: Any, mark: str) -> Iterator[Any]:
    of, came, within, wall = (getattr(row, f"{mark}_{name}") for name in ("of", "came", "within", "within_wall"))
    yield from (of, came, within, wall, round(within / of, 4) if of else None)
    yield from (None if seconds is None else round(seconds) for seconds in getattr(row, f"{mark}_run") or (None, None))


def _about(row: Any) -> Row:
    """What it is about and where, by code and name; empty where it is all."""
    category, town = CATEGORIES.get(row.category), DIVISIONS.get(row.town)
    return row.category, category and category.zh, row.town, town and town.name


def weeks_of(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days in weeks that begin on Mondays, the first and the last cut off."""
    while first <= last:
        sunday = first + timedelta(days=6 - first.weekday())
        yield first, min(sunday, last)
        first = sunday + timedelta(days=1)
