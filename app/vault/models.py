"""Who may read what, the wrapped keys, and who was given one."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, SmallInteger, Text
from sqlmodel import Field

from app.core.tables import Table, moment


class Basis(StrEnum):
    """Why a person may read a subject. `seat` sees only her own answer, `answered` all of them; `staff` who took a task
    reads the petition it is about, and who handles an application that; `desk` sees that a minor comes, and is given no
    key; `supervisor` all of her institution's; `assigned` is the lawyer who took one on.
    `recused` reads nothing, for good: who is near to a side stepped back."""

    ASKER = "asker"
    DELEGATE = "delegate"
    OFFERED = "offered"
    SEAT = "seat"
    ANSWERED = "answered"
    STAFF = "staff"
    DESK = "desk"
    SUPERVISOR = "supervisor"
    ASSIGNED = "assigned"
    RECUSED = "recused"


class Purpose(StrEnum):
    """For what a machine reads a subject, in the name of somebody who may."""

    TRANSCRIPTION = "transcription"


OWNERS = frozenset({Basis.ASKER, Basis.DELEGATE})
"""Whose subject it is, and who acts for her by her consent."""


class Reader(Table, table=True):
    """Written by triggers alone."""

    subject: UUID = Field(primary_key=True)
    person: UUID = Field(primary_key=True)
    basis: str = Field(sa_type=Text)
    since: datetime = moment()
    until: datetime = moment()


class Key(Table, table=True):
    subject: UUID = Field(primary_key=True)
    kek: str = Field(sa_type=Text)
    wrapped: bytes


class Access(Table, table=True):
    """One row for each (subject, person, part) and quarter of an hour in which a key was given.

    `part`: the file that was opened; the subject itself for what was written.
    """

    subject: UUID = Field(primary_key=True)
    person: UUID = Field(primary_key=True)
    slot: int = Field(primary_key=True, sa_type=BigInteger)
    basis: str = Field(sa_type=Text)
    at: datetime = moment()
    part: UUID = Field(primary_key=True)


class FileState(StrEnum):
    WAITING = "WAITING"
    READY = "READY"
    REFUSED = "REFUSED"
    GONE = "GONE"


class File(Table, table=True):
    """What somebody sent. Until it hangs on something it is hers alone and wrapped under `kek`; from then on its key is
    sealed under the subject's, whose readers read it and whose erasure destroys it."""

    id: UUID = Field(primary_key=True)
    owner: UUID | None
    kind: str = Field(sa_type=Text)
    content_type: str = Field(sa_type=Text)
    size: int
    state: str = Field(sa_type=Text)
    fault: str | None = Field(sa_type=Text)
    received: int
    lease: UUID | None
    lease_until: datetime | None = moment()
    made_at: datetime = moment()
    keep_until: datetime = moment()
    duration: int | None
    width: int | None
    height: int | None
    thumbnail: int | None
    kek: str | None = Field(sa_type=Text)
    key: bytes
    subject: UUID | None
    part: UUID | None
    place: int | None = Field(sa_type=SmallInteger)
    from_owner: bool | None
    addressee: UUID | None
    attached_at: datetime | None = moment()
    spoken: bool
    """It is what its sender says, and does not only go with it."""
    identity: bool
    """It shows who somebody is."""


class TranscriptSource(StrEnum):
    CLIENT = "CLIENT"
    RECOGNISER = "RECOGNISER"
    CORRECTED = "CORRECTED"


class Transcript(Table, table=True):
    """What is said in a recording, sealed under the subject's key. `counts`: with these words an answer is one of the
    promised."""

    file: UUID = Field(primary_key=True)
    words: bytes
    source: str = Field(sa_type=Text)
    engine: str | None = Field(sa_type=Text)
    written_at: datetime = moment()
    counts: bool


class PublicPicture(Table, table=True):
    """A picture of the file room that everybody may see: its key lies under a secret of the house as well."""

    __tablename__ = "public_picture"

    id: UUID = Field(primary_key=True)
    file: UUID = Field(foreign_key="app.file.id")
    shown_by: UUID
    content_type: str = Field(sa_type=Text)
    size: int
    width: int
    height: int
    thumbnail: int | None
    """Bytes of the small one."""
    key: bytes
    shown_at: datetime = moment()
    ended_at: datetime | None = moment()
    """When it was taken down."""
