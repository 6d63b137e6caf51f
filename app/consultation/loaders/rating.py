"""What askers made of the answers of a page, in one statement each."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from app.consultation.reads import rating as reads
from app.graph.context import Loader


class RatingsOfAnswer(Loader[UUID, list[Any]]):
    """By round; none for who may not see them."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        if self.context.viewer is None:
            return [[] for _ in keys]
        ratings: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await reads.ratings(session, self.context.viewer, keys):
                ratings[row.answer].append(row)
        return [ratings[key] for key in keys]


class BestOfQuestion(Loader[UUID, UUID | None]):
    """The answer that was chosen, None while there is none for the viewer."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[UUID | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = await reads.best(session, self.context.viewer, keys)
        return [found.get(key) for key in keys]
