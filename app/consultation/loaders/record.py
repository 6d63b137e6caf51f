"""The log of one's own questions, and who asked back: one statement a batch."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.consultation.reads import record
from app.consultation.reads.record import Log
from app.core.db import now
from app.graph.context import Loader


class Dated(NamedTuple):
    log: Log
    read_at: datetime


class OwnLogOfQuestion(Loader[UUID, Dated | None]):
    """In its final order, with the database's time; None for everybody but the asker and who acts for her."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Dated | None]:
        viewer = self.context.viewer
        if viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = await record.own_logs(session, viewer, keys)
            read_at = now(session)
        return [Dated(found[key], read_at) if key in found else None for key in keys]


class InquirerOf(Loader[UUID, UUID | None]):
    """The lawyer who asked back, None where the wall hides her."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[UUID | None]:
        async with self.context.read() as session:
            found = await record.inquirers(session, keys)
        return [found.get(key) for key in keys]
