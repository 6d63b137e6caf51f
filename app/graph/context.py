"""What one GraphQL operation carries from the door to every resolver."""

from __future__ import annotations

from asyncio import Future
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, Protocol, TypeVar, cast
from uuid import UUID

import strawberry
from aiodataloader import DataLoader, dispatch_queue_batch
from aiodataloader import Loader as Asked

from app.core.access import OFFICES, Viewer
from app.core.db import NOBODY, Database, Session, Statements, Who, now
from app.core.errors import Language
from app.core.looks import Looks
from app.graph.clients import UNKNOWN, Client
from app.graph.documents import Admitted
from app.graph.limits import RESIDENT, Allowance
from app.graph.outlets import Outlet
from app.graph.trusted import UNASKED, Trusted
from app.graph.wake import Wake

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D")
L = TypeVar("L", bound="Loader[Any, Any]")


class Socket(Protocol):
    """The live connection an operation came over: whose it is may be renewed, never changed."""

    viewer: Viewer | None
    subscriptions: int

    def renew(self, expires_in: float) -> None:
        """Keep the connection until the new token's end, `expires_in` seconds from now."""
        ...


@dataclass
class Context:
    db: Database
    wake: Wake
    doors: Mapping[type[Any], Any]
    viewer: Viewer | None
    language: Language
    address: str
    """The client's address; only ever stored as a keyed digest."""
    socket: Socket | None = None
    connection_params: dict[str, Any] = field(default_factory=dict)
    client: Client = UNKNOWN
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    """The database's time at the last look, for what is shown with it."""
    traceparent: str = ""
    """W3C Trace Context of the request, as it was sent."""
    allowance: Allowance = RESIDENT
    """What one document may ask for."""
    trusted: Trusted = UNASKED
    """Which documents client builds have registered."""
    registered: bool | None = None
    """Whether this operation's is one of them, where somebody asks."""
    admitted: Admitted | None = None
    """The document of this operation."""
    cost: int | None = None
    """What the operation's document costs, once it was measured."""
    statements: Statements = field(default_factory=Statements)
    """What this operation sent to the database, its loaders' included."""
    outlet: Outlet | None = None
    """Where frames go out that were made together with others'."""
    refused: list[str] = field(default_factory=list)
    """Codes of the refusals that became members of payloads."""
    _loaders: dict[type[Loader[Any, Any]], Loader[Any, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.looks = Looks(self.db, self.statements)
        """Its reads; a context of its own for each operation has its own."""

    def for_operation(self) -> Context:
        """Operations of one socket share nothing but who is asking; that may have been renewed since."""
        viewer = self.socket.viewer if self.socket else self.viewer
        return replace(self, viewer=viewer, cost=None, statements=Statements(), refused=[], _loaders={})

    def door(self, kind: type[D]) -> D:
        """A client of the world outside (or the KeyProvider), by its class."""
        return cast("D", self.doors[kind])

    @property
    def is_staff(self) -> bool:
        return self.viewer is not None and not self.viewer.roles.isdisjoint(OFFICES)

    @property
    def person(self) -> UUID | str:
        return self.viewer.id if self.viewer else NOBODY

    def loader(self, kind: type[L]) -> L:
        """This operation's loader of that kind, made on first use."""
        if kind not in self._loaders:
            self._loaders[kind] = kind(self)
        return cast("L", self._loaders[kind])

    @asynccontextmanager
    async def acting(self, who: Who) -> AsyncIterator[Session]:
        """A transaction in somebody else's name: of one who is only now signing in."""
        async with self.looks.beside(), self.db.acting(who, self.statements) as session:
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """To look in, one after the other of this operation; nothing but its session is awaited meanwhile."""
        async with self.looks.look(self.viewer or NOBODY) as session:
            self.now = now(session)
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        """The mutation's transaction; what was loaded before it is forgotten."""
        async with self.acting(self.viewer or NOBODY) as session:
            self.now = now(session)
            yield session
        self.forget()

    def over(self) -> None:
        """What was loaded is let go of: graphql-core's executor is a circle that holds the context, and only the
        collector of garbage finds it."""
        for loader in self._loaders.values():
            loader.clear_all()
        self._loaders.clear()

    def forget(self) -> None:
        for kind in [kind for kind in self._loaders if not kind.lasting]:
            del self._loaders[kind]


Info = strawberry.Info[Context, None]


class Loader(DataLoader[K, V], Generic[K, V]):
    """A batch of keys in, the same number of values out, in one statement."""

    lasting: ClassVar[bool] = False
    """True for what never changes: a live stream need not load it again for every frame."""

    def __init__(self, context: Context) -> None:
        self._asked: dict[Any, Future[V]] = {}
        super().__init__(cache_map=self._asked)
        self.context = context

    async def load_all(self, keys: Iterable[K], *, alone: bool = False) -> list[V | Exception]:
        """In one batch with what is loaded beside it: of each key what `load` gives, or the error that it raises.

        `alone`: nothing is loaded beside it, and nobody needs to be waited for.
        """
        known, asked, new = self._asked, [], []
        for key in keys:
            if (one := known.get(key)) is None:
                one = known[key] = self.loop.create_future()
                new.append(Asked(key, one))
            asked.append(one)
        if alone and new:
            await dispatch_queue_batch(self, new)
        else:
            for key, one in new:
                self.do_resolve_reject(key, one)
        for one in asked:
            if not one.done():
                with suppress(Exception):  # it is told below
                    await one
        try:
            return [one.result() for one in asked]
        except Exception:
            return [one.exception() or one.result() for one in asked]  # type: ignore[misc]


def viewer(info: Info) -> Viewer:
    """The signed-in viewer; call only behind a permission that demands one."""
    assert info.context.viewer is not None
    return info.context.viewer
