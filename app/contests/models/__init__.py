"""What people hand in, what everybody sees of it, and who votes for what."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import SmallInteger, Text
from sqlmodel import Field

from app.core.tables import Table, moment


class EntryState(StrEnum):
    SUBMITTED = "SUBMITTED"
    CHECKING = "CHECKING"
    DISPLAYED = "DISPLAYED"
    REJECTED = "REJECTED"
    SHORTLISTED = "SHORTLISTED"
    AWARDED = "AWARDED"
    TAKEN_DOWN = "TAKEN_DOWN"


class EntryVerdict(StrEnum):
    """Why an entry is not shown, or no longer."""

    PERSONAL = "PERSONAL"
    UNLAWFUL = "UNLAWFUL"
    NOT_OWN = "NOT_OWN"
    UNSUITABLE = "UNSUITABLE"
    OFF_TOPIC = "OFF_TOPIC"
    WISH = "WISH"


class Entry(Table, table=True):
    """`body` is its title, sealed under a key of its own; `school` a keyed digest, by which a juror of it is known."""

    id: UUID = Field(primary_key=True)
    activity: UUID = Field(foreign_key="app.activity.id")
    person: UUID | None
    pseudonym: str = Field(sa_type=Text)
    band: str = Field(sa_type=Text)
    school: bytes | None
    state: str = Field(sa_type=Text)
    verdict: str | None = Field(sa_type=Text)
    checker: UUID | None
    body: bytes
    submitted_at: datetime = moment()
    state_at: datetime = moment()


class EntryStep(Table, table=True):
    """Written by a trigger alone. No `actor` where it was its owner."""

    __tablename__ = "entry_step"

    entry: UUID = Field(primary_key=True, foreign_key="app.entry.id")
    n: int = Field(primary_key=True, sa_type=SmallInteger)
    state: str = Field(sa_type=Text)
    verdict: str | None = Field(sa_type=Text)
    actor: UUID | None
    at: datetime = moment()


class Exhibit(Table, table=True):
    """What everybody sees of an entry, and all that they see."""

    entry: UUID = Field(primary_key=True, foreign_key="app.entry.id")
    activity: UUID = Field(foreign_key="app.activity.id")
    pseudonym: str = Field(sa_type=Text)
    band: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    picture: UUID = Field(foreign_key="app.public_picture.id")
    state: str = Field(sa_type=Text)
    award: str = Field(sa_type=Text)
    votes: int
    since: datetime = moment()
    ended_at: datetime | None = moment()


class Vote(Table, table=True):
    """One a person, contest and day of the city's. `held_by`: the burst in which it came."""

    activity: UUID = Field(primary_key=True, foreign_key="app.activity.id")
    person: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    entry: UUID = Field(foreign_key="app.entry.id")
    source: bytes
    at: datetime = moment()
    held_by: UUID | None = Field(foreign_key="app.vote_freeze.id")


class VoteFreeze(Table, table=True):
    """A burst of votes, for one entry or from one place, and what somebody made of it."""

    __tablename__ = "vote_freeze"

    id: UUID = Field(primary_key=True)
    activity: UUID = Field(foreign_key="app.activity.id")
    entry: UUID | None = Field(foreign_key="app.entry.id")
    source: bytes | None
    votes: int
    at: datetime = moment()
    until: datetime = moment()
    counted: bool | None
    decided_by: UUID | None
    decided_at: datetime | None = moment()
