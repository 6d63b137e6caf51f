"""Mediations, and what belongs to them, in batches, one statement each."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from app.core.access import Viewer
from app.core.db import Session
from app.graph.context import Loader
from app.mediation import reads

Read = Callable[[Session, Viewer, Iterable[UUID]], Awaitable[Sequence[Any]]]


class MediationById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.mediations(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class MediationOf(Loader[UUID, Any | None]):
    """What was opened for an application."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            rows = await reads.of_applications(session, self.context.viewer, keys)
        found = {row.application: row for row in rows}
        return [found.get(key) for key in keys]


class _Of(Loader[UUID, list[Any]]):
    """What belongs to a mediation, in its order."""

    read: ClassVar[Read]
    by: ClassVar[str] = "mediation"

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        if self.context.viewer is None:
            return [[] for _ in keys]
        found: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await type(self).read(session, self.context.viewer, keys):
                found[getattr(row, self.by)].append(row)
        return [found[key] for key in keys]


class InvitationsOf(_Of):
    read = reads.invitations


class RecordsOf(_Of):
    read = reads.records


class AgreementsOf(_Of):
    read = reads.agreements


class TermsOf(_Of):
    read = reads.terms
    by = "agreement"


class AssentsOf(_Of):
    read = reads.assents


class ConfirmationsOf(_Of):
    read = reads.confirmations


class CalledOf(Loader[UUID, str | None]):
    """How the mediator of a mediation is called, for who reads it."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[str | None]:
        async with self.context.read() as session:
            found = await reads.called(session, keys)
        return [found.get(key) for key in keys]
