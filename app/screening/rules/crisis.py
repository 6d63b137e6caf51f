"""Signals that a person may be in danger, and the card that is shown to her before anything else.

The lexicon (`data/crisis.json`) is made by hand; `data/cards.json` says what helps, each step with its article. A card
costs a glance, a missed signal may cost a life, so what is doubtful is shown.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import Language
from app.screening.rules.folding import fold
from app.screening.rules.phrases import Found, Hit, Lexicon, Sequences, hits, read, words_of


class Crisis(StrEnum):
    """The five signals of the crisis lane."""

    DOMESTIC_VIOLENCE = "DOMESTIC_VIOLENCE"
    DANGER_TO_LIFE = "DANGER_TO_LIFE"
    SUICIDE = "SUICIDE"
    SEXUAL_VIOLENCE = "SEXUAL_VIOLENCE"
    DETENTION = "DETENTION"


@dataclass(frozen=True, slots=True)
class _Signs:
    signals: Sequences
    firm: Sequences
    otherwise: Sequences
    others: Sequences
    over: Sequences
    still: Sequences

    def in_text(self, text: str, found: Found) -> bool:
        otherwise = hits(text, found, self.otherwise)
        real = _outside(hits(text, found, self.firm), otherwise)
        real = real or _outside(hits(text, found, self.signals), [*otherwise, *hits(text, found, self.others)])
        return bool(real) and not _outside(hits(text, found, self.over), hits(text, found, self.still))


def _outside(these: list[Hit], those: list[Hit]) -> list[Hit]:
    return [hit for hit in these if not hit.within(those)]


_FILE = read("crisis")
_LEXICON = Lexicon(words_of(_FILE["sets"]))
_SPOKEN = str.maketrans("俺咱", "我我")
# The file names them most urgent first: a life, then a life in despair, a body, a home, a cell.
_SIGNS = {
    Crisis(name): _Signs(**{part: _LEXICON.sequences(written) for part, written in parts.items()})
    for name, parts in _FILE["crises"].items()
}


def signals(text: str) -> list[Crisis]:
    """Which signals a text carries, most urgent first; none for most texts."""
    folded = fold(text).text.translate(_SPOKEN)
    found = _LEXICON.look(folded)
    return [crisis for crisis, signs in _SIGNS.items() if signs.in_text(folded, found)]


def most_urgent_first(found: Collection[Crisis]) -> list[Crisis]:
    """What several texts tell together, in the order of `signals`."""
    return [crisis for crisis in _SIGNS if crisis in found]


@dataclass(frozen=True, slots=True)
class Phone:
    """A public line and who answers it."""

    label: str
    number: str


@dataclass(frozen=True, slots=True)
class Card:
    """What helps now: `steps` in the order to take them, `basis` the laws with their articles."""

    crisis: Crisis
    title: str
    text: str
    steps: tuple[str, ...]
    phones: tuple[Phone, ...]
    basis: str


def _cards() -> dict[tuple[Crisis, Language], Card]:
    file = read("cards")
    return {
        (crisis, language): Card(
            crisis,
            told["title"],
            told["text"],
            tuple(told["steps"]),
            tuple(Phone(label, number) for label, number in told["phones"]),
            told["basis"],
        )
        for crisis in Crisis
        for language in Language
        if (told := file[crisis][language])
    }


_CARDS = _cards()


def card(crisis: Crisis, language: Language) -> Card:
    """The card of a signal, from `data/cards.json`: Anti-Domestic Violence Law 23-30, Criminal Procedure Law 34-97."""
    return _CARDS[crisis, language]
