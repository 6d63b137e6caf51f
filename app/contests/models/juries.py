"""Who judges a contest by which rubric, what each gave, and what came of it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.core.tables import Table, moment


class JurorState(StrEnum):
    INVITED = "INVITED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    RELEASED = "RELEASED"


class ConflictKind(StrEnum):
    """Why somebody may not judge an entry."""

    RELATIVE = "RELATIVE"
    TEACHER = "TEACHER"
    OTHER = "OTHER"
    FOUND = "FOUND"


class Prize(StrEnum):
    FIRST = "FIRST"
    SECOND = "SECOND"
    THIRD = "THIRD"
    ENCOURAGEMENT = "ENCOURAGEMENT"


class Jury(Table, table=True):
    """The rubric of a contest: `names`, `weights` (their sum is 100) and `scales` (points from 0 to that many) of its
    criteria, in turn. `prizes`: how many there are of each, in the order of Prize."""

    activity: UUID = Field(primary_key=True, foreign_key="app.activity.id")
    names: list[str] = Field(sa_type=ARRAY(Text))
    weights: list[int] = Field(sa_type=ARRAY(SmallInteger))
    scales: list[int] = Field(sa_type=ARRAY(SmallInteger))
    needed: int = Field(sa_type=SmallInteger)
    vote_share: int = Field(sa_type=SmallInteger)
    shortlist: int = Field(sa_type=SmallInteger)
    prizes: list[int] = Field(sa_type=ARRAY(SmallInteger))
    version: int
    set_by: UUID
    set_at: datetime = moment()
    ended_by: UUID | None
    ended_at: datetime | None = moment()


class Juror(Table, table=True):
    """Written by the door alone. `schools`: keyed digests of where she belongs, as an entry's."""

    id: UUID = Field(primary_key=True)
    activity: UUID = Field(foreign_key="app.jury.activity")
    person: UUID | None
    called: str = Field(sa_type=Text)
    schools: list[bytes] = Field(sa_type=ARRAY(LargeBinary))
    state: str = Field(sa_type=Text)
    named_by: UUID
    named_at: datetime = moment()
    state_at: datetime = moment()


class JuryScore(Table, table=True):
    """Points of each criterion, in turn. Written by the door alone; hers alone to read until it is `told`, when
    judging has ended."""

    __tablename__ = "jury_score"

    juror: UUID = Field(primary_key=True, foreign_key="app.juror.id")
    entry: UUID = Field(primary_key=True, foreign_key="app.entry.id")
    activity: UUID
    person: UUID | None
    points: list[int] = Field(sa_type=ARRAY(SmallInteger))
    at: datetime = moment()
    told: bool
    counts: bool


class JuryConflict(Table, table=True):
    """Who may not judge what. No row ever goes."""

    __tablename__ = "jury_conflict"

    id: UUID = Field(primary_key=True)
    juror: UUID = Field(foreign_key="app.juror.id")
    entry: UUID = Field(foreign_key="app.entry.id")
    activity: UUID
    kind: str = Field(sa_type=Text)
    at: datetime = moment()


class JuryResult(Table, table=True):
    """Written once, when judging ends: `points` are the jury's, `total` with the votes' share, out of 10,000."""

    __tablename__ = "jury_result"

    entry: UUID = Field(primary_key=True, foreign_key="app.entry.id")
    activity: UUID = Field(foreign_key="app.jury.activity")
    place: int = Field(sa_type=SmallInteger)
    scores: int = Field(sa_type=SmallInteger)
    points: int = Field(sa_type=SmallInteger)
    votes: int
    total: int = Field(sa_type=SmallInteger)
    prize: str | None = Field(sa_type=Text)
