"""Pick-up codes, the visits at a window that they become, and what is handed over there."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.core.tables import Table, moment


class WindowSubject(StrEnum):
    """What somebody comes to a window about."""

    APPLICATION = "APPLICATION"
    APPOINTMENT = "APPOINTMENT"


class ActKind(StrEnum):
    """What is done with papers at a window."""

    RECEIVED = "RECEIVED"
    HANDED_OUT = "HANDED_OUT"
    COLLECTED = "COLLECTED"


class PaperKind(StrEnum):
    """Of what kind a paper is that goes over the counter."""

    ID_DOCUMENT = "ID_DOCUMENT"
    HOUSEHOLD_REGISTER = "HOUSEHOLD_REGISTER"
    APPLICATION_FORM = "APPLICATION_FORM"
    HARDSHIP_STATEMENT = "HARDSHIP_STATEMENT"
    AUTHORITY = "AUTHORITY"
    CASE_DOCUMENT = "CASE_DOCUMENT"
    EVIDENCE = "EVIDENCE"
    PHOTO = "PHOTO"
    NOTICE = "NOTICE"
    DECISION = "DECISION"
    CERTIFICATE = "CERTIFICATE"
    AGREEMENT = "AGREEMENT"
    OTHER = "OTHER"


class WindowVisit(Table, table=True):
    """A subject of its own: its readers are whose it is, and until the end of the day who opened it. What the window
    sees of an application is the slip, which its owner sealed when she made the code."""

    __tablename__ = "window_visit"

    id: UUID = Field(primary_key=True)
    subject: UUID
    about: str = Field(sa_type=Text)
    maker: UUID | None
    code: bytes
    """A keyed digest of the digits."""
    slip: bytes
    """Sealed JSON; empty once its day is over."""
    made_at: datetime = moment()
    expires_at: datetime = moment()
    ended_at: datetime | None = moment()
    opened_at: datetime | None = moment()
    institution: UUID | None
    staff: UUID | None
    until: datetime = moment()
    """The end of the day in the city on which it was opened."""


class WindowAct(Table, table=True):
    """What was done with papers. Nobody changes one or takes it out."""

    __tablename__ = "window_act"

    id: UUID = Field(primary_key=True)
    visit: UUID
    subject: UUID
    kind: str = Field(sa_type=Text)
    papers: list[list[Any]] = Field(sa_type=JSONB)
    """[kind, original, copies] each: nothing of what is written on them."""
    receipt: str = Field(sa_type=Text)
    staff: UUID
    at: datetime = moment()
    settles: bool = False
    """Of RECEIVED: whether the papers are all that was missing."""


class ServiceRating(Table, table=True):
    """What an applicant makes of how her case was done: once a case."""

    __tablename__ = "service_rating"

    application: UUID = Field(primary_key=True)
    rater: UUID | None
    stars: int = Field(sa_type=SmallInteger)
    solved: bool
    rated_at: datetime = moment()
    changed_at: datetime = moment()


class StatementSource(StrEnum):
    """From whom an application comes that is written down at a window."""

    IN_PERSON = "IN_PERSON"
    DETENTION_HOUSE = "DETENTION_HOUSE"
    PROCURATORATE = "PROCURATORATE"
    CASE_ORGAN = "CASE_ORGAN"


class ConfirmedBy(StrEnum):
    """How somebody said at a counter that it is so."""

    SIGNATURE = "SIGNATURE"
    FINGERPRINT = "FINGERPRINT"


class CounterStatement(Table, table=True):
    """What somebody said at a window, as it was written down. Its readers are who wrote it, those at the same window
    and their supervisors, until the day is over."""

    __tablename__ = "counter_statement"

    id: UUID = Field(primary_key=True)
    kind: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    by_post: bool
    place: UUID
    clerk: UUID
    body: bytes
    """Sealed JSON; empty once its day is over."""
    recorded_at: datetime = moment()
    received_at: datetime = moment()
    due_at: datetime = moment()
    """Of what a detained person sent: until when it is forwarded (法律援助法第三十九条)."""
    confirmed: str | None = Field(sa_type=Text)
    witness: UUID | None
    delegation: UUID | None
    application: UUID | None
    receipt: str | None = Field(sa_type=Text)
    applied_at: datetime | None = moment()
    claim: bytes | None
    claimed_at: datetime | None = moment()


class LoopCell(Table, table=True):
    """Of the cases that were done in whole months, one number: made once, and no months are in others."""

    __tablename__ = "loop_cell"

    kind: str = Field(primary_key=True, sa_type=Text)
    first_day: date = Field(primary_key=True)
    last_day: date
    move: str = Field(primary_key=True, sa_type=Text)
    """A step; empty: how often somebody had to come."""
    way: str = Field(primary_key=True, sa_type=Text)
    """The step's channel; or FEW (once or never) or MORE."""
    cases: int
    """All of these months."""
    n: int | None
    """Steps, or cases; None where it would be of fewer than five people."""
