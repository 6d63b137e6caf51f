"""To which lawyer an application was offered, and what came of it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from app.core.tables import Table, moment


class AssignmentState(StrEnum):
    OFFERED = "OFFERED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    LAPSED = "LAPSED"
    ENDED = "ENDED"
    DONE = "DONE"


class DeclinedFor(StrEnum):
    """Why a lawyer does not take it on. No words: she has not read it, and nobody shall guess at it."""

    CONFLICT = "CONFLICT"
    NOT_MY_FIELD = "NOT_MY_FIELD"
    BUSY = "BUSY"
    OTHER = "OTHER"


class RecusalGround(StrEnum):
    """Why somebody of the staff steps back. No words: it is about herself and hers."""

    RELATIVE = "RELATIVE"
    INTEREST = "INTEREST"
    OTHER = "OTHER"


class Assignment(Table, table=True):
    """Written by the trigger of the steps; the lawyer's own to see. Its id is that of the step that offered it."""

    id: UUID = Field(primary_key=True)
    application: UUID
    lawyer: UUID
    kind: str = Field(sa_type=Text)
    matter: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    offered_at: datetime = moment()
    due_at: datetime = moment()
    """Until when she answers."""
    answered_at: datetime | None = moment()
    ended_at: datetime | None = moment()
    code: str | None = Field(sa_type=Text)
