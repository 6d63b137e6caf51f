"""Lawyers, firms, applications, records of the register and counts in batches, one statement each."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.accounts.reads import posts
from app.directory import reads
from app.directory.reads import FirmRow, LawyerRow, applying, opening, points, register
from app.directory.rules.register import KEEPERS
from app.graph.context import Loader
from app.places.rules.workdays import Calendar


class LawyerById(Loader[UUID, LawyerRow | None]):
    """With the firm; whatever her standing, None for an unknown id."""

    def came_with(self, rows: Iterable[Any]) -> None:
        """Who was read beside rows (`reads.with_lawyer`) need not be asked for again; `lawyer` is her id."""
        for row in rows:
            self.prime(row.lawyer, reads.lawyer_beside(row))

    async def batch_load_fn(self, keys: list[UUID]) -> list[LawyerRow | None]:
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.lawyers(session, keys)}
        return [found.get(key) for key in keys]


class FirmById(Loader[UUID, FirmRow | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[FirmRow | None]:
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.firms(session, keys)}
        return [found.get(key) for key in keys]


class ActiveLawyers(Loader[str, int]):
    """How many active lawyers practise a first-level category."""

    async def batch_load_fn(self, keys: list[str]) -> list[int]:
        async with self.context.read() as session:
            counts = await reads.active_lawyers(session, keys)
        return [counts.get(key, 0) for key in keys]


class ApplicationById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await applying.applications(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class RecordById(Loader[UUID, Any | None]):
    table: Any

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        async with self.context.read() as session:
            rows = await register.records(session, self.context.viewer, self.table, keys)
        found = {row.id: row for row in rows}
        return [found.get(key) for key in keys]


class InstitutionById(RecordById):
    table = register.I


class LegalWorkerById(RecordById):
    table = register.W


class LawyerByLicence(Loader[str, UUID | None]):
    """Of those who answer here."""

    async def batch_load_fn(self, keys: list[str]) -> list[UUID | None]:
        async with self.context.read() as session:
            found = await register.active_by_licence(session, keys)
        return [found.get(key) for key in keys]


class PointOfDivision(Loader[str, Any | None]):
    """Where the staff confirmed it to be."""

    async def batch_load_fn(self, keys: list[str]) -> list[Any | None]:
        async with self.context.read() as session:
            found = {row.division: row for row in await points.points(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class ChangesOf(Loader[UUID, list[Any]]):
    """A record's history, newest first; empty for who does not keep the register."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        viewer = self.context.viewer
        if viewer is None or viewer.roles.isdisjoint(KEEPERS):
            return [[] for _ in keys]
        found: dict[UUID, list[Any]] = {key: [] for key in keys}
        async with self.context.read() as session:
            for row in await register.changes(session, viewer, keys):
                found[row.subject].append(row)
        return [found[key] for key in keys]


class PostOf(Loader[UUID, Any | None]):
    """By the person: one's own, a colleague's; anybody's for who keeps people's files."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.person: row for row in await posts(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class TheCalendar(Loader[tuple[()], Calendar]):
    """There is one, whatever institutions ask for it."""

    async def batch_load_fn(self, keys: list[tuple[()]]) -> list[Calendar]:
        async with self.context.read() as session:
            return [await opening.calendar(session)] * len(keys)
