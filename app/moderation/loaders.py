"""Reports and measures in batches, one statement each, under the viewer's own visibility."""

from typing import Any
from uuid import UUID

from app.graph.context import Loader
from app.moderation import reads


class ReportById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.reports(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class MeasureById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.measures(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class ReportOfMeasure(Loader[UUID, Any | None]):
    """A report, by its id, for the supervisor who has taken the appeal against what followed from it."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.read_on_appeal(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]
