"""What is asked after the first answer, and what waits for whom. The words are messages of `threads`."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import SmallInteger, Text
from sqlmodel import Field

from app.core.tables import Table, moment, words


class FollowUpState(StrEnum):
    WAITING = "WAITING"
    ANSWERED = "ANSWERED"
    STOPPED = "STOPPED"


class MessageKind(StrEnum):
    """What a message of a consultation's thread is."""

    FOLLOW_UP = "FOLLOW_UP"
    THANKS = "THANKS"
    REPLY = "REPLY"
    INQUIRY = "INQUIRY"
    INFORMATION = "INFORMATION"


class FollowUp(Table, table=True):
    """A message of the asker that waits for a lawyer; its id is the message's."""

    __tablename__ = "follow_up"

    id: UUID = Field(primary_key=True)
    question: UUID
    lawyer: UUID | None
    round: int = Field(sa_type=SmallInteger)
    asked_at: datetime = moment()
    due_at: datetime = moment()
    stage: int = Field(sa_type=SmallInteger)
    state: str = Field(sa_type=Text)
    ended_at: datetime | None = moment()


class Inquiry(Table, table=True):
    """A lawyer asks the asker back; its id is the message's. The clock stands still until she replies."""

    id: UUID = Field(primary_key=True)
    question: UUID
    lawyer: UUID
    asked_at: datetime = moment()
    replied_at: datetime | None = moment()
    kinds: list[str] = words()
    round: int = Field(sa_type=SmallInteger)
    """The question's when it was asked: a trigger says it."""
