"""Anchors in batches: one statement, under the viewer's own visibility."""

from typing import Any
from uuid import UUID

from app.audit import reads
from app.graph.context import Loader


class AnchorById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.anchors(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]
