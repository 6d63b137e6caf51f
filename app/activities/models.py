"""What the city puts on for everybody, and every step of it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.core.tables import Table, moment


class ActivityKind(StrEnum):
    """What one comes for."""

    GATHERING = "GATHERING"
    QUIZ = "QUIZ"
    CONTEST = "CONTEST"


class ActivityState(StrEnum):
    DRAFT = "DRAFT"
    IN_REVIEW = "IN_REVIEW"
    SCHEDULED = "SCHEDULED"
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    SCORING = "SCORING"
    ANNOUNCED = "ANNOUNCED"
    ARCHIVED = "ARCHIVED"
    CANCELLED = "CANCELLED"


class Activity(Table, table=True):
    """Public from `published_at` on. `taken`, `waiting` and `came` count who signed up, and are the door's to write."""

    id: UUID = Field(primary_key=True)
    kind: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    words: str = Field(sa_type=Text)
    division: str = Field(sa_type=Text)
    institution: UUID | None = Field(foreign_key="app.institution.id")
    place: str = Field(sa_type=Text)
    opens_at: datetime = moment()
    closes_at: datetime = moment()
    begins_at: datetime | None = moment()
    ends_at: datetime | None = moment()
    places: int | None
    cover: UUID | None = Field(foreign_key="app.public_picture.id")
    taken: int
    waiting: int
    came: int
    state: str = Field(sa_type=Text)
    state_at: datetime = moment()
    published_at: datetime | None = moment()
    writers: list[UUID] = Field(sa_type=ARRAY(Uuid))
    """Everybody who had a hand in its words, who made it first."""
    reviewer: UUID | None
    reason: str = Field(sa_type=Text)
    """Why it was sent back or cancelled."""
    version: int
    made_at: datetime = moment()
    changed_at: datetime = moment()
    changed_by: UUID
    results_due: bool
    """The room above, whose contest it is, has not said yet what came of it."""


class EnrolmentState(StrEnum):
    ENROLLED = "ENROLLED"
    WAITING = "WAITING"
    LEFT = "LEFT"


class Enrolment(Table, table=True):
    """Written by the door alone; `number` says in which order they came."""

    id: UUID = Field(primary_key=True)
    activity: UUID = Field(foreign_key="app.activity.id")
    person: UUID | None
    number: int
    state: str = Field(sa_type=Text)
    made_at: datetime = moment()
    state_at: datetime = moment()
    came_at: datetime | None = moment()


class ActivityStep(Table, table=True):
    """Written by a trigger alone."""

    __tablename__ = "activity_step"

    activity: UUID = Field(primary_key=True, foreign_key="app.activity.id")
    n: int = Field(primary_key=True, sa_type=SmallInteger)
    state: str = Field(sa_type=Text)
    actor: UUID | None
    reason: str = Field(sa_type=Text)
    version: int
    at: datetime = moment()
