"""Edges in batches, one statement each, under the viewer's own visibility."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from app.consultation import reads
from app.consultation.rules.policy import Policy
from app.directory.loaders import LawyerById
from app.graph.context import Context, Loader
from app.graph.edges import mentions
from app.vault.loaders import DataKey


def opens(context: Context) -> bool:
    """Whether this operation may ask for what was written: no key is read for what only says how things stand."""
    return mentions(context, "body") or mentions(context, "content")


class QuestionById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            rows = await reads.questions(session, self.context.viewer, keys, with_keys=opens(self.context))
        self.context.loader(DataKey).came_with(rows)
        found = {row.id: row for row in rows}
        return [found.get(key) for key in keys]


class AnswersOfQuestion(Loader[UUID, list[Any]]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        if self.context.viewer is None:
            return [[] for _ in keys]
        answers: dict[UUID, list[Any]] = defaultdict(list)
        with_lawyers = mentions(self.context, "lawyer")
        async with self.context.read() as session:
            rows = await reads.answers_of(session, self.context.viewer, keys, with_lawyers=with_lawyers)
        for row in rows:
            answers[row.question].append(row)
        if with_lawyers:
            self.context.loader(LawyerById).came_with(rows)
        return [answers[key] for key in keys]


class SeatsOfQuestion(Loader[UUID, list[Any]]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        seats: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await reads.seats_of(session, keys):
                seats[row.question].append(row)
        return [seats[key] for key in keys]


class BriefOfQuestion(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.question: row for row in await reads.briefs(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class DraftOfQuestion(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.question: row for row in await reads.draft(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class LogOfQuestion(Loader[UUID, list[Any]]):
    """What happened, oldest first: the promise is computed from it."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        log: dict[UUID, list[Any]] = defaultdict(list)
        async with self.context.read() as session:
            for row in await reads.log_of(session, keys):
                log[row.subject].append(row)
        return [log[key] for key in keys]


class PolicyByVersion(Loader[int, Policy]):
    """Versions are added, never changed."""

    lasting = True

    async def batch_load_fn(self, keys: list[int]) -> list[Policy]:
        async with self.context.read() as session:
            found = await reads.policies(session, keys)
        return [found[key] for key in keys]


class OfferOfQuestion(Loader[UUID, Any | None]):
    """The viewer's own offer on that question."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.question: row for row in await reads.offers(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class SeatById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        if self.context.viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await reads.seats(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]
