"""Petitions in batches, one statement each, under the viewer's own visibility."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from app.consultation.reads import petitions as reads
from app.graph.context import Loader


class PetitionById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.petitions(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class PetitionsOfQuestion(Loader[UUID, list[Any]]):
    """Newest first."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        found: dict[UUID, list[Any]] = defaultdict(list)
        if self.context.viewer is None:
            return [[] for _ in keys]
        async with self.context.read() as session:
            for row in await reads.petitions_of(session, self.context.viewer, keys):
                found[row.question].append(row)
        return [found[key] for key in keys]
