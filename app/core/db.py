"""One door to PostgreSQL: a transaction in somebody's name.

Its first statement says who is asking (`saying.py`), learns what time it is, because deadlines are decided by the
database's clock alone, and whether the device that asks is still signed in.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Self, TypeVar, cast
from uuid import UUID, uuid4

import orjson
from sqlalchemy import Executable, Uuid, any_, bindparam, event, func, select, text
from sqlalchemy import cast as cast_to
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from app.core import saying
from app.core.access import SessionEnded, Viewer
from app.core.rows import Rows
from app.core.sending import Line, Parameters, bound

__all__ = [
    "IDS",
    "NOBODY",
    "Database",
    "Session",
    "Statements",
    "Who",
    "address",
    "clock",
    "connect",
    "door",
    "now",
    "one_at_a_time",
]

D = TypeVar("D")
NOBODY: Final = ""
"""Must be said aloud: a session without a person raises."""

Who = Viewer | UUID | str
"""A viewer acts as long as her device is signed in; a person alone is one whom the house itself speaks for."""

_DOES_MORE = re.compile(r"\bFOR (?:NO KEY |KEY )?(?:UPDATE|SHARE)\b|\b(?:door\.|pg_\w*lock|set_config|nextval)")
"""In a SELECT: it locks, says something, or calls what may write."""


@lru_cache(maxsize=2000)
def _looks_only(statement: str) -> bool:
    """Whether a statement is known to change nothing and to hold nothing that others wait for."""
    return statement.lstrip().startswith("SELECT") and not _DOES_MORE.search(statement)


@dataclass
class Statements:
    """How many statements were sent in somebody's name; saying who is asking is not one of them."""

    count: int = 0


Listener = Callable[[str, Sequence[Any]], None]
"""Who hears what is sent, and with which values: tests, and what measures."""


