"""Entries and exhibits in batches, one statement each."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from app.contests import reads
from app.contests.reads import juries
from app.graph.context import Loader


class EntryById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.entries(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class EntrySteps(Loader[UUID, list[Any]]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        if self.context.viewer is None:
            return [[] for _ in keys]
        found: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await reads.steps(session, self.context.viewer, keys):
                found[row.entry].append(row)
        return [found[key] for key in keys]


class ExhibitOf(Loader[UUID, Any | None]):
    """What everybody sees of an entry, None while nobody does."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        async with self.context.read() as session:
            found = {row.entry: row for row in await reads.exhibits(session, keys)}
        return [found.get(key) for key in keys]


class FreezeById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.freezes(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class JuryOf(Loader[UUID, Any | None]):
    """Of activities."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        async with self.context.read() as session:
            found = {row.activity: row for row in await juries.juries(session, keys)}
        return [found.get(key) for key in keys]


class JurorById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await juries.jurors(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class JudgedById(Loader[UUID, Any | None]):
    """Of exhibits that she may judge, with what she gave them."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.entry: row for row in await juries.judged(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class ScoresOf(Loader[UUID, list[Any]]):
    """Of entries, once judging has ended."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        if self.context.viewer is None:
            return [[] for _ in keys]
        found: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await juries.scores(session, self.context.viewer, keys):
                found[row.entry].append(row)
        return [found[key] for key in keys]


class ResultOf(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.entry: row for row in await juries.results(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class ConflictById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await juries.conflicts(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]
