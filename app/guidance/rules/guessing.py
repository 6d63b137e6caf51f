"""Which category a text belongs to: the model's seven labels, refined by the lexicon.

The lexicon tells apart what the seven leave together: the other specialties, and the second level.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.directory.rules.taxonomy import CATEGORIES, SPECIALTIES, specialty_of
from app.guidance.rules.lexicon import Hits, folded, hits_in
from app.guidance.rules.model import LABELS, Model, evidence, runs_in

FILE = Path(__file__).parents[1] / "data" / "categories.model"

# The seven labels were given by people and statutes that had no name for these; the mass that their words claim is
# lent by the labels they hide under.
HIDDEN: Mapping[str, tuple[str, ...]] = {
    "consumer": ("contract", "injury"),
    "neighbours": ("land", "contract", "injury"),
    "criminal": ("injury", "debt"),
    "administrative": ("land", "injury"),
    "company": ("contract", "debt"),
    "minors": ("injury",),
    "elders": ("family",),
}
LEAST = 0.02


@dataclass(frozen=True, slots=True)
class Guess:
    """`probability` is that of the code's first level; the second level, where named, is the lexicon's word."""

    code: str
    probability: float


@cache
def _model() -> Model:
    return Model(FILE.read_bytes())


def suggest(body: str) -> list[Guess]:
    """Guesses, best first, at most one for each specialty; empty for a text that says nothing the model knows.

    Probabilities sum to at most 1 (what is below 0.02 is left out). Only the first 2,000 characters are read.
    """
    return guess(folded(body), _model())


def guess(text: str, model: Model) -> list[Guess]:
    """What `suggest` says of a folded text, by any model."""
    hits = hits_in(text)
    scores = model.scores(runs_in(text), evidence(hits))
    if scores is None:
        return []
    mass = _shared(dict(zip(LABELS, model.probabilities(scores), strict=True)), hits)
    guesses = [Guess(_narrowed(first, hits), share) for first, share in mass.items() if share >= LEAST]
    return sorted(guesses, key=lambda one: -one.probability)


def _shared(label: Mapping[str, float], hits: Mapping[str, Hits]) -> dict[str, float]:
    """The mass of the seven labels, spread over the fourteen specialties."""
    told = dict.fromkeys(SPECIALTIES, 0)
    tagged = dict.fromkeys(SPECIALTIES, 0)
    for code, found in hits.items():
        told[specialty_of(code)] += found.words
        tagged[specialty_of(code)] += found.tagged
    mass = dict.fromkeys(SPECIALTIES, 0.0)
    for first in LABELS[:-1]:
        guests = {guest: tagged[guest] for guest, hosts in HIDDEN.items() if first in hosts}
        _pour(label[first], {first: told[first] + 1, **guests}, mass)
    # The model has weighed the words of its own labels already, so here they claim half.
    named = {first: tagged[first] / 2 for first in LABELS}
    _pour(label["other"], {**named, **{first: told[first] for first in HIDDEN}, "other": told["other"] + 0.5}, mass)
    return mass


def _pour(amount: float, claims: Mapping[str, float], mass: dict[str, float]) -> None:
    unit = amount / sum(claims.values())
    for first, claim in claims.items():
        mass[first] += unit * claim


def _narrowed(first: str, hits: Mapping[str, Hits]) -> str:
    """The second-level code that most of the text's words speak for, or the first level where none stands out."""
    ranked = sorted(
        ((found.words, found.length, code) for code, found in hits.items() if CATEGORIES[code].parent == first),
        reverse=True,
    )
    if not ranked or (len(ranked) > 1 and ranked[0][:2] == ranked[1][:2]):
        return first
    return ranked[0][2]
