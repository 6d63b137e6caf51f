"""Days that people must not miss."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from app.core.tables import Table, moment


class DateSource(StrEnum):
    """From where somebody has it."""

    LIMIT = "LIMIT"
    ANSWER = "ANSWER"
    OWN = "OWN"


class OwnDate(StrEnum):
    """What a day of her own is for."""

    HEARING = "HEARING"
    EVIDENCE = "EVIDENCE"
    FILING = "FILING"
    APPEAL = "APPEAL"
    PERFORMANCE = "PERFORMANCE"
    PAPERS = "PAPERS"
    OTHER = "OTHER"


class KeptDate(Table, table=True):
    """A subject of its own, hers alone. What it is about is sealed; when it is over is what a reminder needs."""

    __tablename__ = "kept_date"

    id: UUID = Field(primary_key=True)
    person: UUID
    ends_at: datetime = moment()
    """Midnight after the day, in the city."""
    version: int
    """Grows with each change: what was to be told of an earlier day is not."""
    body: bytes
    kept_at: datetime = moment()
    dropped_at: datetime | None = moment()
    """Given up, and kept by a legal hold: nobody sees it any more."""
