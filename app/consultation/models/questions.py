"""A question, its brief and its draft; what supervisors are asked about it. Texts are sealed."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import SmallInteger, Text
from sqlmodel import Field

from app.core.tables import Table, moment, words


class QuestionStatus(StrEnum):
    """SCREENING is no state of a row: it ends in the transaction that asks. A draft is a row of its own."""

    NEEDS_EDIT = "NEEDS_EDIT"
    BLOCKED = "BLOCKED"
    OPEN = "OPEN"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"
    ERASED = "ERASED"


class PetitionKind(StrEnum):
    CALLBACK = "CALLBACK"
    APPEAL = "APPEAL"


class PetitionState(StrEnum):
    """As far as the asker may know: nobody has it, a supervisor has it, it is done."""

    OPEN = "OPEN"
    TAKEN = "TAKEN"
    DONE = "DONE"


class Outcome(StrEnum):
    """How a supervisor ended what she saw to: the first two are for everything but appeals, the next two for these. The
    house ends what is about nothing any more."""

    DONE = "DONE"
    NOT_REACHED = "NOT_REACHED"
    UPHELD = "UPHELD"
    DISMISSED = "DISMISSED"
    ERASED = "ERASED"


class Question(Table, table=True):
    id: UUID = Field(primary_key=True)
    asker: UUID | None
    """None once it was erased."""
    category: str = Field(sa_type=Text)
    division: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    asked_at: datetime = moment()
    policy: int = Field(sa_type=SmallInteger)
    body: bytes
    status_at: datetime | None = moment()
    round: int = Field(sa_type=SmallInteger)
    delegation: UUID | None
    crisis: list[str] = words()
    cleared: bool


class Draft(Table, table=True):
    """What a resident is writing; `content` is sealed JSON under the draft's own key."""

    id: UUID = Field(primary_key=True)
    person: UUID
    content: bytes
    revision: int
    saved_at: datetime = moment()
    asked_as: UUID | None
    wiped_at: datetime | None = moment()


class Brief(Table, table=True):
    id: UUID = Field(primary_key=True)
    question: UUID
    body: bytes


class Petition(Table, table=True):
    """What a resident asks of supervisors: sealed under its own key, read by her and by who takes the task."""

    id: UUID = Field(primary_key=True)
    question: UUID
    person: UUID | None
    kind: str = Field(sa_type=Text)
    due_at: datetime = moment()
    made_at: datetime = moment()
    body: bytes
    state: str = Field(sa_type=Text)
    outcome: str | None = Field(sa_type=Text)
