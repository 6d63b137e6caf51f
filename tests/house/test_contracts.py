"""What every field of the graph owes its reader."""

import ast
from collections import Counter
from collections.abc import Iterator
from string import Formatter
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_introspection_type,
    is_specified_scalar_type,
)
from strawberry.utils.str_converters import to_camel_case

from app.core.errors import TABLE
from app.graph.permissions import Anyone, Guard
from app.graph.visible import Shared
from app.graph.weights import directive_of
from app.schema import Mutation, Query, Subscription, schema
from scripts import export_schema
from tests.city import City
from tests.house import source

GRAPH = schema._schema
TYPES = GRAPH.type_map
CREATES = {"askQuestion", "reviseQuestion", "saveDraft", "claimOffer", "submitAnswer", "amendAnswer"}
CREATES |= {"askFollowUp", "answerFollowUp", "requestInformation", "giveInformation", "recategoriseQuestion"}
CREATES |= {"rateAnswer", "chooseBestAnswer", "requestCallback", "appealBlock", "completeTask", "confirmDelegation"}
CREATES |= {"confirmGuardian", "applyAsLawyer", "decideLawyerApplication"}
RELAY = {"first": "Int", "after": "String", "last": "Int", "before": "String"}


def types() -> Iterator[GraphQLNamedType]:
    return (
        kind
        for kind in GRAPH.type_map.values()
        if not is_introspection_type(kind) and not is_specified_scalar_type(kind)
    )


def fields_of(root: GraphQLObjectType | None) -> dict[str, GraphQLField]:
    assert root is not None
    return dict(root.fields)


SUBSCRIBED: Any = Subscription.__strawberry_definition__.fields  # type: ignore[attr-defined]
QUERIES, MUTATIONS, SUBSCRIPTIONS = map(fields_of, (GRAPH.query_type, GRAPH.mutation_type, GRAPH.subscription_type))


def every_described_thing() -> Iterator[tuple[str, Any]]:
    """A union says all there is to say by its name and its members."""
    for kind in types():
        if isinstance(kind, GraphQLUnionType):
            continue
        yield kind.name, kind
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                yield f"{kind.name}.{name}", field
                for argument, told in field.args.items():
                    yield f"{kind.name}.{name}({argument})", told
        elif isinstance(kind, GraphQLInputObjectType):
            for name, wanted in kind.fields.items():
                yield f"{kind.name}.{name}", wanted
        elif isinstance(kind, GraphQLEnumType):
            for name, value in kind.values.items():
                yield f"{kind.name}.{name}", value


def test_the_exported_graph_is_current() -> None:
    assert export_schema.main(["--check"]) == 0


def test_everything_in_the_graph_is_described() -> None:
    assert [name for name, thing in every_described_thing() if not (thing.description or "").strip()] == []


@pytest.mark.parametrize("root", [Query, Mutation, Subscription])
def test_every_root_field_says_who_may_call_it(root: Any) -> None:
    fields = root.__strawberry_definition__.fields
    assert fields
    open_doors = [
        field.python_name
        for field in fields
        if not any(issubclass(permission, Guard) for permission in field.permission_classes)
    ]
    assert open_doors == []


TELLS_MORE = {"saveAnswer": {"AttemptClosed"}, "submitAttempt": {"AttemptClosed"}}
"""Refusals that come with what the client shows then."""


def test_every_mutation_gives_what_it_made_or_a_refusal() -> None:
    """A union of its own, or one that several mutations which make the same thing share, named after it, or after the
    interface of what it is in one of its kinds."""
    shared = Counter(get_named_type(field.type).name for field in MUTATIONS.values())
    for name, field in MUTATIONS.items():
        payload = get_named_type(field.type)
        assert isinstance(payload, GraphQLUnionType), name
        members = {member.name for member in payload.types}
        assert "Refused" in members, name
        made = payload.name.removesuffix("Result")
        shared_by = TYPES.get(made)
        if isinstance(shared_by, GraphQLInterfaceType):
            assert members - {"Refused"} == {one.name for one in GRAPH.get_possible_types(shared_by)}, name
        else:
            (made,) = members - {"Refused", *TELLS_MORE.get(name, ())}
        own = f"{name[0].upper()}{name[1:]}Result"
        assert payload.name == own or (payload.name == f"{made}Result" and shared[payload.name] > 1), name


