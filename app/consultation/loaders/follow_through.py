"""What came of the questions of a page, in one statement each."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from app.consultation.reads import follow_through as reads
from app.graph.context import Loader


class AskingsOfQuestion(Loader[UUID, list[Any]]):
    """The oldest first; none for anybody but the asker."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        if self.context.viewer is None:
            return [[] for _ in keys]
        found: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await reads.askings(session, self.context.viewer, keys):
                found[row.question].append(row)
        return [found[key] for key in keys]


class Declined(Loader[UUID, bool]):
    """Whether the asker does not want to be asked."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[bool]:
        if self.context.viewer is None:
            return [False] * len(keys)
        async with self.context.read() as session:
            found = await reads.declined(session, self.context.viewer, keys)
        return [key in found for key in keys]
