"""Firms and lawyers: public rows; presence is a lawyer's own to write, the rest the directory's keepers'. Applications,
which are sealed."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import REAL, Text
from sqlmodel import Field

from app.core.tables import Table, moment, words


class Pool(StrEnum):
    """Where a lawyer practises, seen from the city; questions go from the nearest pool to the farthest."""

    LOCAL = "LOCAL"
    PROVINCE = "PROVINCE"
    NATION = "NATION"


class Availability(StrEnum):
    """What a lawyer says of herself."""

    AVAILABLE = "AVAILABLE"
    ON_DUTY = "ON_DUTY"
    AWAY = "AWAY"


class Gender(StrEnum):
    FEMALE = "FEMALE"
    MALE = "MALE"


class Standing(StrEnum):
    """Only the active are found in the directory; what the others once answered keeps their name."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    LEFT = "LEFT"


class ApplicationState(StrEnum):
    """Where a lawyer's application stands."""

    OPEN = "OPEN"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class Firm(Table, table=True):
    id: UUID = Field(primary_key=True)
    name: str = Field(sa_type=Text)
    division: str = Field(sa_type=Text)
    province: str = Field(sa_type=Text)


class Lawyer(Table, table=True):
    """The id is the person's."""

    id: UUID = Field(primary_key=True, foreign_key="app.person.id")
    licence: str = Field(sa_type=Text, unique=True)
    title: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    firm: UUID = Field(foreign_key="app.firm.id")
    pool: str = Field(sa_type=Text)
    specialties: list[str] = words()
    divisions: list[str] = words()
    languages: list[str] = words()
    gender: str = Field(sa_type=Text)
    practising_since: date
    introduction: str = Field(sa_type=Text)
    standing: str = Field(sa_type=Text)
    availability: str = Field(sa_type=Text)
    seen_at: datetime | None = moment(default=None)
    offered_at: datetime = moment()
    seats_ended: int
    seats_kept: int
    reply_seconds: int | None = None
    requestable: bool
    snoozed_until: datetime | None = moment(default=None)
    rated: int
    liked: int
    rating_lower: float | None = Field(sa_type=REAL)


class LawyerApplication(Table, table=True):
    """A subject of its own in the vault: its key opens what she wrote and the pictures of her licence. Its readers, who
    applies and who checks it, are written by triggers; so is the role that comes of it."""

    __tablename__ = "lawyer_application"

    id: UUID = Field(primary_key=True)
    person: UUID = Field(foreign_key="app.person.id")
    licence: bytes
    """A keyed digest of the number, so that no two are open for one licence; empty like the body once destroyed."""
    body: bytes
    state: str = Field(sa_type=Text)
    made_at: datetime = moment()
    checker: UUID | None
    """The administrator who reads it now; of a decided one, who decided."""
    decided_at: datetime | None = moment()
    reason: bytes | None
    keep_until: datetime | None = moment()
    """Then body, key and pictures are destroyed; None while it is open."""
