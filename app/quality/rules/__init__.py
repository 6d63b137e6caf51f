"""Which consultations are drawn, and what a mark must say. Pure.

Only those are drawn whose asker agreed to it (PIPL 13-15: QUALITY_CHECK), while she can still ask back: what is drawn
was resolved on the day before, and a follow-up opens it again for thirty days. The hotline's rule is a share of one in
twenty (安徽 12348: 质检率不低于 5%); of those who agree, who are fewer, a fifth is drawn.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.accounts.models import ConsentPurpose
from app.accounts.rules.consenting import NOTICES
from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text
from app.quality.models import Soundness
from app.screening.rules.contacts import against_solicitation

SECRET: Final = sorted(NOTICES[ConsentPurpose.SENSITIVE].categories)
"""Of these she was promised that the lawyers who answer read them, and nobody else."""
NOTE: Final = (1, 500)
TELLING: Final = 5
"""Of fewer nothing is told (product page, statistics: k of five)."""

NO_REVIEWER = code(
    "NO_REVIEWER",
    zh="质量检查由执业满 {years} 年、正常执业的律师担任。",
    en="A reviewer is a lawyer in practice who has practised for {years} years.",
    remedy="Name another lawyer of the directory.",
)
CHECK_OVER = code(
    "CHECK_OVER",
    zh="这项质量检查已经完成、到期或者终止。",
    en="This check is done, its time is over, or it has ended.",
    remedy="Look at qualityChecks for those that are open.",
)
MARK_EACH = code(
    "MARK_EACH",
    zh="请对每一份答复各评一次。",
    en="Mark each of the answers, once.",
    remedy="Send one mark for each letter of the reading.",
)
REPLIED_ALREADY = code(
    "REPLIED_ALREADY",
    zh="您已经回应过这项评价。",
    en="You have replied to this mark already.",
    remedy="A mark is replied to once; the reply stands in myQualityMarks.",
)


class Terms(BaseModel):
    """A version of the policy."""

    model_config = ConfigDict(frozen=True)

    share: float
    """Of the eligible, 0 to 1."""
    least: int
    """So many in seven days, where there are any."""
    workdays: int
    """That a reviewer has."""
    each: int
    """Checks that one reviewer has open at most."""


class Lot(NamedTuple):
    """A question that may be drawn, and a random number from 0 to 1."""

    question: UUID
    lot: float


def how_many(lots: Sequence[Lot], terms: Terms, lately: int, room: int) -> int:
    """How many of them are drawn; `lately`: in the six days before, `room`: for how many reviewers have time."""
    fall = sum(one.lot < terms.share for one in lots)
    return max(0, min(max(fall, terms.least - lately), room, len(lots)))


def in_order(lots: Iterable[Lot]) -> list[UUID]:
    return [one.question for one in sorted(lots, key=lambda one: one.lot)]


def letter(place: int) -> str:
    """What the lawyers are called: A, B, C. Nobody answers with more than twenty others."""
    return chr(ord("A") + place)


class Mark(BaseModel):
    """What a reviewer makes of one answer."""

    letter: str
    conclusion: Soundness
    law: bool
    steps: bool
    plain: bool
    deadlines: bool | None
    harm: bool
    note: str | None


def against_marks(marks: Sequence[Mark]) -> list[Reason]:
    """Of themselves, whatever they are about."""
    return [reason for place, one in enumerate(marks) for reason in _against(one, f"marks.{place}")]


def against_some(marks: Sequence[Mark], answers: int) -> list[Reason]:
    """Where they are not of each of so many answers, once."""
    each = sorted(one.letter for one in marks) == [letter(place) for place in range(answers)]
    return [] if each else [because(MARK_EACH, "marks")]


def _against(mark: Mark, at: str) -> list[Reason]:
    """Who reads the note does not know who wrote it, and is not to: no way to reach her is in it."""
    wrong = list(against_text(mark.letter, f"{at}.letter", 1, 1))
    if mark.harm and mark.conclusion is not Soundness.NO:
        wrong.append(because(BAD_VALUE, f"{at}.harm"))
    return wrong + (against_words(mark.note, f"{at}.note") if mark.note is not None else [])


def against_words(said: str, field: str) -> list[Reason]:
    return [*against_text(said, field, *NOTE), *against_solicitation(said, field)]


def month_of(day: date) -> tuple[date, date]:
    """Its first day and its last."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
