"""What somebody means who writes a few words into the directory, and where in a record they stand."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from app.directory.rules.kinds import TITLES
from app.directory.rules.spelling import is_han, plain, readings, runs, syllables
from app.directory.rules.taxonomy import CATEGORIES
from app.places.rules import DIVISIONS, DivisionKind

if TYPE_CHECKING:
    from rjieba import Jieba

OFTEN: Final = 100_000
"""How often such a word is taken to occur: it is not split."""
_ENDINGS: Final = ("街道", "镇", "村民委员会", "居民委员会", "市")
"""What people leave out of a place's name."""


@dataclass(frozen=True)
class Sought:
    """`terms` is a tsquery: each word by its pieces, or by the code of what it is the name of. `broad` where every word
    names a kind or a field: there is nothing in a name to compare then, and the answer is a list in its own order."""

    whole: str
    sound: str
    words: tuple[str, ...]
    terms: str
    broad: bool

    @property
    def alike(self) -> str:
        """A tsquery: what sounds the same, from any of its syllables on."""
        return f"{_quoted(self.sound)}:*"


@dataclass(frozen=True)
class Span:
    """Characters (code points) of a text, from 0."""

    start: int
    length: int


def sought(said: str, *, narrow: bool = False) -> Sought | None:
    """None where nothing is said that could be found. `narrow`: what names a kind or a field is looked for as a word
    too, as in texts."""
    words = tuple(word for run in runs(plain(said)) for word in _cut(run))
    if not words:
        return None
    whole = "".join(words)
    known = [_vocabulary().get(word, ()) for word in words]
    broad = not narrow and all(codes and not any(code in DIVISIONS for code in codes) for codes in known)
    asked = (_asked(word, codes, broad) for word, codes in zip(words, known, strict=True))
    terms = " & ".join(asked)
    return Sought(whole, "".join(syllables(whole)), words, terms, broad)


def codes(*wanted: str) -> str:
    """A tsquery for records that bear all of these codes."""
    return " & ".join(_quoted(f"={code}") for code in wanted)


def _asked(word: str, codes: Iterable[str], broad: bool) -> str:
    pieces = " & ".join(map(_quoted, _pieces(word))) if is_han(word[0]) else f"{_quoted(word)}:*"
    ways = [*([] if broad else [f"({pieces})"]), *(_quoted(f"={code}") for code in codes)]
    return f"({' | '.join(ways)})"


def _pieces(word: str) -> list[str]:
    return [word] if len(word) == 1 else [word[place : place + 2] for place in range(len(word) - 1)]


def _quoted(lexeme: str) -> str:
    """Letters, digits and `=` are all that is ever in it."""
    return f"'{lexeme}'"


def _cut(run: str) -> list[str]:
    return _cutter().cut(run) if is_han(run[0]) else [run]


@cache
def _cutter() -> "Jieba":
    """Knows the names of the city's places and of the law's offices and fields as words."""
    from rjieba import Jieba  # noqa: PLC0415 (its dictionary takes 33 MB)

    cutter = Jieba()
    for word in _vocabulary():
        if len(word) > 1 and is_han(word[0]):
            cutter.add_word(word, OFTEN, None)
    return cutter


@cache
def _vocabulary() -> Mapping[str, tuple[str, ...]]:
    """Words that name kinds, fields and places, with the codes that records of them bear."""
    found: dict[str, dict[str, None]] = {}
    for kind, title in TITLES.items():
        for name in map(plain, (title.zh, *title.aliases)):
            for word in (name, "".join(syllables(name))):
                found.setdefault(word, {})[kind] = None
    offices = frozenset(found)  # 劳动仲裁 is a field too; who writes it means where it is done
    for category in CATEGORIES.values():
        for name in {plain(name) for name in (category.zh, *category.tags)} - offices:
            found.setdefault(name, {})[category.parent or category.code] = None
    for division in DIVISIONS.values():
        names = {division.name} | {division.name.removesuffix(ending) for ending in _ENDINGS}
        if division.kind in (DivisionKind.VILLAGE, DivisionKind.COMMUNITY):
            names -= {name for name in names if len(name) < 3}  # 东街 is a word of its own
        for name in names:
            if len(name) > 1:
                found.setdefault(plain(name), {})[division.code] = None
    return {word: tuple(codes) for word, codes in found.items()}


def spans(text: str, sought: Sought, *, person: bool = False) -> list[Span]:
    """Where the words stand in a text, as they are written or by their sound, in order and apart."""
    places = [place for place, char in enumerate(text) if _simple(char)]
    letters = "".join(_simple(text[place]) for place in places)
    marked: set[int] = set()
    for word in sought.words:
        found = list(_written(letters, word))
        if not found:
            sound = "".join(syllables(word))
            for reading in readings(letters, person):
                found += _spoken(reading, sound)
        marked.update(place for start, end in found for place in range(start, end))
    return _apart(sorted(places[at] for at in marked))


@lru_cache(maxsize=20_000)
def _simple(char: str) -> str:
    """Of a character what it is found by; one for one, so that places stay what they are."""
    return plain(char)[:1]


def _written(letters: str, word: str) -> Iterator[tuple[int, int]]:
    at = letters.find(word)
    while at >= 0:
        yield at, at + len(word)
        at = letters.find(word, at + len(word))


def _spoken(reading: list[str], sound: str) -> Iterator[tuple[int, int]]:
    initials = "".join(part[0] for part in reading)
    yield from _written(initials, sound)
    for start in range(len(reading)):
        for size, said in enumerate(accumulate(reading[start:]), 1):
            if said.startswith(sound):
                yield start, start + size
                break
            if not sound.startswith(said):
                break


def _apart(places: list[int]) -> list[Span]:
    found: list[Span] = []
    for place in places:
        if found and found[-1].start + found[-1].length == place:
            found[-1] = Span(found[-1].start, found[-1].length + 1)
        else:
            found.append(Span(place, 1))
    return found
