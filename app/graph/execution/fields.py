"""How a field gets its values, for all the objects of a level at once."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.executor import Executor
from graphql.execution.values import get_argument_values

from app.graph.execution.levels import InfoAt, Level
from app.graph.execution.together import Failed, together


class Shortcut(ABC):
    """A resolver without what its library wraps around each call, where that has nothing to do."""

    attribute: str | None = None
    """The name of the attribute that it reads, where it does nothing else."""
    pure: Callable[[Any], Any] | None = None
    """The resolver itself, where it takes the object alone and gives its value at once: asked twice, it says the
    same."""

    @abstractmethod
    def values(self, objects: Sequence[Any], info: Callable[[int], Any], arguments: dict[str, Any]) -> list[Any]:
        """What the resolver gives for each object, Failed where it raised; `info(index)` is what it would be told of
        where it stands."""


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

    def __post_init__(self) -> None:
        self.nodes = [one.node for one in self.details]

    @cached_property
    def where(self) -> str:
        return f"{self.owner}.{self.nodes[0].name.value}"

    def arguments(self, executor: Executor[Any]) -> dict[str, Any]:
        node = self.nodes[0]
        if not self.definition.args and not node.arguments:
            return {}
        variables, of_fragment = executor.variable_values, self.details[0].fragment_variable_values
        return get_argument_values(self.definition, node, variables, of_fragment, executor.hide_suggestions)

    async def values(self, executor: Executor[Any], objects: Sequence[Any], level: Level) -> list[Any]:
        """What it gives for each object: a value, or Failed."""
        try:
            arguments = self.arguments(executor)
        except Exception as error:
            return [Failed(error)] * len(objects)
        shared = executor.build_resolve_info(self.definition, self.nodes, self.owner, None)  # type: ignore[arg-type]

        def info(index: int) -> Any:
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


class _Awaited(dict[type, bool]):
    """Whether values of a class are to be awaited: asked once a class."""

    def __missing__(self, kind: type) -> bool:
        self[kind] = answer = hasattr(kind, "__await__")
        return answer


_awaited = _Awaited()


async def settled(values: list[Any]) -> list[Any]:
    """The same list, with what had to be awaited in its place."""
    waiting = [index for index, value in enumerate(values) if _awaited[value.__class__]]
    if waiting:
        for index, value in zip(waiting, await together([values[index] for index in waiting]), strict=True):
            values[index] = value
    return values
