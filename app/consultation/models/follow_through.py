"""What came of it, by closed answers: the asker's alone, and gone with the question."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import SmallInteger, Text
from sqlmodel import Field

from app.core.tables import Table, moment


class CameOf(StrEnum):
    """What came of it."""

    SOLVED = "SOLVED"
    UNDER_WAY = "UNDER_WAY"
    REFUSED = "REFUSED"
    GAVE_UP = "GAVE_UP"
    NOT_BEGUN = "NOT_BEGUN"


class WhyNotBegun(StrEnum):
    """Why nothing was begun."""

    DID_NOT_KNOW_HOW = "DID_NOT_KNOW_HOW"
    COST = "COST"
    DISTANCE = "DISTANCE"
    NO_TIME = "NO_TIME"
    PAPERS_MISSING = "PAPERS_MISSING"
    AFRAID = "AFRAID"
    TOO_LATE = "TOO_LATE"
    NO_HOPE = "NO_HOPE"
    OTHER = "OTHER"


class FollowThrough(Table, table=True):
    """One asking, and her answer once there is one."""

    __tablename__ = "follow_through"

    question: UUID = Field(primary_key=True)
    round: int = Field(primary_key=True, sa_type=SmallInteger)
    turn: int = Field(primary_key=True, sa_type=SmallInteger)
    asked_at: datetime = moment()
    way: str | None = Field(sa_type=Text)
    outcome: str | None = Field(sa_type=Text)
    hindrance: str | None = Field(sa_type=Text)
    answered_at: datetime | None = moment()
    changed_at: datetime | None = moment()


class FollowThroughDeclined(Table, table=True):
    """She does not want to be asked."""

    __tablename__ = "follow_through_declined"

    question: UUID = Field(primary_key=True)
    at: datetime = moment()
