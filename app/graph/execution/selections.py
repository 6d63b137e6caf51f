"""A selection set of one type, for all the objects of a level at once."""

from asyncio import create_task, gather
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from graphql.execution.executor import Executor

from app.graph.execution.fields import Field
from app.graph.execution.levels import Level
from app.graph.execution.shapes import Slot
from app.graph.execution.together import Failed, together
from app.graph.execution.writing import Shaped, depth_of, written

Run = Executor[Any]
Object = dict[str, Any] | Failed


class Selection:
    """Fields in their order. Those that only look at the object itself, and at what hangs on it, are one loop, written
    once; each other is a column of its own, beside its siblings."""

    def __init__(
        self, type_name: str, fields: Sequence[tuple[Field, Slot]], typenames: Sequence[tuple[int, str]]
    ) -> None:
        """`typenames`: the names under which `__typename` is asked for, each with its place among all."""
        depths = [depth_of(field, slot) for field, slot in fields]
        self.fields = list(fields)
        self._columns = [one for one, depth in zip(fields, depths, strict=True) if depth is None]
        self.plain = [one for one, depth in zip(fields, depths, strict=True) if depth is not None]
        self.depth = None if self._columns else max((depth for depth in depths if depth is not None), default=0)
        keys = [field.key for field, _ in fields]
        for place, key in typenames:
            keys.insert(place, key)
        self.empty = {key: None for key in keys} | {key: type_name for _, key in typenames}
        self._alone = False

    @cached_property
    def _written(self) -> tuple[Shaped, list[Field]]:
        return written(self)

    @property
    def waits(self) -> bool:
        """Whether anything of it may have to be waited for."""
        return bool(self._columns)

    def let_root_alone(self) -> None:
        """Of an operation: the same for what is below its only field."""
        if len(self.fields) == 1 and (below := self.fields[0][1].below) is not None:
            below.let_alone()

    def let_alone(self) -> None:
        """Said where nothing else is asked for meanwhile. If there is but one way to go on from here, its edges need
        not wait for others to fill their batches, and are loaded one after the other."""
        ways = [slot.below for _, slot in self._columns if slot.waits]
        if len(ways) <= 1 and all(field.is_edge for field, _ in self._columns):
            self._alone = True
            for below in ways:
                if below is not None:
                    below.let_alone()

    async def objects(self, run: Run, sources: Sequence[Any], level: Level) -> list[Object]:
        """What the answer says of each source, or Failed where null came to a place that takes none."""
        columns = self._columns
        try:
            shaped, asking = self._written
            found = shaped(sources, [field.arguments(run) for field in asking])
        except Exception:
            # Somebody has no such value, or one that cannot be said: each on its own, to tell whose.
            found = [dict(self.empty) for _ in sources]
            columns = self.fields
        for field, values in zip(columns, await self._side_by_side(run, columns, sources, level), strict=True):
            _filled(found, field[0].key, values)
        return found

    async def root(self, run: Run, source: Any, level: Level, *, serially: bool) -> Object:
        """The operation's own fields: a mutation's one after the other, others each in a task of its own."""
        found: list[Object] = [dict(self.empty)]
        if serially or len(self.fields) == 1:
            for field, slot in self.fields:
                _filled(found, field.key, await _column(run, field, slot, [source], level))
                if found[0].__class__ is Failed:
                    break
            return found[0]
        tasks = [create_task(_column(run, field, slot, [source], level)) for field, slot in self.fields]
        try:
            columns = await gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
        for (field, _), values in zip(self.fields, columns, strict=True):
            _filled(found, field.key, values)
        return found[0]

    async def _side_by_side(
        self, run: Run, columns: Sequence[tuple[Field, Slot]], sources: Sequence[Any], level: Level
    ) -> list[list[Any]]:
        if self._alone:
            return [await _column(run, field, slot, sources, level, alone=True) for field, slot in columns]
        started = [_column(run, field, slot, sources, level) for field, slot in columns]
        done = await together(started) if started else []
        for values in done:
            if values.__class__ is Failed:
                raise values.error  # A fault of this house, not of a field: those are in the values.
        return done


async def _column(
    run: Run, field: Field, slot: Slot, sources: Sequence[Any], level: Level, *, alone: bool = False
) -> list[Any]:
    here = Level(level, key=field.key, owner=field.owner.name)
    return await slot.fill(run, field, await field.values(run, sources, here, alone=alone), here)


def _filled(found: list[Object], key: str, values: Sequence[Any]) -> None:
    if Failed not in map(type, found) and Failed not in map(type, values):
        for one, value in zip(found, values, strict=True):
            one[key] = value  # type: ignore[index]
        return
    for index, value in enumerate(values):
        one = found[index]
        if one.__class__ is Failed:
            continue
        if value.__class__ is Failed:
            found[index] = value
        else:
            one[key] = value  # type: ignore[index]
