"""What is counted of the promise, and of what people make of the answers."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Interval, Text
from sqlmodel import Field

from app.core.tables import Table, moment


class PromiseFact(Table, table=True):
    """What the log of a question says of its promise, as far as it went: `log_head` is the head of the log's chain."""

    __tablename__ = "promise_fact"

    question: UUID = Field(primary_key=True)
    asked_at: datetime = moment()
    within: timedelta = Field(sa_type=Interval)
    due_at: datetime | None = moment()
    first_at: datetime | None = moment()
    third_at: datetime | None = moment()
    first_paused: timedelta = Field(sa_type=Interval)
    third_paused: timedelta = Field(sa_type=Interval)
    paused_since: datetime | None = moment()
    ended_at: datetime | None = moment()
    withdrawn_at: datetime | None = moment()
    log_count: int
    log_head: bytes
    computed_at: datetime = moment()
    recategorised: bool = False
    late_reason: str | None = Field(default=None, sa_type=Text)
    """Why the promise was broken; None where it was not."""


class SatisfactionCell(Table, table=True):
    """What people made of what was delivered or done in whole months: made once, and no cell is in another."""

    __tablename__ = "satisfaction_cell"

    about: str = Field(primary_key=True, sa_type=Text)
    """ANSWERS, or a kind of application."""
    first_day: date = Field(primary_key=True)
    last_day: date
    eligible: int
    rated: int
    raters: int
    stars: list[int] = Field(sa_type=ARRAY(Integer))
    """From one to five."""
    solved: int | None
    solved_of: int | None
