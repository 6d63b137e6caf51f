"""Papers that the house makes: what is told of one, and the seal in which its words wait for the press."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import SmallInteger, Text
from sqlmodel import Field

from app.core.tables import Table, moment


class PaperKind(StrEnum):
    APPLICATION_FORM = "APPLICATION_FORM"
    APPLICATION_RECEIPT = "APPLICATION_RECEIPT"
    ACCEPTANCE_NOTICE = "ACCEPTANCE_NOTICE"
    SUPPLEMENT_LIST = "SUPPLEMENT_LIST"
    DECISION = "DECISION"
    MEDIATION_REGISTRATION = "MEDIATION_REGISTRATION"
    RIGHTS_NOTICE = "RIGHTS_NOTICE"
    MEDIATION_AGREEMENT = "MEDIATION_AGREEMENT"
    PAPERS_RECEIPT = "PAPERS_RECEIPT"
    QUIZ_CERTIFICATE = "QUIZ_CERTIFICATE"
    CONTEST_CERTIFICATE = "CONTEST_CERTIFICATE"


class PaperState(StrEnum):
    PENDING = "PENDING"
    FAILED = "FAILED"
    READY = "READY"
    GONE = "GONE"


class PaperStanding(StrEnum):
    """What became of what it says. `VALID` of an order's `earlier`: papers of its kind before it stay as they are."""

    VALID = "VALID"
    REPLACED = "REPLACED"
    WITHDRAWN = "WITHDRAWN"


class Paper(Table, table=True):
    """One a subject, kind and step. Its id is that of its file too, which comes to be when it is READY. What it is to
    say lies in `content` until then, sealed under the file's own key, which is wrapped for the press alone: the worker
    is given that of one paper at a time, and never has the subject's key. Nobody changes a paper; with its subject's
    key it is destroyed, and stays confirmed."""

    id: UUID = Field(primary_key=True)
    subject: UUID
    """Whose readers read it."""
    step: UUID
    """By which it came to be."""
    kind: str = Field(sa_type=Text)
    institution: UUID
    code: str = Field(sa_type=Text)
    """Whoever holds the paper holds it: `rules.codes`."""
    dated: date
    """The day it bears, in the city."""
    earlier: str = Field(sa_type=Text)
    """What becomes of papers of its kind before it."""
    state: str = Field(sa_type=Text)
    standing: str = Field(sa_type=Text)
    standing_at: datetime | None = moment()
    ordered_at: datetime = moment()
    made_at: datetime | None = moment()
    pages: int | None = Field(sa_type=SmallInteger)
    sha256: bytes | None
    """Of the file as it is fetched."""
    kek: str | None = Field(sa_type=Text)
    wrapped: bytes
    """The file's key for the press; empty once it is made."""
    file_key: bytes
    """The same for the file, sealed under the subject's key."""
    content: bytes
    """Sealed JSON (`rules.contents`); empty once it is made."""
