"""The anchor of a day: what the audit held of it, as one hash a kind of fact, chained to the day before and signed.

The document is JSON in the one spelling of receipts, signed by the same key (`consultation.rules.receipt`). A leaf is
SHA-256 of a fact and its row's salt; a root is SHA-256 over the leaves in their own order; `previous` is SHA-256 of the
document before. So the newest anchor stands for all that was ever anchored: by a copy of it one can tell whether any of
that was changed, and nothing else.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Literal

from pydantic import Field, ValidationError

from app.consultation.rules.receipt import Plain, Receipt, Unverified, authentic, canonical, moment, stamp
from app.places.rules.workdays import CITY_TIME, today

LEAF = 32
"""Bytes."""
DAY = timedelta(days=1)
SETTLED = timedelta(hours=1)
"""After a day's end nothing is written any more that began in it: no transaction of the house takes a minute."""


class Kept(Plain):
    n: int = Field(ge=1)
    root: str


class Anchor(Plain):
    """What is signed. `first`: the first day it covers, None for the first of all, which covers all there was."""

    anchor: Literal["audit/1"]
    first: str | None
    day: str
    facts: dict[str, Kept]
    """By their kind; of what is not in it nothing happened."""
    previous: str | None
    anchored_at: str

    def text(self) -> str:
        return canonical(self.model_dump())

    @property
    def ends(self) -> datetime:
        return midnight(date.fromisoformat(self.day) + DAY)

    @property
    def days(self) -> str:
        return self.day if self.first == self.day else f"{self.first or 'the beginning'} to {self.day}"


def midnight(day: date) -> datetime:
    """With which a day begins in the city."""
    return datetime.combine(day, time(), CITY_TIME)


def owed(last: date | None, now: datetime) -> date | None:
    """Until which day the next anchor reaches; None while the last one does."""
    day = today(now - SETTLED) - DAY
    return day if last is None or last < day else None


def digest(document: str) -> str:
    return sha256(document.encode()).hexdigest()


def root(leaves: bytes) -> Kept:
    return Kept(n=len(leaves) // LEAF, root=sha256(leaves).hexdigest())


def anchor(previous: tuple[date, str] | None, day: date, leaves: Mapping[str, bytes], now: datetime) -> Anchor:
    """`previous`: the last anchor's day and document."""
    return Anchor(
        anchor="audit/1",
        first=str(previous[0] + DAY) if previous else None,
        day=str(day),
        facts={kind: root(held) for kind, held in leaves.items()},
        previous=digest(previous[1]) if previous else None,
        anchored_at=stamp(now),
    )


def read(text: str) -> Anchor:
    """Raises Unverified for what no house would write."""
    try:
        found = Anchor.model_validate_json(text)
        moment(found.anchored_at)
        if found.text() != text or found.ends > moment(found.anchored_at):
            raise ValueError
    except (ValidationError, ValueError) as error:
        raise Unverified("The document is no anchor of the audit.") from error
    return found


def chain(receipts: Iterable[Receipt], keys: list[str]) -> list[Anchor]:
    """The anchors, the oldest first, if each was signed by one of these keys and follows the one before it, without a
    day between. Raises Unverified."""
    anchors: list[Anchor] = []
    last: tuple[date, str] | None = None
    for receipt in receipts:
        try:
            found = read(authentic(receipt, keys))
        except Unverified as reason:
            after = f"after that of {last[0]}" if last else "that is the first"
            raise Unverified(f"The anchor {after} was rewritten. {reason}") from reason
        expected = (str(last[0] + DAY), digest(last[1])) if last else (None, None)
        if (found.first, found.previous) != expected:
            raise Unverified(f"The anchor of {found.day} does not follow the one before: one was dropped or put in.")
        anchors.append(found)
        last = date.fromisoformat(found.day), receipt.document
    return anchors
