"""News of one thing that has readers: the subscription that follows it and its polling twin, alike in every room."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID

from app.core import feed
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, Refused, refuse
from app.graph import live, refusals
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.live import Frame

T = TypeVar("T")


@dataclass(frozen=True)
class Story(Generic[T]):
    """`kind` and `field`: what its id stands for, and the argument that says it. `read` gives the rows with these ids
    that the viewer sees; `show` makes a frame of the graph's."""

    kind: str | Collection[str]
    field: str
    read: Callable[[Session, Viewer, list[UUID]], Awaitable[Sequence[Any]]]
    show: Callable[[Info, Frame], T]

    async def look(self, info: Info, said: str, after: str | None) -> T:
        """Refuses BAD_ID and NOT_FOUND."""
        id = uuid_of(said, self.kind, self.field)
        news, find = partial(feed.of_subject, subject=id), partial(self._standing, viewer(info), id)
        frame = await live.look(info.context, news, feed.cursor(after), find)
        if frame.found is None:
            raise refuse(NOT_FOUND, self.field)
        return self.show(info, frame)

    async def follow(self, info: Info, said: str, after: str | None) -> AsyncGenerator[T | refusals.Refused, None]:
        """As it stands, then its news. Ends with a refusal, at the latest once it is no longer the viewer's to read."""
        try:
            id, start = uuid_of(said, self.kind, self.field), feed.cursor(after)
        except Refused as refused:
            yield refusals.Refused.of(refused, info.context.language)
            return
        news, find = partial(feed.of_subject, subject=id), partial(self._standing, viewer(info), id)
        async for frame in live.follow(info.context, id, news, start, find):
            info.context.forget()
            if frame.found is None:
                yield refusals.Refused.of(refuse(NOT_FOUND, self.field), info.context.language)
                return
            yield self.show(info, frame)

    async def _standing(
        self, viewer: Viewer, id: UUID, session: Session, _events: Sequence[Any], _first: bool
    ) -> Any | None:
        rows = await self.read(session, viewer, [id])
        return rows[0] if rows else None
