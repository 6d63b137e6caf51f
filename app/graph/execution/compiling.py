"""From a document to what runs it: once for each operation and each way its `@skip` and `@include` turn out."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from graphql import (
    DirectiveNode,
    FragmentDefinitionNode,
    GraphQLAbstractType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    Node,
    OperationDefinitionNode,
    VariableNode,
    is_abstract_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import CollectedFields, FieldDetails, collect_fields, collect_subfields
from graphql.execution.executor import Executor

from app.graph.execution.fields import Field, Shortcut
from app.graph.execution.selections import Selection
from app.graph.execution.shapes import AnyOf, Leaf, Many, One, Shape, Slot
from app.graph.execution.shortcuts import origin

Run = Executor[Any]
ShortcutOf = Callable[[GraphQLField], Shortcut | None]
REMEMBERED = 1000
REMEMBERED_CHARACTERS = 600_000
"""Of the documents of plans: one that is admitted is remembered as well (`documents.py`), and has one or two."""
T = TypeVar("T")


class Unsupported(Exception):
    """What graphql-core has to run itself; the message is a name for a counter."""


class _Kept(Generic[T]):
    """What is known of operations, the least recently used first to go."""

    def __init__(self) -> None:
        self._known: OrderedDict[Any, tuple[OperationDefinitionNode, T]] = OrderedDict()
        self._characters = 0

    def get(self, key: Any) -> T | None:
        if (known := self._known.get(key)) is None:
            return None
        self._known.move_to_end(key)
        return known[1]

    def keep(self, key: Any, operation: OperationDefinitionNode, what: T) -> T:
        # The operation is kept with it: nothing else may get its address meanwhile.
        self._known[key] = operation, what
        self._characters += _length(operation)
        while len(self._known) > REMEMBERED or self._characters > REMEMBERED_CHARACTERS:
            _, (oldest, _) = self._known.popitem(last=False)
            self._characters -= _length(oldest)
        return what


def _length(operation: OperationDefinitionNode) -> int:
    """Of its document, all of which it holds."""
    return len(operation.loc.source.body) if operation.loc else 0


class Plans:
    """What was compiled."""

    def __init__(self, shortcut: ShortcutOf) -> None:
        self._shortcut = shortcut
        self._deciding: _Kept[tuple[str, ...]] = _Kept()
        self._plans: _Kept[Selection] = _Kept()

    def plan(self, run: Run) -> Selection:
        """Raises Unsupported, and GraphQLError where the operation cannot run at all."""
        decided, deciders = run.variable_values.coerced, self._deciders(run)
        if any(decided.get(name, True) is None for name in deciders):
            raise Unsupported("null_condition")  # is an error of the first object that it stands in
        key = (id(run.schema), id(run.operation), *(decided.get(name) for name in deciders))
        known = self._plans.get(key)
        return known or self._plans.keep(key, run.operation, _Compiler(run, self._shortcut).root())

    def _deciders(self, run: Run) -> tuple[str, ...]:
        """The variables on which a `@skip` or an `@include` depends."""
        key = id(run.operation)
        if (known := self._deciding.get(key)) is not None:
            return known
        found = sorted(set(_deciders(run.operation)).union(*map(_deciders, run.fragment_definitions.values())))
        return self._deciding.keep(key, run.operation, tuple(found))


def _deciders(node: Node) -> Iterator[str]:
    if isinstance(node, DirectiveNode) and node.name.value in ("skip", "include"):
        yield from (one.value.name.value for one in node.arguments or () if isinstance(one.value, VariableNode))
    parts: Any = getattr(node, "selection_set", None)
    yield from (name for one in (parts.selections if parts else ()) for name in _deciders(one))
    yield from (name for one in getattr(node, "directives", None) or () for name in _deciders(one))


class _Compiler:
    def __init__(self, run: Run, shortcut: ShortcutOf) -> None:
        self._run, self._shortcut = run, shortcut

    def root(self) -> Selection:
        run = self._run
        kind = run.schema.get_root_type(run.operation.operation)
        if kind is None:
            raise Unsupported("no_root_type")
        if any(
            isinstance(one, FragmentDefinitionNode) and one.variable_definitions
            for one in run.fragment_definitions.values()
        ):
            raise Unsupported("fragment_variables")
        found = collect_fields(
            run.schema, run.fragments, run.variable_values, kind, run.operation, run.hide_suggestions
        )
        root = self._selection(kind, found)
        root.let_root_alone()
        return root

    def _selection(self, kind: GraphQLObjectType, found: CollectedFields) -> Selection:
        if found.new_defer_usages:
            raise Unsupported("defer")
        fields: list[tuple[Field, Slot]] = []
        typenames: list[tuple[int, str]] = []
        for place, (key, details) in enumerate(found.grouped_field_set.items()):
            name = details[0].node.name.value
            if name == "__typename":
                typenames.append((place, key))
                continue
            definition = self._run.schema.get_field(kind, name)
            if definition is None:
                continue  # As the specification has it; a document that was validated has no such field.
            field = Field(key, kind, definition, details, self._shortcut(definition))
            fields.append((field, self._slot(definition.type, details)))
        return Selection(kind.name, fields, typenames)

    def _slot(self, kind: GraphQLOutputType, details: list[FieldDetails]) -> Slot:
        required = isinstance(kind, GraphQLNonNull)
        inner: Any = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        return Slot(self._shape(inner, details), required)

    def _shape(self, kind: Any, details: list[FieldDetails]) -> Shape:
        if isinstance(kind, GraphQLList):
            return Many(self._slot(kind.of_type, details))
        if is_leaf_type(kind):
            return Leaf(kind)
        if is_abstract_type(kind):
            return self._any_of(kind, details)
        return self._one(kind, details)

    def _one(self, kind: GraphQLObjectType, details: list[FieldDetails]) -> One:
        return One(kind, self._below(kind, details), origin(kind))

    def _any_of(self, kind: GraphQLAbstractType, details: list[FieldDetails]) -> AnyOf:
        known: dict[str, One] = {}

        def one_of(found: GraphQLObjectType) -> One:
            if found.name not in known:
                known[found.name] = self._one(found, details)
            return known[found.name]

        return AnyOf(kind, one_of)

    def _below(self, kind: GraphQLObjectType, details: list[FieldDetails]) -> Selection:
        run = self._run
        found = collect_subfields(
            run.schema, run.fragments, run.variable_values, run.operation, kind, details, run.hide_suggestions
        )
        return self._selection(kind, found)
