"""What is on its way out of the graph: what replaces it, until when it stays, and which operations still use it."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from graphql import (
    ArgumentNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    ObjectFieldNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_input_type,
    separate_operations,
    type_from_ast,
    visit,
)

DOCUMENTS = 128
"""How many operations are remembered; whoever parses keeps the documents themselves for longer."""

_REASON = re.compile(r"Use `([^`]+)`\. Since (\d{4}-\d\d-\d\d), gone after (\d{4}-\d\d-\d\d)\.")


class Farewell(NamedTuple):
    """What the reason of a deprecation says."""

    instead: str
    since: date
    after: date
    """The last day on which it is there."""


def gone(instead: str, since: date, after: date) -> str:
    """The reason of a deprecation: `strawberry.field(deprecation_reason=gone("Query.lawyers", since, after))`."""
    reason = f"Use `{instead}`. Since {since}, gone after {after}."
    farewell(reason)
    return reason


def farewell(reason: str) -> Farewell:
    """Raises ValueError where a reason does not say what to use instead, since when, and until when."""
    said = _REASON.fullmatch(reason)
    if said is None:
        raise ValueError(f"not written by gone(): {reason}")
    told = Farewell(said[1], date.fromisoformat(said[2]), date.fromisoformat(said[3]))
    if told.after <= told.since:
        raise ValueError(f"gone before anybody could change: {reason}")
    return told


Element = GraphQLField | GraphQLArgument | GraphQLInputField | GraphQLEnumValue
"""What can be deprecated."""


def elements(schema: GraphQLSchema) -> Iterator[tuple[str, Element]]:
    """Each by its schema coordinate (GraphQL specification, September 2025): `Type.field(argument:)`."""
    for kind in schema.type_map.values():
        match kind:
            case GraphQLObjectType() | GraphQLInterfaceType():
                for name, field in kind.fields.items():
                    yield f"{kind.name}.{name}", field
                    yield from ((f"{kind.name}.{name}({said}:)", argument) for said, argument in field.args.items())
            case GraphQLInputObjectType():
                yield from ((f"{kind.name}.{name}", wanted) for name, wanted in kind.fields.items())
            case GraphQLEnumType():
                yield from ((f"{kind.name}.{name}", value) for name, value in kind.values.items())
    for directive in schema.directives:
        yield from ((f"@{directive.name}({said}:)", argument) for said, argument in directive.args.items())


def deprecated(schema: GraphQLSchema) -> dict[str, str]:
    """The reason of each deprecated element, by its coordinate."""
    return {
        coordinate: element.deprecation_reason
        for coordinate, element in elements(schema)
        if element.deprecation_reason is not None
    }


def used(schema: GraphQLSchema, document: DocumentNode, operation: str, variables: Mapping[str, Any]) -> set[str]:
    """The coordinates of what is deprecated and used by that operation of a valid document, and by its variables.

    `operation`: its name in the document, "" where it has none; who sends but one need not name it.
    """
    if not _marks(schema):
        return set()
    written, asked = _written(schema, _Same(document), operation)
    found = set(written)
    for name, kind in asked:
        if name in variables:
            found |= _said(schema, kind, variables[name])
    return found


@lru_cache(maxsize=4)
def _marks(schema: GraphQLSchema) -> dict[int, str]:
    """Coordinate of what is deprecated, by its identity: an element does not know its own name."""
    return {id(element): name for name, element in elements(schema) if element.deprecation_reason is not None}


@lru_cache(maxsize=4)
def _carriers(schema: GraphQLSchema) -> set[str]:
    """Names of the input types and enums whose values can hold something deprecated, however deep."""
    marks = _marks(schema)
    carriers: set[str] = set()
    inputs = [kind for kind in schema.type_map.values() if isinstance(kind, GraphQLInputObjectType | GraphQLEnumType)]
    for _ in inputs:  # each round reaches one step further; types may contain each other in a circle
        before = len(carriers)
        for kind in inputs:
            parts: list[Any] = list(kind.values.values() if isinstance(kind, GraphQLEnumType) else kind.fields.values())
            if any(
                id(part) in marks
                or (isinstance(part, GraphQLInputField) and get_named_type(part.type).name in carriers)
                for part in parts
            ):
                carriers.add(kind.name)
        if len(carriers) == before:
            break
    return carriers


class _Same:
    """A document by its identity: to compare one by its words takes longer than to answer it."""

    def __init__(self, document: DocumentNode) -> None:
        self.document = document

    def __hash__(self) -> int:
        return id(self.document)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.document is other.document


@lru_cache(maxsize=DOCUMENTS)
def _written(schema: GraphQLSchema, same: _Same, operation: str) -> tuple[frozenset[str], tuple[tuple[str, Any], ...]]:
    """What the words of the document use, and those of its variables (name, type) that can use more."""
    alone = separate_operations(same.document).get(operation)
    if alone is None:
        return frozenset(), ()
    reading = _Reading(_marks(schema), TypeInfo(schema))
    visit(alone, TypeInfoVisitor(reading.types, reading))
    asked = []
    for node in alone.definitions:
        if isinstance(node, OperationDefinitionNode):
            for variable in node.variable_definitions or ():
                kind = type_from_ast(schema, variable.type)
                if kind and is_input_type(kind) and get_named_type(kind).name in _carriers(schema):
                    asked.append((variable.variable.name.value, kind))
    return frozenset(reading.found), tuple(asked)


class _Reading(Visitor):
    def __init__(self, marks: Mapping[int, str], types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.found: set[str] = set()
        self._marks = marks

    def enter_field(self, _: FieldNode, *__: Any) -> None:
        self._note(self.types.get_field_def())

    def enter_argument(self, _: ArgumentNode, *__: Any) -> None:
        self._note(self.types.get_argument())

    def enter_enum_value(self, _: EnumValueNode, *__: Any) -> None:
        self._note(self.types.get_enum_value())

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        kind = get_named_type(self.types.get_parent_input_type())
        if isinstance(kind, GraphQLInputObjectType):
            self._note(kind.fields.get(node.name.value))

    def _note(self, element: object) -> None:
        if (coordinate := self._marks.get(id(element))) is not None:
            self.found.add(coordinate)


def _said(schema: GraphQLSchema, kind: Any, value: Any) -> set[str]:
    """What a variable's value uses. It was not checked yet: what does not fit its type is passed over."""
    marks, found, waiting = _marks(schema), set(), [(kind, value)]
    while waiting:
        kind, value = waiting.pop()
        match kind:
            case GraphQLNonNull():
                waiting.append((kind.of_type, value))
            case GraphQLList():
                waiting.extend((kind.of_type, item) for item in (value if isinstance(value, list) else [value]))
            case GraphQLEnumType() if isinstance(value, str):
                found.add(marks.get(id(kind.values.get(value))))
            case GraphQLInputObjectType() if isinstance(value, dict):
                for name in value.keys() & kind.fields.keys():
                    found.add(marks.get(id(kind.fields[name])))
                    waiting.append((kind.fields[name].type, value[name]))
    return {coordinate for coordinate in found if coordinate}
