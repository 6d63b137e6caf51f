"""Trains the category model and measures it honestly.

    python -m scripts.train_categories QUESTIONS.jsonl [--write]

QUESTIONS.jsonl: one object a line with `id`, `text`, `category` (one of the seven below) and `label_kind`. Every
figure comes from the model's own file format, trained on four fifths and tried on the last (folds by SHA-256 of the
id). Printed for each kind of label: the model's own best of the seven, and the best that `suggest` makes of it, where
the specialties that the seven do not name count as the rest.

`--write` then trains on all of it and replaces the model that the house ships. Same input, same file.
"""

import argparse
import hashlib
import json
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from app.directory.rules.taxonomy import specialty_of
from app.guidance.rules.guessing import FILE, guess
from app.guidance.rules.lexicon import folded, hits_in
from app.guidance.rules.model import LABELS, Model, evidence, pack, runs_in, softmax

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
EPOCHS = 12
RATE = 0.3
DECAY = 0.01
WORD_VALUE = 0.5
# What the temperature is taken to be before it is measured; it orders nothing but the mass that `suggest` spreads.
TYPICAL = 0.75


@dataclass(frozen=True)
class Row:
    id: str
    label: int
    kind: str
    text: str
    runs: frozenset[int]
    words: dict[str, float]

    @property
    def fold(self) -> int:
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % FOLDS


def read(path: Path) -> list[Row]:
    return [_row(json.loads(line)) for line in path.read_text("utf-8").split("\n") if line]


def _row(entry: dict[str, str]) -> Row:
    text = folded(entry["text"])
    label = LABELS.index(NAMES[entry["category"]])
    return Row(entry["id"], label, entry["label_kind"], text, frozenset(runs_in(text)), evidence(hits_in(text)))


Trait = int | str
# The bias is a trait that every text has; runs are numbers and the lexicon's categories are codes.
BIAS = ""


def learn(rows: Sequence[Row], temperature: float) -> bytes:
    """Multinomial logistic regression by AdaGrad; the order of rows is fixed, so the result is too."""
    counts = Counter(run for row in rows for run in row.runs)
    known = {run for run, count in counts.items() if count >= SHARED_BY}
    examples = [(row.label, _traits(row, known)) for row in rows]
    weights: dict[Trait, list[float]] = defaultdict(lambda: [0.0] * len(LABELS))
    travelled: dict[Trait, list[float]] = defaultdict(lambda: [1e-3] * len(LABELS))
    order = random.Random(1)
    for _ in range(EPOCHS):
        order.shuffle(examples)
        for label, traits in examples:
            scores = [0.0] * len(LABELS)
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
        bias=weights.pop(BIAS),
        temperature=temperature,
        words={code: [WORD_VALUE * one for one in own] for code, own in weights.items() if isinstance(code, str)},
        runs={run: own for run, own in weights.items() if isinstance(run, int)},
    )


def _traits(row: Row, known: set[int]) -> list[tuple[Trait, float]]:
    runs = sorted(row.runs & known)
    share = 1 / math.sqrt(len(runs) or 1)
    words = [(code, WORD_VALUE * value) for code, value in sorted(row.words.items())]
    return [(BIAS, 1.0), *((run, share) for run in runs), *words]


@dataclass(frozen=True)
class Trial:
    """What a model said of a row that it had not seen."""

    kind: str
    fold: int
    label: int
    scores: list[float]
    suggested: str

    @property
    def right(self) -> bool:
        return max(range(len(LABELS)), key=self.scores.__getitem__) == self.label

    @property
    def right_suggested(self) -> bool:
        return self.suggested == LABELS[self.label]

    def probabilities(self, temperature: float) -> list[float]:
        return softmax(score / temperature for score in self.scores)


def try_fold(rows: Sequence[Row], fold: int) -> list[Trial]:
    model = Model(learn([row for row in rows if row.fold != fold], TYPICAL))
    return [_tried(row, model) for row in rows if row.fold == fold]


def _tried(row: Row, model: Model) -> Trial:
    guesses = guess(row.text, model)
    first = specialty_of(guesses[0].code) if guesses else "other"
    scores = model.scores(row.runs, row.words) or model.bias
    return Trial(row.kind, row.fold, row.label, scores, first if first in LABELS else "other")


def report(name: str, outcomes: Sequence[tuple[int, bool]]) -> None:
    """One line: the share that is right in each fold, and the mean of the folds."""
    folds = [[right for at, right in outcomes if at == fold] for fold in range(FOLDS)]
    shares = [sum(one) / len(one) for one in folds]
    print(f"{name:22}" + "".join(f"{share:8.3f}" for share in [*shares, sum(shares) / FOLDS]))


def surprise(trials: Sequence[Trial], temperature: float) -> float:
    """Mean negative log-likelihood, in nats."""
    return -sum(math.log(trial.probabilities(temperature)[trial.label]) for trial in trials) / len(trials)


def miscalibration(trials: Sequence[Trial], temperature: float) -> float:
    """Expected calibration error of the best guess, over ten bins of probability."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for trial in trials:
        best = max(trial.probabilities(temperature))
        bins[min(int(best * 10), 9)].append((best, trial.right))
    gaps = (abs(sum(best - right for best, right in one)) for one in bins.values())
    return sum(gaps) / len(trials)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="train_categories", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("questions", type=Path)
    parser.add_argument("--write", action="store_true", help=f"replace {FILE.name}")
    asked = parser.parse_args(arguments)
    rows = read(asked.questions)
    with ProcessPoolExecutor(max_workers=2) as pool:
        trials = [trial for fold in pool.map(try_fold, [rows] * FOLDS, range(FOLDS)) for trial in fold]
    kinds = {kind: [trial for trial in trials if trial.kind == kind] for kind in sorted({row.kind for row in rows})}
    # People and statutes count alike, whatever their numbers.
    temperature = min(
        (step / 20 for step in range(8, 61)),
        key=lambda value: sum(surprise(of_kind, value) for of_kind in kinds.values()),
    )
    print(f"{'right':22}" + "".join(f"  fold {fold}" for fold in range(FOLDS)) + "    mean")
    for kind, of_kind in kinds.items():
        report(f"{kind}, {len(of_kind)} rows", [(trial.fold, trial.right) for trial in of_kind])
        report("  as suggested", [(trial.fold, trial.right_suggested) for trial in of_kind])
        print(f"  calibration error {miscalibration(of_kind, temperature):.3f}")
    print(f"temperature {temperature}")
    if asked.write:
        model = learn(rows, temperature)
        FILE.write_bytes(model)
        print(f"{FILE}: {len(Model(model).runs)} runs, {len(model):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
