"""How much a document asks for: each selection is looked at once, whatever its fragments multiply to."""

from itertools import count
from typing import Any, cast

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    Visitor,
    get_introspection_query,
    parse,
    visit,
)
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Language
from app.graph.context import Context
from app.graph.documents import admit, ruler
from app.graph.limits import RESIDENT, STAFF, Allowance
from app.graph.measure import Measure
from app.schema import schema

GRAPH = schema._schema


def measured(text: str, **variables: Any) -> Measure:
    document = parse(text)
    operation = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    return ruler(GRAPH).measure(document, operation, variables)


def codes(text: str, allowance: Allowance = RESIDENT, operation: str | None = None, **variables: Any) -> list[str]:
    faults = admit(GRAPH, text, operation, variables, allowance).faults
    return [reason.code.name for fault in faults for reason in getattr(fault.original_error, "reasons", ())] or [
        "BAD_DOCUMENT" for _ in faults
    ]


def selections(document: DocumentNode) -> int:
    class Counting(Visitor):
        found = 0

        def enter_field(self, node: FieldNode, *_: Any) -> None:
            self.found += 1

        def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
            self.found += 1

        def enter_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> None:
            self.found += 1

    counting = Counting()
    visit(document, counting)
    return counting.found


def doubling(links: int) -> str:
    chain = " ".join(f"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }}" for i in range(links))
    return f"{{ ...F0 }} {chain} fragment F{links} on Query {{ unreadNotices }}"


def test_forty_fragments_each_spreading_the_next_twice_are_looked_at_once() -> None:
    text = doubling(40)
    found = measured(text)
    assert found.fields == 2**40
    assert found.visited == selections(parse(text)) == 82
    assert codes(text) == ["TOO_BROAD"]


def test_the_size_of_a_page_multiplies_what_is_below_it() -> None:
    page = "query ($n: Int!) { questions(first: $n) { edges { cursor node { id answers { lawyer { name } } } } } }"
    one = 1 + 3 * (1 + 1)
    assert [measured(page, n=n).cost for n in (0, 1, 20, 100)] == [1, 1 + one, 1 + 20 * one, 1 + 100 * one]
    assert measured(page, n=1_000_000).cost == measured(page, n=100).cost, "the page itself will be refused"
    assert measured(page, n=100.0).cost == measured(page, n=100).cost, "Int takes 100.0 and 1e2 as well"
    twice = "{ questions(last: 10) { nodes { id } edges { node { id } } pageInfo { endCursor } } }"
    assert measured(twice).cost == 1 + 10 + 10
    unsaid = "{ questions { nodes { id } } }"
    assert measured(unsaid).cost == 1 + 20
    default = "query ($n: Int = 7) { questions(first: $n) { nodes { id } } }"
    assert measured(default).cost == 1 + 7


def test_a_list_that_is_asked_for_by_ids_or_by_number_costs_as_many() -> None:
    several = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Lawyer { firm { name } } } }"
    assert [measured(several, ids=["x"] * n).cost for n in (0, 1, 100)] == [0, 2, 200]
    assert measured(several, ids="x").cost == 2, "one is a list of one"
    assert measured(several, ids=["x"] * 900).cost == 200, "so many will be refused"
    assert measured('{ nodes(ids: ["x", "y"]) { id } }').cost == 2
    assert [measured(f"{{ recommendedArticles(first: {n}) {{ why }} }}").cost for n in (1, 20)] == [1, 20]


def test_fragments_of_a_connection_are_worth_what_is_written_out() -> None:
    plain = "{ questions(first: 9) { nodes { id category { name } } } lawyers(first: 4) { nodes { firm { name } } } }"
    spread = """{ questions(first: 9) { ...Q } lawyers(first: 4) { ... on LawyerConnection { ...L } } }
      fragment Q on QuestionConnection { nodes { ...One } } fragment One on Question { id category { name } }
      fragment L on LawyerConnection { nodes { firm { name } } }"""
    assert measured(plain).cost == measured(spread).cost == 1 + 9 * 2 + 1 + 4 * 2
    assert measured(plain).depth == measured(spread).depth == 4


def test_weights_stand_in_the_schema() -> None:
    assert measured('{ promiseRecord(from: "2026-01-01", to: "2026-01-31") { questions } }').cost == 50
    assert measured("{ refusalCodes { code zh en remedy } }").cost == 0
    assert measured("mutation { signOut { __typename } }").cost == 10


