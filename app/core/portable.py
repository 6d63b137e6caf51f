"""What is handed to a person of all that is kept about her: records that people and machines can read.

A room declares its kinds of records; each field has a stable name for machines and a Chinese word for people. The same
declaration gives the JSON, its schema and the page.
"""

import html
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, tzinfo
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.core.access import Viewer
from app.core.db import Database, Session
from app.core.sealing import KeyProvider

AT_ONCE = 100
"""Rows that are read, opened and written together: what a copy holds in memory."""


def shown(zh: str, description: str, words: Mapping[str, str] | None = None, **more: Any) -> Any:
    """A field of a record. `words`: how its codes are called; `path=True` for the name of a file of the archive."""
    extra = {key: value for key, value in (("words", words), *more.items()) if value}
    return Field(title=zh, description=description, json_schema_extra={f"x-{key}": extra[key] for key in extra} or None)


def ended(until: datetime) -> datetime | None:
    """None for `infinity`."""
    return None if until.year == MAXYEAR else until


class Record(BaseModel):
    """One thing that is kept about a person, or a part of one. Names in JSON are camelCase and stay as they are; a
    field that is not known, or not kept, is null."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True, defer_build=True)

    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""

    @classmethod
    def schema_of(cls) -> dict[str, Any]:
        return {"title": cls.title} | {
            name: value for name, value in cls.model_json_schema(mode="serialization").items() if name != "title"
        }


@dataclass(frozen=True)
class Page:
    """Some records of one kind, at most AT_ONCE."""

    of: type[Record]
    records: Sequence[Record]


@dataclass(frozen=True)
class Enclosed:
    """A file of the archive, in pieces; the record that names its `path` comes in a page."""

    path: str
    pieces: AsyncIterator[bytes]


@dataclass(frozen=True)
class Source:
    """From what a room makes its part of a copy: under the viewer's own rights, a short transaction at a time."""

    db: Database
    viewer: Viewer
    keys: KeyProvider
    doors: Mapping[type[Any], Any]
    listed: Mapping[str, Sequence[UUID]]
    """Ids by what they are of, as they were listed when she asked; what is gone since is not found any more."""

    def reading(self) -> AbstractAsyncContextManager[Session]:
        return self.db.acting(self.viewer)

    def batches(self, what: str, size: int = AT_ONCE) -> list[Sequence[UUID]]:
        ids = self.listed.get(what, ())
        return [ids[at : at + size] for at in range(0, len(ids), size)]


@dataclass(frozen=True)
class Part:
    """What a room puts into a copy, and the kinds of records that it may hold."""

    contents: Callable[[Source], AsyncIterator[Page | Enclosed]]
    records: Sequence[type[Record]]


# As people read it ----------------------------------------------------------------------------------------------------

_STYLE = (
    "body{font:16px/1.7 system-ui,sans-serif;max-width:52em;margin:2em auto;padding:0 1em;color:#222}"
    "section{border:1px solid #ddd;border-radius:6px;margin:1em 0;padding:.3em 1em}"
    "dt{color:#666;font-size:.9em;margin-top:.5em}dd{margin:0 0 .3em;white-space:pre-wrap;overflow-wrap:anywhere}"
    "dd section{margin:.4em 0;background:#fafafa}"
)
_HEAD = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    "<title>{title}</title><style>{style}</style></head><body><h1>{title}</h1>{body}</body></html>"
)


def document(title: str, body: str) -> str:
    """A page of its own that loads and runs nothing. `body` is HTML, `title` is text."""
    return _HEAD.format(title=html.escape(title), style=_STYLE, body=body)


def link(path: str, text: str) -> str:
    return f'<a href="{html.escape(path, quote=True)}">{html.escape(text)}</a>'


def page_of(page: Page, zone: tzinfo, up: str) -> str:
    """The page's records for people. `up`: how files are found from there, `../` or nothing."""
    return document(page.of.title, "".join(_section(record, zone, up) for record in page.records))


def _section(record: Record, zone: tzinfo, up: str) -> str:
    rows = []
    for name, field in type(record).model_fields.items():
        value = getattr(record, name)
        if value is None or value == "" or value == []:
            continue
        extra: Any = field.json_schema_extra or {}
        rows.append(f"<dt>{html.escape(field.title or name)}</dt><dd>{_value(value, extra, zone, up)}</dd>")
    return f"<section><dl>{''.join(rows)}</dl></section>"


def _value(value: Any, extra: Mapping[str, Any], zone: tzinfo, up: str) -> str:
    match value:
        case Record():
            return _section(value, zone, up)
        case list() | tuple():
            return "".join(f"<div>{_value(each, extra, zone, up)}</div>" for each in value)
        case bool():
            return "是" if value else "否"
        case datetime():
            return value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return value.isoformat()
        case Enum():
            return _value(str(value.value), extra, zone, up)
        case dict():
            return html.escape(json.dumps(value, ensure_ascii=False))
    text = str(value)
    if extra.get("x-path"):
        return link(up + text, text)
    return html.escape(extra.get("x-words", {}).get(text, text))
