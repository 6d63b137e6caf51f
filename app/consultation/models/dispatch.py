"""What lawyers compete over, their offers and seats. No text."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from app.core.tables import Table, moment


class Board(StrEnum):
    """How a question's seats stood when the offered lawyers were last told."""

    OPEN = "OPEN"
    FULL = "FULL"
    FILLED = "FILLED"


class Lane(StrEnum):
    """How a question is dispatched: wave by wave, or, where somebody is in danger, all waves at once."""

    NORMAL = "NORMAL"
    CRISIS = "CRISIS"


class Invited(StrEnum):
    """Why a seat is kept for a lawyer: the asker chose her, answers disagree, or she advises the village."""

    ASKER = "ASKER"
    SENIOR = "SENIOR"
    ADVISER = "ADVISER"


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
    RESOLVED = "RESOLVED"


class DispatchPolicy(Table, table=True):
    """Versions are added, never changed; each question keeps the one it was asked under."""

    __tablename__ = "dispatch_policy"

    version: int = Field(primary_key=True, sa_type=SmallInteger)
    terms: dict[str, Any] = Field(sa_type=JSONB)
    since: datetime = moment()


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
    lane: str = Field(sa_type=Text)
    wanted: int = Field(sa_type=SmallInteger)
    named: list[UUID] = Field(sa_type=ARRAY(Uuid))
    named_until: datetime | None = moment()
    party: bytes | None
    kept_at: datetime | None = moment()
    quiet_since: datetime | None = moment()
    recategorised: bool


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
    invited: str | None = Field(sa_type=Text)


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


class Client(Table, table=True):
    """A keyed digest of somebody whom a lawyer represents."""

    lawyer: UUID = Field(primary_key=True)
    digest: bytes = Field(primary_key=True)
    since: datetime = moment()
    removed_at: datetime | None = moment()


class Recategorised(Table, table=True):
    question: UUID = Field(primary_key=True)
    lawyer: UUID
    was: str = Field(sa_type=Text)
    is_now: str = Field(sa_type=Text)
    at: datetime = moment()
