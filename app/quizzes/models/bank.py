"""Questions that quizzes draw from. What was approved is never changed: for other words there is another question."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.core.tables import Table, moment, words


class QuestionKind(StrEnum):
    """How one is answered."""

    SINGLE = "SINGLE"
    MULTIPLE = "MULTIPLE"
    TRUE_FALSE = "TRUE_FALSE"
    ORDERING = "ORDERING"


class Difficulty(StrEnum):
    EASY = "EASY"
    MEDIUM = "MEDIUM"
    HARD = "HARD"


class BankState(StrEnum):
    """Where a question stands in the bank; only approved ones are drawn."""

    IN_REVIEW = "IN_REVIEW"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    RETIRED = "RETIRED"


class QuizQuestion(Table, table=True):
    """`answer` holds places in `options`, from 0: rising where order says nothing, in the right order where it does."""

    __tablename__ = "quiz_question"

    id: UUID = Field(primary_key=True)
    kind: str = Field(sa_type=Text)
    topic: str = Field(sa_type=Text)
    """Of the first level of what questions can be about."""
    difficulty: str = Field(sa_type=Text)
    stem: str = Field(sa_type=Text)
    options: list[str] = words()
    answer: list[int] = Field(sa_type=ARRAY(SmallInteger))
    explanation: str = Field(sa_type=Text)
    law: str = Field(sa_type=Text)
    article: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    author: UUID
    reviewer: UUID | None
    """Never the author: the table refuses it."""
    reason: str = Field(sa_type=Text)
    """What the reviewer said; empty before."""
    made_at: datetime = moment()
    changed_at: datetime = moment()
    reviewed_at: datetime | None = moment()
    version: int
