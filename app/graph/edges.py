"""Fields over rows: what a column says, and what one load gives, without a call for each object of a level.

Both are Strawberry's own fields, and run as such; the compiled executor knows them by their marks. Where rows are wide
and pages long, `columns_for` says which columns an operation can ask for.
"""

import re
from collections.abc import Awaitable, Callable, Hashable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar, cast

import strawberry
from strawberry.types.base import get_object_definition
from strawberry.utils.str_converters import to_camel_case

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


_COLUMNS = "columns"
_WORD = re.compile(r"[_A-Za-z]\w*", re.ASCII)


def reading(*columns: str) -> dict[str, Any]:
    """The metadata of a field whose resolver looks at these columns of its object's row, and at no others."""
    return {_COLUMNS: columns}


def mentions(context: Context, name: str) -> bool:
    """Whether this operation may ask for a field of that name somewhere."""
    return _mentions(document, name) if (document := _document(context)) else True


def columns_for(context: Context, kind: type[OfRow]) -> frozenset[str] | None:
    """The columns that this operation can ask objects of this type for; None where those may be any."""
    return _columns(cast("Hashable", kind), document) if (document := _document(context)) else None


def _document(context: Context) -> str | None:
    place = context.admitted.document.loc if context.admitted else None
    return place.source.body if place else None


def _words(document: str) -> set[str]:
    """Each is taken for the field of that name, wherever it stands. Not remembered: a comment may hold thousands."""
    return set(_WORD.findall(document))


@lru_cache(maxsize=200)
def _mentions(document: str, name: str) -> bool:
    return name in _words(document)


@lru_cache(maxsize=200)
def _columns(kind: Any, document: str) -> frozenset[str] | None:
    words, found = _words(document), {"id"}
    for field in get_object_definition(kind, strict=True).fields:
        if (field.graphql_name or to_camel_case(field.python_name)) not in words or field.python_name == "id":
            continue
        if field.metadata.get(ROW):
            found.add(field.python_name)
        elif _COLUMNS in field.metadata:
            found.update(field.metadata[_COLUMNS])
        else:
            return None
    return frozenset(found)


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
