"""Entries and exhibits in batches, one statement each."""

from typing import Any
from uuid import UUID

from app.contests import reads
from app.graph.context import Loader


class EntryById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.entries(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class ExhibitOf(Loader[UUID, Any | None]):
    """What everybody sees of an entry, None while nobody does."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        async with self.context.read() as session:
            found = {row.entry: row for row in await reads.exhibits(session, keys)}
        return [found.get(key) for key in keys]


class FreezeById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.freezes(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]
