"""An application as it stands, and the steps that brought it there. Writing a step is the act: a trigger asks whether
it may be, and does what follows."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, LargeBinary, SmallInteger, Text
from sqlmodel import Field

from app.core.tables import Table, moment

FOREVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""When what does not run is due."""


class ApplicationKind(StrEnum):
    LEGAL_AID = "LEGAL_AID"
    MEDIATION = "MEDIATION"
    NOTARISATION = "NOTARISATION"
    CERTIFICATE_REVIEW = "CERTIFICATE_REVIEW"


class ApplicationState(StrEnum):
    """Of all kinds; which of them a kind goes through, its machine says (`data/`)."""

    NEW = "NEW"
    """Between the row and its first step, within one transaction: nobody ever sees it."""
    SUBMITTED = "SUBMITTED"
    UNDER_REVIEW = "UNDER_REVIEW"
    NEEDS_SUPPLEMENT = "NEEDS_SUPPLEMENT"
    TRANSFERRED = "TRANSFERRED"
    GRANTED = "GRANTED"
    ASSIGNED = "ASSIGNED"
    IN_PROGRESS = "IN_PROGRESS"
    CLOSED_REPORTED = "CLOSED_REPORTED"
    FOLLOWED_UP = "FOLLOWED_UP"
    DENIED = "DENIED"
    OBJECTION = "OBJECTION"
    UPHELD = "UPHELD"
    TERMINATED = "TERMINATED"
    WITHDRAWN = "WITHDRAWN"
    DEEMED_WITHDRAWN = "DEEMED_WITHDRAWN"
    REGISTERED = "REGISTERED"
    RESPONDENT_INVITED = "RESPONDENT_INVITED"
    CONSENTED = "CONSENTED"
    MEDIATING = "MEDIATING"
    AGREED_WRITTEN = "AGREED_WRITTEN"
    AGREED_ORAL = "AGREED_ORAL"
    PERFORMING = "PERFORMING"
    PERFORMED = "PERFORMED"
    RESPONDENT_REFUSED = "RESPONDENT_REFUSED"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    FAILED = "FAILED"
    ESCALATED_SAFETY = "ESCALATED_SAFETY"
    PRE_REVIEW = "PRE_REVIEW"
    APPOINTMENT = "APPOINTMENT"
    ACCEPTED = "ACCEPTED"
    PAUSED = "PAUSED"
    DRAFTED = "DRAFTED"
    ISSUED = "ISSUED"
    COLLECTED = "COLLECTED"
    MAILED = "MAILED"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    REFUSED = "REFUSED"
    REVIEW_REQUESTED = "REVIEW_REQUESTED"
    REVIEW_DECIDED = "REVIEW_DECIDED"


class Channel(StrEnum):
    """Which way a step came."""

    ONLINE = "ONLINE"
    WINDOW = "WINDOW"
    HOUSE = "HOUSE"


class By(StrEnum):
    """As what somebody makes a step."""

    APPLICANT = "APPLICANT"
    STAFF = "STAFF"
    OFFICER = "OFFICER"
    SUPERVISOR = "SUPERVISOR"
    LAWYER = "LAWYER"
    RESPONDENT = "RESPONDENT"
    NOTARY = "NOTARY"
    HOUSE = "HOUSE"


class Clock(StrEnum):
    """What runs until something has to be done."""

    REVIEW = "REVIEW"
    SUPPLEMENT = "SUPPLEMENT"
    ASSIGN = "ASSIGN"
    OBJECTION = "OBJECTION"
    REGISTER = "REGISTER"
    INVITE = "INVITE"
    MEDIATE = "MEDIATE"
    EXTENSION = "EXTENSION"
    PRE_REVIEW = "PRE_REVIEW"
    CERTIFY = "CERTIFY"
    RECHECK = "RECHECK"


class Move(StrEnum):
    """What can be done with an application."""

    SUBMIT = "SUBMIT"
    TAKE = "TAKE"
    HAND_OVER = "HAND_OVER"
    ASK_SUPPLEMENT = "ASK_SUPPLEMENT"
    ASK_SUPPLEMENT_AGAIN = "ASK_SUPPLEMENT_AGAIN"
    SUPPLEMENT = "SUPPLEMENT"
    LAPSE = "LAPSE"
    TRANSFER = "TRANSFER"
    GRANT = "GRANT"
    GRANT_IN_ADVANCE = "GRANT_IN_ADVANCE"
    DENY = "DENY"
    OFFER = "OFFER"
    ACCEPT = "ACCEPT"
    DECLINE = "DECLINE"
    NO_ANSWER = "NO_ANSWER"
    ASK_CHANGE = "ASK_CHANGE"
    CHANGE_LAWYER = "CHANGE_LAWYER"
    KEEP_LAWYER = "KEEP_LAWYER"
    REPORT = "REPORT"
    CLOSE = "CLOSE"
    SUBSIDISE = "SUBSIDISE"
    FOLLOW_UP = "FOLLOW_UP"
    TERMINATE = "TERMINATE"
    OBJECT = "OBJECT"
    UPHOLD = "UPHOLD"
    OVERTURN = "OVERTURN"
    WITHDRAW = "WITHDRAW"
    GIVE_UP = "GIVE_UP"
    REGISTER = "REGISTER"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    RECUSE = "RECUSE"
    STEP_BACK = "STEP_BACK"
    INVITE = "INVITE"
    CONSENT = "CONSENT"
    REFUSE = "REFUSE"
    BEGIN = "BEGIN"
    EXTEND = "EXTEND"
    AGREE_WRITTEN = "AGREE_WRITTEN"
    AGREE_ORALLY = "AGREE_ORALLY"
    PERFORM = "PERFORM"
    COMPLETE = "COMPLETE"
    FAIL = "FAIL"
    TIME_OUT = "TIME_OUT"
    ESCALATE = "ESCALATE"
    OFFER_MEDIATION = "OFFER_MEDIATION"
    DECLINE_MEDIATOR = "DECLINE_MEDIATOR"
    PASS = "PASS"
    BOOK = "BOOK"
    ADMIT = "ADMIT"
    PAUSE = "PAUSE"
    RESUME = "RESUME"
    DRAFT = "DRAFT"
    ISSUE = "ISSUE"
    COLLECT = "COLLECT"
    MAIL = "MAIL"
    NOT_ACCEPT = "NOT_ACCEPT"
    REQUEST_REVIEW = "REQUEST_REVIEW"
    CORRECT = "CORRECT"
    REVOKE = "REVOKE"


