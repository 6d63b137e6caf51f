"""Relay's global ids, and the one place that turns them back into rows."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any
from uuid import UUID

import strawberry

from app.core.errors import BAD_ID, code, refuse
from app.core.ids import opaque, public_id
from app.graph.context import Info


@strawberry.interface(description="Anything that can be fetched again by its id.")
class Node:
    id: strawberry.ID = strawberry.field(
        description="An opaque id, good for `node` and for every argument that asks for it."
    )


Fetch = Callable[[Info, list[str]], Awaitable[list[Any]]]
"""Nodes of one type by their keys, in the same order, None where the viewer may not see one."""


def global_id(kind: str, key: UUID | str) -> strawberry.ID:
    return strawberry.ID(public_id(kind, key))


def parse_id(said: str) -> tuple[str, str]:
    """(type, key) of an id as this house writes it; None of it may be spelled another way."""
    try:
        raw = base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)).decode("ascii")
    except (ValueError, binascii.Error) as error:
        raise refuse(BAD_ID, "id") from error
    kind, colon, key = raw.partition(":")
    if not colon or opaque(raw) != said:  # not by what remembers: a client may send anything
        raise refuse(BAD_ID, "id")
    return kind, key


def key_of(said: str, kind: str | Collection[str], field: str = "id") -> str:
    """The key inside an id of that type, or of one of those; refuses BAD_ID for any other, naming the argument."""
    try:
        found, key = parse_id(said)
    except Exception as error:
        raise refuse(BAD_ID, field) from error
    if found not in ((kind,) if isinstance(kind, str) else kind):
        raise refuse(BAD_ID, field)
    return key


def uuid_of(said: str, kind: str | Collection[str], field: str = "id") -> UUID:
    return as_uuid(key_of(said, kind, field), field)


def as_uuid(key: str, field: str = "id") -> UUID:
    try:
        found = UUID(key)
    except ValueError as error:
        raise refuse(BAD_ID, field) from error
    if str(found) != key:
        raise refuse(BAD_ID, field)
    return found


MAX_NODES = 100

TOO_MANY_IDS = code(
    "TOO_MANY_IDS",
    zh="一次最多查询 {limit} 个编号。",
    en="At most {limit} ids at once.",
    remedy="Ask for the rest in another request.",
)


async def fetch_nodes(info: Info, registry: Mapping[str, Fetch], ids: list[str]) -> list[Any]:
    """Each type in one batch. Unknown types and what may not be seen are holes."""
    parsed = [parse_id(said) for said in ids]
    wanted: dict[str, list[str]] = {}
    for kind, key in parsed:
        if kind in registry:
            wanted.setdefault(kind, []).append(key)
    found: dict[tuple[str, str], Any] = {}
    for kind, keys in wanted.items():
        for key, node in zip(keys, await registry[kind](info, keys), strict=True):
            found[kind, key] = node
    return [found.get(pair) for pair in parsed]
