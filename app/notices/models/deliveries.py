"""What was to leave the house, through which channel, and what became of it."""

from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from sqlalchemy import SmallInteger, Text
from sqlmodel import Field

from app.core.tables import Table, moment, words


class DeliveryState(StrEnum):
    PENDING = "PENDING"
    SENDING = "SENDING"
    """Somebody holds the lease, and may have called the provider."""
    SENT = "SENT"
    UNKNOWN = "UNKNOWN"
    """The request left, or may have, and no answer came: never sent again blindly."""
    DEAD = "DEAD"
    """It cannot go out by this channel."""
    DROPPED = "DROPPED"
    """It was not wanted any more before it was sent."""


class Lane(IntEnum):
    """What does not wait behind what."""

    EXPRESS = 0
    """Offers to lawyers."""
    NORMAL = 1
    BULK = 2


class Why(StrEnum):
    """Beyond the verdicts of a provider: why something is not sent, or not yet."""

    ACKNOWLEDGED = "ACKNOWLEDGED"
    """She saw it in the app before it went out."""
    OVER = "OVER"
    """What it tells of has ended meanwhile."""
    LATE = "LATE"
    UNWANTED = "UNWANTED"
    """She said meanwhile that she does not want such notices through this channel."""
    CAPPED = "CAPPED"
    """She has had as many as one may get of these."""
    DIGESTED = "DIGESTED"
    """Told in a digest with others."""
    NO_ADDRESS = "NO_ADDRESS"
    BUDGET = "BUDGET"
    """The city has sent as many text messages as it may this hour."""
    LEASE_RAN_OUT = "LEASE_RAN_OUT"
    """Whoever held it was gone before it said what became of it."""
    NOT_ARRIVED = "NOT_ARRIVED"
    """The provider says that it could not hand it over."""


class Delivery(Table, table=True):
    """One a notice and channel, or a digest of several notices. `attempts` is the fence: who marks it must have taken
    it last. `next_push` is when somebody must see to it again, `infinity` once nobody must."""

    id: UUID = Field(primary_key=True)
    person: UUID
    notice: UUID | None
    kind: str = Field(sa_type=Text)
    template: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)
    lane: int = Field(sa_type=SmallInteger)
    state: str = Field(sa_type=Text)
    why: str | None = Field(sa_type=Text)
    error: str | None = Field(sa_type=Text)
    attempts: int
    failures: int = Field(sa_type=SmallInteger)
    next_push: datetime = moment()
    due_at: datetime = moment()
    until: datetime = moment()
    made_at: datetime = moment()
    pushed_at: datetime | None = moment()
    done_at: datetime | None = moment()
    provider_id: str | None = Field(sa_type=Text)
    digest: UUID | None
    retried_by: UUID | None
    retried_at: datetime | None = moment()


class ChannelState(Table, table=True):
    """How the provider of a channel treats us: while it asks us to wait, nobody asks it."""

    __tablename__ = "channel"

    name: str = Field(primary_key=True, sa_type=Text)
    closed_until: datetime = moment()
    closings: int = Field(sa_type=SmallInteger)
    error: str | None = Field(sa_type=Text)
    error_at: datetime | None = moment()
    alarm_at: datetime | None = moment()
    misconfigured: list[str] = words()
    """Templates that it refused for our own settings, and of which none got through since."""
