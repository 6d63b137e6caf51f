"""Enums of the rooms' models, named and explained to the graph; models know no strawberry."""

from enum import Enum
from typing import Any

import strawberry


def explain(kind: type[Enum], description: str, called: str | None = None, /, **values: str) -> None:
    """Register `kind`, under another name where it is `called` otherwise; `values` says what each of its names means,
    no more and no fewer."""
    registered: Any = strawberry.enum(kind, name=called, description=description)
    if values.keys() != kind.__members__.keys():
        raise ValueError(f"{kind.__name__} has the values {', '.join(kind.__members__)}")
    for value in registered.__strawberry_definition__.values:
        value.description = values[value.name]
