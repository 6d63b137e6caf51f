"""A look at a minor's data, and who agreed to it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from app.core.tables import Table, moment


class MinorData(StrEnum):
    """What the staff see of a minor."""

    TASK = "TASK"
    """What she asks of a supervisor."""
    FILE = "FILE"
    """How she stands, and what was decided about her."""
    APPOINTMENT = "APPOINTMENT"
    """Who comes to an institution, and for what."""
    REPORT = "REPORT"
    """What was disclosed to a moderator."""


class MinorAccess(Table, table=True):
    """Somebody of the staff is to see what is a minor's: asked for, approved by another, opened. No row ever goes."""

    __tablename__ = "minor_access"

    id: UUID = Field(primary_key=True)
    kind: str = Field(sa_type=Text)
    subject: UUID
    """The task, the person, the appointment, or the report."""
    requester: UUID
    office: str = Field(sa_type=Text)
    """As what she asks: SUPERVISOR, ADMIN, AUDITOR, or the office that her post needs."""
    crisis: bool
    """Opened at once, because a life may hang on it; a trigger wrote this down."""
    reason: bytes
    asked_at: datetime = moment()
    approver: UUID | None
    approved_at: datetime | None = moment()
    until: datetime = moment()
    """A request lapses then, and so does what was approved."""
    opened_at: datetime | None = moment()
