"""What a question can be about: a closed taxonomy of two levels, the same for askers, lawyers and figures.

The first level is also the list of lawyers' specialties. Codes are stable: a code that was once given out is never
reused for something else, and `VERSION` grows whenever the list changes, so that a stored code can be read later.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).parents[1] / "data" / "categories.json"


@dataclass(frozen=True, slots=True)
class Category:
    """`code` is `labour` on the first level, `labour.wages` on the second, whose `parent` is then `labour`.

    `tags` are short Chinese words of a closed vocabulary that may stand in an offer's brief; no two categories
    share one.
    """

    code: str
    zh: str
    en: str
    parent: str | None
    tags: tuple[str, ...]


def _category(entry: Mapping[str, object]) -> Category:
    code, tags = str(entry["code"]), entry["tags"]
    first, dot, _ = code.partition(".")
    if not isinstance(tags, list):
        raise ValueError(f"the tags of {code} are no list")
    return Category(code, str(entry["zh"]), str(entry["en"]), first if dot else None, tuple(map(str, tags)))


def _read() -> tuple[int, Mapping[str, Category]]:
    data = json.loads(_FILE.read_text("utf-8"))
    categories = [_category(entry) for entry in data["categories"]]
    return int(data["version"]), MappingProxyType({category.code: category for category in categories})


VERSION, CATEGORIES = _read()
SPECIALTIES: tuple[str, ...] = tuple(code for code, category in CATEGORIES.items() if category.parent is None)


def specialty_of(code: str) -> str:
    """The first-level code that a lawyer would declare for this category; KeyError for what is no category."""
    category = CATEGORIES[code]
    return category.parent or category.code


def kin_of(code: str) -> tuple[Category, ...]:
    """The category itself first, then the others under the same first level, in the order of the list."""
    itself, first = CATEGORIES[code], specialty_of(code)
    others = (one for one in CATEGORIES.values() if first in (one.code, one.parent) and one is not itself)
    return (itself, *others)
