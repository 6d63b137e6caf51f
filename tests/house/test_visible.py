"""Every type says who sees it, by `@visible(to: ...)`; what its fields say beside that differs from it."""

from graphql import GraphQLObjectType, is_introspection_type

from app.graph.visible import Audience, Visible
from app.graph.weights import directive_of
from app.schema import schema

OBJECTS = {
    name: kind
    for name, kind in schema._schema.type_map.items()
    if isinstance(kind, GraphQLObjectType) and not is_introspection_type(kind)
}


def test_every_type_says_who_sees_it() -> None:
    assert [name for name, kind in OBJECTS.items() if directive_of(kind, Visible) is None] == []


def test_what_is_said_is_somebody() -> None:
    """Named once each, and not beside those who take in everybody."""
    for name, kind in OBJECTS.items():
        for where, thing in {name: kind, **{f"{name}.{field}": told for field, told in kind.fields.items()}}.items():
            if said := directive_of(thing, Visible):
                assert 0 < len({*said.to}) == len(said.to), where
                assert len(said.to) == 1 or not {Audience.ANYONE, Audience.WITHIN} & {*said.to}, where


def test_a_field_says_so_only_where_it_differs() -> None:
    roots = {"Query", "Mutation", "Subscription"}
    repeated = [
        f"{name}.{field}"
        for name, kind in OBJECTS.items()
        if name not in roots
        for field, told in kind.fields.items()
        if (said := directive_of(told, Visible)) and said == directive_of(kind, Visible)
    ]
    assert repeated == []


def test_every_root_field_says_whom_its_guard_lets_in() -> None:
    for name in ("Query", "Mutation", "Subscription"):
        assert [field for field, told in OBJECTS[name].fields.items() if directive_of(told, Visible) is None] == []
