"""What askers say of answers, and what may be concluded from it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import sqrt
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5

from pydantic import BaseModel

from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text
from app.directory.rules.practice import TELLING

STARS: Final = (1, 5)
LIKED: Final = 4
"""From so many stars on an asker counts as satisfied."""
COMMENT_MAX: Final = 500
ANSWERS: Final = "ANSWERS"
"""What cells of what people make of answers are about; the others are about a kind of application."""

CHANGEABLE: Final = timedelta(days=7)
REMINDED_AFTER: Final = timedelta(hours=24)

RATING_FIXED = code(
    "RATING_FIXED",
    zh="评价已满 7 天，不能再修改。",
    en="This rating is seven days old and can no longer be changed.",
    remedy="Show the rating as it stands; a later round of the question can be rated anew.",
)
BEST_FIXED = code(
    "BEST_FIXED",
    zh="最佳解答选定已满 7 天，不能再更改。",
    en="The best answer was chosen seven days ago and can no longer be changed.",
    remedy="Show the choice as it stands.",
)


class Opinion(BaseModel):
    """What an asker says of an answer: five stars and, where she likes, three times yes or no, and some words."""

    stars: int
    understood: bool | None
    knows_next_step: bool | None
    solved: bool | None
    comment: str | None


def against_opinion(said: Opinion) -> list[Reason]:
    """Fields are named as the input names them."""
    reasons = [] if STARS[0] <= said.stars <= STARS[1] else [because(BAD_VALUE, "stars")]
    return [*reasons, *against_text(said.comment or "", "comment", 0, COMMENT_MAX)]


def fixed_at(first_said_at: datetime) -> datetime:
    """Until then a rating, or the choice of the best answer, may be changed; counted from the first time."""
    return first_said_at + CHANGEABLE


def rating_id(answer: UUID, round: int) -> UUID:
    """One id for the two halves of a rating's key: its comment is sealed in this row's place."""
    return uuid5(answer, f"rating {round}")


def reminder_id(question: UUID, round: int) -> UUID:
    """What makes the reminder of a round one of its kind."""
    return uuid5(question, f"please rate {round}")


class Interval(NamedTuple):
    low: float
    high: float


_Z: Final = 1.959963984540054
"""The 97.5 % point of the normal distribution: 2.5 % outside on either side."""


def wilson(good: int, of: int) -> Interval | None:
    """The 95 % interval of a share, each bound 0 to 1; None of nothing.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
    Statistical Association 22 (1927), 209-212; without continuity correction, as method 3 of R. G. Newcombe, Statistics
    in Medicine 17 (1998), 857-872.
    """
    if of == 0:
        return None
    square = _Z * _Z
    middle = good + square / 2
    reach = _Z * sqrt(good * (of - good) / of + square / 4)
    whole = of + square
    return Interval(max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole))


class Counted(NamedTuple):
    """How many could be rated and were, by stars from one to five; and of those who said whether it solved their case,
    how many it did: None where fewer than ten said so."""

    first: date | None
    last: date | None
    eligible: int
    rated: int
    stars: tuple[int, ...]
    solved: int | None
    solved_of: int | None

    @property
    def liked(self) -> int:
        return sum(self.stars[LIKED - 1 :])


def summed(cells: Sequence[Any]) -> Counted:
    """What published cells come to, which follow each other: their sum tells nothing that each does not."""
    said = [cell for cell in cells if cell.solved is not None]
    return Counted(
        first=cells[0].first_day if cells else None,
        last=cells[-1].last_day if cells else None,
        eligible=sum(cell.eligible for cell in cells),
        rated=sum(cell.rated for cell in cells),
        stars=tuple(map(sum, zip(*(cell.stars for cell in cells), strict=True))),
        solved=sum(cell.solved for cell in said) if said else None,
        solved_of=sum(cell.solved_of for cell in said) if said else None,
    )


def lower_bound(liked: int, rated: int) -> float | None:
    """What a lawyer is ordered by: so that one good rating does not beat a hundred. None below five."""
    interval = wilson(liked, rated)
    return interval.low if interval and rated >= TELLING else None
