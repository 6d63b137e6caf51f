"""Devices that are signed in, their tokens, and the codes that telephones get."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import SmallInteger, Text
from sqlmodel import Field

from app.core.tables import Table, moment


class Ended(StrEnum):
    """Why a device is no longer signed in."""

    SIGNED_OUT = "SIGNED_OUT"
    REUSED = "REUSED"
    """A refresh token came a second time: somebody else may hold a copy."""
    BOUND = "BOUND"
    """A telephone was bound: the device goes on in the session that `bindPhone` gave."""
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"
    """She closed her account."""
    ROLES_CHANGED = "ROLES_CHANGED"
    """She holds fewer offices than her tokens say."""
    TOTP_RESET = "TOTP_RESET"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"


class SignIn(Table, table=True):
    """One device, and the family of all its tokens."""

    __tablename__ = "sign_in"

    id: UUID = Field(primary_key=True)
    person: UUID
    device: str = Field(sa_type=Text)
    created_at: datetime = moment()
    seen_at: datetime = moment()
    ended_at: datetime | None = moment()
    ended_why: str | None = Field(sa_type=Text)
    strong: bool
    """A second factor was shown: only such a device's tokens carry offices."""


class RefreshToken(Table, table=True):
    """Seen by whoever presents its digest and by nobody else, its person included."""

    __tablename__ = "refresh_token"

    digest: bytes = Field(primary_key=True)
    sign_in: UUID
    person: UUID
    issued_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment()


class SmsCode(Table, table=True):
    """A code that was made for a telephone; the rows are the counters of every limit.

    `used_at` equal to `sent_at` marks one that never left the house.
    """

    __tablename__ = "sms_code"

    id: UUID = Field(primary_key=True)
    phone: bytes
    address: bytes
    purpose: str = Field(sa_type=Text)
    code: bytes
    sent_at: datetime = moment()
    expires_at: datetime = moment()
    tries: int = Field(sa_type=SmallInteger)
    used_at: datetime | None = moment()


class SmsBudget(Table, table=True):
    """The one row of what the city sends an hour at most; counted by `door.spend_sms` alone."""

    __tablename__ = "sms_budget"

    one: bool = Field(primary_key=True)
    most: int
    hour: datetime = moment()
    codes: int
