"""A question, what lawyers compete over, their offers and seats, and what they answered. Texts are sealed."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.core.tables import Table, moment


class QuestionStatus(StrEnum):
    OPEN = "OPEN"
    WITHDRAWN = "WITHDRAWN"


class Board(StrEnum):
    """How a question's seats stood when the offered lawyers were last told."""

    OPEN = "OPEN"
    FULL = "FULL"
    FILLED = "FILLED"


class DeclineReason(StrEnum):
    CONFLICT = "CONFLICT"
    NOT_MY_FIELD = "NOT_MY_FIELD"
    BUSY = "BUSY"
    OTHER = "OTHER"


class OfferEventKind(StrEnum):
    """What her own feed tells a lawyer."""

    OFFERED = "OFFERED"
    OFFER_CHANGED = "OFFER_CHANGED"
    SEAT_CHANGED = "SEAT_CHANGED"


class SeatEnd(StrEnum):
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"


class DispatchPolicy(Table, table=True):
    """Versions are added, never changed; each question keeps the one it was asked under."""

    __tablename__ = "dispatch_policy"

    version: int = Field(primary_key=True, sa_type=SmallInteger)
    terms: dict[str, Any] = Field(sa_type=JSONB)
    since: datetime = moment()


class Question(Table, table=True):
    id: UUID = Field(primary_key=True)
    asker: UUID
    category: str = Field(sa_type=Text)
    division: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    asked_at: datetime = moment()
    policy: int = Field(sa_type=SmallInteger)
    body: bytes


class Brief(Table, table=True):
    id: UUID = Field(primary_key=True)
    question: UUID
    body: bytes


class Dispatch(Table, table=True):
    question: UUID = Field(primary_key=True)
    brief: UUID
    category: str = Field(sa_type=Text)
    division: str = Field(sa_type=Text)
    policy: int = Field(sa_type=SmallInteger)
    asked_at: datetime = moment()
    wave: int = Field(sa_type=SmallInteger)
    board: str = Field(sa_type=Text)
    closed_at: datetime | None = moment()


class Offer(Table, table=True):
    question: UUID = Field(primary_key=True)
    lawyer: UUID = Field(primary_key=True)
    firm: UUID
    pool: str = Field(sa_type=Text)
    wave: int = Field(sa_type=SmallInteger)
    offered_at: datetime = moment()
    until: datetime = moment()
    declined: str | None = Field(sa_type=Text)
    why: dict[str, Any] = Field(sa_type=JSONB)


class Seat(Table, table=True):
    id: UUID = Field(primary_key=True)
    question: UUID
    lawyer: UUID
    firm: UUID
    local: bool
    place: int = Field(sa_type=SmallInteger)
    claimed_at: datetime = moment()
    lease_until: datetime = moment()
    extended: bool
    delivered_at: datetime | None = moment()
    counts: bool
    ended_at: datetime | None = moment()
    ended_why: str | None = Field(sa_type=Text)


class Answer(Table, table=True):
    id: UUID = Field(primary_key=True)
    question: UUID
    lawyer: UUID
    delivered_at: datetime = moment()
    counts: bool
    content: bytes


class AnswerDraft(Table, table=True):
    __tablename__ = "answer_draft"

    question: UUID = Field(primary_key=True)
    lawyer: UUID = Field(primary_key=True)
    content: bytes
    saved_at: datetime = moment()
