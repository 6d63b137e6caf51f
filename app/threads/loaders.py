"""Threads and messages in batches, one statement each, under the viewer's own visibility."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from app.graph.context import Loader
from app.threads import reads
from app.threads.reads import consulting


class ThreadAbout(Loader[UUID, Any | None]):
    """The thread about a subject, with what is unread in it; None where the viewer takes no part."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.subject: row for row in await reads.threads(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class MessageById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.messages(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class SaidLately(Loader[UUID, list[Any]]):
    """Of each subject the newest messages of its owner, for what they tell of danger."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        if self.context.viewer is None:
            return [[] for _ in keys]
        found: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await reads.said_lately(session, self.context.viewer, keys):
                found[row.subject].append(row)
        return [found[key] for key in keys]


class ConsultationById(Loader[UUID, Any | None]):
    """Consultations with institutions."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await consulting.consultations(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class Staffed(Loader[UUID, bool]):
    """Whether somebody is there, at this institution."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[bool]:
        async with self.context.read() as session:
            found = await consulting.staffed(session, keys)
        return [key in found for key in keys]
