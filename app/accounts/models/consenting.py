"""What people agreed to, for themselves and for others."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from app.core.tables import Table, moment


class Relation(StrEnum):
    """What a delegate is to the elder she asks for."""

    CHILD = "CHILD"
    RELATIVE = "RELATIVE"
    CADRE = "CADRE"
    OTHER = "OTHER"


class Consent(StrEnum):
    """How the elder said yes."""

    SMS_CODE = "SMS_CODE"
    IN_APP = "IN_APP"
    AT_COUNTER = "AT_COUNTER"


class Delegation(Table, table=True):
    """An elder's consent that somebody asks on her behalf; she sees it and ends it at any time."""

    id: UUID = Field(primary_key=True)
    elder: UUID
    delegate: UUID
    relation: str = Field(sa_type=Text)
    consent: str = Field(sa_type=Text)
    names: bytes
    granted_at: datetime = moment()
    ended_at: datetime | None = moment()
    ended_by: str | None = Field(sa_type=Text)


class ConsentPurpose(StrEnum):
    """What a resident is asked for, each by itself."""

    SERVICE = "SERVICE"
    SENSITIVE = "SENSITIVE"
    QUALITY_CHECK = "QUALITY_CHECK"
    EDUCATION = "EDUCATION"


class ConsentRecord(Table, table=True):
    """A yes to a notice, or its withdrawal: append only, the last turn counts."""

    __tablename__ = "consent"

    person: UUID = Field(primary_key=True)
    purpose: str = Field(primary_key=True, sa_type=Text)
    turn: int = Field(primary_key=True)
    """1, 2, 3: of two at once one writes it."""
    version: int
    given: bool
    channel: str = Field(sa_type=Text)
    """The program she said it in, as it calls itself; empty where it does not."""
    at: datetime = moment()


class AgeBand(StrEnum):
    """As little as the law needs to know: PIPL 31 and 未成年人网络保护条例."""

    UNDER_14 = "UNDER_14"
    FROM_14_TO_17 = "FROM_14_TO_17"
    ADULT = "ADULT"


class AgeSaid(Table, table=True):
    """What somebody said of her age: append only, the last turn counts."""

    __tablename__ = "age_said"

    person: UUID = Field(primary_key=True)
    turn: int = Field(primary_key=True)
    band: str = Field(sa_type=Text)
    at: datetime = moment()


class Guardianship(Table, table=True):
    """A guardian's consent that a child under fourteen asks: both see it, and either ends it. It opens no question."""

    id: UUID = Field(primary_key=True)
    minor: UUID
    guardian: UUID
    version: int
    """Of the notice on the service, that was in force."""
    names: bytes
    granted_at: datetime = moment()
    ended_at: datetime | None = moment()
    ended_by: str | None = Field(sa_type=Text)
