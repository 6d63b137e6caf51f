"""Alerts, what was noted of them, and exports, in batches: one statement each, under the viewer's own visibility."""

from typing import Any
from uuid import UUID

from app.graph.context import Loader
from app.insights import reads


class AlertById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.alerts(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class NotesOfAlert(Loader[UUID, list[Any]]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        found: dict[UUID, list[Any]] = {}
        if self.context.viewer is not None:
            async with self.context.read() as session:
                for row in await reads.notes(session, self.context.viewer, keys):
                    found.setdefault(row.alert, []).append(row)
        return [found.get(key, []) for key in keys]


class FigureExportById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.exports(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]
