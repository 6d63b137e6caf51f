"""Fields that a room adds to a type of a room below it, which knows nothing of it: the SDL's `extend type`."""

from collections.abc import Callable
from typing import Any

from strawberry.types.field import StrawberryField


def extends(kind: type[Any]) -> Callable[[Any], Any]:
    """`@extends(Division)` over a `strawberry.field` whose resolver takes `root: strawberry.Parent[Division]`."""

    def add(field: StrawberryField) -> StrawberryField:
        assert field.base_resolver is not None
        fields = kind.__strawberry_definition__.fields
        field.python_name = field.base_resolver.name
        if field.python_name in {one.python_name for one in fields}:
            raise ValueError(f"{kind.__name__}.{field.python_name} is there already")
        field.origin = kind
        fields.append(field)
        return field

    return add