class KindOfApplication(Table, table=True):
    """What the database knows of a kind."""

    __tablename__ = "application_kind"

    kind: str = Field(primary_key=True, sa_type=Text)
    institution: str = Field(sa_type=Text)
    """Of which kind those are that take it."""
    ends: list[str] = Field(sa_type=ARRAY(Text))
    """From which states on it is counted how long it is kept."""
    decides: list[str] = Field(sa_type=ARRAY(Text))
    """By which moves it is decided; reaching an end decides it too."""
    reopens: list[str] = Field(sa_type=ARRAY(Text))
    """By which moves another decision is asked for."""


class ApplicationMove(Table, table=True):
    """The machine as the database knows it: every step refers to its row here."""

    __tablename__ = "application_move"

    kind: str = Field(primary_key=True, sa_type=Text)
    move: str = Field(primary_key=True, sa_type=Text)
    before: str = Field(primary_key=True, sa_type=Text)
    after: str = Field(sa_type=Text)
    by_whom: str = Field(sa_type=Text)


class Application(Table, table=True):
    """A subject of its own: its readers are who applies and acts for her, the officer, the institution's supervisors
    and the lawyer who took it on, all written by triggers. What it says is sealed."""

    id: UUID = Field(primary_key=True)
    kind: str = Field(sa_type=Text)
    applicant: UUID | None
    """None: a mediator offers it to both sides."""
    delegation: UUID | None
    """On whose consent another applies for her."""
    institution: UUID
    receipt: str = Field(sa_type=Text)
    parties: list[bytes] = Field(sa_type=ARRAY(LargeBinary))
    """Keyed digests of who stands against her, to meet those of lawyers' clients."""
    matter: str = Field(sa_type=Text)
    """A code of its kind's list of matters: all that a lawyer sees before she accepts."""
    urgent: bool
    """A time limit is less than seven days away (法律援助法第四十四条)."""
    submitted_at: datetime = moment()
    state: str = Field(sa_type=Text)
    seq: int
    """Of its last step."""
    body: bytes
    """Sealed JSON; what it said before a supplement is in that step."""
    officer: UUID | None
    lawyer: UUID | None
    """Who was offered it, or took it on."""
    clock: str | None = Field(sa_type=Text)
    clock_since: datetime | None = moment()
    due_at: datetime = moment()
    """FOREVER where nothing runs: a page sorts by it."""
    lists: int = Field(sa_type=SmallInteger)
    """Of what was missing, that were given."""
    advance: bool
    change_asked: bool
    reported: bool
    objected: bool
    subsidy: int | None = Field(sa_type=BigInteger)
    """Fen."""
    moved_at: datetime = moment()


class ApplicationStep(Table, table=True):
    """One step: by whom, from where to where, why. Nobody changes one or takes it out."""

    __tablename__ = "application_step"

    id: UUID = Field(primary_key=True)
    application: UUID
    seq: int
    kind: str = Field(sa_type=Text)
    move: str = Field(sa_type=Text)
    before: str = Field(sa_type=Text)
    after: str = Field(sa_type=Text)
    by_whom: str = Field(sa_type=Text)
    actor: UUID | None
    at: datetime = moment()
    reason: bytes | None
    """Sealed under the application's key."""
    body: bytes | None
    """Of SUBMIT and SUPPLEMENT: what it says from then on."""
    clock: str | None = Field(sa_type=Text)
    clock_since: datetime | None = moment()
    due_at: datetime = moment()
    """What runs after it, and until when."""
    institution: UUID | None
    """Of TRANSFER: where it goes."""
    officer: UUID | None
    """Of HAND_OVER: to whom."""
    lawyer: UUID | None
    """Of OFFER: to whom."""
    answer_by: datetime | None = moment()
    """Of OFFER: until when she answers."""
    code: str | None = Field(sa_type=Text)
    """Of DECLINE, PAUSE and REFUSE: why; of NOT_ELIGIBLE: where one goes instead."""
    appointment: UUID | None
    """Of BOOK: when she comes."""
    amount: int | None = Field(sa_type=BigInteger)
    """Of SUBSIDISE: fen."""
    counter: UUID | None
    """The visit, or the statement, at a window that it was made by."""
    channel: str = Field(sa_type=Text)
    """The database says it, of who made it and where: nobody writes it."""


class ApplicationDraft(Table, table=True):
    """What somebody is writing; sealed JSON under a key of its own."""

    __tablename__ = "application_draft"

    id: UUID = Field(primary_key=True)
    person: UUID
    kind: str = Field(sa_type=Text)
    content: bytes
    revision: int
    saved_at: datetime = moment()
    sent_as: UUID | None
    wiped_at: datetime | None = moment()
