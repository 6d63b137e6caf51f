"""How long what is kept: a policy that is data, versioned like every other, and the nightly rounds that keep to it."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col, select

from app.core.db import Session, clock
from app.core.outbox import Event
from app.core.tables import Table, moment


class RetentionPolicy(Table, table=True):
    """Versions are added, never changed."""

    __tablename__ = "retention_policy"

    version: int = Field(primary_key=True, sa_type=SmallInteger)
    terms: dict[str, Any] = Field(sa_type=JSONB)
    since: datetime = moment()


class Terms(BaseModel):
    """Each a time after which something is gone; seconds in the table."""

    model_config = ConfigDict(frozen=True)

    backup: timedelta
    """No backup is kept for longer."""
    content: timedelta
    """What was said about a question, from its end."""
    blocked: timedelta
    """A question that was not passed on, from then: for so long the law wants a record."""
    kek: timedelta
    """How old a key-encryption key becomes before another takes its place."""
    licence: timedelta
    """What a lawyer sent with her application, the picture of her licence above all, from the decision."""

    identity: timedelta
    """A picture that shows who somebody is, from the decision it was sent for."""


async def terms(session: Session) -> Terms:
    """What holds now."""
    return Terms.model_validate(await _current(session))


class NightCame(Event):
    """The hour in which rounds begin. It calls for the next one itself."""


class RoundDue(Event):
    """Something of what the policy names by this word may have been kept for long enough."""

    what: str


async def named(session: Session) -> list[str]:
    """What the policy that holds now says something about."""
    return sorted(await _current(session))


async def _current(session: Session) -> dict[str, Any]:
    newest = select(RetentionPolicy.terms).where(col(RetentionPolicy.since) <= clock())
    return dict((await session.rows(newest.order_by(col(RetentionPolicy.version).desc()).limit(1))).scalar_one())
