"""Messages between people about one subject, sealed under its key, and how far each has read."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from app.core.tables import Table, moment


class Message(Table, table=True):
    """`from_owner`: said by the one whose subject it is, or by her delegate. Without an addressee it is for all."""

    id: UUID = Field(primary_key=True)
    subject: UUID
    author: UUID | None
    from_owner: bool
    addressee: UUID | None
    kind: str = Field(sa_type=Text)
    regards: UUID | None
    sent_at: datetime = moment()
    body: bytes


class ReadMark(Table, table=True):
    __tablename__ = "read_mark"

    subject: UUID = Field(primary_key=True)
    person: UUID = Field(primary_key=True)
    up_to: UUID
    sent_at: datetime = moment()
    at: datetime = moment()


class ConsultationState(StrEnum):
    WAITING = "WAITING"
    TAKEN = "TAKEN"
    CLOSED = "CLOSED"


class ConsultationWords(StrEnum):
    """The kinds of messages in a consultation with an institution."""

    ASKED = "CONSULTATION"
    REPLIED = "CONSULTATION_REPLY"


class InstitutionConsultation(Table, table=True):
    """A subject of its own. `called` is how the `holder`'s post names her; a trigger says it, as it says `state_at`."""

    __tablename__ = "institution_consultation"

    id: UUID = Field(primary_key=True)
    institution: UUID = Field(foreign_key="app.institution.id")
    person: UUID | None = Field(foreign_key="app.person.id")
    application: UUID | None = None
    state: str = Field(sa_type=Text)
    holder: UUID | None = Field(foreign_key="app.person.id")
    called: str | None = Field(sa_type=Text)
    opened_at: datetime = moment()
    state_at: datetime = moment()
