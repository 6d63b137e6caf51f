"""Messages between people about one subject, sealed under its key, and how far each has read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from app.core.tables import Table, moment


class Message(Table, table=True):
    """`from_owner`: said by the one whose subject it is, or by her delegate. Without an addressee it is for all."""

    id: UUID = Field(primary_key=True)
    subject: UUID
    author: UUID | None
    from_owner: bool
    addressee: UUID | None
    kind: str = Field(sa_type=Text)
    regards: UUID | None
    sent_at: datetime = moment()
    body: bytes


class ReadMark(Table, table=True):
    __tablename__ = "read_mark"

    subject: UUID = Field(primary_key=True)
    person: UUID = Field(primary_key=True)
    up_to: UUID
    sent_at: datetime = moment()
    at: datetime = moment()
