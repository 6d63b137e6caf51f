"""Applications, their steps, assignments and drafts in batches, one statement each."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from app.accounts.reads import post
from app.applications import reads
from app.graph.context import Loader
from app.vault.models import Basis
from app.vault.reads import bases


class ApplicationById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.applications(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class StepsOf(Loader[UUID, list[Any]]):
    """In their order; none for who does not read the application."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        if self.context.viewer is None:
            return [[] for _ in keys]
        found: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await reads.steps(session, self.context.viewer, keys):
                found[row.application].append(row)
        return [found[key] for key in keys]


class AssignmentById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.assignments(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class BasisOf(Loader[UUID, Basis | None]):
    """On what ground the viewer reads an application, if she does."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Basis | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = await bases(session, self.context.viewer, keys)
        return [found.get(key) for key in keys]


class Attended(Loader[UUID, bool]):
    """Whether somebody of its institution can handle it."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[bool]:
        async with self.context.read() as session:
            found = await reads.attended(session, keys)
        return [key in found for key in keys]


class ViewersPost(Loader[UUID, Any | None]):
    """The viewer's own post, asked for by her id."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            mine = await post(session, self.context.viewer)
        return [mine] * len(keys)
