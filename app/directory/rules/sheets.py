"""The register as a table of a spreadsheet: a row for each record, the same columns in and out."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from app.core.errors import BAD_VALUE, Reason, because
from app.directory.models import INSTITUTIONS, RegisterKind, Standing
from app.directory.rules import hours, services
from app.directory.rules.kinds import TITLES
from app.directory.rules.licence import HOME
from app.directory.rules.register import NOT_TEXT, Office, Record, Worker, against_record, tidied
from app.directory.rules.taxonomy import CATEGORIES, SPECIALTIES
from app.places.rules.workdays import CITY_TIME

COLUMNS: Final = (
    "kind",
    "number",
    "name",
    "aliases",
    "division",
    "province",
    "address",
    "phones",
    "specialties",
    "workplace",
    "languages",
    "accessible",
    "services",
    "hours",
    "standing",
    "source",
    "verifiedAt",
    "example",
)
NEEDED: Final = ("kind", "number", "name")
OF_THE_DOOR: Final = ("accessible", "languages", "services", "hours")
"""Of institutions. A table that has no such column says nothing of it."""
LISTS: Final = frozenset({"aliases", "phones", "specialties", "languages"})
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet program takes for the beginning of a formula."""

_KINDS: Final = {name: kind for kind, title in TITLES.items() for name in (kind.value, title.zh)}
_FIELDS: Final = {name: code for code in SPECIALTIES for name in (code, CATEGORIES[code].zh)}
_STANDINGS: Final = {"": Standing.ACTIVE} | {standing.value: standing for standing in Standing}
_TRUE_OR_FALSE: Final = {"0": False, "否": False, "false": False, "1": True, "是": True, "true": True}
_TRUE: Final = {"": False} | _TRUE_OR_FALSE
_WRONG: Final = object()


def read(row: Mapping[str, Any], source: str, now: datetime) -> Record | list[Reason]:
    """A record as a row tells it, or every reason against it, by the names of the columns.

    `source` stands in where the row says none. Kinds and fields are written as codes or in Chinese, lists with
    semicolons between, moments as ISO 8601; a day is its beginning in the city; services and hours as their rules
    write them.
    """
    numeric = [because(NOT_TEXT, name) for name in ("number", "phones") if isinstance(row.get(name), int | float)]
    said = {name: _text(row.get(name)) for name in COLUMNS}
    values: dict[str, Any] = {"number": said["number"], "name": said["name"], "division": said["division"]}
    values |= {
        "province": said["province"] or HOME,
        "source": said["source"] or source,
        "phones": _list(said["phones"]),
    }
    found: dict[str, Any] = {
        "kind": _KINDS.get(said["kind"]),
        "standing": _STANDINGS.get(said["standing"]),
        "example": _TRUE.get(said["example"].lower()),
        "specialties": _known(_list(said["specialties"])),
        "verifiedAt": _moment(row.get("verifiedAt"), said["verifiedAt"]),
    }
    if found["kind"] is None:
        return numeric + _missing(found)
    more: dict[str, Any] = {}
    if found["kind"] in INSTITUTIONS:
        more = _of_the_door({name: said[name] for name in OF_THE_DOOR if name in row})
    wrong = numeric + _missing(found | {name: None for name, value in more.items() if value is _WRONG})
    values |= {name: value for name, value in found.items() if value is not None and name != "verifiedAt"}
    values["verified_at"] = found["verifiedAt"] or None
    values |= {name: value for name, value in more.items() if value is not _WRONG}
    record = tidied(_office(values, said) if found["kind"] in INSTITUTIONS else _worker(values, said))
    told = {reason.field for reason in wrong}
    wrong += [reason for reason in _by_column(against_record(record, now)) if _column(reason) not in told]
    return wrong or record


def _missing(found: Mapping[str, Any]) -> list[Reason]:
    return [because(BAD_VALUE, name) for name, value in found.items() if value is None]


def _of_the_door(said: Mapping[str, str]) -> dict[str, Any]:
    """Of the columns that the table has, what is said in them, or _WRONG; what it has not stays as it is."""
    found: dict[str, Any] = {}
    if "accessible" in said:
        found["accessible"] = {"": None, **_TRUE_OR_FALSE}.get(said["accessible"].lower(), _WRONG)
    if "languages" in said:
        found["languages"] = _list(said["languages"])
    if "services" in said:
        known = services.read(said["services"])
        found["services"] = _WRONG if known is None else known
    if "hours" in said:
        found["hours"] = (hours.read(said["hours"]) or _WRONG) if said["hours"] else None
    return found


def _office(values: dict[str, Any], said: dict[str, str]) -> Office:
    return Office(**values, aliases=_list(said["aliases"]), address=said["address"])


def _worker(values: dict[str, Any], said: dict[str, str]) -> Worker:
    languages = _list(said["languages"]) or ["普通话"]
    return Worker(**values, workplace=said["workplace"], languages=languages)


def _by_column(reasons: list[Reason]) -> Iterator[Reason]:
    for reason in reasons:
        yield Reason(reason.code, "division" if reason.field == "divisionCode" else reason.field, reason.values)


def _column(reason: Reason) -> str:
    return (reason.field or "").partition(".")[0]


def _text(value: Any) -> str:
    """Of a cell. What was written out as text, to be no formula, is read as what it was."""
    if value is None:
        return ""
    said = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    said = said.strip()
    return said[1:] if said.startswith("'") and said[1:].startswith(FORMULA) else said


def _list(said: str) -> list[str]:
    return [part for part in (one.strip() for one in said.replace("；", ";").split(";")) if part]


def _known(names: list[str]) -> list[str] | None:
    return [_FIELDS[name] for name in names] if all(name in _FIELDS for name in names) else None


def _moment(value: Any, said: str) -> datetime | str | None:
    """ "" for none, None for what is no moment."""
    if not said:
        return ""
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(said)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=CITY_TIME)


def written(row: Any) -> list[str]:
    """A record's row of the database as a row of the table."""
    title = TITLES[RegisterKind(row.kind)].zh
    values: dict[str, Any] = {name: getattr(row, name, "") for name in COLUMNS if name != "verifiedAt"}
    values |= {"kind": title, "example": "1" if row.example else ""}
    if row.kind in INSTITUTIONS:
        said = hours.Hours.model_validate(row.hours) if row.hours else None
        values |= {"accessible": "" if row.accessible is None else str(int(row.accessible))}
        values |= {"services": services.written(row.services), "hours": hours.written(said) if said else ""}
    values["verifiedAt"] = row.verified_at.astimezone(CITY_TIME).isoformat() if row.verified_at else ""
    return [";".join(values[name]) if name in LISTS else str(values[name]) for name in COLUMNS]


def harmless(cell: str) -> str:
    """For a CSV file: a spreadsheet program shows it and computes nothing."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
