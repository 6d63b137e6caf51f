"""How a name is written down to be found: in simplified characters, in full pinyin, by its initials."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

_SURNAMES: Final[dict[str, str]] = json.loads(
    (Path(__file__).parents[1] / "data" / "surnames.json").read_text("utf-8")
)["surnames"]
"""Characters that are read otherwise where they are a surname: 单 is Shan, and dan elsewhere."""
_BRACKETS: Final = re.compile(r"[(（][^)）]*[)）]")
CITY: Final = ("|", "~|")
"""What a label begins with in the city, and elsewhere: in the order of labels the city comes first."""


@cache
def _simplifier() -> Any:
    from opencc import OpenCC  # noqa: PLC0415 (1 MB that nobody needs who looks for nothing)

    return OpenCC("t2s")


@cache
def _reader() -> Callable[[str], list[str]]:
    """pypinyin's, with its dictionaries once somebody looks for something: they take 55 MB."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return lazy_pinyin


def is_han(char: str) -> bool:
    """Unified ideographs; those beyond the first plane are rare names."""
    return "㐀" <= char <= "鿿" or char >= "\U00020000"


def plain(text: str) -> str:
    """Simplified, half width, small letters without marks; what is neither letter nor digit becomes one blank."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower()).replace("u\u0308", "v")
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    simple: str = _simplifier().convert(unicodedata.normalize("NFC", bare))
    return " ".join("".join(char if char.isalnum() else " " for char in simple).split())


def syllables(word: str) -> list[str]:
    """Of a plain word: a syllable for each character, what is no character as it is, letter by letter."""
    return [part for run in runs(word) for part in (_reader()(run) if is_han(run[0]) else run)]


def readings(name: str, person: bool = False) -> list[list[str]]:
    """The syllables of a plain name; of a person with an irregular surname that reading first, then the other."""
    common = syllables(name)
    if not person:
        return [common]
    own = next((_SURNAMES[name[:size]] for size in (2, 1) if name[:size] in _SURNAMES), None)
    if own is None:
        return [common]
    given = syllables(name[len(own.split()) :])
    irregular = [*own.split(), *given]
    return [irregular] if irregular == common else [irregular, common]


def label_of(names: Iterable[str], *, person: bool = False, local: bool = True) -> str:
    """`|pinyin|name|initials|` of each name, the first one's first: what a query is compared with as a whole, and the
    order of a list."""
    forms: dict[str, None] = {}
    for name in map(_joined, names):
        for reading in readings(name, person):
            forms["".join(reading)] = forms["".join(part[0] for part in reading)] = None
        forms[name] = None
    return CITY[not local] + "|".join(forms) + "|"


def sounds(name: str, person: bool = False) -> Iterator[str]:
    """The name's pinyin and initials, from each of its syllables on: what begins with `gongzheng` or `gz` is found."""
    for reading in readings(_joined(name), person):
        for place in range(len(reading)):
            rest = reading[place:]
            yield "".join(rest)
            yield "".join(part[0] for part in rest)


def grams(text: str) -> Iterator[str]:
    """Of a text its characters and each two that are neighbours; words of letters and digits whole."""
    for run in runs(plain(text)):
        if is_han(run[0]):
            yield from run
            yield from (run[place : place + 2] for place in range(len(run) - 1))
        else:
            yield run


def runs(text: str) -> Iterator[str]:
    """Of a plain text what hangs together: either characters or letters and digits."""
    for word in text.split():
        begun = 0
        for place in range(1, len(word) + 1):
            if place == len(word) or is_han(word[place]) != is_han(word[begun]):
                yield word[begun:place]
                begun = place


def _joined(name: str) -> str:
    """What stands in brackets is no part of how one is called."""
    return plain(_BRACKETS.sub("", name)).replace(" ", "")
