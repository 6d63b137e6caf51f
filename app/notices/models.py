"""What people are told, in the app."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from app.core.tables import Table, moment


class NoticeKind(StrEnum):
    NEW_ANSWER = "NEW_ANSWER"
    PROMISE_BROKEN = "PROMISE_BROKEN"
    QUESTION_WITHDRAWN = "QUESTION_WITHDRAWN"
    SEAT_LOST = "SEAT_LOST"


class Notice(Table, table=True):
    """One a person, kind and cause. Its words are a template's: nothing of a case is kept here."""

    id: UUID = Field(primary_key=True)
    person: UUID
    kind: str = Field(sa_type=Text)
    about: UUID
    cause: UUID
    at: datetime = moment()
    read_at: datetime | None = moment(default=None)
