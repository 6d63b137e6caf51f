"""How long `suggest` takes: python -m scripts.bench.suggest

Texts are strung together from the lexicon's words, which cost most; the goal is under 1 ms for up to 300 characters
and under 5 ms for 2,000. Time is the process's own, so that a busy machine does not count.
"""

import random
import sys
import time
import timeit
from functools import partial

from app.guidance.rules import suggest
from app.guidance.rules.lexicon import WORDS

LENGTHS = (40, 100, 300, 2_000)
TEXTS = 50
REPEATS = 15


def texts(length: int) -> list[str]:
    words = [word for tags in WORDS.values() for entries in tags.values() for word in entries]
    dice = random.Random(length)
    return ["，我".join(dice.choices(words, k=length))[:length] for _ in range(TEXTS)]


def ask(bodies: list[str]) -> None:
    for body in bodies:
        suggest(body)


def main() -> int:
    suggest("先把模型读进来")
    for length in LENGTHS:
        taken = min(timeit.repeat(partial(ask, texts(length)), number=1, repeat=REPEATS, timer=time.process_time))
        print(f"{length:5} characters: {taken / TEXTS * 1e6:6.0f} microseconds a call")
    return 0


if __name__ == "__main__":
    sys.exit(main())
