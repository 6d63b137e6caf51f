"""What people want to be told, through which channel, and what WeChat lets us send because they said so."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import SmallInteger, Text
from sqlmodel import Field

from app.core.tables import Table, moment, words


class Template(StrEnum):
    """A message as WeChat and the carrier approved it; several kinds of notices share one, since people are asked to
    consent to each."""

    REPLY = "REPLY"
    PROGRESS = "PROGRESS"
    OFFER = "OFFER"
    TASK = "TASK"
    DIGEST = "DIGEST"
    """Of text messages alone: WeChat has no consent to give for it."""


class ToldBy(StrEnum):
    """Who told us of a consent: the client that asked for it, WeChat's push, or by now both."""

    CLIENT = "CLIENT"
    WECHAT = "WECHAT"
    BOTH = "BOTH"


class MessageConsent(Table, table=True):
    """One consent is one message; a lasting one is as many as there are."""

    __tablename__ = "message_consent"

    id: UUID = Field(primary_key=True)
    person: UUID
    channel: str = Field(sa_type=Text)
    template: str = Field(sa_type=Text)
    lasting: bool
    told_by: str = Field(sa_type=Text)
    at: datetime = moment()
    delivery: UUID | None
    ended_at: datetime | None = moment()


class NoticePreference(Table, table=True):
    """Where it differs from what the house proposes. Minutes of the day in China Standard Time; `KIND:CHANNEL`."""

    __tablename__ = "notice_preference"

    person: UUID = Field(primary_key=True)
    quiet_from: int | None = Field(sa_type=SmallInteger)
    quiet_until: int | None = Field(sa_type=SmallInteger)
    refused: list[str] = words()
    at: datetime = moment()
