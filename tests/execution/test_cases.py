"""Cases by name: the specification's own, and what is Strawberry's."""

import gc
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any
from weakref import ref

import pytest
import strawberry
from graphql import build_schema, parse
from strawberry.permission import BasePermission

from app.graph.execution import CompiledExecutor
from app.graph.execution.compiling import Plans
from app.graph.execution.executor import FELL_BACK
from tests.execution.agreement import agree, both

pytestmark = pytest.mark.anyio

HEROES = """
type Query { hero: Hero heroes: [Hero!] strict: Hero! nothing: Int }
type Mutation { first: Int second: Int! third: Int }
interface Being { id: ID! name: String }
type Hero implements Being {
    id: ID! name: String friends: [Hero] allies: [Hero!] sworn: [Hero!]! twin: Hero! me(n: Int): Hero
}
"""


def hero(name: str | None, **more: Any) -> dict[str, Any]:
    return {"id": name, "name": name, "friends": [], "allies": [], "sworn": []} | more


def raising(*_: Any, **__: Any) -> Any:
    raise ValueError("broken")


R2 = hero(
    "R2", friends=[hero("Luke"), hero(None), None], allies=[hero("Han"), hero(None)], me=lambda info, n: hero(str(n))
)
CASES = {
    "a null friend's id nulls the friend (6.4.4)": "{ hero { name friends { id name } } }",
    "one of a list that takes no null nulls the list": "{ hero { allies { id } } }",
    "up to the root": "{ strict { sworn { id } twin { id } } }",
    "fields merge, in the order of their first": "{ hero { name ...F id } } fragment F on Hero { twin { name } id }",
    "aliases and arguments": "{ hero { a: me(n: 1) { name } b: me(n: 2) { name } me { name } } }",
    "an argument that is none": "query Q($n: Int) { hero { me(n: $n) { id } } }",
    "__typename, in its place": "{ __typename hero { name __typename x: __typename id } }",
    "on an interface": "{ hero { ... on Being { name } ... { id } ... @include(if: false) { twin { id } } } }",
    "skip and include": "query Q($yes: Boolean = true) { hero { name @skip(if: $yes) id @include(if: $yes) } }",
    "the schema itself": '{ __schema { queryType { name fields { name } } } __type(name: "Hero") { kind } }',
    "a mutation stops at what may not be null": "mutation { first second third }",
}


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
@pytest.mark.parametrize("yes", [True, False])
async def test_the_specifications_cases(text: str, yes: bool) -> None:
    done: list[str] = []
    root = {
        "hero": R2,
        "heroes": [R2],
        "strict": hero("S", sworn=[hero(None)], twin=None),
        "nothing": None,
        "first": lambda info: done.append("first"),
        "second": raising,
        "third": lambda info: done.append("third"),
    }
    schema = build_schema(HEROES)
    agree(*await both(schema, parse(text), root_value=root, variable_values={"yes": yes}))
    assert "third" not in done


async def test_what_cannot_run_at_all_says_why_in_both() -> None:
    schema = build_schema("type Query { a(n: Int!): Int }")
    agree(*await both(schema, parse("query Q($n: Int!) { a(n: $n) }"), variable_values={"n": "x"}))
    agree(*await both(schema, parse("mutation { a }")))


NEITHER = {
    "below": "{ hero { name twin { id @skip(if: $yes) } } }",
    "behind an interface": "{ hero { kin { ... on Hero { name @include(if: $yes) } } } nothing }",
    "after it was done": "mutation Q($yes: Boolean = true) { made { kin { ... on Hero { id @skip(if: $yes) } } } }",
}


@pytest.mark.parametrize("text", NEITHER.values(), ids=NEITHER)
async def test_a_condition_that_is_neither_ends_what_it_stands_in(text: str) -> None:
    """It has a default and so need not be said, but null was said."""
    schema = build_schema(f"{HEROES} extend type Hero {{ kin: Being }} extend type Mutation {{ made: Hero }}")
    root = {"hero": R2 | {"kin": {"__typename": "Hero", **R2}, "twin": hero("Twin")}, "nothing": 1}
    text = text if text.startswith("mutation") else f"query Q($yes: Boolean = true) {text}"
    answers = await both(schema, parse(text), root_value=root | {"made": root["hero"]}, variable_values={"yes": None})
    agree(*answers)
    assert answers[1].data
    assert answers[1].errors


async def test_what_is_not_supported_is_left_to_graphql_core_and_counted() -> None:
    schema = build_schema(HEROES)
    before = FELL_BACK.labels("no_error_propagation")._value.get()
    text = "query @experimental_disableErrorPropagation { hero { allies { id } } }"
    agree(*await both(schema, parse(text), root_value={"hero": R2}))
    assert FELL_BACK.labels("no_error_propagation")._value.get() == before + 1


async def test_a_plan_is_made_once_for_each_way_it_turns_out(monkeypatch: pytest.MonkeyPatch) -> None:
    plans = Plans(lambda _: None)
    schema = build_schema(HEROES)
    document = parse(CASES["skip and include"])
    found = [
        plans.plan(CompiledExecutor.build(schema, document, raw_variable_values={"yes": yes}))  # type: ignore[arg-type]
        for yes in (True, False, True)
    ]
    assert found[0] is found[2]
    assert found[0] is not found[1]


