"""A mediation as both sides see it, the invitation to it, and the records of what was said."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, SmallInteger, Text, Uuid
from sqlmodel import Field

from app.core.tables import Table, moment


class Side(StrEnum):
    APPLICANT = "APPLICANT"
    RESPONDENT = "RESPONDENT"


class Where(StrEnum):
    """Who reads what is written there; the mediator reads all of it."""

    SHARED = "SHARED"
    APPLICANT = "APPLICANT"
    RESPONDENT = "RESPONDENT"


class Answer(StrEnum):
    CONSENTS = "CONSENTS"
    REFUSES = "REFUSES"


class RecordKind(StrEnum):
    """The sheets of the standard file (人民调解卷宗)."""

    STATEMENT = "STATEMENT"
    INQUIRY = "INQUIRY"
    SESSION = "SESSION"
    NOTE = "NOTE"
    VISIT = "VISIT"


class Teller(StrEnum):
    APPLICANT = "APPLICANT"
    RESPONDENT = "RESPONDENT"
    MEDIATOR = "MEDIATOR"


class Mediation(Table, table=True):
    """Opened with the registration. Its id is that of the subject that both sides read; each side has one of its own.
    What it copies of its application is kept by a trigger."""

    id: UUID = Field(primary_key=True)
    application: UUID
    applicant_side: UUID
    respondent_side: UUID
    institution: UUID
    mediator: UUID | None
    matter: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    due_at: datetime = moment()
    opened_at: datetime = moment()
    extended: bool
    """Once, by what both agreed on."""
    applied: bool
    """Whether one of the two applied; else the committee offers it, and both are invited."""


class Invitation(Table, table=True):
    """A link and a code for somebody who has no account. The link itself is nowhere; `said` is sealed under a secret of
    the house, because she reads nothing here."""

    __tablename__ = "mediation_invitation"

    id: UUID = Field(primary_key=True)
    mediation: UUID
    side: str = Field(sa_type=Text)
    link: bytes
    said: bytes
    invited_by: UUID
    made_at: datetime = moment()
    expires_at: datetime = moment()
    tries: int = Field(sa_type=SmallInteger)
    """Codes that were wrong."""
    door: bytes | None
    """Digest of what the code was exchanged for."""
    door_until: datetime | None = moment()
    answer: str | None = Field(sa_type=Text)
    answered_at: datetime | None = moment()
    person: UUID | None
    """Who joined by it, with an account of her own."""
    joined_at: datetime | None = moment()
    ended_at: datetime | None = moment()
    """A newer one took its place, or it was taken back."""


class Record(Table, table=True):
    """What was said or found, sealed under the key of who may read it."""

    __tablename__ = "mediation_record"

    id: UUID = Field(primary_key=True)
    mediation: UUID
    subject: UUID
    kind: str = Field(sa_type=Text)
    teller: str = Field(sa_type=Text)
    author: UUID | None
    at: datetime = moment()
    appointments: list[UUID] = Field(sa_type=ARRAY(Uuid))
    """Of SESSION: those it was; each side may have had her own."""
    attended: list[str] = Field(sa_type=ARRAY(Text))
    """Of SESSION: which sides were there."""
    body: bytes
