"""Questions, rounds and attempts in batches, one statement each, under the viewer's own visibility."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from app.graph.context import Loader
from app.quizzes.reads import bank, prizes, rounds


class QuizQuestionById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await bank.questions(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class RoundOf(Loader[UUID, Any | None]):
    """Of activities."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        async with self.context.read() as session:
            found = {row.activity: row for row in await rounds.rounds(session, keys)}
        return [found.get(key) for key in keys]


class AttemptById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await rounds.attempts(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class ItemsOf(Loader[UUID, list[Any]]):
    """Of attempts, in their order."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        found: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await rounds.items(session, keys):
                found[row.attempt].append(row)
        return [found[key] for key in keys]


class PrizesOf(Loader[UUID, list[Any]]):
    """Of activities, in their order."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        found: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await prizes.prizes(session, keys):
                found[row.round].append(row)
        return [found[key] for key in keys]


class AwardById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await prizes.awards(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class AwardFor(Loader[UUID, Any | None]):
    """The viewer's, of activities."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.round: row for row in await prizes.awards_of(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]
