"""Advisers of villages and communities: who, from when to when. Public, but for who changed it and why."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from app.core.tables import Table, moment


class AdviserTerm(Table, table=True):
    """`changed_by` and `reason` are written and never read here; a trigger puts them into `register_change`."""

    __tablename__ = "adviser_term"

    id: UUID = Field(primary_key=True)
    division: str = Field(sa_type=Text)
    worker: UUID = Field(foreign_key="app.legal_worker.id")
    person: UUID | None
    """The account of who is no lawyer; a lawyer's is the one of her licence."""
    since: date
    until: date
    """The last day; the day before `since` where it never began."""
    contract: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    version: int
    changed_at: datetime = moment()
    changed_by: UUID | None
    reason: str = Field(sa_type=Text)


class Coverage(StrEnum):
    """How a village stands."""

    UNCOVERED = "UNCOVERED"
    EXPIRING = "EXPIRING"
    COVERED = "COVERED"


class AdviserState(StrEnum):
    """Why a resident is or is not shown an adviser."""

    NO_VILLAGE = "NO_VILLAGE"
    NO_ADVISER = "NO_ADVISER"
    APPOINTED = "APPOINTED"


class ServiceKind(StrEnum):
    """What an adviser did."""

    VISIT = "VISIT"
    TALK = "TALK"
    MEDIATION = "MEDIATION"


class VisitCode(Table, table=True):
    """Six digits that somebody in the village made for her adviser to show that she was there."""

    __tablename__ = "visit_code"

    id: UUID = Field(primary_key=True)
    division: str = Field(sa_type=Text)
    maker: UUID | None
    """None once she closed her account."""
    code: bytes
    """A keyed digest of village and digits."""
    made_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment()


class AdviserService(Table, table=True):
    """When, how far from the village's point or by whose code, and how many people; nothing else is kept of it."""

    __tablename__ = "adviser_service"

    id: UUID = Field(primary_key=True)
    term: UUID = Field(foreign_key="app.adviser_term.id")
    adviser: UUID
    kind: str = Field(sa_type=Text)
    at: datetime = moment()
    people: int
    metres: int | None
    code: UUID | None = Field(foreign_key="app.visit_code.id", unique=True)
    logged_at: datetime = moment()


class AdviserQuestion(Table, table=True):
    """That she was called to a question of her village with the first wave, and whether she answered it."""

    __tablename__ = "adviser_question"

    term: UUID = Field(primary_key=True, foreign_key="app.adviser_term.id")
    question: UUID = Field(primary_key=True)
    """Known to the worker alone."""
    adviser: UUID
    offered_at: datetime = moment()
    answered_at: datetime | None = moment()


class Line(StrEnum):
    """What an adviser is appraised by."""

    VISITS = "VISITS"
    TALKS = "TALKS"
    MEDIATIONS = "MEDIATIONS"
    QUESTIONS = "QUESTIONS"


class ContestState(StrEnum):
    """What became of it."""

    OPEN = "OPEN"
    UPHELD = "UPHELD"
    DISMISSED = "DISMISSED"


class AppraisalContest(Table, table=True):
    """An adviser says that a line of her appraisal is wrong; the staff decide. Both reasons are sealed."""

    __tablename__ = "appraisal_contest"

    id: UUID = Field(primary_key=True)
    term: UUID = Field(foreign_key="app.adviser_term.id")
    adviser: UUID
    year: int
    line: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    reason: bytes
    made_at: datetime = moment()
    answer: bytes | None
    credited: int
    """So many more are counted since it was upheld."""
    decided_by: UUID | None
    decided_at: datetime | None = moment()
