"""How much a document asks for, found in one pass before anything else looks at it.

The pass visits each selection once: a fragment is measured where it is first spread and remembered, so a document
costs no more to judge than to read. Weights come from the schema (`@cost`, `@listSize`, after IBM's GraphQL Cost
Directive specification); the size of a page comes from `first` and `last`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)

from app.core.keyset import MAX, UNSAID
from app.graph.visible import Shared, Visible
from app.graph.weights import Cost, ListSize, directive_of

LIST = 3
"""How many items a list without pages and without `@listSize` is taken to have: answers, for one."""
MUTATION = 10
"""What a root field of Mutation costs unless `@cost` says otherwise."""
SIZES = ("ids", "first")
"""What says how many items a list without pages has: so many by their ids, or so many at most."""
SAME_FIELD = 5
"""How often one selection set may name the same field: comparing them all with each other is quadratic."""
SPREADS = 100
MOST = 10**9
"""Of what costs more no more is told: JSON has no room for what nests fifty lists."""
NESTED = 60
"""Fragments in fragments in fields: deeper than any limit on depth, and shallower than Python's stack."""


@dataclass(frozen=True)
class Measure:
    """The sizes of a selection set, or of a whole operation, with fragments counted at each spread."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    fields: int = 0
    cost: int = 0
    each: int = 0
    """What comes on top for each item of the page around it; nothing is left of it at the top."""
    introspects: bool = False
    crowded: bool = False
    """Whether fields or spreads stand so close that validating them is quadratic work, or nest without end."""
    visited: int = 0
    """Selections that the pass looked at, each of the document once."""
    settled: bool = True
    """Whether no variable was looked at: it is the same whatever their values are."""
    shared: bool = False
    """Whether it asks for what says `@shared` alone."""
    open: bool = False
    """Whether everybody sees all that it asks for."""


@dataclass(frozen=True)
class _Weight:
    cost: int
    items: int
    """How many items the field has: 1 where it is no list, or its items are counted by the page around it."""
    paged: bool
    """Whether it is a connection: what `edges` and `nodes` below hold comes as often as `first` or `last` says."""
    counted: bool
    """Whether it is such `edges` or `nodes`."""
    type: Any
    """The type below, None for a leaf."""
    sized: tuple[str, ...] = ()
    """Arguments of a list without pages that say how many items it has."""
    shared: bool = False
    """Whether it says `@shared`."""
    open: bool = False
    """Whether everybody sees it who comes there."""


_UNKNOWN = _Weight(1, 1, False, False, None)


class Ruler:
    """Measures operations against one schema. A field's weight is looked up once."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._weights: dict[tuple[str, str], _Weight] = {}

    def measure(self, document: DocumentNode, operation: OperationDefinitionNode, variables: Any) -> Measure:
        values = {
            d.variable.name.value: _literal(d.default_value)
            for d in operation.variable_definitions or ()
            if d.default_value
        }
        if isinstance(variables, dict):
            values |= variables
        fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        root = self._schema.get_root_type(operation.operation)
        walk = _Walk(self, fragments, values, root)
        found = walk.selected(operation.selection_set, root, 0)
        return replace(
            found,
            directives=found.directives + len(operation.directives or ()),
            cost=min(found.cost, MOST),
            introspects=walk.introspects,
            crowded=walk.crowded or walk.spreads > SPREADS,
            visited=walk.visited,
            settled=walk.settled,
            shared=walk.shared and not walk.introspects,
            open=walk.open,
        )

    def weight(self, parent: Any, name: str) -> _Weight:
        if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) or name not in parent.fields:
            return _UNKNOWN
        key = (parent.name, name)
        if key not in self._weights:
            self._weights[key] = self._weigh(parent, parent.fields[name])
        return self._weights[key]

    def _weigh(self, parent: Any, field: GraphQLField) -> _Weight:
        below = get_named_type(field.type)
        leaf = not is_composite_type(below)
        listed = is_list_type(get_nullable_type(field.type))
        cost, size = directive_of(field, Cost), directive_of(field, ListSize)
        counted = listed and parent.name.endswith("Connection")
        if cost:
            own = cost.weight
        elif parent is self._schema.mutation_type:
            own = MUTATION
        else:
            own = 0 if leaf or below.name.endswith("Edge") or below.name == "PageInfo" else 1
        items = 1 if counted or not listed else size.assumed_size if size else LIST
        seen = [said for one in (parent, field) if (said := directive_of(one, Visible))]
        return _Weight(
            own,
            items,
            below.name.endswith("Connection"),
            counted,
            None if leaf else below,
            SIZES if listed and not counted else (),
            directive_of(field, Shared) is not None,
            all(any(who.is_open for who in said.to) for said in seen),
        )

    def type_named(self, name: str) -> Any:
        return self._schema.type_map.get(name)


