"""Firms and lawyers: public rows; presence is a lawyer's own to write, the rest the directory's keepers'. Applications,
which are sealed. The register of every institution and legal worker."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import DOUBLE_PRECISION, REAL, Text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
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


class RegisterKind(StrEnum):
    """What stands in the register: institutions first, then people by their exact titles."""

    LAW_FIRM = "LAW_FIRM"
    LEGAL_AID_CENTRE = "LEGAL_AID_CENTRE"
    NOTARY_OFFICE = "NOTARY_OFFICE"
    MEDIATION_COMMITTEE = "MEDIATION_COMMITTEE"
    JUDICIAL_OFFICE = "JUDICIAL_OFFICE"
    SERVICE_WINDOW = "SERVICE_WINDOW"
    ARBITRATION = "ARBITRATION"
    FORENSIC = "FORENSIC"
    LAWYER = "LAWYER"
    GRASSROOTS_LEGAL_WORKER = "GRASSROOTS_LEGAL_WORKER"
    NOTARY = "NOTARY"
    MEDIATOR = "MEDIATOR"
    LEGAL_AID_OFFICER = "LEGAL_AID_OFFICER"
    WINDOW_STAFF = "WINDOW_STAFF"


INSTITUTIONS = tuple(RegisterKind)[:8]
WORKERS = tuple(RegisterKind)[8:]


class Standing(StrEnum):
    """Only the active are found in the directory; what the others once answered keeps their name."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    LEFT = "LEFT"


class Precision(StrEnum):
    """How exactly a place is known."""

    ENTRANCE = "ENTRANCE"
    BUILDING = "BUILDING"
    STREET = "STREET"
    DIVISION = "DIVISION"


class Service(StrEnum):
    """What an institution does for who comes to its door."""

    CONSULTATION = "CONSULTATION"
    LEGAL_AID = "LEGAL_AID"
    MEDIATION = "MEDIATION"
    NOTARISATION = "NOTARISATION"
    FORENSIC_EXAMINATION = "FORENSIC_EXAMINATION"
    ARBITRATION = "ARBITRATION"
    REPRESENTATION = "REPRESENTATION"
    ADMINISTRATIVE_REVIEW = "ADMINISTRATIVE_REVIEW"
    COMMUNITY_CORRECTION = "COMMUNITY_CORRECTION"
    RESETTLEMENT = "RESETTLEMENT"
    LEGAL_EDUCATION = "LEGAL_EDUCATION"


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


class Institution(Table, table=True):
    """Public, but for who changed it and why: those two columns are written and never read here; a trigger puts them
    into `register_change`."""

    id: UUID = Field(primary_key=True)
    kind: str = Field(sa_type=Text)
    number: str = Field(sa_type=Text)
    """Of its licence or registration; with the kind it is what the record is known by."""
    name: str = Field(sa_type=Text)
    division: str = Field(sa_type=Text)
    province: str = Field(sa_type=Text)
    phones: list[str] = words()
    specialties: list[str] = words()
    standing: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    verified_at: datetime | None = moment()
    example: bool
    version: int
    changed_at: datetime = moment()
    changed_by: UUID | None
    reason: str = Field(sa_type=Text)
    label: str = Field(sa_type=Text)
    terms: Any = Field(sa_type=TSVECTOR, nullable=False)
    aliases: list[str] = words()
    address: str = Field(sa_type=Text)
    longitude: float | None = Field(sa_type=DOUBLE_PRECISION)
    """WGS-84, degrees, like the latitude."""
    latitude: float | None = Field(sa_type=DOUBLE_PRECISION)
    place_source: str = Field(sa_type=Text)
    place_precision: str = Field(sa_type=Text)
    hours: dict[str, Any] | None = Field(sa_type=JSONB(none_as_null=True))
    """As `rules.hours.Hours` is written; None where nobody has said them."""
    accessible: bool | None
    """Whether one gets in without a step; None where nobody has looked."""
    languages: list[str] = words()
    services: dict[str, list[str]] = Field(sa_type=JSONB)
    """What to bring, by the code of what it does."""


class LegalWorker(Table, table=True):
    """The same of a person. Of a lawyer who answers here `lawyer` holds what she does; the licence is the same."""

    __tablename__ = "legal_worker"

    id: UUID = Field(primary_key=True)
    kind: str = Field(sa_type=Text)
    number: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    division: str = Field(sa_type=Text)
    province: str = Field(sa_type=Text)
    phones: list[str] = words()
    specialties: list[str] = words()
    standing: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    verified_at: datetime | None = moment()
    example: bool
    version: int
    changed_at: datetime = moment()
    changed_by: UUID | None
    reason: str = Field(sa_type=Text)
    label: str = Field(sa_type=Text)
    terms: Any = Field(sa_type=TSVECTOR, nullable=False)
    institution: UUID | None = Field(foreign_key="app.institution.id")
    workplace: str = Field(sa_type=Text)
    """The name of where she works, whether or not that stands in the register."""
    languages: list[str] = words()


class DivisionPoint(Table, table=True):
    """Where a town, a village or a community is, as the staff confirmed it."""

    __tablename__ = "division_point"

    id: UUID = Field(primary_key=True)
    division: str = Field(sa_type=Text, unique=True)
    longitude: float = Field(sa_type=DOUBLE_PRECISION)
    """WGS-84, degrees, like the latitude."""
    latitude: float = Field(sa_type=DOUBLE_PRECISION)
    source: str = Field(sa_type=Text)
    version: int
    changed_at: datetime = moment()
    changed_by: UUID | None
    reason: str = Field(sa_type=Text)


class RegisterChange(Table, table=True):
    """Written by a trigger alone."""

    __tablename__ = "register_change"

    subject: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    at: datetime = moment()
    editor: UUID | None
    reason: str = Field(sa_type=Text)
    before: dict[str, Any] = Field(sa_type=JSONB)
    after: dict[str, Any] = Field(sa_type=JSONB)


class CalendarYear(Table, table=True):
    """What the staff say of a year's days, before what the library knows. Changed as a record of the register is."""

    __tablename__ = "calendar_year"

    id: UUID = Field(primary_key=True)
    year: int = Field(unique=True)
    days: dict[str, str] = Field(sa_type=JSONB)
    """By date: what it is, of `DayKind`."""
    complete: bool
    """Whether this is the whole announcement."""
    source: str = Field(sa_type=Text)
    version: int
    changed_at: datetime = moment()
    changed_by: UUID | None
    reason: str = Field(sa_type=Text)
