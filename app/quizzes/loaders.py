"""Questions in batches, one statement each, under the viewer's own visibility."""

from typing import Any
from uuid import UUID

from app.graph.context import Loader
from app.quizzes.reads import bank


class QuizQuestionById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await bank.questions(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]
