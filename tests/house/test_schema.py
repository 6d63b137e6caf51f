"""What a client's engineer and her code generators may rely on: the names of the graph and what it says of itself."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    get_named_type,
    is_introspection_type,
    is_specified_scalar_type,
)

from app.schema import NODES, schema

GRAPH = schema._schema
TYPES: dict[str, Any] = {
    name: kind
    for name, kind in GRAPH.type_map.items()
    if not is_introspection_type(kind) and not is_specified_scalar_type(kind)
}
ROOTS = ("Query", "Mutation", "Subscription")


def of(*kinds: type[GraphQLNamedType]) -> list[Any]:
    return [kind for kind in TYPES.values() if isinstance(kind, kinds)]


def everything() -> Iterator[tuple[str, str, str | None]]:
    """(where, name, description) of each type, field, argument and enum value."""
    for kind in TYPES.values():
        yield kind.name, kind.name, kind.description
        members = getattr(kind, "fields", None) or (kind.values if isinstance(kind, GraphQLEnumType) else {})
        for name, member in members.items():
            yield f"{kind.name}.{name}", name, member.description
            for argument, told in getattr(member, "args", {}).items():
                yield f"{kind.name}.{name}({argument}:)", argument, told.description
    for directive in GRAPH.directives:
        yield f"@{directive.name}", directive.name, directive.description
        for argument, told in directive.args.items():
            yield f"@{directive.name}({argument}:)", argument, told.description


def plain(words: str) -> str:
    """Letters alone, without an article before them."""
    return re.sub(r"^(the|a|an)(?=[a-z])", "", re.sub(r"[^a-z]", "", words.lower()))


def test_everything_is_described_in_a_sentence() -> None:
    """Capitalised, with a full stop (or a code that ends it), and nothing around it."""
    wrong = [
        where
        for where, _, said in everything()
        if not said or said != said.strip() or said[0].islower() or said[-1] not in ".`)"
    ]
    assert wrong == []


def test_no_description_only_repeats_the_name() -> None:
    """`The question.` says nothing new of `question`, nor of `questionId`."""
    said_twice = [
        where
        for where, name, said in everything()
        if said and plain(said) in (plain(name), plain(name.removesuffix("Id")))
    ]
    assert said_twice == []


def test_names_are_written_as_clients_expect_them() -> None:
    wrong = [name for name in TYPES if not re.fullmatch(r"[A-Z][a-zA-Z0-9]*", name)]
    for kind in of(GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType):
        names = [*kind.fields, *(a for field in kind.fields.values() for a in getattr(field, "args", {}))]
        wrong += [f"{kind.name}.{name}" for name in names if not re.fullmatch(r"[a-z][a-zA-Z0-9]*", name)]
    for kind in of(GraphQLEnumType):
        wrong += [
            f"{kind.name}.{name}" for name in kind.values if not re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", name)
        ]
    assert wrong == []


def test_a_field_does_not_begin_with_the_name_of_its_type() -> None:
    wrong = [
        f"{kind.name}.{name}"
        for kind in of(GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType, GraphQLEnumType)
        for name in (kind.values if isinstance(kind, GraphQLEnumType) else kind.fields)
        if name.lower().startswith(kind.name.lower())
    ]
    assert wrong == []


def test_the_end_of_a_types_name_says_what_it_is() -> None:
    for kind in TYPES.values():
        name = kind.name
        assert name.endswith(("Input", "Filter")) == isinstance(kind, GraphQLInputObjectType), name
        assert name.endswith("Result") == isinstance(kind, GraphQLUnionType), name
        assert not re.search(r"(Type|Enum|Interface|Union|Object)$", name), name


@pytest.mark.parametrize("name", sorted(name for name in TYPES if name.endswith("Connection")))
def test_a_connection_is_one_of_relays(name: str) -> None:
    fields, edge = TYPES[name].fields, TYPES[f"{name.removesuffix('Connection')}Edge"]
    item = f"{name.removesuffix('Connection')}!"
    assert {field: str(told.type) for field, told in fields.items()} == {
        "edges": f"[{edge.name}!]!",
        "nodes": f"[{item}]!",
        "pageInfo": "PageInfo!",
    }
    assert {field: str(told.type) for field, told in edge.fields.items()} == {"cursor": "String!", "node": item}
    assert TYPES["Node"] in edge.fields["node"].type.of_type.interfaces


def test_a_page_says_where_it_stands_as_relay_asks() -> None:
    assert {name: str(told.type) for name, told in TYPES["PageInfo"].fields.items()} == {
        "hasNextPage": "Boolean!",
        "hasPreviousPage": "Boolean!",
        "startCursor": "String",
        "endCursor": "String",
    }


def test_whatever_is_a_node_can_be_fetched_by_its_id() -> None:
    assert {kind.name for kind in GRAPH.get_possible_types(TYPES["Node"])} == set(NODES)
    assert str(TYPES["Query"].fields["node"].type) == "Node"
    assert str(TYPES["Query"].fields["nodes"].type).startswith("[Node]")


def test_a_mutation_takes_one_input_that_is_called_after_it() -> None:
    for name, field in TYPES["Mutation"].fields.items():
        assert set(field.args) <= {"input"}, name
        for told in field.args.values():
            assert get_named_type(told.type).name == f"{name[0].upper()}{name[1:]}Input"


@pytest.mark.parametrize("root", ["Query", "Mutation"])
def test_a_root_field_that_fails_takes_no_other_with_it(root: str) -> None:
    """Null stops where it arises; a list may be empty."""
    strict = [
        name
        for name, field in TYPES[root].fields.items()
        if isinstance(field.type, GraphQLNonNull) and not isinstance(field.type.of_type, GraphQLList)
    ]
    assert strict == []


def test_every_type_can_be_reached() -> None:
    reached: set[str] = set()
    ahead: list[Any] = [TYPES[root] for root in ROOTS]
    ahead += [get_named_type(told.type) for directive in GRAPH.directives for told in directive.args.values()]
    while ahead:
        kind = ahead.pop()
        if kind.name in reached or kind.name not in TYPES:
            continue
        reached.add(kind.name)
        ahead += [*getattr(kind, "types", ()), *getattr(kind, "interfaces", ())]
        if isinstance(kind, GraphQLInterfaceType):
            ahead += GRAPH.get_possible_types(kind)
        for field in () if isinstance(kind, GraphQLScalarType) else getattr(kind, "fields", {}).values():
            ahead += [
                get_named_type(field.type),
                *(get_named_type(a.type) for a in getattr(field, "args", {}).values()),
            ]
    assert set(TYPES) - reached == set()
