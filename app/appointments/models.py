"""What institutions offer, whose calendar serves it, and who comes when."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.core.tables import Table, moment, words


class Service(StrEnum):
    """What one comes for."""

    CONSULTATION = "CONSULTATION"
    LEGAL_AID = "LEGAL_AID"
    MEDIATION = "MEDIATION"
    NOTARY = "NOTARY"


class Mode(StrEnum):
    """How the two meet."""

    WINDOW = "WINDOW"
    TELEPHONE = "TELEPHONE"
    VIDEO = "VIDEO"
    HOME_VISIT = "HOME_VISIT"


class CalendarKind(StrEnum):
    STAFF = "STAFF"
    ROOM = "ROOM"


class Origin(StrEnum):
    BOOKED = "BOOKED"
    WALK_IN = "WALK_IN"


class State(StrEnum):
    HELD = "HELD"
    REQUESTED = "REQUESTED"
    CONFIRMED = "CONFIRMED"
    CHECKED_IN = "CHECKED_IN"
    DONE = "DONE"
    NO_SHOW = "NO_SHOW"
    EXPIRED = "EXPIRED"
    RESCHEDULED = "RESCHEDULED"
    CANCELLED_BY_RESIDENT = "CANCELLED_BY_RESIDENT"
    CANCELLED_BY_STAFF = "CANCELLED_BY_STAFF"


class AppointmentPolicy(Table, table=True):
    """Versions are added, never changed; an appointment keeps the one it was made under."""

    __tablename__ = "appointment_policy"

    version: int = Field(primary_key=True, sa_type=SmallInteger)
    terms: dict[str, Any] = Field(sa_type=JSONB)
    since: datetime = moment()


class AppointmentService(Table, table=True):
    """Who changed it and why is written and not read here: a trigger puts it into `register_change`."""

    __tablename__ = "appointment_service"

    id: UUID = Field(primary_key=True)
    institution: UUID = Field(foreign_key="app.institution.id")
    service: str = Field(sa_type=Text)
    minutes: int = Field(sa_type=SmallInteger)
    modes: list[str] = words()
    confirms: bool
    active: bool
    version: int
    changed_at: datetime = moment()
    changed_by: UUID
    reason: str = Field(sa_type=Text)


class AppointmentCalendar(Table, table=True):
    """Whose account a calendar of the staff is of is written and not read."""

    __tablename__ = "appointment_calendar"

    id: UUID = Field(primary_key=True)
    institution: UUID = Field(foreign_key="app.institution.id")
    kind: str = Field(sa_type=Text)
    person: UUID | None = Field(foreign_key="app.person.id")
    name: str = Field(sa_type=Text)
    capacity: int = Field(sa_type=SmallInteger)
    services: list[str] = words()
    away: list[list[str]] = Field(sa_type=JSONB)
    active: bool
    version: int
    changed_at: datetime = moment()
    changed_by: UUID
    reason: str = Field(sa_type=Text)


class Appointment(Table, table=True):
    """`staff` and `room` are calendars; `place` is the room's, from 1. `hold_until` counts while it is HELD."""

    id: UUID = Field(primary_key=True)
    institution: UUID = Field(foreign_key="app.institution.id")
    service: str = Field(sa_type=Text)
    person: UUID | None = Field(foreign_key="app.person.id")
    origin: str = Field(sa_type=Text)
    mode: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    staff: UUID | None = Field(foreign_key="app.appointment_calendar.id")
    room: UUID | None = Field(foreign_key="app.appointment_calendar.id")
    place: int | None = Field(sa_type=SmallInteger)
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    made_at: datetime = moment()
    hold_until: datetime = moment()
    booked_at: datetime | None = moment()
    called_at: datetime | None = moment()
    state_at: datetime = moment()
    policy: int = Field(sa_type=SmallInteger)
    number: int | None
    day: date | None
    body: bytes
    reason: bytes | None
    moved_from: UUID | None


class AppointmentMove(Table, table=True):
    """Written by a trigger alone."""

    __tablename__ = "appointment_move"

    appointment: UUID = Field(primary_key=True, foreign_key="app.appointment.id")
    n: int = Field(primary_key=True, sa_type=SmallInteger)
    state: str = Field(sa_type=Text)
    actor: UUID | None
    at: datetime = moment()
