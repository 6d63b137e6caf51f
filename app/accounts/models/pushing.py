"""What WeChat has pushed to us, and who follows the official account. No role of the running house sees a row."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.core.tables import Table, moment


class WeChatNonce(Table, table=True):
    """A signature that was used."""

    __tablename__ = "wechat_nonce"

    digest: bytes = Field(primary_key=True)
    body: bytes
    at: datetime = moment()


class WeChatPush(Table, table=True):
    """An event, once however often it comes."""

    __tablename__ = "wechat_push"

    id: UUID = Field(primary_key=True)
    account: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    once: bytes
    openid: bytes
    sealed: bytes
    scene: str | None = Field(sa_type=Text)
    said: dict[str, Any] = Field(sa_type=JSONB)
    created_at: datetime = moment()
    received_at: datetime = moment()


class Follower(Table, table=True):
    openid: bytes = Field(primary_key=True)
    sealed: bytes
    unioned: bytes | None
    since: datetime = moment()
