"""One form for the many in which people write: one width, lower case, no blanks, nothing that cannot be seen.

Places in the folded text lead back to the text as it was sent, so that a finding can be shown where it stands.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

# A few characters unfold into a whole sentence (U+FDFA); no honest word needs it.
_UNFOLDS = 4


class Stretch(NamedTuple):
    """The characters from `start` up to, not including, `end` of the text as it was sent."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Folded:
    """`places[i]` is where the i-th character of `text` came from."""

    text: str
    places: tuple[int, ...]

    def stretch(self, start: int, end: int) -> Stretch:
        """What `text[start:end]`, which must not be empty, was in the text as it was sent."""
        return Stretch(self.places[start], self.places[end - 1] + 1)

    def without(self, unwanted: Iterable[str]) -> "Folded":
        gone = frozenset(unwanted)
        return _folded((char, place) for char, place in zip(self.text, self.places, strict=True) if char not in gone)


@lru_cache(maxsize=8_192)
def _form(char: str) -> str:
    shown = unicodedata.normalize("NFKC", char)
    shown = (shown if len(shown) <= _UNFOLDS else char).lower()
    # Separators, controls, joiners, accents, variation selectors and the frames of keycaps hide words; a lone
    # surrogate is no character at all.
    return "".join(one for one in shown if unicodedata.category(one) not in _UNSEEN)


_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Mn", "Me"})


def fold(text: str) -> Folded:
    """Unicode NFKC of each character (UAX #15), lower case, without blanks and invisible characters."""
    return _folded((form, place) for place, char in enumerate(text) for form in _form(char))


def _folded(pairs: Iterable[tuple[str, int]]) -> Folded:
    chars, places = [], []
    for char, place in pairs:
        chars.append(char)
        places.append(place)
    return Folded("".join(chars), tuple(places))
