"""Visits, where what they are about stands, and what was done, in batches, one statement each."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from app.graph.context import Loader
from app.window import reads


class VisitById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.visits(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class StandingOf(Loader[UUID, Any | None]):
    """Of a visit: none for who does not read it."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        async with self.context.read() as session:
            found = {row.visit: row for row in await reads.standings(session, keys)}
        return [found.get(key) for key in keys]


class ActsOf(Loader[UUID, list[Any]]):
    """In their order."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        if self.context.viewer is None:
            return [[] for _ in keys]
        found: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await reads.acts(session, self.context.viewer, keys):
                found[row.visit].append(row)
        return [found[key] for key in keys]


class StatementById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.statements(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class StateOf(Loader[UUID, str | None]):
    """Of the application that a statement became."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[str | None]:
        async with self.context.read() as session:
            found = {row.statement: row.state for row in await reads.counter_standings(session, keys)}
        return [found.get(key) for key in keys]