def test_what_is_left_out_costs_nothing() -> None:
    page = "query ($yes: Boolean!) { questions(first: 50) @include(if: $yes) { nodes { id } } viewer { id } }"
    assert [measured(page, yes=said).cost for said in (True, False)] == [52, 1]
    assert measured("{ viewer @skip(if: true) { id } }").cost == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{ " + "node(id: 1) { ... on Question { answers { question { " * 4 + "id" + " } } } }" * 4 + " }", "TOO_DEEP"),
        ("{ " + " ".join(f"a{i}: viewer {{ id }}" for i in range(16)) + " }", "TOO_MANY_ALIASES"),
        ("{ viewer { id " + "@include(if: true) " * 51 + "} }", "TOO_MANY_DIRECTIVES"),
        ("{ " + "viewer { id } " * 400 + "}", "TOO_BROAD"),
        ("{ viewer { " + "id " * 6 + "} }", "TOO_BROAD"),
        ("{ viewer { " + "... on Viewer { id } " * 101 + "} }", "TOO_BROAD"),
        ("{ questions(first: 100) { nodes { answers { lawyer { specialties { code } } } } } }", "TOO_COSTLY"),
        ("{ " + "id " * 2000 + "}", "TOO_MANY_TOKENS"),
        ("{ viewer { id } } #" + "x" * 15_000, "DOCUMENT_TOO_LONG"),
        ("{ a" * 400 + " }" * 400, "TOO_DEEP"),
        ("{ node(id: " + "[" * 900 + "]" * 900 + ") { id } }", "TOO_DEEP"),
        ("{ __schema { types { name } } }", "INTROSPECTION_OFF"),
        ("query A { viewer { id } } query B { viewer { id } }", "NO_SUCH_OPERATION"),
        ("fragment A on Viewer { id }", "NO_SUCH_OPERATION"),
        ("{", "BAD_DOCUMENT"),
        ("{ nothingOfTheKind }", "BAD_DOCUMENT"),
        ("{ viewer @skip { id } }", "BAD_DOCUMENT"),
        ("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", "BAD_DOCUMENT"),
    ],
)
def test_every_limit_has_its_name(text: str, code: str) -> None:
    assert set(codes(text)) == {code}


def test_a_long_chain_of_fragments_is_refused_and_breaks_nothing() -> None:
    links = 240
    chain = " ".join(f"fragment F{i} on Query {{ ...F{i + 1} }}" for i in range(links))
    assert codes(f"{{ ...F0 }} {chain} fragment F{links} on Query {{ unreadNotices }}") == ["TOO_BROAD"]


def test_tools_may_ask_for_the_whole_schema_where_staff_may() -> None:
    text = get_introspection_query(
        descriptions=True,
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
        one_of=True,
    )
    assert codes(text, STAFF) == []
    assert codes(text, RESIDENT) == ["INTROSPECTION_OFF"]
    bomb = "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }"
    assert codes(bomb, STAFF) == ["BAD_DOCUMENT"]


def test_who_may_not_ask_for_the_schema_gets_no_hints_of_it() -> None:
    wrong = "{ viewr { id } }"
    said = [admit(GRAPH, wrong, None, {}, who).faults[0].message for who in (RESIDENT, STAFF)]
    assert ["Did you mean" in one for one in said] == [False, True]


names = st.sampled_from(["id", "viewer", "questions", "nodes", "answers", "unknown", "__typename", "lawyer"])


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Any shape, valid or not: nested fields, aliases, inline and named fragments, also in circles."""
    fragments = draw(st.integers(0, 4))
    number = count()

    def body(depth: int) -> str:
        parts = []
        for _ in range(draw(st.integers(1, 3))):
            kind = draw(st.integers(0, 4))
            if kind == 0 and fragments:
                parts.append(f"...F{draw(st.integers(0, fragments - 1))}")
            elif kind == 1 and depth:
                parts.append("... on Question " + body(depth - 1))
            else:
                alias = f"x{next(number)}: " if draw(st.booleans()) else ""
                parts.append(alias + draw(names) + (" " + body(depth - 1) if depth and draw(st.booleans()) else ""))
        return "{ " + " ".join(parts) + " }"

    spelled = [f"fragment F{i} on Query {body(2)}" for i in range(fragments)]
    return " ".join(["query " + body(3), *spelled])


@given(documents())
def test_no_document_is_looked_at_more_than_it_is_long(text: str) -> None:
    document = parse(text)
    assert measured(text).visited <= selections(document)
    admit(GRAPH, text, None, {}, RESIDENT)


@pytest.mark.anyio
async def test_what_the_schema_says_is_remembered_by_operation() -> None:
    """One document may hold several questions about the schema."""
    text = "query A { a: __schema { queryType { name } } } query B { b: __schema { mutationType { name } } }"
    for name, said in (
        ("A", {"a": {"queryType": {"name": "Query"}}}),
        ("B", {"b": {"mutationType": {"name": "Mutation"}}}),
    ) * 2:
        context = Context(
            db=cast("Any", None),
            wake=cast("Any", None),
            doors={},
            viewer=None,
            language=Language.EN,
            address="",
            allowance=STAFF,
        )
        result = await schema.execute(text, context_value=context, operation_name=name)
        assert result.data == said