class Session:
    """A transaction in somebody's name, on one connection. `rows` sends a statement."""

    def __init__(
        self, engine: AsyncEngine, who: Who, statements: Statements | None = None, listeners: Sequence[Listener] = ()
    ) -> None:
        person, device = (who.id, who.sign_in) if isinstance(who, Viewer) else (who, None)
        self.info: dict[str, Any] = {"person": person, "sign_in": device, "topics": set()}
        self._engine, self._statements, self._listeners = engine, statements or Statements(), listeners
        self._only_looked = True
        self._line: Line | None = None

    async def begin(self, *, loosely: bool = False) -> None:
        """Says who is asking. Raises SessionEnded for a viewer whose device was signed out.

        `loosely`: only to look. Each look stands alone then and says again who asks, but for nobody, which is what a
        connection has anyway; the transaction begins with the first statement that does more.
        """
        self._line = await Line.lent(self._engine)
        try:
            await self._say_who(self._line, loosely=loosely and self._line.keeps)
        except BaseException:
            await self.rollback()
            raise

    async def _say_who(self, line: Line, *, loosely: bool = False) -> None:
        if not loosely:
            await line.begin()
        device, said = self.info["sign_in"], [str(self.info["person"])]
        how, said = (saying.ON_A_DEVICE, [*said, device]) if device else (saying.IN_A_TRANSACTION, said)
        self._told(how, said)
        ((_, self.info["now"], signed_in),) = await line.send(how, said)
        if not signed_in:
            raise SessionEnded

    async def commit(self) -> None:
        line, self._line = self._line, None
        if line is not None:  # it may be over already
            await line.commit()

    async def rollback(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await line.rollback()

    async def __aenter__(self) -> Self:
        await self.begin()
        return self

    async def __aexit__(self, *_: object) -> None:
        """What was not committed is rolled back."""
        await self.rollback()

    async def rows(self, statement: Executable, parameters: Parameters | list[dict[str, Any]] | None = None) -> Rows:
        """Sends a statement; several parameters send it once for each, and nothing is told of what they give."""
        many = parameters if isinstance(parameters, list) else [parameters or {}]
        first: Parameters = many[0]
        known = bound(statement, tuple(first), self._engine.dialect)
        shape = known.shape
        self._statements.count += 1
        if self._only_looked and not _looks_only(shape.sql):
            self._only_looked = False
            if not self._here.begun:
                await self._say_who(self._here)
        sql, values = shape.filled(known.defaults, first)
        self._told(sql, values)
        if len(many) > 1:
            await self._here.send_each(sql, [shape.filled(known.defaults, one)[1] for one in many])
            return Rows((), [])
        if not self._here.begun and (person := str(self.info["person"])):
            sql, values = saying.by_somebody(sql, len(values)), [*values, person]
        return cast("Rows", await self._here.send(sql, values, shape))

    async def told(self, sql: str, *values: Any) -> list[Any]:
        """What PostgreSQL answers to a text of its own language (`$1`): for looking at plans."""
        return cast("list[Any]", await self._here.send(sql, values))

    @property
    def _here(self) -> Line:
        if self._line is None:
            raise RuntimeError("the transaction has not begun, or is over")
        return self._line

    def _told(self, sql: str, values: Sequence[Any]) -> None:
        for listener in self._listeners:
            listener(sql, values)

    @property
    def only_looked(self) -> bool:
        """Whether all that was sent so far is known to have changed nothing, locked nothing and told nobody."""
        return self._only_looked and not self.info["topics"]

    def news(self, topic: UUID) -> None:
        """Ring for this topic once the transaction has committed."""
        self.info["topics"].add(topic)


def door(session: Session, kind: type[D]) -> D:
    """A client of the world outside, by its class: for reactions, which are given nothing but a session."""
    return cast("D", session.info["doors"][kind])


def now(session: Session) -> datetime:
    """The database's time at the start of this transaction."""
    moment: datetime = session.info["now"]
    return moment


ALONE: Final = "pg_advisory_xact_lock(hashtextextended(:alone, 0))"
"""In SQL: for a statement that does other things too."""
_ALONE: Final = text(f"SELECT {ALONE}")


async def one_at_a_time(session: Session, what: str) -> None:
    """Whoever else says the same waits until this transaction has ended: for counting before adding."""
    await session.rows(_ALONE, {"alone": what})


def clock() -> Any:
    """The same, in SQL."""
    return func.app.clock()


def these(name: str) -> Any:
    """Some ids in a statement that is built once for all (`column == these("ids")`): each time it is sent, `name` says
    which. One array, so that the text is the same for any number, and prepared once.

    Behind a SELECT of its own, or the planner would look at how many there are, and for that plan anew each time.
    """
    given = select(bindparam(name, type_=ARRAY(Uuid))).scalar_subquery()
    return any_(cast_to(given, ARRAY(Uuid)))


IDS: Final = these("ids")
"""The rows that are wanted."""

Ring = Callable[[Iterable[UUID]], Awaitable[None]]


async def _silence(_: Iterable[UUID]) -> None:
    pass


class Database:
    def __init__(
        self, engine: AsyncEngine, ring: Ring = _silence, doors: Mapping[type[Any], Any] | None = None
    ) -> None:
        """`doors`: clients of the world outside by their classes, for who acts in a session of this database."""
        self.engine = engine
        self.listeners: list[Listener] = []
        self._ring = ring
        self._doors = doors or {}

    def door(self, kind: type[D]) -> D:
        """A client of the world outside, by its class."""
        return cast("D", self._doors[kind])

    @asynccontextmanager
    async def acting(
        self, who: Who, statements: Statements | None = None, *, loosely: bool = False
    ) -> AsyncIterator[Session]:
        """One transaction in somebody's name: commits on the way out, rolls back on any error.

        What it sends is counted in `statements`; `loosely` as for `Session.begin`. Raises SessionEnded for a viewer
        whose device was signed out.
        """
        session = Session(self.engine, who, statements, self.listeners)
        session.info["doors"] = self._doors
        await session.begin(loosely=loosely)
        try:
            yield session
        except BaseException:
            await session.rollback()
            raise
        await session.commit()
        if topics := session.info["topics"]:
            await self._ring(topics)


def connect(url: str, *, pool: int = 20, pooler: bool = False) -> AsyncEngine:
    """An engine on asyncpg. With a pooler in transaction mode between, prepared statements are not kept.

    No overflow: such a connection is closed after one use, and under load making new ones costs more than the work.
    """
    options: dict[str, Any] = {"command_timeout": 15}
    if pooler:
        options |= {
            "statement_cache_size": 0,
            "prepared_statement_cache_size": 0,
            "prepared_statement_name_func": lambda: f"p{uuid4().hex}",
        }
    # The last to come back is the next to go: what it prepared is at hand, and what a crowd opened sleeps on.
    sizes: dict[str, Any] = {"pool_size": pool, "max_overflow": 0, "pool_timeout": 15, "pool_use_lifo": True}
    engine = create_async_engine(
        address(url), connect_args=options, hide_parameters=True, json_deserializer=orjson.loads, **sizes
    )
    event.listen(engine.sync_engine, "checkout", _still_there)
    if pooler:
        event.listen(engine.sync_engine, "connect", _pooled)
    return engine


def address(url: str) -> URL:
    """libpq's form as SQLAlchemy's asyncpg takes it: the words of `sslmode` are those of its `ssl`."""
    parsed = make_url(url).set(drivername="postgresql+asyncpg")
    wanted = parsed.query.get("sslmode")
    return parsed.difference_update_query(["sslmode"]).update_query_dict({"ssl": wanted}) if wanted else parsed


def _pooled(_: Any, record: ConnectionPoolEntry) -> None:
    record.info["pooled"] = True


def _still_there(connection: Any, *_: Any) -> None:
    """What pool_pre_ping would ask the server in three round trips, each time: the socket knows when it was closed."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError
