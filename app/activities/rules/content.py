"""What an activity says of itself, and what is wrong with that."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from app.activities.models import ActivityKind
from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text
from app.places.rules import is_division

TITLE: Final = (2, 60)
WORDS: Final = (1, 5_000)
PLACE: Final = (2, 100)
REASON: Final = (4, 300)
MOST_PLACES: Final = 100_000
AHEAD: Final = timedelta(days=366)

ACTIVITY_TIMES = code(
    "ACTIVITY_TIMES",
    zh="时间前后不符：先开放，后截止；活动在开放之后开始，在开始之后结束，且不超过一年。",
    en="These times do not follow each other: it opens, then closes; it begins after it opens and ends after that, "
    "within a year.",
    remedy="Correct the times.",
)
ALREADY_PAST = code(
    "ALREADY_PAST",
    zh="截止时间已过。",
    en="It would have closed already.",
    remedy="Choose a later time.",
)


class Content(BaseModel):
    """`begins_at`, `ends_at`, `place` and `places` are of a gathering; a quiz or a contest is between its times."""

    title: str
    words: str
    division: str
    institution: UUID | None
    place: str
    opens_at: datetime
    closes_at: datetime
    begins_at: datetime | None
    ends_at: datetime | None
    places: int | None
    cover: UUID | None = None
    """A picture that was sent; `keep_cover` where it stays as it is."""
    keep_cover: bool = True


SAID: Final = frozenset(Content.model_fields) - {"cover", "keep_cover"}
"""What stands in columns of the same names."""


class NewActivity(BaseModel):
    kind: ActivityKind
    content: Content


def against_content(kind: ActivityKind, said: Content, now: datetime, at: str = "content.") -> Iterator[Reason]:
    gathering = kind is ActivityKind.GATHERING
    yield from against_text(said.title, f"{at}title", *TITLE)
    yield from against_text(said.words, f"{at}words", *WORDS)
    if gathering or said.place:
        yield from against_text(said.place, f"{at}place", *PLACE)
    if not is_division(said.division):
        yield because(BAD_VALUE, f"{at}divisionCode")
    if said.places is not None and not (gathering and 1 <= said.places <= MOST_PLACES):
        yield because(BAD_VALUE, f"{at}places")
    yield from _against_times(gathering, said, now, at)


def _against_times(gathering: bool, said: Content, now: datetime, at: str) -> Iterator[Reason]:
    times = [said.opens_at, said.closes_at, said.begins_at, said.ends_at]
    if said.begins_at is None or said.ends_at is None:
        if gathering or said.begins_at or said.ends_at:
            yield because(BAD_VALUE, f"{at}beginsAt")
            return
        ordered = said.opens_at < said.closes_at
    else:
        if not gathering:
            yield because(BAD_VALUE, f"{at}beginsAt")
            return
        ordered = said.opens_at < said.closes_at <= said.ends_at and said.opens_at <= said.begins_at < said.ends_at
    last = max(time for time in times if time is not None)
    if not ordered or last > now + AHEAD or said.opens_at < now - AHEAD:
        yield because(ACTIVITY_TIMES, f"{at}closesAt")
    elif said.closes_at <= now:
        yield because(ALREADY_PAST, f"{at}closesAt")
