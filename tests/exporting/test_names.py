"""Whoever reads a copy with a program goes on reading it: what was once handed out keeps its name, place and type."""

import json
from collections.abc import Iterator
from typing import Any

from app.core.copies import FORMAT, schema_of
from app.exported import PARTS
from tests.house.source import ROOT

PUBLISHED = json.loads((ROOT / "scripts" / "published" / "export.json").read_text())
WORDS = {"title", "description", "x-words"}
"""May be put better at any time, in either language."""


def lost(before: Any, now: Any, path: str = "") -> Iterator[str]:
    """What was there and is not there any more, or is something else."""
    if isinstance(before, dict) and isinstance(now, dict):
        for name, value in before.items():
            named = (name in WORDS and not isinstance(value, dict | list)) or name == "x-words"
            if name not in now:
                yield f"{path}/{name}"
            elif not named:
                yield from lost(value, now[name], f"{path}/{name}")
    elif isinstance(before, list) and isinstance(now, list):
        yield from (f"{path}/{value}" for value in before if value not in now)
    elif before != now:
        yield path


def test_what_was_handed_out_stays() -> None:
    now = json.loads(json.dumps(schema_of(PARTS)))
    assert PUBLISHED["format"] == FORMAT
    assert list(lost(PUBLISHED, now)) == []
    assert PUBLISHED["kinds"].keys() == now["kinds"].keys(), "write scripts/published/export.json anew"


def test_a_name_that_goes_is_noticed() -> None:
    now = json.loads(json.dumps(PUBLISHED))
    del now["kinds"]["question"]["properties"]["askedAt"]
    now["kinds"]["device"]["properties"]["seenAt"]["type"] = "integer"
    now["kinds"]["notice"]["title"] = "消息"  # a better word is no loss
    assert sorted(lost(PUBLISHED, now)) == [
        "/kinds/device/properties/seenAt/type",
        "/kinds/question/properties/askedAt",
    ]


def test_every_field_has_a_word_for_people_and_a_sentence() -> None:
    for kind, schema in PUBLISHED["kinds"].items():
        for record in (schema, *schema.get("$defs", {}).values()):
            for name, field in record["properties"].items():
                assert any("\u4e00" <= char <= "\u9fff" for char in field["title"]), (kind, name)
                assert field["description"].endswith("."), (kind, name)
