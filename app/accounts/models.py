"""People, what they are known by, what they may be, and their signed-in devices."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.core.tables import Table, moment, words


class Standing(StrEnum):
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"
    """Nobody's any more: what is left is the shell that facts refer to."""


class IdentityKind(StrEnum):
    WECHAT = "wechat"
    SMS = "sms"
    LOGIN = "login"
    """A name of the staff."""


class Ended(StrEnum):
    """Why a device is no longer signed in."""

    SIGNED_OUT = "SIGNED_OUT"
    REUSED = "REUSED"
    """A refresh token came a second time: somebody else may hold a copy."""
    BOUND = "BOUND"
    """A telephone was bound: the device goes on in the session that `bindPhone` gave."""
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"
    """She closed her account."""
    ROLES_CHANGED = "ROLES_CHANGED"
    """She holds fewer offices than her tokens say."""
    TOTP_RESET = "TOTP_RESET"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"


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


class Identity(Table, table=True):
    """An openid or a telephone: found by its keyed digest, kept sealed for messages."""

    kind: str = Field(primary_key=True, sa_type=Text)
    digest: bytes = Field(primary_key=True)
    person: UUID
    sealed: bytes
    since: datetime = moment()


class SignIn(Table, table=True):
    """One device, and the family of all its tokens."""

    __tablename__ = "sign_in"

    id: UUID = Field(primary_key=True)
    person: UUID
    device: str = Field(sa_type=Text)
    created_at: datetime = moment()
    seen_at: datetime = moment()
    ended_at: datetime | None = moment()
    ended_why: str | None = Field(sa_type=Text)
    strong: bool
    """A second factor was shown: only such a device's tokens carry offices."""


class RefreshToken(Table, table=True):
    """Seen by whoever presents its digest and by nobody else, its person included."""

    __tablename__ = "refresh_token"

    digest: bytes = Field(primary_key=True)
    sign_in: UUID
    person: UUID
    issued_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment()


class SmsCode(Table, table=True):
    """A code that was made for a telephone; the rows are the counters of every limit.

    `used_at` equal to `sent_at` marks one that never left the house.
    """

    __tablename__ = "sms_code"

    id: UUID = Field(primary_key=True)
    phone: bytes
    address: bytes
    purpose: str = Field(sa_type=Text)
    code: bytes
    sent_at: datetime = moment()
    expires_at: datetime = moment()
    tries: int = Field(sa_type=SmallInteger)
    used_at: datetime | None = moment()


class SmsBudget(Table, table=True):
    """The one row of what the city sends an hour at most; counted by `door.spend_sms` alone."""

    __tablename__ = "sms_budget"

    one: bool = Field(primary_key=True)
    most: int
    hour: datetime = moment()
    codes: int


class Relation(StrEnum):
    """What a delegate is to the elder she asks for."""

    CHILD = "CHILD"
    RELATIVE = "RELATIVE"
    CADRE = "CADRE"
    OTHER = "OTHER"


class Consent(StrEnum):
    """How the elder said yes."""

    SMS_CODE = "SMS_CODE"
    IN_APP = "IN_APP"


class Delegation(Table, table=True):
    """An elder's consent that somebody asks on her behalf; she sees it and ends it at any time."""

    id: UUID = Field(primary_key=True)
    elder: UUID
    delegate: UUID
    relation: str = Field(sa_type=Text)
    consent: str = Field(sa_type=Text)
    names: bytes
    granted_at: datetime = moment()
    ended_at: datetime | None = moment()
    ended_by: str | None = Field(sa_type=Text)


class Credential(Table, table=True):
    """What somebody of the staff signs in with; shown to whoever presents its handle."""

    person: UUID = Field(primary_key=True)
    handle: bytes
    password: str = Field(sa_type=Text)
    totp: bytes
    confirmed_at: datetime | None = moment()
    step: int = Field(sa_type=BigInteger)
    recovery: list[bytes] = Field(sa_type=ARRAY(LargeBinary))
    changed_at: datetime = moment()


class Invitation(Table, table=True):
    """To become staff; its id is that of the decision which it becomes when it is accepted."""

    id: UUID = Field(primary_key=True)
    phone: bytes
    code: bytes
    said: bytes
    roles: list[str] = words()
    reason: bytes
    actor: UUID
    made_at: datetime = moment()
    expires_at: datetime = moment()
    tries: int = Field(sa_type=SmallInteger)
    accepted_at: datetime | None = moment()


class SignInTry(Table, table=True):
    """How often passwords were tried in vain: for one person, for a name nobody bears, from one network."""

    __tablename__ = "sign_in_try"

    digest: bytes = Field(primary_key=True)
    tries: int
    last_at: datetime = moment()


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


class ConsentPurpose(StrEnum):
    """What a resident is asked for, each by itself."""

    SERVICE = "SERVICE"
    SENSITIVE = "SENSITIVE"
    QUALITY_CHECK = "QUALITY_CHECK"
    EDUCATION = "EDUCATION"


class ConsentRecord(Table, table=True):
    """A yes to a notice, or its withdrawal: append only, the last turn counts."""

    __tablename__ = "consent"

    person: UUID = Field(primary_key=True)
    purpose: str = Field(primary_key=True, sa_type=Text)
    turn: int = Field(primary_key=True)
    """1, 2, 3: of two at once one writes it."""
    version: int
    given: bool
    channel: str = Field(sa_type=Text)
    """The program she said it in, as it calls itself; empty where it does not."""
    at: datetime = moment()


class AgeBand(StrEnum):
    """As little as the law needs to know: PIPL 31 and 未成年人网络保护条例."""

    UNDER_14 = "UNDER_14"
    FROM_14_TO_17 = "FROM_14_TO_17"
    ADULT = "ADULT"


class AgeSaid(Table, table=True):
    """What somebody said of her age: append only, the last turn counts."""

    __tablename__ = "age_said"

    person: UUID = Field(primary_key=True)
    turn: int = Field(primary_key=True)
    band: str = Field(sa_type=Text)
    at: datetime = moment()


class Guardianship(Table, table=True):
    """A guardian's consent that a child under fourteen asks: both see it, and either ends it. It opens no question."""

    id: UUID = Field(primary_key=True)
    minor: UUID
    guardian: UUID
    version: int
    """Of the notice on the service, that was in force."""
    names: bytes
    granted_at: datetime = moment()
    ended_at: datetime | None = moment()
    ended_by: str | None = Field(sa_type=Text)


class MinorData(StrEnum):
    """What the staff see of a minor."""

    TASK = "TASK"
    """What she asks of a supervisor."""
    FILE = "FILE"
    """How she stands, and what was decided about her."""


class MinorAccess(Table, table=True):
    """Somebody of the staff is to see what is a minor's: asked for, approved by another, opened. No row ever goes."""

    __tablename__ = "minor_access"

    id: UUID = Field(primary_key=True)
    kind: str = Field(sa_type=Text)
    subject: UUID
    """The task, or the person."""
    requester: UUID
    office: str = Field(sa_type=Text)
    """As what she asks: SUPERVISOR, ADMIN or AUDITOR."""
    crisis: bool
    """Opened at once, because a life may hang on it; a trigger wrote this down."""
    reason: bytes
    asked_at: datetime = moment()
    approver: UUID | None
    approved_at: datetime | None = moment()
    until: datetime = moment()
    """A request lapses then, and so does what was approved."""
    opened_at: datetime | None = moment()
