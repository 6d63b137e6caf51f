"""Advisers of villages and communities: who, from when to when. Public, but for who changed it and why."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from app.core.tables import Table, moment


class AdviserTerm(Table, table=True):
    """`changed_by` and `reason` are written and never read here; a trigger puts them into `register_change`."""

    __tablename__ = "adviser_term"

    id: UUID = Field(primary_key=True)
    division: str = Field(sa_type=Text)
    worker: UUID = Field(foreign_key="app.legal_worker.id")
    person: UUID | None
    """The account of who is no lawyer; a lawyer's is the one of her licence."""
    since: date
    until: date
    """The last day; the day before `since` where it never began."""
    contract: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    version: int
    changed_at: datetime = moment()
    changed_by: UUID | None
    reason: str = Field(sa_type=Text)


class Coverage(StrEnum):
    """How a village stands."""

    UNCOVERED = "UNCOVERED"
    EXPIRING = "EXPIRING"
    COVERED = "COVERED"


class AdviserState(StrEnum):
    """Why a resident is or is not shown an adviser."""

    NO_VILLAGE = "NO_VILLAGE"
    NO_ADVISER = "NO_ADVISER"
    APPOINTED = "APPOINTED"
