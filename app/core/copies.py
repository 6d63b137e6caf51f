"""A copy of all that is kept about somebody, as it is sent: a zip with pages for people and JSON for machines.

`index.html` leads to the pages, `index.json` to the data; `schema.json` says what each field means. Names in it are the
house's own and hold nothing that anybody said.
"""

import html
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Any, Final

from app.core.archive import Archive
from app.core.portable import Enclosed, Page, Part, Source, document, link, page_of

FORMAT: Final = "export/1"
"""Grows when a name changes its meaning or goes; new ones come without."""


def schema_of(parts: Iterable[Part]) -> dict[str, Any]:
    """What each kind of record holds (JSON Schema 2020-12)."""
    kinds = {record.kind: record.schema_of() for part in parts for record in part.records}
    return {"format": FORMAT, "kinds": kinds}


def text_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


async def copied(
    source: Source, parts: Sequence[Part], introduction: Sequence[str], at: datetime, zone: tzinfo
) -> AsyncIterator[bytes]:
    """The bytes of the zip, in order. `introduction`: a title, and what is to be said before the list of contents.

    Breaks off where she is signed out meanwhile, with what the database raises then.
    """
    archive, pages, index = Archive(at.astimezone(zone)), Counter[str](), []
    for part in parts:
        async for item in part.contents(source):
            if isinstance(item, Enclosed):
                async for piece in archive.bytes_of(item.path, item.pieces):
                    yield piece
                continue
            kind = item.of.kind
            pages[kind] += 1
            name = f"{kind}-{pages[kind]:04d}"
            entry = {"kind": kind, "title": item.of.title, "count": len(item.records)}
            index.append(entry | {"data": f"data/{name}.json", "page": f"pages/{name}.html"})
            async for piece in archive.text(f"data/{name}.json", text_of(_data(item))):
                yield piece
            async for piece in archive.text(f"pages/{name}.html", page_of(item, zone, "../")):
                yield piece
    told = {"format": FORMAT, "madeAt": at.isoformat(), "parts": index}
    last = {"index.json": text_of(told), "schema.json": text_of(schema_of(parts))}
    for name, said in (last | {"index.html": _front(introduction, index)}).items():
        async for piece in archive.text(name, said):
            yield piece
    yield archive.end()


def _data(page: Page) -> list[Any]:
    return [record.model_dump(mode="json", by_alias=True) for record in page.records]


def _front(introduction: Sequence[str], index: Sequence[dict[str, Any]]) -> str:
    title, *said = introduction
    lines = "".join(f"<li>{link(entry['page'], entry['title'])}（{entry['count']}）</li>" for entry in index)
    return document(title, "".join(f"<p>{html.escape(text)}</p>" for text in said) + f"<ol>{lines}</ol>")
