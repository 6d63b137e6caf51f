"""What is looked at in one field: its shape at every keystroke that is saved, the rest when all is sent.

A draft may hold half a number; it may not hold what cannot be kept. Both are told by the same checks, which stand at
the fields they are for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.applications.rules.forms.choices import is_nation
from app.consultation.rules.answering import TOO_MANY
from app.consultation.rules.petitions import BAD_NUMBER, answered_by_a_person
from app.core.errors import BAD_TEXT, BAD_VALUE, TOO_LONG, Reason, because, code
from app.core.money import BAD_AMOUNT, fen
from app.core.texts import against_text, unstorable
from app.screening.rules.parties import against_party

BAD_DATE = code(
    "BAD_DATE",
    zh="请填写 {least} 至 {most} 之间的日期。",
    en="Give a date from {least} to {most}.",
    remedy="Check the year.",
)
OUT_OF_RANGE = code(
    "OUT_OF_RANGE",
    zh="请填写 {least} 至 {most} 之间的数。",
    en="Give a number from {least} to {most}.",
    remedy="Send a number within the limits.",
)

_YEAR = timedelta(days=366)


class Check:
    """Both yield at most one reason."""

    def shape(self, said: Any, field: str) -> Iterator[Reason]:
        yield from ()

    def whole(self, said: Any, field: str, today: date) -> Iterator[Reason]:
        yield from ()


class Needed(Check):
    """Must be there when all is sent."""


@dataclass(frozen=True, slots=True)
class Text(Check):
    shortest: int
    longest: int

    def shape(self, said: str, field: str) -> Iterator[Reason]:
        if unstorable(said):
            yield because(BAD_TEXT, field)
        elif len(said) > self.longest:
            yield because(TOO_LONG, field, limit=self.longest)

    def whole(self, said: str, field: str, today: date) -> Iterator[Reason]:
        yield from against_text(said, field, self.shortest, self.longest)


class Short(Text):
    """What is short by its nature, and looked at by its own rule."""

    def __init__(self) -> None:
        super().__init__(1, 64)


class Phone(Short):
    def whole(self, said: str, field: str, today: date) -> Iterator[Reason]:
        if answered_by_a_person(said) is None:
            yield because(BAD_NUMBER, field)


class Amount(Short):
    """Yuan."""

    def whole(self, said: str, field: str, today: date) -> Iterator[Reason]:
        if fen(said) is None:
            yield because(BAD_AMOUNT, field)


class Nation(Short):
    def whole(self, said: str, field: str, today: date) -> Iterator[Reason]:
        if not is_nation(said):
            yield because(BAD_VALUE, field)


class PartyName(Text):
    """A name that a conflict of interest can be looked for with."""

    def __init__(self) -> None:
        super().__init__(2, 60)

    def whole(self, said: str, field: str, today: date) -> Iterator[Reason]:
        yield from against_party(said, field)


@dataclass(frozen=True, slots=True)
class Within(Check):
    least: int
    most: int

    def shape(self, said: int, field: str) -> Iterator[Reason]:
        if not self.least <= said <= self.most:
            yield because(OUT_OF_RANGE, field, least=self.least, most=self.most)


@dataclass(frozen=True, slots=True)
class Dated(Check):
    """So many years before today and after."""

    before: int
    after: int

    def whole(self, said: date, field: str, today: date) -> Iterator[Reason]:
        least, most = today - self.before * _YEAR, today + self.after * _YEAR
        if not least <= said <= most:
            yield because(BAD_DATE, field, least=least.isoformat(), most=most.isoformat())


@dataclass(frozen=True, slots=True)
class Many(Check):
    most: int

    def shape(self, said: tuple[Any, ...], field: str) -> Iterator[Reason]:
        if len(said) > self.most:
            yield because(TOO_MANY, field, limit=self.most)
        else:
            for place, one in enumerate(said):
                if one in said[:place]:
                    yield because(BAD_VALUE, f"{field}.{place}")
                    return
