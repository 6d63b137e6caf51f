"""Trains the category model and measures it honestly.

    python -m scripts.train_categories QUESTIONS.jsonl [--write]

QUESTIONS.jsonl: one object a line with `id`, `text`, `category` (one of the seven below) and `label_kind`. Every
figure comes from the model's own file format, trained on four fifths and tried on the last (folds by SHA-256 of the
id). `--write` then trains on all of it and replaces the model that the house ships. Same input, same file.
"""

import hashlib
import json
import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.guidance.rules.lexicon import folded, hits_in
from app.guidance.rules.model import LABELS, evidence, pack, runs_in, softmax

NAMES = {
    "债权债务": "debt",
    "合同纠纷": "contract",
    "劳动社保": "labour",
    "婚姻家庭": "family",
    "损害赔偿": "injury",
    "土地建设": "land",
    "其他": "other",
}
FOLDS = 5
# A run that stood in fewer questions than this is not kept: it would say more of the question than of the category.
SHARED_BY = 3
EPOCHS = 20
RATE = 0.3
DECAY = 0.0003
WORD_VALUE = 0.2


@dataclass(frozen=True)
class Row:
    id: str
    label: int
    kind: str
    runs: frozenset[int]
    words: dict[str, float]

    @property
    def fold(self) -> int:
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % FOLDS


def read(path: Path) -> list[Row]:
    rows = []
    for line in path.read_text("utf-8").splitlines():
        entry = json.loads(line)
        text = folded(entry["text"])
        label = LABELS.index(NAMES[entry["category"]])
        rows.append(Row(entry["id"], label, entry["label_kind"], frozenset(runs_in(text)), evidence(hits_in(text))))
    return rows


def learn(rows: Sequence[Row], temperature: float = 1.0) -> bytes:
    """Multinomial logistic regression by AdaGrad; the order of rows is fixed, so the result is too."""
    counts = Counter(run for row in rows for run in row.runs)
    known = {run for run, count in counts.items() if count >= SHARED_BY}
    examples = [(row.label, _traits(row, known)) for row in rows]
    width = len(LABELS)
    weights: dict[int | str, list[float]] = {"": [0.0] * width}
    travelled: dict[int | str, list[float]] = {"": [1e-3] * width}
    for _, traits in examples:
        for trait, _ in traits:
            weights.setdefault(trait, [0.0] * width)
            travelled.setdefault(trait, [1e-3] * width)
    order = random.Random(1)
    for _ in range(EPOCHS):
        order.shuffle(examples)
        for label, traits in examples:
            scores = [0.0] * width
            for trait, value in traits:
                scores = [score + value * weight for score, weight in zip(scores, weights[trait], strict=True)]
            errors = softmax(scores)
            errors[label] -= 1
            for trait, value in traits:
                own, way = weights[trait], travelled[trait]
                for place, error in enumerate(errors):
                    slope = error * value + DECAY * own[place]
                    way[place] += slope * slope
                    own[place] -= RATE * slope / math.sqrt(way[place])
    return pack(
        bias=weights[""],
        temperature=temperature,
        words={
            trait: [w * WORD_VALUE for w in own] for trait, own in weights.items() if isinstance(trait, str) and trait
        },
        runs={trait: own for trait, own in weights.items() if isinstance(trait, int)},
    )


def _traits(row: Row, known: set[int]) -> list[tuple[int | str, float]]:
    runs = sorted(row.runs & known)
    share = 1 / math.sqrt(len(runs)) if runs else 0.0
    words: list[tuple[int | str, float]] = [(code, value * WORD_VALUE) for code, value in sorted(row.words.items())]
    return [("", 1.0), *((run, share) for run in runs), *words]
