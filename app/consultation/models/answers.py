"""What lawyers answered and what the asker makes of it. Texts are sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import SmallInteger
from sqlmodel import Field

from app.core.tables import Table, moment


class Answer(Table, table=True):
    id: UUID = Field(primary_key=True)
    question: UUID
    lawyer: UUID
    delivered_at: datetime = moment()
    counts: bool
    content: bytes
    suspect: bool


class AnswerDraft(Table, table=True):
    __tablename__ = "answer_draft"

    question: UUID = Field(primary_key=True)
    lawyer: UUID = Field(primary_key=True)
    content: bytes
    saved_at: datetime = moment()


class Amendment(Table, table=True):
    """A later version of an answer; the first stays."""

    id: UUID = Field(primary_key=True)
    answer: UUID
    question: UUID
    lawyer: UUID
    amended_at: datetime = moment()
    content: bytes


class Sketch(Table, table=True):
    """Keyed digests of an answer: how like it is to others, and where it agrees with its peers."""

    answer: UUID = Field(primary_key=True)
    question: UUID
    lawyer: UUID
    at: datetime = moment()
    minhash: bytes
    outlook: bytes | None
    forum: bytes | None
    deadline: bytes | None


class Helpful(Table, table=True):
    answer: UUID = Field(primary_key=True)
    question: UUID
    at: datetime = moment()


class Best(Table, table=True):
    """The answer that the asker likes best."""

    question: UUID = Field(primary_key=True)
    answer: UUID
    first_at: datetime = moment()
    chosen_at: datetime = moment()


class Rating(Table, table=True):
    """One an answer and round. The comment is sealed under the question's key."""

    answer: UUID = Field(primary_key=True)
    round: int = Field(primary_key=True, sa_type=SmallInteger)
    question: UUID
    rater: UUID | None
    lawyer: UUID
    stars: int = Field(sa_type=SmallInteger)
    understood: bool | None
    next_step: bool | None
    solved: bool | None
    comment: bytes | None
    rated_at: datetime = moment()
    changed_at: datetime = moment()
