"""What the two agreed on, who said yes to it, what has to be done until when, and the court that confirms it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import SmallInteger, Text
from sqlmodel import Field

from app.core.tables import Table, moment


class AgreementForm(StrEnum):
    WRITTEN = "WRITTEN"
    ORAL = "ORAL"


class About(StrEnum):
    """To what a side says yes or no."""

    AGREEMENT = "AGREEMENT"
    EXTENSION = "EXTENSION"
    COURT = "COURT"
    CARRY_OVER = "CARRY_OVER"
    MEDIATOR = "MEDIATOR"


class How(StrEnum):
    ONLINE = "ONLINE"
    IN_PERSON = "IN_PERSON"
    """Before the mediator, who writes it down."""


class CourtState(StrEnum):
    ELIGIBLE = "ELIGIBLE"
    FILED = "FILED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"
    LAPSED = "LAPSED"


class CourtMove(StrEnum):
    FILE = "FILE"
    CONFIRM = "CONFIRM"
    REFUSE = "REFUSE"
    LAPSE = "LAPSE"


class Agreement(Table, table=True):
    __tablename__ = "mediation_agreement"

    id: UUID = Field(primary_key=True)
    mediation: UUID
    form: str = Field(sa_type=Text)
    about_status: bool
    """A marriage, an adoption or another status: no court confirms it."""
    author: UUID | None
    at: datetime = moment()
    body: bytes
    effective_at: datetime | None = moment()
    """When the second of the two said yes (人民调解法第二十九条、第三十条)."""
    ended_at: datetime | None = moment()
    """Somebody said no, or a newer draft took its place."""


class Term(Table, table=True):
    __tablename__ = "mediation_term"

    id: UUID = Field(primary_key=True)
    mediation: UUID
    agreement: UUID
    n: int = Field(sa_type=SmallInteger)
    side: str = Field(sa_type=Text)
    """Who has to do it."""
    due_on: date
    body: bytes
    """Sealed: what, and how much."""
    kept_at: datetime | None = moment()
    kept_by: UUID | None


class Assent(Table, table=True):
    __tablename__ = "mediation_assent"

    mediation: UUID = Field(primary_key=True)
    thing: UUID = Field(primary_key=True)
    """The agreement; of MEDIATOR the mediator; else the mediation."""
    about: str = Field(primary_key=True, sa_type=Text)
    side: str = Field(primary_key=True, sa_type=Text)
    yes: bool
    how: str = Field(sa_type=Text)
    actor: UUID | None
    at: datetime = moment()


class Confirmation(Table, table=True):
    """司法确认 (人民调解法第三十三条): beside the machine of the application."""

    __tablename__ = "mediation_confirmation"

    mediation: UUID = Field(primary_key=True)
    agreement: UUID
    state: str = Field(sa_type=Text)
    since: datetime = moment()
    until: datetime = moment()
    """Until when both may go to the court together."""
    filed_at: datetime | None = moment()
    ended_at: datetime | None = moment()
