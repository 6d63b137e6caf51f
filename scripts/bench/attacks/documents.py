"""Documents that ask for too much, or for little in a way that is costly to judge."""

import asyncio

from graphql import get_introspection_query

from scripts.bench.attacks import BAD, HEADERS, NAME, Attack, Target, asked, nested, repeated, verdict

TWENTY_DEEP = "{ type " * 20 + "{ name " + "}" * 21
DEEP, BROAD = "400 TOO_DEEP", "400 TOO_BROAD"


def side_by_side(count: int) -> str:
    return f"{{ {repeated('...F%', count)} }} {repeated('fragment F% on Query { unreadNotices }', count)}"


def doubling(links: int) -> str:
    chain = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(links))
    return f"{{ ...F0 }} {chain} fragment F{links} on Query {{ unreadNotices }}"


def same_below_same(times: int) -> str:
    """Each of them is compared with each, and so is all that is below each pair."""
    text = "id id id"
    for field in ("lawyer", "answers", 'question(id: "x")'):
        text = " ".join([f"{field} {{ {text} }}"] * times)
    return f"{{ {text} }}"


DOCUMENTS = [
    asked("40 fragments, each spreading the next twice", doubling(40), BROAD),
    asked(
        "the same 40, not spread by the operation", f"query A {NAME} query B {doubling(40)}", "200", operationName="A"
    ),
    asked("190 fragments on one type", side_by_side(190), BROAD),
    asked("95 fragments on one type", side_by_side(95), BROAD, BAD, "200"),
    asked("an object field 490 times", f"{{ {'viewer { id } ' * 490} }}", BROAD),
    asked(
        "the same in another operation",
        f"query A {NAME} query B {{ {'viewer { id } ' * 480} }}",
        BROAD,
        BAD,
        operationName="A",
    ),
    asked("the same in a fragment that nobody spreads", f"{NAME} fragment F on Query {{ {'id ' * 1900} }}", BAD, BROAD),
    asked("a value 1,900 times in what is skipped", f"{{ viewer @skip(if: true) {{ {'id ' * 1900} }} }}", BAD, BROAD),
    asked("the same below the same, 5 x 5 x 5", same_below_same(5), BAD, BROAD),
    asked(
        "150 operations with 40 fragments each",
        repeated("query A% { ...F0 }", 150) + doubling(40)[10:],
        "200",
        BROAD,
        operationName="A1",
    ),
    asked("1,900 unknown fields", f"{{ {repeated('f%', 1900)} }}", BROAD),
    asked("590 unknown fields", f"{{ {repeated('viewr%', 590)} }}", BAD),
    asked("a field's name of 14,000 letters", f"{{ {'q' * 14_000} }}", BAD),
    asked(
        "600 unknown input fields",
        f"mutation {{ askQuestion(input: {{ {repeated('f%: 1', 600)} }}) {{ __typename }} }}",
        BAD,
    ),
    asked("280 aliases", f"{{ {repeated('a%: unreadNotices', 280)} }}", "400 TOO_MANY_ALIASES"),
    asked("900 directives", f"{{ __typename {'@a ' * 900} }}", "400 TOO_MANY_DIRECTIVES"),
    asked("900 directives on a variable", f"query ($a: Int {'@a ' * 900}) {NAME}", BAD),
    asked("fields 600 deep", f"{{ {nested('viewer { ', 'id', ' }', 600)} }}", DEEP),
    asked("inline fragments 600 deep", f"{{ {nested('... { ', '__typename', ' }', 600)} }}", DEEP),
    asked("lists 900 deep", f"{{ nodes(ids: {nested('[', '', ']', 900)}) {{ id }} }}", DEEP),
    asked("objects 480 deep", f"{{ lawyers(filter: {nested('{a: ', '1', '}', 480)}) {{ nodes {{ id }} }} }}", DEEP),
    asked("types 900 deep", f"query ($a: {nested('[', 'Int', ']', 900)}) {NAME}", DEEP),
    asked("a document of 900 kB", f"{{ {'viewer ' * 130_000} }}", "400 DOCUMENT_TOO_LONG"),
    asked("a document of 5 MB", f"{{ {'viewer ' * 720_000} }}", "413 BODY_TOO_LARGE"),
    asked("15,000 characters of opening braces", "{" * 14_900, DEEP, BAD, "400 TOO_MANY_TOKENS"),
    asked("an unfinished string of 14,900 characters", '{ node(id: "' + "\\u0041" * 2400, BAD),
    asked("hidden introspection bomb", f"{{ __schema {{ types {{ ofType {TWENTY_DEEP} }} }} }}", BAD),
    asked(
        "fields of types of fields of types",
        f"{{ __schema {{ types {nested('{ fields { type ', '{ name }', ' } }', 8)} }} }}",
        BAD,
    ),
    asked(
        "nested pages of a hundred",
        "{ questions(first: 100) { nodes { answers { lawyer { name } } } } "
        "lawyers(first: 100) { nodes { firm { lawyers(first: 100) { nodes { firm { id } } } } } } }",
        BAD,
        "400 TOO_COSTLY",
    ),
    asked(
        "pages of a hundred by variable",
        f"query ($n: Int) {{ {repeated('a%: lawyers(first: $n) { nodes { firm { id } } }', 12)} }}",
        "400 TOO_COSTLY",
        variables={"n": 100},
    ),
]


def introspections(count: int, at_once: int) -> Attack:
    """Where everybody may ask for the schema."""
    query = {"query": get_introspection_query()}

    async def strike(target: Target) -> str:
        async def one() -> str:
            return verdict(await target.client.post(target.url, json=query, headers=HEADERS))

        found: set[str] = set()
        for _ in range(count // at_once):
            found.update(await asyncio.gather(*(one() for _ in range(at_once))))
        return ", ".join(sorted(found))

    return Attack(f"{count} introspections", strike, ("200",), messages=count, times=1)
