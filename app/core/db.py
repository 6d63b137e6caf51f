"""One door to PostgreSQL: a transaction in somebody's name.

Its first statement says who is asking (row-level security asks `app.person()`), learns what time it is, because
deadlines are decided by the database's clock alone, and whether the device that asks is still signed in. What it says
ends with the transaction, also behind a pooler.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, TypeVar, cast
from uuid import UUID, uuid4

from sqlalchemy import Connection, Executable, Uuid, any_, bindparam, event, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import URL, CursorResult, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlmodel import Session as SyncSession
from sqlmodel.ext.asyncio.session import AsyncSession

from app.core.access import SessionEnded, Viewer

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

_SAY_WHO = text("SELECT set_config('app.person', :person, true), app.clock(), true")
# The name is the question's own argument: whatever the planner does, it is said before the sign-in is looked for.
_SAY_WHO_ON = text(
    "SELECT NULL, app.clock(), door.signed_in(:sign_in, CAST(set_config('app.person', :person, true) AS uuid))"
)


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


class _Said(SyncSession):
    pass


@event.listens_for(_Said, "after_begin")
def _say_who(session: SyncSession, transaction: Any, connection: Connection) -> None:
    if not getattr(transaction, "nested", False):  # a savepoint inherits it
        # Whoever had this connection before pays for nothing of ours.
        connection.info["statements"] = connection.info["said"] = None
        device, said = session.info["sign_in"], {"person": str(session.info["person"])}
        how, said = (_SAY_WHO_ON, said | {"sign_in": device}) if device else (_SAY_WHO, said)
        _, session.info["now"], signed_in = connection.execute(how, said).one()
        if not signed_in:
            raise SessionEnded
        connection.info["statements"] = session.info["statements"]
        connection.info["said"] = session.info


def _count(connection: Connection, _: Any, statement: str, *__: Any) -> None:
    if (statements := connection.info.get("statements")) is not None:
        statements.count += 1
    if (said := connection.info.get("said")) is not None and not _looks_only(statement):
        said["only_looked"] = False


class Session(AsyncSession):
    """SQLModel's session; `rows` runs a Core statement, `exec` a typed select."""

    def __init__(self, engine: AsyncEngine, who: Who, statements: Statements | None = None) -> None:
        person, device = (who.id, who.sign_in) if isinstance(who, Viewer) else (who, None)
        info: dict[str, Any] = {"person": person, "sign_in": device, "topics": set(), "statements": statements}
        info["only_looked"] = True
        super().__init__(engine, expire_on_commit=False, sync_session_class=_Said, info=info)
        self._connection: AsyncConnection | None = None

    async def started(self) -> None:
        """Says who is asking; from now on what is sent goes over one connection, until the transaction ends."""
        self._connection = await self.connection()

    async def rows(self, statement: Executable, parameters: Any = None) -> CursorResult[*tuple[Any, ...]]:
        """A Core statement, read or write. (SQLModel deprecates `execute`, and `exec` is for selects.)"""
        connection = self._connection
        if connection is None or self.in_nested_transaction():  # a savepoint is only made when it is asked for
            connection = await self.connection()
        return await connection.execute(statement, parameters)

    @property
    def only_looked(self) -> bool:
        """Whether all that was sent so far is known to have changed nothing, locked nothing and told nobody."""
        return bool(self.info["only_looked"]) and not self.info["topics"]

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


async def one_at_a_time(session: Session, what: str) -> None:
    """Whoever else says the same waits until this transaction has ended: for counting before adding."""
    lock = func.pg_advisory_xact_lock(func.hashtextextended(literal(what), 0))
    await session.rows(select(lock))


def clock() -> Any:
    """The same, in SQL."""
    return func.app.clock()


IDS: Final = any_(bindparam("ids", type_=ARRAY(Uuid)))
"""The rows that are wanted, in a statement that is built once for all (`column == IDS`): each time it is sent, `ids`
says which. One array, so that the text is the same for any number, and prepared once."""

Ring = Callable[[Iterable[UUID]], Awaitable[None]]


async def _silence(_: Iterable[UUID]) -> None:
    pass


class Database:
    def __init__(
        self, engine: AsyncEngine, ring: Ring = _silence, doors: Mapping[type[Any], Any] | None = None
    ) -> None:
        """`doors`: clients of the world outside by their classes, for who acts in a session of this database."""
        self.engine = engine
        self._ring = ring
        self._doors = doors or {}

    def door(self, kind: type[D]) -> D:
        """A client of the world outside, by its class."""
        return cast("D", self._doors[kind])

    @asynccontextmanager
    async def acting(self, who: Who, statements: Statements | None = None) -> AsyncIterator[Session]:
        """One transaction in somebody's name: commits on the way out, rolls back on any error.

        What it sends is counted in `statements`. Raises SessionEnded for a viewer whose device was signed out.
        """
        session = Session(self.engine, who, statements)
        session.info["doors"] = self._doors
        try:
            async with session.begin():
                await session.started()
                yield session
        except BaseException:
            await session.__aexit__(None, None, None)
            raise
        session.sync_session.close()  # has nothing to wait for: the transaction has ended, its connection is back
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
    engine = create_async_engine(
        address(url), pool_size=pool, max_overflow=0, pool_timeout=15, connect_args=options, hide_parameters=True
    )
    event.listen(engine.sync_engine, "checkout", _still_there)
    event.listen(engine.sync_engine, "before_cursor_execute", _count)
    return engine


def address(url: str) -> URL:
    """libpq's form as SQLAlchemy's asyncpg takes it: the words of `sslmode` are those of its `ssl`."""
    parsed = make_url(url).set(drivername="postgresql+asyncpg")
    wanted = parsed.query.get("sslmode")
    return parsed.difference_update_query(["sslmode"]).update_query_dict({"ssl": wanted}) if wanted else parsed


def _still_there(connection: Any, *_: Any) -> None:
    """What pool_pre_ping would ask the server in three round trips, each time: the socket knows when it was closed."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError
