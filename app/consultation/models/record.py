"""What is counted of the promise."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import REAL
from sqlmodel import Field

from app.core.tables import Table, moment


class PromiseFact(Table, table=True):
    """What the log of a question says of its promise; times are seconds. `log_head` is the head of the log's chain."""

    __tablename__ = "promise_fact"

    question: UUID = Field(primary_key=True)
    asked_at: datetime = moment()
    within: float = Field(sa_type=REAL)
    first_at: datetime | None = moment()
    third_at: datetime | None = moment()
    first_paused: float = Field(sa_type=REAL)
    third_paused: float = Field(sa_type=REAL)
    broken_at: datetime | None = moment()
    withdrawn_at: datetime | None = moment()
    log_count: int
    log_head: bytes
    computed_at: datetime = moment()
