"""Strawberry's resolvers without Strawberry's wrapper, where it has nothing to do.

Permissions, field extensions and exception handlers are that wrapper's work: a field with any of them keeps it.
"""

from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

from graphql import GraphQLField
from strawberry import Schema
from strawberry.schema.exception_handlers import get_error_type
from strawberry.schema.schema_converter import field_contains_type
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from app.graph.execution.fields import Shortcut
from app.graph.execution.together import Failed

_BACK = "strawberry-definition"


def shortcut(schema: Schema, definition: GraphQLField) -> Shortcut | None:
    """The field's shortcut, None where there is none."""
    field = definition.extensions.get(_BACK)
    if not isinstance(field, StrawberryField) or field.extensions or field.is_subscription:
        return None
    if any(field_contains_type(field, get_error_type(handler)) for handler in schema.exception_handlers):
        return None
    if field.base_resolver is None:
        plain = field.default_resolver is getattr and field.python_name.isidentifier()
        return Attribute(field.python_name) if plain else None
    call = field.base_resolver.wrapped_func
    return Called(schema, field, field.base_resolver, call) if isinstance(call, FunctionType) else None


class Attribute(Shortcut):
    def __init__(self, name: str) -> None:
        self.attribute = name

    def values(self, objects: Sequence[Any], info: Callable[[int], Any], arguments: dict[str, Any]) -> list[Any]:
        name = self.attribute
        assert name is not None
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
        alone = self._takes_self and not (self._parents or self._info or field.arguments or resolver.is_async)
        self.pure = call if alone else None

    def values(self, objects: Sequence[Any], info: Callable[[int], Any], arguments: dict[str, Any]) -> list[Any]:
        schema, field, call = self._schema, self._field, self._call
        registry = schema.schema_converter.scalar_registry
        arguments = convert_arguments(arguments, field.arguments, scalar_registry=registry, config=schema.config)
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
