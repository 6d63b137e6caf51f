"""Keys in batches: one select and at most one line in the ledger a batch."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.core.sealing import KeyProvider
from app.graph.context import Context, Loader
from app.vault import reads
from app.vault.actions.keys import release
from app.vault.models import Access
from app.vault.reads import files, pictures


class DataKey(Loader[UUID, bytes | None]):
    """The key of a question or brief, None where the viewer may not read it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._own: dict[UUID, tuple[str, bytes]] = {}

    def came_with(self, rows: Iterable[Any]) -> None:
        """What `with_own_key` read beside rows, if it did, need not be asked for again; `id` is their subject."""
        self._own.update({row.id: (row.kek, row.wrapped) for row in rows if getattr(row, "kek", None)})

    async def batch_load_fn(self, keys: list[UUID]) -> list[bytes | None]:
        viewer = self.context.viewer
        if viewer is None:
            return [None] * len(keys)
        provider, own = self.context.door(KeyProvider), self._own
        found = {key: provider.unwrap(*own[key], str(key)) for key in keys if key in own}
        if others := [key for key in keys if key not in own]:
            async with self.context.read() as session:
                found |= await release(session, provider, viewer, others)
        return [found.get(key) for key in keys]


class AccessesOf(Loader[UUID, list[Access]]):
    """The ledger of a subject, newest first; empty for everybody but its asker."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Access]]:
        async with self.context.read() as session:
            rows = await reads.accesses(session, keys)
        return [[row for row in rows if row.subject == key] for key in keys]


class StaffReadings(Loader[UUID, list[Any]]):
    """When the staff opened a subject, newest first; empty for everybody but its asker."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        found: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await reads.staff_readings(session, keys):
                found[row.subject].append(row)
        return [found[key] for key in keys]


class FileById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await files.files(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class FilesOf(Loader[UUID, list[Any]]):
    """What hangs on a question, an answer or a message, in its order."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        if self.context.viewer is None:
            return [[] for _ in keys]
        hung: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await files.files_of(session, self.context.viewer, keys):
                hung[row.part].append(row)
        return [hung[key] for key in keys]


class PictureById(Loader[UUID, Any | None]):
    """Of those that everybody may see."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        async with self.context.read() as session:
            found = {row.id: row for row in await pictures.pictures(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]
