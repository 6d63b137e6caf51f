"""Papers in batches, one statement each."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from app.graph.context import Loader
from app.papers import reads


class PaperById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.papers(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class PapersOf(Loader[UUID, list[Any]]):
    """Of what they are about, in their order; none for who does not read that."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        if self.context.viewer is None:
            return [[] for _ in keys]
        found: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await reads.papers_of(session, self.context.viewer, keys):
                found[row.subject].append(row)
        return [found[key] for key in keys]
