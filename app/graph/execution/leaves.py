"""Scalars and enums: from Python's values to what the answer says."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
)
from graphql.execution.executor import Executor
from strawberry.schema.schema_converter import CustomGraphQLEnumType
from strawberry.schema.types.base_scalars import isoformat

from app.graph.execution.together import Failed

_AS_THEY_ARE = {
    GraphQLString.name: "{v}.__class__ is str",
    GraphQLID.name: "{v}.__class__ is str",
    GraphQLBoolean.name: "{v}.__class__ is bool",
    GraphQLInt.name: "{v}.__class__ is int and -2147483648 <= {v} <= 2147483647",
    GraphQLFloat.name: "{v}.__class__ is float and -1.7976931348623157e308 <= {v} <= 1.7976931348623157e308",
}
"""Of the specification's own scalars: which values need no conversion at all. NaN is none of them, and infinity."""


def coercion(kind: GraphQLLeafType) -> Callable[[Any], Any]:
    """The type's own conversion of a value that is not None; raises for one that it cannot say."""

    def coerced(value: Any) -> Any:
        if isinstance(value, Exception):
            raise value
        if isinstance(value, Failed):
            # Many a type could say it, in some words.
            raise value.error
        if value is Undefined:
            return None
        return Executor.complete_leaf_value(kind, value)

    return coerced


def said(kind: GraphQLLeafType, value: str, coerce: str, scope: dict[str, Any]) -> str:
    """A Python expression for what the answer says of the variable `value`, which is not None; `coerce` is the name of
    the type's `coercion`. What it needs besides is put into its `scope`."""
    if plain := _AS_THEY_ARE.get(kind.name):
        return f"{value} if {plain.format(v=value)} else {coerce}({value})"
    if getattr(kind, "coerce_output_value", None) is isoformat:
        scope["datetime"] = datetime
        return f"{value}.isoformat() if {value}.__class__ is datetime else {coerce}({value})"
    if isinstance(kind, CustomGraphQLEnumType):
        names, members = f"{coerce}_names", f"{coerce}_members"
        scope[members] = known = kind.wrapped_cls
        scope[names] = {known(one.value): name for name, one in kind.values.items()}
        alike = f"{value}.__class__ is {members}" + (f" or {value}.__class__ is str" if issubclass(known, str) else "")
        return f"{names}[{value}] if {alike} else {coerce}({value})"
    return f"{coerce}({value})"
