"""Which questions somebody is asked, in which order, with their options in which order: all from one number, so that it
is the same on every device and in every recount. Chance is SHA-256 of the number and of what is put in order."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Final, TypeVar
from uuid import UUID

from app.quizzes.models import QuestionKind

T = TypeVar("T")
_FIRST: Final = ("勤学", "明理", "守正", "笃行", "求真", "向善", "崇法", "知新", "晨读", "静思", "清朗", "和睦")
_SECOND: Final = ("喜鹊", "白鹭", "青松", "山泉", "麦穗", "杏花", "竹笋", "云雀", "河柳", "石榴", "蜜蜂", "海棠")


def new_seed() -> int:
    """63 bits that nobody can guess."""
    return secrets.randbits(63)


def drawn(seed: int, pool: Sequence[UUID], count: int) -> list[UUID]:
    """So many of them, in the order in which they are asked."""
    return _shuffled(seed, "questions", pool)[:count]


def order(seed: int, question: UUID, kind: QuestionKind, size: int) -> list[int]:
    """At each place that she sees, the place of that option in the bank. Right and wrong are not mixed up."""
    places = range(size)
    return list(places) if kind is QuestionKind.TRUE_FALSE else _shuffled(seed, str(question), places)


def kept(chosen: Sequence[int], shown: Sequence[int], kind: QuestionKind) -> list[int] | None:
    """Places that she sees, as they are kept; None for what is no answer to such a question. Nothing is an answer."""
    if len(set(chosen)) < len(chosen) or not all(0 <= place < len(shown) for place in chosen):
        return None
    found = [shown[place] for place in chosen]
    match kind:
        case QuestionKind.ORDERING:
            return found if len(found) in (0, len(shown)) else None
        case QuestionKind.MULTIPLE:
            return sorted(found)
    return found if len(found) <= 1 else None


def seen(kept: Sequence[int], shown: Sequence[int], kind: QuestionKind) -> list[int]:
    """The other way round: what is kept, as places that she sees."""
    found = [shown.index(place) for place in kept]
    return found if kind is QuestionKind.ORDERING else sorted(found)


def pseudonym(seed: int) -> str:
    """By which she stands on the board: nothing of her is in it."""
    dice = int.from_bytes(hashlib.sha256(f"{seed}|pseudonym".encode()).digest()[:8])
    dice, first = divmod(dice, len(_FIRST))
    dice, second = divmod(dice, len(_SECOND))
    return f"{_FIRST[first]}{_SECOND[second]}{dice % 90_000 + 10_000}"


def _shuffled(seed: int, what: str, things: Sequence[T]) -> list[T]:
    def chance(thing: T) -> bytes:
        return hashlib.sha256(f"{seed}|{what}|{thing}".encode()).digest()

    return sorted(things, key=chance)
