"""Which consultations were drawn to have their answers checked, by whom, and how each answer was marked."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.core.tables import Table, moment


class CheckState(StrEnum):
    """ENDED: it may not go on, or nobody is left who could do it."""

    OPEN = "OPEN"
    DONE = "DONE"
    ENDED = "ENDED"


class Soundness(StrEnum):
    """Whether a conclusion is right in law."""

    YES = "YES"
    PARTLY = "PARTLY"
    NO = "NO"


class QualityPolicy(Table, table=True):
    """Versions are added, never changed."""

    __tablename__ = "quality_policy"

    version: int = Field(primary_key=True, sa_type=SmallInteger)
    since: datetime = moment()
    terms: dict[str, Any] = Field(sa_type=JSONB)


class QualityReviewer(Table, table=True):
    """A senior lawyer whom a supervisor named; the next check is for who has waited longest since `turn_at`."""

    __tablename__ = "quality_reviewer"

    id: UUID = Field(primary_key=True)
    lawyer: UUID
    named_by: UUID
    named_at: datetime = moment()
    turn_at: datetime = moment()
    released_at: datetime | None = moment()
    released_by: UUID | None


class QualityCheck(Table, table=True):
    """Of one question, once. Its reviewer is shown neither the question's id, nor who had it before her."""

    __tablename__ = "quality_check"

    id: UUID = Field(primary_key=True)
    question: UUID
    agreed: int
    """To which version of the notice the asker has said yes."""
    drawn_at: datetime = moment()
    reviewer: UUID | None
    had: list[UUID] = Field(sa_type=ARRAY(Uuid))
    given_at: datetime = moment()
    due_at: datetime = moment()
    state: str = Field(sa_type=Text)
    done_at: datetime | None = moment()


class QualityMark(Table, table=True):
    """Of one answer: written by the door alone, but for the reply. The words are sealed under a key of their own."""

    __tablename__ = "quality_mark"

    id: UUID = Field(primary_key=True)
    checked: UUID
    question: UUID
    answer: UUID
    lawyer: UUID
    conclusion: str = Field(sa_type=Text)
    law: bool
    steps: bool
    plain: bool
    deadlines: bool | None
    """None where there are none."""
    harm: bool
    note: bytes | None
    marked_at: datetime = moment()
    reply: bytes | None
    replied_at: datetime | None = moment()


class QualityDay(Table, table=True):
    """How many could be drawn and were, in numbers alone; `day` is the last that was looked at."""

    __tablename__ = "quality_day"

    day: date = Field(primary_key=True)
    eligible: int
    drawn: int
