"""A selection set of one type, for all the objects of a level at once."""

from asyncio import create_task, gather
from collections.abc import Callable, Sequence
from typing import Any

from graphql.execution.executor import Executor

from app.graph.execution.fields import Field
from app.graph.execution.leaves import coercion, said
from app.graph.execution.levels import Level
from app.graph.execution.shapes import Leaf, Slot
from app.graph.execution.together import Failed, together

Run = Executor[Any]
Object = dict[str, Any] | Failed


class Selection:
    """Fields in their order. Those that only look at the object itself are one comprehension, generated once; each
    other is a column of its own, beside its siblings."""

    def __init__(
        self, type_name: str, fields: Sequence[tuple[Field, Slot]], typenames: Sequence[tuple[int, str]]
    ) -> None:
        """`typenames`: the names under which `__typename` is asked for, each with its place among all."""
        self._all = list(fields)
        self._columns = [(field, slot) for field, slot in fields if not _is_plain(field, slot)]
        keys = [field.key for field, _ in fields]
        for place, key in typenames:
            keys.insert(place, key)
        self._empty = {key: None for key in keys} | {key: type_name for _, key in typenames}
        self._shaped: Callable[[Sequence[Any]], list[Object]] = _generated(
            [(field, slot) for field, slot in fields if _is_plain(field, slot)], self._empty
        )

    async def objects(self, run: Run, sources: Sequence[Any], level: Level) -> list[Object]:
        """What the answer says of each source, or Failed where null came to a place that takes none."""
        columns = self._columns
        try:
            found = self._shaped(sources)
        except Exception:
            # Somebody has no such value, or one that cannot be said: each on its own, to tell whose.
            found = [dict(self._empty) for _ in sources]
            columns = self._all
        for field, values in zip(columns, await self._side_by_side(run, columns, sources, level), strict=True):
            _filled(found, field[0].key, values)
        return found

    async def root(self, run: Run, source: Any, level: Level, *, serially: bool) -> Object:
        """The operation's own fields: a mutation's one after the other, others each in a task of its own."""
        found: list[Object] = [dict(self._empty)]
        if serially or len(self._all) == 1:
            for field, slot in self._all:
                _filled(found, field.key, await _column(run, field, slot, [source], level))
                if found[0].__class__ is Failed:
                    break
            return found[0]
        tasks = [create_task(_column(run, field, slot, [source], level)) for field, slot in self._all]
        try:
            columns = await gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
        for (field, _), values in zip(self._all, columns, strict=True):
            _filled(found, field.key, values)
        return found[0]

    async def _side_by_side(
        self, run: Run, columns: Sequence[tuple[Field, Slot]], sources: Sequence[Any], level: Level
    ) -> list[list[Any]]:
        started = [_column(run, field, slot, sources, level) for field, slot in columns]
        done = await together(started) if started else []
        for values in done:
            if values.__class__ is Failed:
                raise values.error  # A fault of this house, not of a field: those are in the values.
        return done


async def _column(run: Run, field: Field, slot: Slot, sources: Sequence[Any], level: Level) -> list[Any]:
    here = Level(level, key=field.key, owner=field.owner.name)
    return await slot.fill(run, field, await field.values(run, sources, here), here)


def _filled(found: list[Object], key: str, values: Sequence[Any]) -> None:
    for index, value in enumerate(values):
        one = found[index]
        if one.__class__ is Failed:
            continue
        if value.__class__ is Failed:
            found[index] = value
        else:
            one[key] = value  # type: ignore[index]


def _is_plain(field: Field, slot: Slot) -> bool:
    if field.shortcut is None or not isinstance(slot.shape, Leaf):
        return False
    return field.shortcut.attribute is not None or field.shortcut.pure is not None


def _null() -> Any:
    raise TypeError("null")


def _generated(plain: Sequence[tuple[Field, Slot]], keys: dict[str, Any]) -> Callable[[Sequence[Any]], list[Object]]:
    """From sources to dictionaries with all keys in order, those of other columns None so far. Raises for any value
    that is not simply there."""
    scope: dict[str, Any] = {"null": _null}
    says = {key: repr(value) for key, value in keys.items()}
    for number, (field, slot) in enumerate(plain):
        shape, shortcut = slot.shape, field.shortcut
        assert isinstance(shape, Leaf)
        assert shortcut is not None
        scope[f"coerce{number}"] = coercion(shape.kind)
        if shortcut.attribute is not None:
            value = f"one.{shortcut.attribute}"
        else:
            scope[f"get{number}"] = shortcut.pure
            value = f"get{number}(one)"
        name = f"v{number}"
        instead = "null()" if slot.required else "None"
        said_so = said(shape.kind, name, f"coerce{number}")
        says[field.key] = f"({said_so} if ({name} := {value}) is not None else {instead})"
    body = ", ".join(f"{key!r}: {text}" for key, text in says.items())
    made: Callable[[Sequence[Any]], list[Object]] = eval(f"lambda sources: [{{{body}}} for one in sources]", scope)
    return made
