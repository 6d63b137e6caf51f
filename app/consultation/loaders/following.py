"""Follow-ups and inquiries in batches, one statement each, under the viewer's own visibility."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from app.consultation.reads import following
from app.core.access import Viewer
from app.core.db import Session
from app.graph.context import Context, Loader

Read = Callable[[Session, Viewer, Iterable[UUID]], Awaitable[Sequence[Any]]]


async def _found(context: Context, read: Read, keys: list[UUID]) -> Sequence[Any]:
    if context.viewer is None:
        return ()
    async with context.read() as session:
        return await read(session, context.viewer, keys)


async def _by_question(context: Context, read: Read, keys: list[UUID]) -> list[list[Any]]:
    rows: dict[UUID, list[Any]] = defaultdict(list)
    for row in await _found(context, read, keys):
        rows[row.question].append(row)
    return [rows[key] for key in keys]


async def _by_id(context: Context, read: Read, keys: list[UUID]) -> list[Any | None]:
    rows = {row.id: row for row in await _found(context, read, keys)}
    return [rows.get(key) for key in keys]


class FollowUpsOfQuestion(Loader[UUID, list[Any]]):
    """The newest, newest first, and all that wait."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        return await _by_question(self.context, following.follow_ups_of, keys)


class InquiriesOfQuestion(Loader[UUID, list[Any]]):
    """The newest, newest first, and all that have no reply."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        return await _by_question(self.context, following.inquiries_of, keys)


class FollowUpById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        return await _by_id(self.context, following.follow_ups, keys)


class InquiryById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        return await _by_id(self.context, following.inquiries, keys)
