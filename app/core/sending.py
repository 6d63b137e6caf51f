"""SQLAlchemy's statements, sent by asyncpg itself.

SQLAlchemy builds a statement and knows its SQL, its parameters and the types of what comes back; asyncpg sends it. What
lies between the two in SQLAlchemy's own `execute` (a greenlet, an execution context, a cursor of the DBAPI, a result
that knows how to be fetched in parts) costs four times what asyncpg takes for it, and nobody here asks for it.

What a statement comes to is worked out once for each statement object that is kept (`Shape`), and looked up in a cache
by SQLAlchemy's own key for those that are built anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NoReturn, cast
from weakref import WeakKeyDictionary

import asyncpg
from sqlalchemy import ARRAY, Executable, util
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection

from app.core.rows import Columns, Processor, Rows

Parameters = Mapping[str, Any]
_Prepared = tuple[Any, Columns | None]
_Kept = OrderedDict[tuple[str, "Shape | None"], _Prepared]

SHAPES: Final = 2000
PREPARED: Final = 300
"""Statements that one connection keeps; the least recently used goes first."""


class Shape:
    """A compiled statement: its SQL, and how values go in and come out. Any number of statement objects have it."""

    def __init__(self, compiled: Any, dialect: Dialect) -> None:
        if compiled.insert_prefetch or compiled.update_prefetch:
            raise TypeError("a column's default is never made here: every value is said")
        self._compiled, self._dialect = compiled, dialect
        self.sql: str = compiled.string
        self.names: Sequence[str] = compiled.positiontup or ()
        self.grows = bool(compiled.post_compile_params or compiled.literal_execute_params)
        """Whether its text depends on values: the lists of `IN`."""
        self._processors: Mapping[str, Processor] = compiled._bind_processors
        self._keys = {name: bind.key for bind, name in compiled.bind_names.items()}
        self._required = {bind.key for bind in compiled.bind_names if bind.required}

    def defaults(self, extracted: Any, collected: Any) -> dict[str, Any]:
        """The values that a statement object brings with it, by name."""
        said: dict[str, Any] = self._compiled.construct_params(
            extracted_parameters=extracted, escape_names=False, _check=False, _collected_params=collected
        )
        return said

    def filled(self, defaults: Mapping[str, Any], given: Parameters) -> tuple[str, list[Any]]:
        """The text and the values in their order, as asyncpg takes them."""
        if missing := self._required - given.keys():
            raise ValueError(f"no value for {', '.join(sorted(missing))}")
        keys = self._keys
        named = {name: given.get(keys[name], value) for name, value in defaults.items()}
        if not self.grows:
            processors = self._processors
            if not processors:
                return self.sql, [named[name] for name in self.names]
            return self.sql, [_processed(processors.get(name), named[name]) for name in self.names]
        grown = self._compiled._process_parameters_for_postcompile(named)
        processors = {**self._processors, **grown.processors}
        values = named | grown.additional_parameters
        return grown.statement, [_processed(processors.get(name), values[name]) for name in grown.positiontup or ()]

    def columns(self, attributes: Sequence[asyncpg.Attribute]) -> Columns:
        """Names and types of what comes back, as the server says that it sends it."""
        compiled = self._compiled
        known, ordered = compiled._result_columns, compiled._ordered_columns or compiled._textual_ordered_columns
        by_name = {one.keyname: one for one in known}
        keys: list[str] = []
        processors: list[Any] = []
        for place, attribute in enumerate(attributes):
            entry = known[place] if ordered and known else by_name.get(attribute.name)
            keys.append(entry.keyname if entry else attribute.name)
            processors.append(self._reading(entry.type, attribute.type.oid) if entry else None)
        return Columns(keys, processors)

    def _reading(self, kind: Any, oid: int) -> Processor:
        """How a value comes out. SQLAlchemy would copy each list, whatever is in it; asyncpg's own is good."""
        if isinstance(kind, ARRAY) and not kind.as_tuple and self._reading(kind.item_type, oid) is None:
            return None
        return cast("Processor", kind._cached_result_processor(self._dialect, oid))


def _processed(processor: Processor, value: Any) -> Any:
    return value if processor is None else processor(value)


@dataclass(frozen=True)
class Bound:
    """One statement object: its shape, and the values that it brings."""

    shape: Shape
    defaults: Mapping[str, Any]


_shapes: Any = util.LRUCache(SHAPES)
_bound: WeakKeyDictionary[Any, dict[tuple[str, ...], Bound]] = WeakKeyDictionary()


def bound(statement: Executable, names: tuple[str, ...], dialect: Dialect) -> Bound:
    """`names`: of the parameters that come with it, on which the SQL of an INSERT depends."""
    kept = _bound.get(statement)
    if kept is None:
        kept = _bound[statement] = {}
    if (known := kept.get(names)) is None:
        compiling: Any = statement
        compiled, extracted, collected, _ = compiling._compile_w_cache(
            dialect, compiled_cache=_shapes, column_keys=sorted(names)
        )
        shape = _shape(compiled, dialect)
        known = kept[names] = Bound(shape, shape.defaults(extracted, collected))
    return known


