"""A quiz that people take: what is drawn for whom, what each said, and what came of it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.core.tables import Table, moment, words


class Reveals(StrEnum):
    """When right answers are shown."""

    ATTEMPT = "ATTEMPT"
    ROUND = "ROUND"


class Entrants(StrEnum):
    """For whom people take it, beside themselves."""

    PERSON = "PERSON"
    TEAM = "TEAM"
    SCHOOL = "SCHOOL"


class AttemptState(StrEnum):
    STARTED = "STARTED"
    SUBMITTED = "SUBMITTED"
    AUTO_SUBMITTED = "AUTO_SUBMITTED"
    VOIDED = "VOIDED"


class QuizRound(Table, table=True):
    """Of an activity of the kind QUIZ; it changes while that is a draft, and never afterwards."""

    __tablename__ = "quiz_round"

    activity: UUID = Field(primary_key=True, foreign_key="app.activity.id")
    pool: list[UUID] = Field(sa_type=ARRAY(Uuid))
    """From which questions are drawn, in the order of their ids."""
    draws: int = Field(sa_type=SmallInteger)
    seconds: int
    attempts: int = Field(sa_type=SmallInteger)
    reveals: str = Field(sa_type=Text)
    entrants: str = Field(sa_type=Text)
    groups: list[str] = words()
    """Names of teams or schools; who takes it is of one by its place, from 1."""
    version: int
    changed_at: datetime = moment()
    changed_by: UUID
    pass_mark: int | None = Field(sa_type=SmallInteger)
    """Right answers that a certificate takes; without it nobody is given one."""


class QuizEntrant(Table, table=True):
    """Somebody who takes it: her pseudonym, and the best that she did so far. Written by the door alone."""

    __tablename__ = "quiz_entrant"

    round: UUID = Field(primary_key=True, foreign_key="app.quiz_round.activity")
    person: UUID = Field(primary_key=True, foreign_key="app.person.id")
    alias: str = Field(sa_type=Text)
    team: int = Field(sa_type=SmallInteger)
    """0 for none."""
    best: UUID | None
    score: int = Field(sa_type=SmallInteger)
    duration: int
    """Milliseconds."""
    reached_at: datetime | None = moment()


class QuizAttempt(Table, table=True):
    """Written by the door alone. `seed` gives the order in which questions and options are put to her."""

    __tablename__ = "quiz_attempt"

    id: UUID = Field(primary_key=True)
    round: UUID = Field(foreign_key="app.quiz_round.activity")
    person: UUID | None
    """None once she closed her account."""
    n: int = Field(sa_type=SmallInteger)
    seed: int = Field(sa_type=BigInteger)
    questions: list[UUID] = Field(sa_type=ARRAY(Uuid))
    kinds: list[str] = words()
    sizes: list[int] = Field(sa_type=ARRAY(SmallInteger))
    """Of each question how many options it has."""
    started_at: datetime = moment()
    deadline: datetime = moment()
    state: str = Field(sa_type=Text)
    closed_at: datetime | None = moment()
    answered: int | None = Field(sa_type=SmallInteger)
    score: int | None = Field(sa_type=SmallInteger)
    duration: int | None
    reason: str = Field(sa_type=Text)
    """Why it was voided; empty else."""


class QuizAnswer(Table, table=True):
    """What she said to a question, by its place in the attempt from 1. Of two the one with the higher `turn` stands."""

    __tablename__ = "quiz_answer"

    attempt: UUID = Field(primary_key=True, foreign_key="app.quiz_attempt.id")
    item: int = Field(primary_key=True, sa_type=SmallInteger)
    choice: list[int] = Field(sa_type=ARRAY(SmallInteger))
    """Places in the bank's options, as `QuizQuestion.answer`."""
    turn: int
    saved_at: datetime = moment()
