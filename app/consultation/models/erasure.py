"""What remains to be told of a question that was erased."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.core.tables import Table, moment


class ErasedWhy(StrEnum):
    """Who wanted it: the asker, the policy of how long contents are kept, or the asker who closed her account."""

    ASKED = "ASKED"
    RETENTION = "RETENTION"
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"


class Erasure(Table, table=True):
    """A subject of its own, read by the asker until the backups have lost the question. `destroyed` counts what was:
    keys, texts, digests, links."""

    id: UUID = Field(primary_key=True)
    question: UUID
    why: str = Field(sa_type=Text)
    asked_at: datetime = moment()
    at: datetime = moment()
    backups_until: datetime = moment()
    destroyed: dict[str, Any] = Field(sa_type=JSONB)
