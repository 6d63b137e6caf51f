"""Twice the same request makes one thing. The key is written first, in the transaction of its effect."""

import hashlib
import hmac
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Executable, Text, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field

from app.core.db import ALONE, Session, now
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


_I: Any = Idempotency.__table__  # type: ignore[attr-defined]
_FIRST: Final = insert(_I).inline().on_conflict_do_nothing()


def first_and(lock: Any) -> Executable:
    """For `once`: the first caller goes on when she has this too, a lock as one value in SQL."""
    said = {column.name: bindparam(column.name, type_=column.type) for column in _I.c}
    first = insert(_I).values(said).on_conflict_do_nothing().returning(_I.c.key).cte("first")
    return select(lock).select_from(first)


FIRST_ALONE: Final = first_and(text(ALONE))
"""The first caller goes on as after `one_at_a_time`; its words come as `alone`."""
_KNOWN: Final = select(_I.c.operation, _I.c.input_hmac, _I.c.result_id).where(
    _I.c.actor == bindparam("person"), _I.c.key == bindparam("key")
)


async def once(
    session: Session,
    secret: bytes,
    key: str,
    said: BaseModel,
    operation: str,
    result: UUID,
    first: Executable = _FIRST,
    **lock: Any,
) -> UUID | None:
    """None for the first caller; for a repeat the id of what the first one made.

    A twin in flight is waited for; had it rolled back, this caller is the first. Refuses KEY_REUSED when the key came
    with other input. `first`, made by `first_and`, with the values that it asks for.
    """
    mac = _mac(secret, key, said)
    row = {"actor": session.info["person"], "key": key, "operation": operation, "input_hmac": mac, "result_id": result}
    row["at"] = now(session)
    if (await session.rows(first, row | lock)).rowcount:
        return None
    return await _known(session, key, mac, operation)


async def known(session: Session, secret: bytes, key: str, said: BaseModel, operation: str) -> UUID | None:
    """The id of what an earlier request with this key made. For an effect whose first attempts may fail and yet leave
    something behind, such as a try of a code: it looks first, and writes the key by `once` when it has succeeded."""
    return await _known(session, key, _mac(secret, key, said), operation)


async def give_back(session: Session, key: str) -> None:
    """What it was for did not happen after all: the same request is a first one again."""
    await session.rows(select(func.door.give_back_key(key)))


def _mac(secret: bytes, key: str, said: BaseModel) -> bytes:
    if not (8 <= len(key) <= 64 and key.isascii() and key.replace("-", "").replace("_", "").isalnum()):
        raise refuse(BAD_KEY, "idempotencyKey")
    return hmac.digest(secret, said.model_dump_json().encode(), hashlib.sha256)


async def _known(session: Session, key: str, mac: bytes, operation: str) -> UUID | None:
    known = (await session.rows(_KNOWN, {"person": session.info["person"], "key": key})).first()
    if known is None:
        return None
    if known.operation != operation or not hmac.compare_digest(known.input_hmac, mac):
        raise refuse(KEY_REUSED, "idempotencyKey")
    made: UUID = known.result_id
    return made
