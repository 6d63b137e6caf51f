"""Twice the same request makes one thing. The key is written first, in the transaction of its effect."""

import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col, select

from app.core.db import Session, now
from app.core.errors import KEY_REUSED, code, refuse
from app.core.tables import Table, moment

BAD_KEY = code(
    "BAD_KEY",
    zh="幂等键须为 8 至 64 个字母、数字、“-”或“_”。",
    en="An idempotency key is 8 to 64 letters, digits, '-' or '_'.",
    remedy="Send a random UUID, the same one for repeats of one request.",
)


class Idempotency(Table, table=True):
    actor: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True, sa_type=Text)
    operation: str = Field(sa_type=Text)
    input_hmac: bytes
    result_id: UUID
    at: datetime = moment()


async def once(session: Session, secret: bytes, key: str, said: BaseModel, operation: str, result: UUID) -> UUID | None:
    """None for the first caller; for a repeat the id of what the first one made.

    A twin in flight is waited for; had it rolled back, this caller is the first. Refuses KEY_REUSED when the key came
    with other input.
    """
    if not (8 <= len(key) <= 64 and key.isascii() and key.replace("-", "").replace("_", "").isalnum()):
        raise refuse(BAD_KEY, "idempotencyKey")
    actor: UUID = session.info["person"]
    mac = hmac.digest(secret, said.model_dump_json().encode(), hashlib.sha256)
    row = {"actor": actor, "key": key, "operation": operation, "input_hmac": mac, "result_id": result}
    first = insert(Idempotency).values(row | {"at": now(session)}).on_conflict_do_nothing()
    if (await session.rows(first)).rowcount:
        return None
    wanted = select(Idempotency).where(col(Idempotency.actor) == actor, col(Idempotency.key) == key)
    known = (await session.exec(wanted)).one()
    if known.operation != operation or not hmac.compare_digest(known.input_hmac, mac):
        raise refuse(KEY_REUSED, "idempotencyKey")
    return known.result_id
