"""Edges in batches, one statement each, under the viewer's own visibility."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from app.accounts.reads import post
from app.appointments import reads
from app.graph.context import Loader


class AppointmentById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.appointments(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class LatestOf(Loader[UUID, Any | None]):
    """The appointment that has taken the place of this one by now; itself, where none has."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.first: row for row in await reads.latest(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class MovesOf(Loader[UUID, list[Any]]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        if self.context.viewer is None:
            return [[] for _ in keys]
        found: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await reads.moves(session, self.context.viewer, keys):
                found[row.appointment].append(row)
        return [found[key] for key in keys]


class ServiceById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.service_rows(session, keys)}
        return [found.get(key) for key in keys]


class CalendarById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.calendar_rows(session, keys)}
        return [found.get(key) for key in keys]


class CalendarsAt(Loader[UUID, list[Any]]):
    """Of an institution, those whose time can be booked."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        found: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await reads.kept_at(session, keys):
                found[row.institution].append(row)
        return [found[key] for key in keys]


class WorksAt(Loader[tuple[()], UUID | None]):
    """The institution at which the viewer has her post."""

    async def batch_load_fn(self, keys: list[tuple[()]]) -> list[UUID | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            row = await post(session, self.context.viewer)
        return [row.institution if row else None] * len(keys)
