"""A copy of all that is kept about somebody, for her: what it is made of, and whether it can be fetched."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.core.tables import Table, moment, words


class ExportState(StrEnum):
    REQUESTED = "REQUESTED"
    READY = "READY"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


class Export(Table, table=True):
    id: UUID = Field(primary_key=True)
    person: UUID
    state: str = Field(sa_type=Text)
    asked_at: datetime = moment()
    ready_at: datetime | None = moment()
    until: datetime = moment()
    rooms: list[str] = words()
    """Whose lists it waits for."""
    listed: list[str] = words()


class ExportPart(Table, table=True):
    """What there is of one kind, by ids alone. It is read and opened when she fetches it, by her own rights."""

    __tablename__ = "export_part"

    export: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True, sa_type=Text)
    person: UUID
    ids: list[UUID] = Field(sa_type=ARRAY(Uuid))
