"""Checks, what is read for them and marks, in batches."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from app.consultation import reads as consultation
from app.core.sealing import KeyProvider
from app.graph.context import Loader
from app.quality import reads
from app.quality.reads import Reading


class CheckById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.checks(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class ReadingOfCheck(Loader[UUID, Reading | None]):
    """What was asked and answered; each is a line in the asker's ledger."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Reading | None]:
        async with self.context.read() as session:
            found = await reads.readings(session, self.context.door(KeyProvider), keys)
        return [found.get(key) for key in keys]


class MarkById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.marks(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class MarksOfCheck(Loader[UUID, list[Any]]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        found: dict[UUID, list[Any]] = defaultdict(list)
        if self.context.viewer is not None:
            async with self.context.read() as session:
                for row in await reads.marks_of(session, self.context.viewer, keys):
                    found[row.checked].append(row)
        return [found[key] for key in keys]


class AnswerById(Loader[UUID, Any | None]):
    """As the viewer may read it: who marked it may not."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await consultation.answers(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]
