"""The staff's own way in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.core.tables import Table, moment, words


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