def test_every_stream_can_refuse_and_has_a_twin_to_poll() -> None:
    """Of a stream of states, which is the same for everybody, the twin is the query for the state."""
    guards = {to_camel_case(one.python_name): one.permission_classes for one in SUBSCRIBED}
    for name, field in SUBSCRIPTIONS.items():
        frame = get_named_type(field.type)
        assert isinstance(frame, GraphQLUnionType), name
        assert "Refused" in {member.name for member in frame.types}, name
        if directive_of(field, Shared):
            twin = QUERIES[name.removesuffix("Updates")]
            assert get_named_type(twin.type) in frame.types, name
            assert field.args.keys() <= twin.args.keys(), name
            assert guards[name] == [Anyone], name
            continue
        assert "after" in field.args, name
        twin = QUERIES[name]
        assert get_named_type(twin.type) is frame, name
        assert {a: str(told.type) for a, told in twin.args.items()} == {a: str(t.type) for a, t in field.args.items()}


def test_every_list_that_can_grow_is_paged_alike() -> None:
    connections = [
        (f"{kind.name}.{name}", field)
        for kind in types()
        if isinstance(kind, GraphQLObjectType)
        for name, field in kind.fields.items()
        if get_named_type(field.type).name.endswith("Connection")
    ]
    assert {"Query.questions", "Query.offers", "Query.seats", "Query.lawyers", "Query.notices"} <= {
        name for name, _ in connections
    }
    for name, field in connections:
        assert {a: str(told.type) for a, told in field.args.items() if a in RELAY} == RELAY, name


def test_every_mutation_that_creates_takes_an_idempotency_key() -> None:
    for name in CREATES:
        arguments: dict[str, Any] = dict(MUTATIONS[name].args)
        if "input" in arguments:
            arguments = get_named_type(arguments["input"].type).fields
        assert str(arguments["idempotencyKey"].type) == "String!", name


async def codes_served(city: City) -> set[str]:
    return {row["code"] for row in await city.one(None, "{ refusalCodes { code zh en remedy } }")}


@pytest.mark.anyio
async def test_every_code_that_the_house_declares_is_served(city: City) -> None:
    """A room that nobody imports would keep its codes out of the table."""
    declared = [
        ast.literal_eval(call.args[0])
        for path in source.files(source.APP)
        for call in source.calls(path)
        if isinstance(call.func, ast.Name) and call.func.id == "code" and path.name != "errors.py"
    ]
    assert set(declared) < set(TABLE) == await codes_served(city)
    assert len(declared) == len(set(declared))


WORDS_OF_A_PROTOCOL = {"PERSISTED_QUERY_NOT_FOUND"}
"""Clients look for the message itself."""


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_code_says_in_both_languages_what_happened_and_what_to_do(name: str) -> None:
    code = TABLE[name]
    assert code.name == name == name.upper()
    assert any("\u4e00" <= char <= "\u9fff" for char in code.zh) or name in WORDS_OF_A_PROTOCOL
    assert code.en.isascii()
    assert code.remedy


def test_whoever_refuses_fills_in_the_message() -> None:
    """`refuse(CODE, field, limit=...)` names every placeholder of its code; constants are called like their code."""
    for path in source.files(source.APP):
        for call in source.calls(path):
            if not (isinstance(call.func, ast.Name) and call.func.id in ("refuse", "because") and call.args):
                continue
            code = call.args[0]
            if isinstance(code, ast.Name) and code.id.isupper():
                given = {keyword.arg for keyword in call.keywords}
                wanted = {name for _, name, _, _ in Formatter().parse(TABLE[code.id].zh) if name}
                assert wanted <= given, source.place(path, call)
