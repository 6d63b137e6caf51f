"""The types of operations, in TypeScript: what one gives, field by field, and what it takes."""

from collections.abc import Iterable, Iterator
from typing import cast

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Undefined,
    VariableDefinitionNode,
    get_named_type,
    is_abstract_type,
    type_from_ast,
)

SCALARS = {"Boolean": "boolean", "Int": "number", "Float": "number"}
"""All others are strings."""
INDENT = "  "


class Types:
    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._operations: list[str] = []
        self._inputs: dict[str, GraphQLNamedType] = {}

    def add(self, operation: OperationDefinitionNode) -> None:
        """One that is valid and spreads no fragment by name."""
        assert operation.name
        name, root = operation.name.value, self._schema.get_root_type(operation.operation)
        assert root
        given = self._object(root, [operation.selection_set], 0)
        taken = [self._taken(each) for each in operation.variable_definitions or ()]
        variables = "\n".join(["{", *taken, "}"]) if taken else "Record<string, never>"
        self._operations.append(f"export type {name} = {given};\n\nexport type {name}Variables = {variables};\n")

    def text(self) -> str:
        said = [self._declared(kind) for _, kind in sorted(self._inputs.items())]
        return "\n" + "\n".join([*said, *self._operations])

    # What is given ---------------------------------------------------------------------------------------------

    def _output(self, kind: GraphQLOutputType, sets: list[SelectionSetNode], depth: int) -> str:
        match kind:
            case GraphQLNonNull():
                return self._present(kind.of_type, sets, depth)
            case _:
                return f"{self._present(kind, sets, depth)} | null"

    def _present(self, kind: GraphQLOutputType, sets: list[SelectionSetNode], depth: int) -> str:
        match kind:
            case GraphQLList():
                return f"ReadonlyArray<{self._output(kind.of_type, sets, depth)}>"
            case GraphQLObjectType():
                return self._object(kind, sets, depth)
            case GraphQLScalarType() | GraphQLEnumType():
                return self._leaf(kind)
            case _:
                assert is_abstract_type(kind)
                return self._one_of(self._schema.get_possible_types(kind), sets, depth)

    def _one_of(self, kinds: Iterable[GraphQLObjectType], sets: list[SelectionSetNode], depth: int) -> str:
        """Each kind that something is asked of, and one for all others."""
        found = [self._object(kind, sets, depth) for kind in kinds if any(self._fields(kind, sets, below=True))]
        rest = [kind for kind in kinds if not any(self._fields(kind, sets, below=True))]
        if rest:
            named = any(field.name.value == "__typename" for field, _ in self._fields(rest[0], sets))
            names = " | ".join(f"'{kind.name}'" for kind in rest)
            found.append(f"{{ readonly __typename: {names} }}" if named else "Record<string, never>")
        return "(" + " | ".join(found) + ")" if len(found) > 1 else found[0]

    def _object(self, kind: GraphQLObjectType, sets: list[SelectionSetNode], depth: int) -> str:
        merged: dict[str, tuple[list[FieldNode], bool]] = {}
        for field, optional in self._fields(kind, sets):
            key = field.alias.value if field.alias else field.name.value
            known, was = merged.get(key, ([], True))
            merged[key] = ([*known, field], optional and was)
        pad = INDENT * (depth + 1)
        lines = [
            f"{pad}readonly {key}{'?' if optional else ''}: {self._of(kind, fields, depth + 1)};"
            for key, (fields, optional) in merged.items()
        ]
        return "\n".join(["{", *lines, f"{INDENT * depth}}}"])

    def _of(self, kind: GraphQLObjectType, fields: list[FieldNode], depth: int) -> str:
        name = fields[0].name.value
        if name == "__typename":
            return f"'{kind.name}'"
        return self._output(kind.fields[name].type, [one.selection_set for one in fields if one.selection_set], depth)

    def _fields(
        self, kind: GraphQLObjectType, sets: Iterable[SelectionSetNode], *, below: bool = False, optional: bool = False
    ) -> Iterator[tuple[FieldNode, bool]]:
        """Those asked of this kind, and whether each may be left out; `below`: of its fragments alone."""
        for selected in (one for each in sets for one in each.selections):
            maybe = optional or any(each.name.value in ("skip", "include") for each in selected.directives or ())
            match selected:
                case FieldNode():
                    if not below or selected.name.value != "__typename":
                        yield selected, maybe
                case InlineFragmentNode():
                    if self._fits(selected, kind):
                        yield from self._fields(kind, [selected.selection_set], below=below, optional=maybe)
                case FragmentSpreadNode():
                    raise ValueError("a saved operation spreads no fragment by name: write what it asks for inline")

    def _fits(self, fragment: InlineFragmentNode, kind: GraphQLObjectType) -> bool:
        if fragment.type_condition is None:
            return True
        on = self._schema.get_type(fragment.type_condition.name.value)
        return on is kind or (is_abstract_type(on) and self._schema.is_sub_type(on, kind))

    # What is taken ---------------------------------------------------------------------------------------------

    def _taken(self, variable: VariableDefinitionNode) -> str:
        kind = cast("GraphQLInputType", type_from_ast(self._schema, variable.type))
        needed = isinstance(kind, GraphQLNonNull) and variable.default_value is None
        return f"{INDENT}{variable.variable.name.value}{'' if needed else '?'}: {self._input(kind)};"

    def _input(self, kind: GraphQLInputType) -> str:
        match kind:
            case GraphQLNonNull():
                return self._needed(kind.of_type)
            case _:
                return f"{self._needed(kind)} | null"

    def _needed(self, kind: GraphQLInputType) -> str:
        if isinstance(kind, GraphQLList):
            return f"ReadonlyArray<{self._input(kind.of_type)}>"
        return self._leaf(get_named_type(kind))

    def _leaf(self, kind: GraphQLNamedType) -> str:
        if isinstance(kind, GraphQLScalarType):
            return SCALARS.get(kind.name, "string")
        if kind.name not in self._inputs:
            self._inputs[kind.name] = kind
            if isinstance(kind, GraphQLInputObjectType):
                for field in kind.fields.values():
                    self._input(field.type)
        return kind.name

    def _declared(self, kind: GraphQLNamedType) -> str:
        if isinstance(kind, GraphQLEnumType):
            return f"export type {kind.name} = {' | '.join(map(repr, kind.values))};\n"
        assert isinstance(kind, GraphQLInputObjectType)
        lines = []
        for name, field in kind.fields.items():
            needed = isinstance(field.type, GraphQLNonNull) and field.default_value is Undefined
            if field.description:
                lines.append(f"{INDENT}/** {' '.join(field.description.split())} */")
            lines.append(f"{INDENT}{name}{'' if needed else '?'}: {self._input(field.type)};")
        return "\n".join([f"export interface {kind.name} {{", *lines, "}\n"])
