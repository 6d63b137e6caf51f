"""Fields over rows: what a column says, and what one load gives, without a call for each object of a level.

Both are Strawberry's own fields, and run as such; the compiled executor knows them by their marks.
"""

from collections.abc import Awaitable, Callable, Sequence
from operator import attrgetter
from typing import Any, TypeVar, cast

import strawberry

from app.graph.context import Context, Info, Loader
from app.graph.execution.shortcuts import FOR_ALL, ROW
from app.graph.execution.together import Failed

V = TypeVar("V")
T = TypeVar("T")


class OfRow:
    """An object that was made of a `row` alone: its `column`s are read once somebody asks for them."""

    def __getattr__(self, name: str) -> Any:
        if name == "row":  # it has none yet
            raise AttributeError(name)
        return getattr(self.row, name)


def column(description: str) -> Any:
    """What the row of an `OfRow` says under the field's own name."""
    made: Any = strawberry.field(description=description, metadata={ROW: "row"})
    made.init = False
    return made


def edge(kind: type[Loader[Any, V]], by: str) -> Callable[[Callable[[Any, V], T]], Callable[[Any, Info], Awaitable[T]]]:
    """A resolver that makes something at once of what is loaded. `by`: where an object has the key, e.g. "row.id"."""
    key = attrgetter(by)

    def edge_of(then: Callable[[Any, V], T]) -> Callable[[Any, Info], Awaitable[T]]:
        async def resolve(self: Any, info: Info) -> T:
            return then(self, await info.context.loader(kind).load(key(self)))

        async def for_all(objects: Sequence[Any], context: Context, alone: bool) -> list[Any]:
            found = await context.loader(kind).load_all(map(key, objects), alone=alone)
            try:
                if not any(issubclass(each, Exception) for each in set(map(type, found))):
                    return list(map(then, objects, cast("list[V]", found)))
            except Exception:
                pass  # of one of them: each on its own, to tell whose
            return [_made(then, one, value) for one, value in zip(objects, found, strict=True)]

        resolve.__name__, resolve.__qualname__, resolve.__module__ = then.__name__, then.__qualname__, then.__module__
        resolve.__annotations__ = {"info": Info, "return": then.__annotations__["return"]}
        setattr(resolve, FOR_ALL, for_all)
        return resolve

    return edge_of


def _made(then: Callable[[Any, V], T], one: Any, value: V | Exception) -> T | Failed:
    if isinstance(value, Exception):
        return Failed(value)
    try:
        return then(one, value)
    except Exception as error:
        return Failed(error)
