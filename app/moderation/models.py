"""What was reported, and what came of it. Content-free but for what is sealed."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from app.core.tables import Table, moment


class ReportReason(StrEnum):
    SOLICITATION = "SOLICITATION"
    CARELESS_ADVICE = "CARELESS_ADVICE"
    INSULT_OR_ILLEGAL = "INSULT_OR_ILLEGAL"
    BREACH_OF_CONFIDENCE = "BREACH_OF_CONFIDENCE"
    OTHER = "OTHER"


class ReportState(StrEnum):
    WAITING = "WAITING"
    TAKEN = "TAKEN"
    DISMISSED = "DISMISSED"
    MEASURE = "MEASURE"
    WITHDRAWN = "WITHDRAWN"
    ERASED = "ERASED"


OPEN = (ReportState.WAITING, ReportState.TAKEN)


class MeasureKind(StrEnum):
    """In the order of the ladder."""

    REMINDER = "REMINDER"
    WARNING = "WARNING"


class Side(StrEnum):
    """Who said something, as a moderator is told."""

    ASKER = "ASKER"
    LAWYER = "LAWYER"


class Report(Table, table=True):
    """A subject of its own: its readers are who made it, and the one moderator who has it until her lease ends.
    `content` holds copies of what she disclosed, `reply` why it was dismissed; both are empty once they are
    destroyed."""

    id: UUID = Field(primary_key=True)
    reason: str = Field(sa_type=Text)
    category: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    content: bytes
    reply: bytes
    made_at: datetime = moment()
    due_at: datetime = moment()
    taker: UUID | None
    taken_until: datetime | None = moment()
    decided_at: datetime | None = moment()
    settled_at: datetime | None = moment()


class ReportSource(Table, table=True):
    """Whose it is, about what, and about whom (a trigger finds that out): hers alone to see."""

    __tablename__ = "report_source"

    report: UUID = Field(primary_key=True, foreign_key="app.report.id")
    reporter: UUID
    question: UUID
    about: UUID
    accused: UUID
    of_lawyer: bool
    open: bool


class Measure(Table, table=True):
    """What a moderator decided about somebody: writing it is the decision. Its reasons are sealed under its own key,
    which she alone is given whom it is about."""

    id: UUID = Field(primary_key=True)
    report: UUID = Field(foreign_key="app.report.id")
    person: UUID | None
    of_lawyer: bool
    kind: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    about: UUID | None
    of_answer: bool
    content: bytes
    decided_by: UUID
    at: datetime = moment()
    appeal_until: datetime = moment()
    appealed_at: datetime | None = moment()
    appeal: bytes | None
    """Sealed, as is the `answer`."""
    appeal_due: datetime | None = moment()
    judge: UUID | None
    judge_until: datetime | None = moment()
    judged_at: datetime | None = moment()
    lifted: bool | None
    answer: bytes | None
