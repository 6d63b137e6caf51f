"""Activities in batches, one statement each."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from app.activities import reads
from app.graph.context import Loader


class ActivityById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.activities(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class StepsOf(Loader[UUID, list[Any]]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        if self.context.viewer is None:
            return [[] for _ in keys]
        found: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await reads.steps(session, self.context.viewer, keys):
                found[row.activity].append(row)
        return [found[key] for key in keys]