def _literal(node: Any) -> Any:
    match node:
        case ListValueNode(values=items):
            return list(items)
        case IntValueNode(value=digits):
            return int(digits) if len(digits) < 8 else MAX
        case BooleanValueNode(value=said):
            return said
    return None


_NOTHING = Measure()


class _Walk:
    def __init__(
        self, ruler: Ruler, fragments: Mapping[str, FragmentDefinitionNode], values: Mapping[str, Any], root: Any
    ) -> None:
        self._ruler, self._fragments, self._values, self._root = ruler, fragments, values, root
        self._known: dict[str, Measure] = {}
        self._open: set[str] = set()
        self.visited = self.spreads = 0
        self.crowded = self.introspects = False
        self.settled = self.shared = self.open = True

    def selected(self, selections: SelectionSetNode, parent: Any, nested: int) -> Measure:
        if nested > NESTED:
            self.crowded = True
            return _NOTHING
        depth = aliases = directives = fields = cost = each = 0
        names: dict[str, int] = {}
        for selection in selections.selections:
            self.visited += 1
            if selection.directives and self._left_out(selection.directives):
                continue
            match selection:
                case FieldNode():
                    key = (selection.alias or selection.name).value
                    names[key] = names.get(key, 0) + 1
                    found = self._field(selection, parent, nested)
                case FragmentSpreadNode(name=name):
                    self.spreads += 1
                    found = self._fragment(name.value, nested)
                case InlineFragmentNode(type_condition=on, selection_set=inner):
                    self.spreads += 1
                    found = self.selected(inner, self._ruler.type_named(on.name.value) if on else parent, nested + 1)
                case _:
                    continue
            depth = max(depth, found.depth)
            aliases += found.aliases
            directives += found.directives + len(selection.directives or ())
            fields += found.fields
            cost += found.cost
            each += found.each
        self.crowded |= any(times > SAME_FIELD for times in names.values())
        return Measure(depth, aliases, directives, fields, cost, each)

    def _field(self, node: FieldNode, parent: Any, nested: int) -> Measure:
        name = node.name.value
        aliases = 1 if node.alias else 0
        if name.startswith("__"):
            return self._introspection(node, name, nested, aliases)
        weight = self._ruler.weight(parent, name)
        self.shared &= weight.shared or parent is not self._root
        self.open &= weight.open
        below = self.selected(node.selection_set, weight.type, nested + 1) if node.selection_set else _NOTHING
        inside = below.cost + (self._page_of(node) * below.each if weight.paged else below.each)
        cost = self._size(node, weight.sized, weight.items) * (weight.cost + inside)
        return Measure(
            below.depth + 1,
            below.aliases + aliases,
            below.directives,
            below.fields + 1,
            0 if weight.counted else cost,
            cost if weight.counted else 0,
        )

    def _introspection(self, node: FieldNode, name: str, nested: int, aliases: int) -> Measure:
        """The schema is weighed apart: a rule of validation bounds it, and it costs no look at the database."""
        self.introspects |= name != "__typename"
        below = self.selected(node.selection_set, None, nested + 1) if node.selection_set else _NOTHING
        return Measure(0, below.aliases + aliases, below.directives, below.fields + 1)

    def _fragment(self, name: str, nested: int) -> Measure:
        fragment = self._fragments.get(name)
        if fragment is None or name in self._open:
            return _NOTHING  # unknown or spreading itself: validation says so
        if name not in self._known:
            self._open.add(name)
            on = self._ruler.type_named(fragment.type_condition.name.value)
            found = self.selected(fragment.selection_set, on, nested + 1)
            self._open.discard(name)
            self._known[name] = replace(found, directives=found.directives + len(fragment.directives or ()))
        return self._known[name]

    def _page_of(self, node: FieldNode) -> int:
        return self._size(node, ("first", "last"), UNSAID)

    def _size(self, node: FieldNode, names: Sequence[str], unsaid: int) -> int:
        """As an argument of one of these names says it: as a number, or as a list of as many."""
        for argument in node.arguments or ():
            if argument.name.value in names:
                size = self._value(argument.value)
                size = len(size) if isinstance(size, list) else 1 if isinstance(size, str) else size
                if isinstance(size, int | float):  # Int takes 100.0 as well
                    return int(max(0, min(size, MAX)))
        return unsaid

    def _value(self, node: Any) -> Any:
        if not isinstance(node, VariableNode):
            return _literal(node)
        self.settled = False
        return self._values.get(node.name.value)

    def _left_out(self, directives: Sequence[Any]) -> bool:
        """Whether @skip or @include keeps it from being asked for."""
        for directive in directives:
            keeps = {"skip": False, "include": True}.get(directive.name.value)
            if keeps is not None and len(directive.arguments or ()) == 1:
                said = self._value(directive.arguments[0].value)
                if isinstance(said, bool) and said is not keeps:
                    return True
        return False
