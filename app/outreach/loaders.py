"""Channels in batches, one statement each."""

from typing import Any
from uuid import UUID

from app.graph.context import Loader
from app.outreach import reads


class ChannelById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.by_ids(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class TargetsOf(Loader[UUID, list[Any]]):
    """Of a channel, and the days since the first of them: (targets, days), two statements for all."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        if self.context.viewer is None:
            return [[] for _ in keys]
        async with self.context.read() as session:
            targets = await reads.targets(session, self.context.viewer, keys)
            days = await reads.days(session, self.context.viewer, keys) if targets else []
        return [
            [(row, [day for day in days if day.top == key]) for row in targets if row.channel == key] for key in keys
        ]


class CodesOf(Loader[str, list[Any]]):
    """What was made of a code."""

    async def batch_load_fn(self, keys: list[str]) -> list[list[Any]]:
        async with self.context.read() as session:
            rows = await reads.codes(session, keys)
        return [[row for row in rows if row.code == key] for key in keys]
