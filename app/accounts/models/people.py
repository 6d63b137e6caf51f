"""People, what they are known by, what they may be, and who decided that."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from app.core.tables import Table, moment, words


class Standing(StrEnum):
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"
    """Nobody's any more: what is left is the shell that facts refer to."""


class IdentityKind(StrEnum):
    WECHAT = "wechat"
    """An openid of the mini-program."""
    OFFICIAL = "official"
    """An openid of the official account: only messages go there, nobody signs in by it."""
    UNION = "union"
    """What WeChat calls the same person in all apps of one owner: by its digest the others are found."""
    SMS = "sms"
    LOGIN = "login"
    """A name of the staff."""


class Person(Table, table=True):
    id: UUID = Field(primary_key=True)
    standing: str = Field(sa_type=Text)
    created_at: datetime = moment()


class RoleHeld(Table, table=True):
    """What a person may be beyond a resident. Offices are written by the trigger of `PersonMove` and by nobody else."""

    __tablename__ = "role_held"

    person: UUID = Field(primary_key=True)
    role: str = Field(primary_key=True, sa_type=Text)
    since: datetime = moment()
    until: datetime = moment()
    """`infinity` while she holds it, and a moment that is over from then on."""


class MoveKind(StrEnum):
    """What was decided about somebody."""

    ROLES = "ROLES"
    SUSPENDED = "SUSPENDED"
    REINSTATED = "REINSTATED"
    TOTP_RESET = "TOTP_RESET"
    ADMITTED = "ADMITTED"
    POSTED = "POSTED"


class Duty(StrEnum):
    """As what somebody of the staff works for an institution."""

    OFFICER = "OFFICER"
    SUPERVISOR = "SUPERVISOR"
    """Of that institution's officers: she reads all its applications."""
    WINDOW_STAFF = "WINDOW_STAFF"
    MEDIATOR = "MEDIATOR"
    NOTARY = "NOTARY"


class Post(Table, table=True):
    """For whom she works, and as what: one post a person. Written by the trigger of `PersonMove`, and by that of the
    office which it needs and with which it ends. Hers to see; her colleagues' by `door.posts`."""

    person: UUID = Field(primary_key=True)
    institution: UUID
    duty: str = Field(sa_type=Text)
    called: str = Field(sa_type=Text)
    """How colleagues and applicants know her."""
    since: datetime = moment()
    until: datetime = moment()


class PersonMove(Table, table=True):
    """A decision about a person, with its reason (sealed). Append only: writing it is what changes her."""

    __tablename__ = "person_move"

    id: UUID = Field(primary_key=True)
    person: UUID
    actor: UUID | None
    """None: the owner's scripts."""
    kind: str = Field(sa_type=Text)
    roles: list[str] = words()
    """Of ROLES: the offices she holds from then on."""
    reason: bytes
    at: datetime = moment()
    institution: UUID | None = None
    """Of POSTED, like the next two: where she works from then on; None, at no institution."""
    duty: str | None = Field(default=None, sa_type=Text)
    called: str | None = Field(default=None, sa_type=Text)


class Identity(Table, table=True):
    """An openid or a telephone: found by its keyed digest, kept sealed for messages."""

    kind: str = Field(primary_key=True, sa_type=Text)
    digest: bytes = Field(primary_key=True)
    person: UUID
    sealed: bytes
    since: datetime = moment()
    bad_at: datetime | None = moment()
    """When a channel found nobody there; for a month it is not written to."""


class VillageSaid(Table, table=True):
    """Where somebody says that she lives: a village or community, and nothing nearer."""

    __tablename__ = "village_said"

    person: UUID = Field(primary_key=True)
    division: str | None = Field(sa_type=Text)
    """None once she has taken it back."""
    at: datetime = moment()
