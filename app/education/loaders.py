"""Articles, their versions and what the viewer did with them, one statement a batch."""

from typing import Any
from uuid import UUID

from app.education import reads
from app.education.reads import donating, pushing
from app.graph.context import Loader


class ArticleById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        async with self.context.read() as session:
            found = {row.article: row for row in await reads.articles(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class VersionsOf(Loader[UUID, list[Any]]):
    """The newest first."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[list[Any]]:
        async with self.context.read() as session:
            rows = await reads.versions(session, self.context.viewer, keys)
        return [[row for row in rows if row.article == key] for key in keys]


class ReadingOf(Loader[UUID, Any | None]):
    """The viewer's own."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        viewer = self.context.viewer
        if viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.article: row for row in await reads.readings(session, viewer, keys)}
        return [found.get(key) for key in keys]


class CampaignById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        async with self.context.read() as session:
            found = {row.id: row for row in await pushing.campaigns(session, self.context.viewer, keys)}
        return [found.get(key) for key in keys]


class ResultsOf(Loader[UUID, Any | None]):
    """What came of a campaign."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        async with self.context.read() as session:
            found = await pushing.results(session, keys)
        return [found.get(key) for key in keys]


class PushOf(Loader[UUID, Any | None]):
    """The viewer's own, by its campaign."""

    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        viewer = self.context.viewer
        if viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.campaign: row for row in await pushing.pushes(session, viewer, keys)}
        return [found.get(key) for key in keys]


class DonationById(Loader[UUID, Any | None]):
    async def batch_load_fn(self, keys: list[UUID]) -> list[Any | None]:
        viewer = self.context.viewer
        if viewer is None:
            return [None] * len(keys)
        async with self.context.read() as session:
            found = {row.id: row for row in await donating.donations(session, viewer, keys)}
        return [found.get(key) for key in keys]
