"""Terms in batches, one statement each."""

from typing import Any
from uuid import UUID

from app.advisers import reads
from app.advisers.reads import appraisal
from app.advisers.reads.services import services
from app.core.db import now
from app.graph.context import Loader
from app.places.rules.workdays import today


class TermById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.by_ids(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class TermOfVillage(Loader[str, Any | None]):
    """Who advises it today, by its code."""

    async def batch_load_fn(self, keys: list[str]) -> list[Any | None]:
        async with self.context.read() as session:
            rows = await reads.of_villages(session, self.context.viewer, keys, today(now(session)))
        found = {row.division: row for row in rows}
        return [found.get(key) for key in keys]


class ServiceById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await services(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class ContestById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await appraisal.contests(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]
