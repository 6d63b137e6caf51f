"""Whose a question is, and what she chose about its dispatch, in batches."""

from typing import Any
from uuid import UUID

from app.accounts.reads import delegations
from app.consultation.reads import life
from app.graph.context import Loader


class Owned(Loader[UUID, bool]):
    """Whether a question is the viewer's, or another's for whom she asks."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[bool]:
        if self.context.viewer is None:
            return [False] * len(keys)
        async with self.context.read() as session:
            found = await life.owned(session, self.context.viewer, keys)
        return [key in found for key in keys]


class ChoicesOfQuestion(Loader[UUID, Any | None]):
    """What its owner chose; None for everybody else, and before it was sent."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.question: row for row in await life.choices(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class DelegationById(Loader[UUID, Any | None]):
    """For the elder and for who asks for her; None for everybody else."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await delegations(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class DraftById(Loader[UUID, Any | None]):
    """A draft of the viewer's that was neither sent nor wiped."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await life.drafts(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]
