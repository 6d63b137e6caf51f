"""How a field gets its values, for all the objects of a level at once."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from graphql import ArgumentNode, FieldNode, GraphQLField, GraphQLObjectType, Node, VariableNode
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.executor import Executor
from graphql.execution.values import get_argument_values

from app.graph.execution.levels import InfoAt, Level
from app.graph.execution.together import Failed, together

ForAll = Callable[[Sequence[Any], Any, bool], Awaitable[list[Any]]]
"""Takes the objects, the context of the operation, and whether nothing is asked for beside it."""


class Shortcut(ABC):
    """A resolver without what its library wraps around each call, where that has nothing to do."""

    path: str | None = None
    """The attribute that it reads, or an attribute's attribute, where it does nothing else."""
    pure: Callable[..., Any] | None = None
    """The resolver itself, where it takes the object and arguments alone and gives its value at once: asked twice, it
    says the same."""
    for_all: ForAll | None = None
    """What gives the values of all objects at once, where its author wrote that: each a value, or Failed."""

    def converted(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """As the resolver takes them."""
        return arguments

    @abstractmethod
    def values(self, objects: Sequence[Any], info: Callable[[int], Any], arguments: dict[str, Any]) -> list[Any]:
        """What the resolver gives for each object, Failed where it raised; `info(index)` is what it would be told of
        where it stands, `arguments` are converted."""


@dataclass(eq=False)
class Field:
    """One field of a selection: where it stands, and what gives its values."""

    key: str
    """Its name in the answer."""
    owner: GraphQLObjectType
    definition: GraphQLField
    details: list[FieldDetails]
    shortcut: Shortcut | None = None
    nodes: list[FieldNode] = field(init=False)

    _constant: dict[str, Any] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.nodes = [one.node for one in self.details]
        said = self.nodes[0].arguments or ()
        self.takes_arguments = bool(self.definition.args or said)
        self._varies = any(_varies(one) for one in said)

    @property
    def is_edge(self) -> bool:
        """Whether its values are there at once, or asked for all together."""
        one = self.shortcut
        return one is not None and not (one.path is None and one.pure is None and one.for_all is None)

    @cached_property
    def where(self) -> str:
        return f"{self.owner}.{self.nodes[0].name.value}"

    def arguments(self, executor: Executor[Any]) -> dict[str, Any]:
        """As the resolver takes them; worked out once for all where the document says what they are."""
        if not self.takes_arguments:
            return {}
        if self._constant is not None:
            return self._constant
        variables, of_fragment = executor.variable_values, self.details[0].fragment_variable_values
        found = get_argument_values(self.definition, self.nodes[0], variables, of_fragment, executor.hide_suggestions)
        if self.shortcut is not None:
            found = self.shortcut.converted(found)
        if not self._varies and all(isinstance(value, _UNCHANGING) for value in found.values()):
            self._constant = found
        return found

    async def values(
        self, executor: Executor[Any], objects: Sequence[Any], level: Level, *, alone: bool = False
    ) -> list[Any]:
        """What it gives for each object: a value, or Failed. `alone`: nothing is asked for beside it."""
        try:
            if self.shortcut is not None and self.shortcut.for_all is not None:
                return await self.shortcut.for_all(objects, executor.context_value, alone)
            arguments = self.arguments(executor)
        except Exception as error:
            return [Failed(error)] * len(objects)
        shared: Any = None

        def info(index: int) -> Any:
            nonlocal shared
            if shared is None:
                shared = executor.build_resolve_info(self.definition, self.nodes, self.owner, None)  # type: ignore[arg-type]
            return InfoAt(shared, level, index)

        if self.shortcut is not None:
            try:
                values = self.shortcut.values(objects, info, arguments)
            except Exception as error:
                values = [Failed(error)] * len(objects)
        else:
            resolve = self.definition.resolve or executor.field_resolver
            values = []
            for index, one in enumerate(objects):
                try:
                    values.append(resolve(one, info(index), **arguments))
                except Exception as error:
                    values.append(Failed(error))
        return await settled(values)


_UNCHANGING = (str, int, float, bool, Enum, type(None))


def _varies(argument: ArgumentNode) -> bool:
    """Whether a variable stands in it."""
    waiting: list[Node] = [argument.value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, VariableNode):
            return True
        waiting += getattr(one, "values", ())
        waiting += [part.value for part in getattr(one, "fields", ())]
    return False


class _Awaited(dict[type, bool]):
    """Whether values of a class are to be awaited: asked once a class."""

    def __missing__(self, kind: type) -> bool:
        self[kind] = answer = hasattr(kind, "__await__")
        return answer


_awaited = _Awaited()


async def settled(values: list[Any]) -> list[Any]:
    """The same list, with what had to be awaited in its place."""
    kinds = {kind for kind in set(map(type, values)) if _awaited[kind]}
    if kinds:
        waiting = [index for index, value in enumerate(values) if value.__class__ in kinds]
        for index, value in zip(waiting, await together([values[index] for index in waiting]), strict=True):
            values[index] = value
    return values
