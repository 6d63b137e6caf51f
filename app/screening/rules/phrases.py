"""Words and sequences of words, read from a file of `data/` and found in a folded text in one pass.

A file names sets of words, each with a word why. A sequence is written `kin ..8 hits`: a word of `kin`, at most 8
characters of the same sentence, a word of `hits`. One dot keeps to the same clause: `ours .2 taken`. The crux, which
decides what else a hit may mean, is its last word or the one with a star.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

from app.screening.rules.folding import fold

_DATA = Path(__file__).parents[1] / "data"
_SENTENCE = frozenset("。!?;…")
_CLAUSE = _SENTENCE | frozenset(",、:")
_GAP = re.compile(r" (\.{1,2}\d+) ")


class Hit(NamedTuple):
    """`text[start:end]`, the crux of which is `crux`."""

    start: int
    end: int
    crux: tuple[int, int]

    def within(self, others: Iterable["Hit"]) -> bool:
        """Whether its crux is part of one of them."""
        start, end = self.crux
        return any(other.start <= start and end <= other.end for other in others)


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    most: int
    stops: frozenset[str]
    crux: bool


Sequences = tuple[tuple[_Step, ...], ...]
Found = Mapping[str, Sequence[tuple[int, int]]]


class Lexicon:
    """Named sets of words, folded as texts are; a word may be in several sets."""

    def __init__(self, sets: Mapping[str, Iterable[str]]) -> None:
        names: dict[str, list[str]] = {}
        for name, words in sets.items():
            for word in words:
                names.setdefault(fold(word).text, []).append(name)
        if "" in names:
            raise ValueError(f"a word of {names[''][0]} is empty")
        self.sets = frozenset(sets)
        self._words = [(word, tuple(named)) for word, named in names.items()]
        self._search = AhoCorasick([word for word, _ in self._words])

    def sequences(self, written: Iterable[str]) -> Sequences:
        """ValueError for a set that this lexicon does not have."""
        return tuple(self._steps(one) for one in written)

    def _steps(self, written: str) -> tuple[_Step, ...]:
        words, gaps = _GAP.split(written)[::2], [".0", *_GAP.findall(written)]
        names = [word.rstrip("*") for word in words]
        if unknown := set(names) - self.sets:
            raise ValueError(f"no set is called {unknown.pop()}")
        crux = next((place for place, word in enumerate(words) if word.endswith("*")), len(words) - 1)
        return tuple(
            _Step(name, int(gap.lstrip(".")), _SENTENCE if gap.startswith("..") else _CLAUSE, place == crux)
            for place, (name, gap) in enumerate(zip(names, gaps, strict=True))
        )

    def look(self, text: str) -> Found:
        """Where the words of each set stand in a folded text, in order of their start; sets without any are empty."""
        found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for index, start, end in self._search.find_matches_as_indexes(text, overlapping=True):
            for name in self._words[index][1]:
                found[name].append((start, end))
        for places in found.values():
            places.sort()
        return found


def hits(text: str, found: Found, sequences: Sequences) -> list[Hit]:
    """Every place where one of the sequences ends, with its nearest beginning."""
    return [hit for steps in sequences if steps[0].name in found for hit in _walk(text, found, steps)]


def _walk(text: str, found: Found, steps: Sequence[_Step]) -> list[Hit]:
    reached = [Hit(start, end, (start, end)) for start, end in found[steps[0].name]]
    for step in steps[1:]:
        places = found.get(step.name, ())
        further: dict[tuple[int, int], Hit] = {}
        for hit in reached:
            first = bisect_left(places, (hit.end, 0))
            last = bisect_right(places, (hit.end + step.most, len(text)))
            for start, end in places[first:last]:
                if step.stops.isdisjoint(text[hit.end : start]):
                    further[start, end] = Hit(hit.start, end, (start, end) if step.crux else hit.crux)
        reached = list(further.values())
    return reached


def read(name: str) -> dict[str, Any]:
    """The file `data/<name>.json`."""
    content: dict[str, Any] = json.loads((_DATA / f"{name}.json").read_text("utf-8"))
    return content


def words_of(sets: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """The words of each set of a file, without the words why."""
    return {name: about["words"] for name, about in sets.items()}


def covered(text: str, found: Found) -> bool:
    """Whether a text that is not empty is nothing but words of the lexicon, one after another."""
    ends: dict[int, list[int]] = {}
    for places in found.values():
        for start, end in places:
            ends.setdefault(start, []).append(end)
    reached = {0}
    for start in range(len(text)):
        if start in reached:
            reached.update(ends.get(start, ()))
    return bool(text) and len(text) in reached
