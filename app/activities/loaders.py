"""Activities in batches, one statement each."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from app.activities import reads
from app.activities.reads import attending
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


class EnrolmentById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await attending.enrolments(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class EnrolmentFor(Loader[UUID, Any | None]):
    """The viewer's own for an activity, None where she has none."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.activity: row for row in await attending.live_of(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class AheadOf(Loader[UUID, int | None]):
    """How many wait before one of her own; None where it does not wait."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[int | None]:
        async with self.context.read() as session:
            found = await attending.ahead_of(session, keys)
        return [found.get(key) for key in keys]