def test_plans_are_remembered_as_far_as_their_documents_are_long() -> None:
    """A plan holds its document, which takes fifty times its length."""
    plans, schema = Plans(lambda _: None), build_schema(HEROES)
    made = []
    for number in range(100):
        document = parse(f"query Q{number} {{ hero {{ name }} }} # {'x' * 12_000}")
        made.append(ref(plans.plan(CompiledExecutor.build(schema, document))))  # type: ignore[arg-type]
        del document
    gc.collect()
    kept = [number for number, one in enumerate(made) if one() is not None]
    assert kept == list(range(100 - len(kept), 100))
    assert 40 <= len(kept) <= 50


class Refused(Exception): ...


@strawberry.type
class No:
    why: str


class Handler(strawberry.ExceptionHandler[Refused, No]):
    def handle(self, exception: Refused, *, field: Any, info: Any) -> No:
        return No(why=str(exception))


class Grown(BasePermission):
    message = "not for you"

    def has_permission(self, source: Any, info: Any, **_: Any) -> bool:
        return bool(source.name != "Kid" and info.path.key == "secret")


@strawberry.input
class Where:
    town: str
    ages: list[int] = strawberry.field(default_factory=lambda: [1])


@strawberry.type
class Person:
    name: str
    asked: strawberry.Private[list[Any]]

    @strawberry.field
    def shout(self) -> str:
        return self.name.upper()

    @strawberry.field
    def fragile(self) -> int:
        return 1 // (len(self.name) - 3)

    @strawberry.field(permission_classes=[Grown])
    def secret(self) -> str | None:
        return f"{self.name}'s"

    @strawberry.field
    async def where(self, info: strawberry.Info, where: Where, n: int = 2) -> str:
        assert isinstance(where, Where)
        self.asked.append(info.path.as_list() if hasattr(info.path, "as_list") else info.path)
        return f"{info.field_name} {where.town} {where.ages} {n} {info.context['who']} {len(info.selected_fields)}"

    @strawberry.field
    def parent(self, root: strawberry.Parent[Any]) -> str:
        return str(root.name)


@strawberry.type
class Query:
    @strawberry.field
    async def people(self, info: strawberry.Info) -> list[Person]:
        return [Person(name=name, asked=info.context["asked"]) for name in ("Ann", "Kid", "Zoe!")]

    @strawberry.field
    def maybe(
        self, no: Annotated[bool, strawberry.argument()] = True
    ) -> Annotated[Person | No, strawberry.union("Maybe")]:
        if no:
            raise Refused("because")
        return Person(name="Ann", asked=[])


async def test_what_is_strawberrys_stays_in_force() -> None:
    schema = strawberry.Schema(Query, exception_handlers=[Handler()])
    asked: list[Any] = []
    text = """{ people { name shout fragile } also: people { name secret }
      them: people { where(where: {town: "a"}) parent }
      maybe { ... on No { why } } y: maybe(no: false) { __typename } }"""
    for part in (text, text.replace("fragile", "")):
        agree(*await both(schema._schema, parse(part), context_value={"who": "me", "asked": asked}))
    assert asked[:3] == asked[3:6] == [["them", index, "where"] for index in range(3)]


class Colour(Enum):
    RED = 1
    BLUE = 2


@strawberry.type
class Leaf:
    colour: Colour
    at: datetime
    words: list[str]
    grid: list[list[int | None] | None]

    @strawberry.field
    def above(self, other: int = 1) -> "Leaf | None":
        return None if other == 1 else self

    @strawberry.field
    def split(self, by: str) -> list[str]:
        return by.split(self.words[0])


@strawberry.type
class Tree:
    @strawberry.field
    def leaves(self, all: bool = True) -> list[Leaf | None]:
        at = datetime(2026, 1, 2, 3, tzinfo=UTC)
        fine = Leaf(colour=Colour.RED, at=at, words=["a", "b"], grid=[[1, None], None, []])
        odd: Any = [Leaf(colour=Colour.BLUE, at=at, words=words, grid=[]) for words in (("t",), [], ["", None])]  # type: ignore[arg-type]
        wrong: Any = [Leaf(colour=9, at=at, words=["a"], grid=[]), ValueError("as a value"), 3]  # type: ignore[arg-type]
        return [fine, None, *odd, *wrong] if all else [fine, None, odd[0]]


@pytest.mark.parametrize(
    "part", ["colour", "at", "words", "grid", "above { at }", "above(other: $n) { words }", "split"]
)
async def test_what_is_written_as_one_loop_says_the_same_of_what_is_not_as_it_should(part: str) -> None:
    schema = strawberry.Schema(Tree, types=[Leaf])
    said = part.replace("split", 'one: split(by: "bab") other: split(by: $by)')
    text = 'query Q($n: Int = 2, $by: String = "cac") { all: leaves { ...F } fine: leaves(all: false) { ...F } }'
    text += f" fragment F on Leaf {{ __typename {said} }}"
    agree(*await both(schema._schema, parse(text), root_value=Tree()))
