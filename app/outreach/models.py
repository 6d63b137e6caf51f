"""Channels by which people come, how many came by each, and by which of them somebody came not long ago."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid
from sqlmodel import Field

from app.core.tables import Table, moment, words


class ChannelKind(StrEnum):
    TOWN = "TOWN"
    VILLAGE = "VILLAGE"
    ZONE = "ZONE"
    DEPARTMENT = "DEPARTMENT"
    WINDOW = "WINDOW"
    SCHOOL = "SCHOOL"
    EVENT = "EVENT"
    PARTNER = "PARTNER"
    PERSON = "PERSON"


class Step(StrEnum):
    """How far somebody came who came by a channel."""

    SCAN = "SCAN"
    """Its code was opened: by whom, nobody knows."""
    FOLLOW = "FOLLOW"
    SIGN_IN = "SIGN_IN"
    QUESTION = "QUESTION"
    ANSWERED = "ANSWERED"
    SATISFIED = "SATISFIED"


class CodeKind(StrEnum):
    """A picture of a channel's code, beside the QR code of its address."""

    OFFICIAL_ACCOUNT = "OFFICIAL_ACCOUNT"
    MINI_PROGRAM = "MINI_PROGRAM"
    SHEET = "SHEET"


class CodeState(StrEnum):
    READY = "READY"
    REFUSED = "REFUSED"


class AskedToFollow(StrEnum):
    """Who is asked to follow the official account, as the register calls them."""

    LAWYER = "LAWYER"
    GRASSROOTS_LEGAL_WORKER = "GRASSROOTS_LEGAL_WORKER"
    MEDIATION_COMMITTEE = "MEDIATION_COMMITTEE"


LEFT = "LEFT"
"""Who followed and does not any more; taken off those who follow."""
SENT = "SENT"
"""Who was led on to the partner."""


class OutreachChannel(Table, table=True):
    """`changed_by` is written and shown to nobody."""

    __tablename__ = "outreach_channel"

    id: UUID = Field(primary_key=True)
    code: str = Field(sa_type=Text)
    parent: UUID | None = Field(foreign_key="app.outreach_channel.id")
    path: list[UUID] = Field(sa_type=ARRAY(Uuid))
    """From the root down to itself."""
    kind: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    office: str = Field(sa_type=Text)
    """Whose name stands on its sheet."""
    division: str | None = Field(sa_type=Text)
    """The code of the town or village that it is."""
    link: str | None = Field(sa_type=Text)
    """Of a partner: where we lead people to."""
    until: datetime = moment()
    made_at: datetime = moment()
    closed_at: datetime | None = moment()
    version: int
    changed_at: datetime = moment()
    changed_by: UUID


class OutreachDay(Table, table=True):
    """How many, by the day of the city on which they came. Nobody's, and kept."""

    __tablename__ = "outreach_day"

    channel: UUID = Field(primary_key=True, foreign_key="app.outreach_channel.id")
    day: date = Field(primary_key=True)
    step: str = Field(primary_key=True, sa_type=Text)
    n: int


class OutreachTouch(Table, table=True):
    """By which channel somebody came first. What she does before `until` is counted for it; afterwards it is
    forgotten. No role of the running house sees a row; `person` is None as long as nobody knows whose openid it is."""

    __tablename__ = "outreach_touch"

    id: UUID = Field(primary_key=True)
    channel: UUID = Field(foreign_key="app.outreach_channel.id")
    person: UUID | None = Field(foreign_key="app.person.id")
    openid: bytes | None
    at: datetime = moment()
    until: datetime = moment()
    steps: list[str] = words()


class OutreachTarget(Table, table=True):
    """So many of a step, from one day to another. Of a step there is one: the next takes its place."""

    __tablename__ = "outreach_target"

    channel: UUID = Field(primary_key=True, foreign_key="app.outreach_channel.id")
    step: str = Field(primary_key=True, sa_type=Text)
    goal: int
    since: date
    until: date
    set_at: datetime = moment()
    set_by: UUID


class OutreachCode(Table, table=True):
    """Made once by WeChat, or by the press; whoever has the code may see it."""

    __tablename__ = "outreach_code"

    code: str = Field(primary_key=True, sa_type=Text, foreign_key="app.outreach_channel.code")
    kind: str = Field(primary_key=True, sa_type=Text)
    state: str = Field(sa_type=Text)
    said: str | None = Field(sa_type=Text)
    """What stands in the official account's QR code."""
    body: bytes | None
    errcode: int | None
    """WeChat's, of one that is refused."""
    made_at: datetime = moment()
