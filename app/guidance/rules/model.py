"""The form of the category model: which traits of a text it weighs, and how its weights are kept.

It knows seven labels: six specialties and the rest. Its file holds weights of hashed runs of one to three characters,
each of which stood in several of the questions that it learnt from, and of the lexicon's categories; no sentence can
be read back from it. `scripts/train_categories.py` writes it.
"""

import json
import math
import re
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from app.guidance.rules.lexicon import Hits

LABELS = ("debt", "contract", "labour", "family", "injury", "land", "other")
RUNS = 3

_HASH = (1 << 32) - 1
_FACTOR = 0x9E3779B1
_ROW = struct.Struct(f"<I{len(LABELS)}b")
# Bits: wide enough that a text of any admitted length cannot carry from one label into the next.
_LANE = 24
_MASK = (1 << _LANE) - 1
_ZERO = 128


def runs_in(text: str) -> set[int]:
    """The hashed runs of a folded text, in which a number counts as one 0 and a Latin word as one a."""
    masked = re.sub(r"[a-z]+", "a", re.sub(r"\d+", "0", text))
    ones = list(map(ord, masked))
    twos = [(first * _FACTOR + second) & _HASH for first, second in pairwise(ones)]
    threes = [(pair * _FACTOR + third) & _HASH for pair, third in zip(twos, ones[2:], strict=False)]
    return {*ones, *twos, *threes}


def evidence(hits: Mapping[str, Hits]) -> dict[str, float]:
    """What the lexicon tells the model: a second word of a category adds less than the first."""
    return {code: math.sqrt(found.words) for code, found in hits.items()}


def softmax(scores: Iterable[float]) -> list[float]:
    scores = list(scores)
    top = max(scores)
    parts = [math.exp(score - top) for score in scores]
    whole = sum(parts)
    return [part / whole for part in parts]


class Model:
    """Read from the file's bytes.

    The seven weights of a run stand side by side in one integer, so that one addition adds them all.
    """

    def __init__(self, packed: bytes) -> None:
        head, _, rows = zlib.decompress(packed).partition(b"\n")
        facts = json.loads(head)
        if (facts["labels"], facts["runs"]) != (list(LABELS), RUNS):
            raise ValueError("the model was trained for other labels or runs")
        self.bias: list[float] = facts["bias"]
        self.step: float = facts["step"]
        self.temperature: float = facts["temperature"]
        self.words: dict[str, list[float]] = facts["words"]
        self.runs = {key: _side_by_side(weights) for key, *weights in _ROW.iter_unpack(rows)}

    def scores(self, runs: Iterable[int], words: Mapping[str, float]) -> list[float] | None:
        """One score a label, or None for a text of which the model knows no run."""
        known = self.runs.keys() & runs
        if not known:
            return None
        total, raised = sum(map(self.runs.__getitem__, known)), _ZERO * len(known)
        unit = self.step / math.sqrt(len(known))
        scores = [bias + unit * ((total >> _LANE * place & _MASK) - raised) for place, bias in enumerate(self.bias)]
        for code, value in words.items():
            for place, weight in enumerate(self.words.get(code, ())):
                scores[place] += value * weight
        return scores

    def probabilities(self, scores: Iterable[float]) -> list[float]:
        return softmax(score / self.temperature for score in scores)


def pack(
    *,
    bias: Sequence[float],
    temperature: float,
    words: Mapping[str, Sequence[float]],
    runs: Mapping[int, Sequence[float]],
) -> bytes:
    """A model's bytes; the weights of runs are rounded to a 127th of the greatest of them."""
    step = max(abs(weight) for weights in runs.values() for weight in weights) / 127
    facts = {
        "labels": LABELS,
        "runs": RUNS,
        "step": step,
        "temperature": temperature,
        "bias": [round(one, 4) for one in bias],
        "words": {code: [round(one, 4) for one in words[code]] for code in sorted(words)},
    }
    rows = (_ROW.pack(key, *(round(weight / step) for weight in runs[key])) for key in sorted(runs))
    return zlib.compress(json.dumps(facts, separators=(",", ":")).encode() + b"\n" + b"".join(rows), 9)


def _side_by_side(weights: Iterable[int]) -> int:
    return sum((weight + _ZERO) << _LANE * place for place, weight in enumerate(weights))
