"""What changed between two graphs, and which of the changes that break clients were decided and written down."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from graphql import (
    BreakingChangeType,
    DangerousChangeType,
    GraphQLArgument,
    GraphQLInputField,
    build_schema,
    is_required_argument,
    is_required_input_field,
)
from graphql.utilities import find_schema_changes

from app.graph.deprecations import elements
from scripts.hindrance import Hindrance


@dataclass(frozen=True)
class Changes:
    """In graphql-core's words, in alphabetical order."""

    breaking: tuple[str, ...]
    dangerous: tuple[str, ...]
    """Valid for every operation, and yet a client may be surprised: a new enum value, another default."""


def changes(old: str, new: str) -> Changes:
    """Between two graphs in the schema definition language."""
    before, after = build_schema(old), build_schema(new)
    # Left out by clients until now, and no longer to be left out: graphql-core calls that dangerous.
    demanded = {f"{name} defaultValue was removed." for name in _required(after) - _required(before)}
    breaking, dangerous = set(), set()
    for change in find_schema_changes(before, after):
        if isinstance(change.type, BreakingChangeType) or change.description in demanded:
            breaking.add(change.description)
        elif isinstance(change.type, DangerousChangeType):
            dangerous.add(change.description)
    return Changes(tuple(sorted(breaking)), tuple(sorted(dangerous)))


def _required(schema: Any) -> set[str]:
    return {
        name
        for name, element in elements(schema)
        if (isinstance(element, GraphQLArgument) and is_required_argument(element))
        or (isinstance(element, GraphQLInputField) and is_required_input_field(element))
    }


def recorded(file: Path) -> set[str]:
    """The changes that were decided. Raises Hindrance where an entry is not a change, its date and its reason."""
    try:
        entries = tomllib.loads(file.read_text())
    except tomllib.TOMLDecodeError as error:
        raise Hindrance(f"{file.name} is no TOML: {error}") from error
    decided = entries.pop("change", [])
    if entries or not isinstance(decided, list):
        raise Hindrance(f"{file.name} may hold [[change]] entries alone.")
    for entry in decided:
        match entry:
            case {"text": str(), "date": date(), "reason": str(reason), **more} if reason.strip() and not more:
                continue
        raise Hindrance(f"{file.name}: an entry has a text, a date and a reason, and nothing else: {entry}")
    return {entry["text"] for entry in decided}


def complaints(breaking: tuple[str, ...], decided: set[str]) -> list[str]:
    """What is wrong, in sentences; nothing when every breaking change is recorded and every record is of one."""
    return [f"breaks installed clients, and nobody recorded it: {text}" for text in breaking if text not in decided] + [
        f"is recorded, and does not happen (any more): {text}" for text in sorted(decided.difference(breaking))
    ]
