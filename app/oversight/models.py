"""What supervisors must see to. Content-free: what, of which kind of question, until when."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import SmallInteger, Text
from sqlmodel import Field

from app.core.tables import Table, moment


class TaskKind(StrEnum):
    BREACH = "BREACH"
    CALLBACK = "CALLBACK"
    LOW_RATING = "LOW_RATING"
    APPEAL = "APPEAL"
    MISCONFIGURED = "MISCONFIGURED"
    HOT_ISSUE = "HOT_ISSUE"


class Task(Table, table=True):
    """`about` is the petition, the rated answer (a later round's rating by its own id), or the question itself: one
    task for each. What a provider refuses is about no question: one while it stands for each channel and template;
    what many ask is about none either."""

    id: UUID = Field(primary_key=True)
    kind: str = Field(sa_type=Text)
    question: UUID | None
    about: UUID
    category: str | None = Field(sa_type=Text)
    town: str | None = Field(sa_type=Text)
    channel: str | None = Field(sa_type=Text)
    template: str | None = Field(sa_type=Text)
    made_at: datetime = moment()
    due_at: datetime = moment()
    escalated: int = Field(sa_type=SmallInteger)
    taken_by: UUID | None
    taken_at: datetime | None = moment()
    done_at: datetime | None = moment()
    outcome: str | None = Field(sa_type=Text)
    late_reason: str | None = Field(default=None, sa_type=Text)
    """Of a breach: why the answers were not there in time."""
