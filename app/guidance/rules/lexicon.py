"""The words by which a category or a tag shows itself in a text, made by hand and kept in `data/lexicon.json`.

Under each category the empty tag holds words that speak for the category but are too general to be told on.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from operator import add
from pathlib import Path

from app.directory.rules.taxonomy import CATEGORIES, kin_of

_FILE = Path(__file__).parents[1] / "data" / "lexicon.json"
LONGEST = 2_000


def _read() -> dict[str, dict[str, tuple[str, ...]]]:
    words = json.loads(_FILE.read_text("utf-8"))["words"]
    for code, tags in words.items():
        if unknown := set(tags) - {""} - set(CATEGORIES[code].tags):
            raise ValueError(f"the taxonomy knows no tag {unknown.pop()} of {code}")
    return {code: {tag: tuple(entries) for tag, entries in tags.items()} for code, tags in words.items()}


WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = _read()


def folded(body: str) -> str:
    """The first 2,000 characters in one width and lower case, without spaces: the form in which words are sought."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", body[:LONGEST])[:LONGEST].lower())


@dataclass(frozen=True, slots=True)
class Hits:
    """How many different words of one category a text holds: all, those of its tags, and the length of all."""

    words: int
    tagged: int
    length: int


def _by_start() -> dict[str, list[tuple[str, str, bool]]]:
    """(word, code, is it a tag's) under the word's first two characters, so that a text is walked once."""
    starts: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
    for code, tags in WORDS.items():
        for tag, words in tags.items():
            for word in words:
                starts[word[:2]].append((word, code, bool(tag)))
    return dict(starts)


_STARTS = _by_start()


def hits_in(text: str) -> Mapping[str, Hits]:
    """The categories that a folded text has words of, by code."""
    # Sorted, because sets of text are in no lasting order and sums of floats depend on theirs.
    here = sorted(_STARTS.keys() & {*text, *map(add, text, text[1:])})
    found: dict[str, dict[str, bool]] = {}
    for start in here:
        for word, code, tagged in _STARTS[start]:
            if len(word) < 3 or word in text:
                words = found.setdefault(code, {})
                words[word] = tagged or words.get(word, False)
    return {code: Hits(len(words), sum(words.values()), sum(map(len, words))) for code, words in found.items()}


def tags_of(body: str, category: str) -> list[str]:
    """The tags that a body touches, of this category first, then of its kin; at most what the vocabulary holds.

    Only words of the taxonomy come out, never a piece of the body that is not one. KeyError for what is no category.
    """
    text = folded(body)
    touched: list[str] = []
    for kin in kin_of(category):
        words = WORDS.get(kin.code, {})
        weight = {tag: sum(word in text for word in words.get(tag, ())) for tag in kin.tags}
        touched += sorted((tag for tag in kin.tags if weight[tag]), key=lambda tag: -weight[tag])
    return touched