def _shape(compiled: Any, dialect: Dialect) -> Shape:
    """It lives as long as SQLAlchemy's own object does."""
    try:
        return compiled._shape  # type: ignore[no-any-return]
    except AttributeError:
        compiled._shape = shape = Shape(compiled, dialect)
        return shape


class Line:
    """One connection, with what was prepared on it, for one transaction."""

    def __init__(self, lent: PoolProxiedConnection, dialect: Dialect, *, keeps: bool) -> None:
        """`keeps`: the server remembers between transactions what was prepared."""
        self._lent, self._dialect, self.keeps = lent, dialect, keeps
        driver: Any = lent.driver_connection
        self._driver = driver
        self._prepared: _Kept = lent.info.setdefault("prepared", OrderedDict())
        self._transaction = driver.transaction()
        self.begun = False
        """Whether there is a transaction; before it, each statement is one of its own."""

    @classmethod
    async def lent(cls, engine: AsyncEngine) -> Line:
        """One of the engine's connections. Raises DBAPIError where none can be made."""
        kinds: Any = engine.dialect.loaded_dbapi
        try:
            lent = await engine.raw_connection()
        except kinds.Error as told:
            raise _as_sqlalchemys(None, told, engine.dialect) from told
        return cls(lent, engine.dialect, keeps=not lent.info.get("pooled"))

    async def begin(self) -> None:
        self.begun = True
        await self._safely(self._transaction.start)

    async def commit(self) -> None:
        """Ends the transaction and gives the connection back."""
        await self._end(self._transaction.commit)

    async def rollback(self) -> None:
        """The same; where the connection is lost, so is what was done, and there is nothing to tell."""
        with suppress(DBAPIError, OSError):
            await self._end(self._transaction.rollback)

    async def _end(self, how: Callable[[], Awaitable[None]]) -> None:
        try:
            if self.begun:
                await self._safely(how)
        except BaseException:
            self._lent.invalidate()
            raise
        self._lent.close()  # has nothing to wait for: the pool finds no transaction of SQLAlchemy's to end

    async def send(self, sql: str, values: Sequence[Any], shape: Shape | None = None) -> Any:
        """What PostgreSQL answers, as `Rows` where a shape says how to read it. Raises DBAPIError."""
        return await self._safely(partial(self._send, sql, values, shape), sql)

    async def send_each(self, sql: str, many: Sequence[Sequence[Any]]) -> None:
        """The same with each of these values, without waiting in between; what they give is not told."""
        await self._safely(partial(self._send_each, sql, many), sql)

    async def _send(self, sql: str, values: Sequence[Any], shape: Shape | None) -> Any:
        prepared, columns = self._known(sql, shape) or await self._prepare(sql, shape)
        found = await prepared.fetch(*values)
        return found if columns is None else Rows(columns.names, columns.rows(found), prepared.get_statusmsg())

    async def _send_each(self, sql: str, many: Sequence[Sequence[Any]]) -> None:
        prepared, _ = self._known(sql, None) or await self._prepare(sql, None)
        await prepared.executemany(many)

    def _known(self, sql: str, shape: Shape | None) -> _Prepared | None:
        if known := self._prepared.get((sql, shape)):
            self._prepared.move_to_end((sql, shape))
        return known

    async def _prepare(self, sql: str, shape: Shape | None) -> _Prepared:
        prepared = await self._driver.prepare(sql)
        made = prepared, shape.columns(prepared.get_attributes()) if shape else None
        if self.keeps:
            self._prepared[sql, shape] = made
            if len(self._prepared) > PREPARED:
                self._prepared.popitem(last=False)
        return made

    async def _safely(self, do: Callable[[], Awaitable[Any]], sql: str | None = None) -> Any:
        """With errors as SQLAlchemy tells them."""
        try:
            return await do()
        except asyncpg.InvalidCachedStatementError as error:
            # The tables have changed since: everything is prepared anew.
            self._prepared.clear()
            self._told(error, sql)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            self._told(error, sql)

    def _told(self, error: Exception, sql: str | None) -> NoReturn:
        adapter: Any = self._lent.dbapi_connection
        kinds: Any = self._dialect.loaded_dbapi
        try:
            adapter._handle_exception(error)
        except kinds.Error as told:
            raise _as_sqlalchemys(sql, told, self._dialect, adapter) from error
        raise error


def _as_sqlalchemys(sql: str | None, told: Any, dialect: Dialect, adapter: Any = None) -> DBAPIError:
    """As its own `execute` would have raised it; without the values, which may be somebody's secret."""
    kinds: Any = dialect.loaded_dbapi
    lost = dialect.is_disconnect(told, adapter, None)
    wrapped: Any = DBAPIError.instance(
        sql, None, told, kinds.Error, hide_parameters=True, connection_invalidated=lost, dialect=dialect
    )
    return cast("DBAPIError", wrapped)
