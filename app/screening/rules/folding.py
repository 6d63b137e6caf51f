"""One form for the many in which people write: one width, lower case, no blanks, nothing that cannot be seen.

Places in the folded text lead back to the text as it was sent, so that a finding can be shown where it stands.
"""

import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

# A few characters unfold into a whole sentence (U+FDFA); no honest word needs it.
_UNFOLDS = 4


class Stretch(NamedTuple):
    """The characters from `start` up to, not including, `end` of the text as it was sent."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is what became of the text as it was `sent`."""

    text: str
    sent: str

    @property
    def places(self) -> tuple[int, ...]:
        """`places[i]` is where the i-th character of `text` came from. Few who fold a text ask."""
        return tuple(place for place, char in enumerate(self.sent) for _ in _FORMS[ord(char)])

    def stretch(self, start: int, end: int) -> Stretch:
        """What `text[start:end]`, which must not be empty, was in the text as it was sent."""
        places = self.places
        return Stretch(places[start], places[end - 1] + 1)


class _Forms(dict[int, str]):
    """The form of each character, by its code point; of most it is worked out once."""

    def __missing__(self, point: int) -> str:
        form = _form(chr(point))
        if len(self) < _KEPT:
            self[point] = form
        return form


_FORMS = _Forms()
_KEPT = 8_192


def _form(char: str) -> str:
    shown = unicodedata.normalize("NFKC", char)
    shown = (shown if len(shown) <= _UNFOLDS else char).lower()
    # Separators, controls, joiners, accents, variation selectors and the frames of keycaps hide words; a lone
    # surrogate is no character at all.
    return "".join(one for one in shown if unicodedata.category(one) not in _UNSEEN)


_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Mn", "Me"})


def fold(text: str) -> Folded:
    """Unicode NFKC of each character (UAX #15), lower case, without blanks and invisible characters."""
    return Folded(text.translate(_FORMS), text)
