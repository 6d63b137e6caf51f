"""Strawberry's resolvers without Strawberry's wrapper, where it has nothing to do.

Permissions, field extensions and exception handlers are that wrapper's work: a field with any of them keeps it.
"""

from collections.abc import Callable, Sequence
from keyword import iskeyword
from types import FunctionType
from typing import Any

from graphql import GraphQLField, GraphQLObjectType
from strawberry import Schema
from strawberry.schema.exception_handlers import get_error_type
from strawberry.schema.schema_converter import field_contains_type
from strawberry.types.arguments import convert_arguments
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from app.graph.execution.fields import Shortcut
from app.graph.execution.together import Failed

_BACK = "strawberry-definition"
FOR_ALL = "for_all"
"""The attribute of a resolver that says what gives the values of all objects at once."""
ROW = "row"
"""In a field's metadata: of which attribute of the object it is an attribute."""


def shortcut(schema: Schema, definition: GraphQLField) -> Shortcut | None:
    """The field's shortcut, None where there is none."""
    field = definition.extensions.get(_BACK)
    if not isinstance(field, StrawberryField) or field.extensions or field.is_subscription:
        return None
    if any(field_contains_type(field, get_error_type(handler)) for handler in schema.exception_handlers):
        return None
    if field.base_resolver is None:
        name = field.python_name
        plain = field.default_resolver is getattr and name.isidentifier() and not iskeyword(name)
        return Attribute(name, field.metadata.get(ROW)) if plain else None
    call = field.base_resolver.wrapped_func
    return Called(schema, field, field.base_resolver, call) if isinstance(call, FunctionType) else None


def origin(kind: GraphQLObjectType) -> type | None:
    """The class of Strawberry's whose instances are objects of this type, whatever else may be."""
    definition = kind.extensions.get(_BACK)
    if not isinstance(definition, StrawberryObjectDefinition) or definition.is_type_of is not None:
        return None
    return (definition.concrete_of or definition).origin


class Attribute(Shortcut):
    def __init__(self, name: str, row: str | None) -> None:
        self._name, self.path = name, f"{row}.{name}" if row else name

    def values(self, objects: Sequence[Any], info: Callable[[int], Any], arguments: dict[str, Any]) -> list[Any]:
        name = self._name
        try:
            return [getattr(one, name) for one in objects]
        except Exception:
            return [_tried(one, name) for one in objects]


class Called(Shortcut):
    """A resolver of the schema's own, called as it is written."""

    def __init__(
        self, schema: Schema, field: StrawberryField, resolver: StrawberryResolver[Any], call: Callable[..., Any]
    ) -> None:
        self._schema, self._field, self._call = schema, field, call
        self._parents = [p.name for p in (resolver.parent_parameter, resolver.root_parameter) if p]
        self._info = resolver.info_parameter.name if resolver.info_parameter else None
        self._takes_self = resolver.self_parameter is not None
        alone = self._takes_self and not (self._parents or self._info or resolver.is_async)
        self.pure = call if alone else None
        self.for_all = getattr(call, FOR_ALL, None)

    def converted(self, arguments: dict[str, Any]) -> dict[str, Any]:
        schema, registry = self._schema, self._schema.schema_converter.scalar_registry
        return convert_arguments(arguments, self._field.arguments, scalar_registry=registry, config=schema.config)

    def values(self, objects: Sequence[Any], info: Callable[[int], Any], arguments: dict[str, Any]) -> list[Any]:
        schema, field, call = self._schema, self._field, self._call
        values: list[Any] = []
        for index, one in enumerate(objects):
            named = arguments
            if self._info is not None:
                told = schema.config.info_class(_raw_info=info(index), _field=field)
                named = {**arguments, self._info: told}
            for parent in self._parents:
                named = {**named, parent: one}
            try:
                values.append(call(one, **named) if self._takes_self else call(**named))
            except Exception as error:
                values.append(Failed(error))
        return values


def _tried(one: Any, name: str) -> Any:
    try:
        return getattr(one, name)
    except Exception as error:
        return Failed(error)
