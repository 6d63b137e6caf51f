"""What must be kept, and who leaves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from app.core.tables import Table, moment


class LegalHold(Table, table=True):
    """Keeps a question, or all that is a person's, from being erased; opens nothing to anybody (PIPL 47)."""

    __tablename__ = "legal_hold"

    id: UUID = Field(primary_key=True)
    subject: UUID
    why: str = Field(sa_type=Text)
    document: str = Field(sa_type=Text)
    placed_by: str = Field(sa_type=Text)
    placed_at: datetime = moment()
    lifted_by: str | None = Field(sa_type=Text)
    lifted_at: datetime | None = moment()


class Closing(Table, table=True):
    """A person closes her account: what is hers goes room by room, and `done_at` is when nothing is left. Who has the
    id sees how far it has come, and nothing of whose it is."""

    person: UUID = Field(primary_key=True)
    id: UUID
    asked_at: datetime = moment()
    done_at: datetime | None = moment()
