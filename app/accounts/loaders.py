"""People's files, and what is in exports, in batches of one statement each."""

from typing import Any
from uuid import UUID

from app.accounts import reads
from app.accounts.reads import exporting
from app.graph.context import Loader


class FileById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.people(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class ExportCounts(Loader[UUID, list[Any]]):
    """What was listed of each kind."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        if self.context.viewer is None:
            return [[] for _ in keys]
        async with self.context.read() as session:
            rows = await exporting.counts(session, self.context.viewer, keys)
        return [[row for row in rows if row.export == key] for key in keys]
