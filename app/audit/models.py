"""What the audit of a day was, in hashes. Nobody changes or removes a row here; what is hashed lies in the rooms."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from app.core.tables import Table, moment


class AuditAnchor(Table, table=True):
    """Signed, and chained to the one before."""

    __tablename__ = "audit_anchor"

    id: UUID = Field(primary_key=True)
    day: date
    """The last that it covers, in the city."""
    document: str = Field(sa_type=Text)
    signature: str = Field(sa_type=Text)
    key_id: str = Field(sa_type=Text)
    anchored_at: datetime = moment()


class AuditLeaf(Table, table=True):
    """What the roots of an anchor were made of: of each fact a salted hash, which stays when the row goes."""

    __tablename__ = "audit_leaf"

    day: date = Field(primary_key=True)
    kind: str = Field(primary_key=True, sa_type=Text)
    leaves: bytes


class AuditRemoval(Table, table=True):
    """Which row went by law; a trigger writes it."""

    __tablename__ = "audit_removal"

    leaf: bytes = Field(primary_key=True)
    at: datetime = moment()
    by_role: str = Field(sa_type=Text)
