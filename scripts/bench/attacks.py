"""The worst that may be sent to the graph by HTTP, each with the answers that are right.

Played against a served house by `python -m scripts.bench.worst`, which takes the time, and by tests/graph/test_worst.py,
which does not. What comes over sockets and slow lines is in scripts/bench/floods.py.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
from graphql import get_introspection_query

from app.graph.http import GRAPHQL_RESPONSE, JSON

HEADERS = {"content-type": JSON, "accept": GRAPHQL_RESPONSE, "accept-language": "en"}
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Target:
    """A served house, and whom the attacker can be."""

    url: str
    """Of the graph."""
    resident: Callable[[], str]
    """A valid token of somebody new."""
    client: httpx.AsyncClient


@dataclass(frozen=True)
class Attack:
    name: str
    strike: Callable[[Target], Awaitable[str]]
    """Returns what became of it: a status and a code ("400 TOO_DEEP"), a close code and its reason."""
    right: tuple[str, ...]
    """What may become of it."""
    messages: int = 1
    """How many requests or messages a strike is made of."""
    times: int = 20
    """How often to strike for a figure; once for what waits for a time-out."""


def verdict(answer: httpx.Response) -> str:
    """The status, and the code of the first error, or of the refusal that stands in its place."""
    try:
        said = answer.json()
    except ValueError:
        return str(answer.status_code)
    if errors := said.get("errors"):
        return f"{answer.status_code} {errors[0]['extensions']['code']}"
    for value in (said.get("data") or {}).values():
        if isinstance(value, dict) and value.get("reasons"):
            return f"{answer.status_code} {value['reasons'][0]['code']}"
    return str(answer.status_code)


async def is_well(target: Target) -> bool:
    answer = await target.client.post(target.url, json={"query": "{ __typename }"}, headers=HEADERS)
    return answer.status_code == 200 and answer.json()["data"] == {"__typename": "Query"}


# What is sent -------------------------------------------------------------------------------------------------------


def sent(name: str, content: bytes, *right: str, headers: dict[str, str] | None = None) -> Attack:
    bare = {key: value.encode("latin-1") for key, value in (HEADERS | (headers or {})).items()}

    async def strike(target: Target) -> str:
        return verdict(await target.client.post(target.url, content=content, headers=bare))

    return Attack(name, strike, right)


def asked(name: str, query: str, *right: str, signed_in: bool = False, **more: Any) -> Attack:
    """A document. It is another each time: what is known of one that was sent before is no figure."""
    counting = iter(range(10**9))

    async def strike(target: Target) -> str:
        body = json.dumps({"query": f"{query} #{next(counting)}"} | more).encode()
        headers = {"authorization": f"Bearer {target.resident()}"} if signed_in else {}
        return verdict(await target.client.post(target.url, content=body, headers=HEADERS | headers))

    return Attack(name, strike, right)


def got(name: str, query_string: str, *right: str, headers: dict[str, str] | None = None) -> Attack:
    said = {"accept": GRAPHQL_RESPONSE} | (headers or {})

    async def strike(target: Target) -> str:
        return verdict(await target.client.get(f"{target.url}?{query_string}", headers=said))

    return Attack(name, strike, right)


def flooded(name: str, query: str, count: int, *right: str) -> Attack:
    """The same by ten at once."""

    async def strike(target: Target) -> str:
        async def one() -> str:
            return verdict(await target.client.post(target.url, json={"query": query}, headers=HEADERS))

        found: set[str] = set()
        for _ in range(count // 10):
            found.update(await asyncio.gather(*(one() for _ in range(10))))
        return ", ".join(sorted(found))

    return Attack(name, strike, right, messages=count, times=1)


# Documents ----------------------------------------------------------------------------------------------------------

NAME = "{ __typename }"
TWENTY_DEEP = "{ type " * 20 + "{ name " + "}" * 21
SIGN_IN = "mutation ($code: String!) { signInWithWechat(input: {code: $code}) { ... on Refused { reasons { code } } } }"
BAD, DEEP, BROAD = "400 BAD_DOCUMENT", "400 TOO_DEEP", "400 TOO_BROAD"


def repeated(part: str, times: int) -> str:
    return " ".join(part.replace("%", str(number)) for number in range(times))


def nested(opening: str, inner: str, closing: str, times: int) -> str:
    return opening * times + inner + closing * times


def side_by_side(count: int) -> str:
    return f"{{ {repeated('...F%', count)} }} {repeated('fragment F% on Query { viewer { id } }', count)}"


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
    asked("the same 40, not spread by the operation", f"query A {NAME} query B {doubling(40)}", BAD, operationName="A"),
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
    asked("220 operations with 40 fragments each", repeated("query A% { ...F0 }", 220) + doubling(40)[10:], BAD, BROAD),
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
    asked("pages of a hundred by variable", "query ($n: Int) { a: lawyers(first: $n) { nodes { firm { id } } } "
          + repeated("b%: lawyers(first: $n) { nodes { firm { id } } }", 12) + " }", "400 TOO_COSTLY", variables={"n": 100}),
    flooded("100 introspections", get_introspection_query(), 100, "200"),
]  # fmt: skip

# Values -------------------------------------------------------------------------------------------------------------

DIGITS = "9" * 5000

VALUES = [
    asked("5,000 digits in the document", f"{{ lawyers(first: {DIGITS}) {{ nodes {{ id }} }} }}", BAD),
    asked("5,000 digits as an enum", f"{{ lawyers(orderBy: {DIGITS}) {{ nodes {{ id }} }} }}", BAD),
    asked("5,000 digits as an id", f"{{ node(id: {DIGITS}) {{ id }} }}", "200 BAD_ID"),
    asked("1e999", "{ lawyers(first: 1e999) { nodes { id } } }", BAD),
    sent(
        "5,000 digits in a variable",
        f'{{"query": "query ($n: Int) {{ lawyers(first: $n) {{ nodes {{ id }} }} }}", "variables": {{"n": {DIGITS}}}}}'.encode(),
        BAD,
        "400 BAD_REQUEST",
    ),
    sent("1e999 in a variable", b'{"query": "{ __typename }", "variables": {"n": 1e999}}', "400 BAD_REQUEST", "200"),
    asked(
        "100,000 ids",
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
        "400 TOO_MANY_VALUES",
        "200 BAD_PAGE",
        BAD,
        variables={"ids": ["x"] * 100_000},
    ),
    asked(
        "100,000 ids that are none",
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
        "400 TOO_MANY_VALUES",
        BAD,
        variables={"ids": [True] * 100_000},
    ),
    asked(
        "variables 900 deep",
        "query ($f: LawyerFilter) { lawyers(filter: $f) { nodes { id } } }",
        BAD,
        variables={"f": json.loads(nested('{"a":', "1", "}", 900))},
    ),
    asked("100,000 variables nobody declared", NAME, "200", variables={f"v{n}": n for n in range(60_000)}),
    asked(
        "a text of 900,000 letters, read for persons",
        "query ($b: String!) { personalDetails(body: $b) { __typename } }",
        "200 TOO_LONG",
        variables={"b": "1" * 900_000},
    ),
    asked(
        "300,000 characters, read for danger",
        "query ($b: String!) { safetyCards(body: $b) { __typename } suggestCategories(body: $b) { __typename } }",
        "200 TOO_LONG",
        variables={"b": "我" * 300_000},
    ),
    asked("a NUL in the document", "{ \x00 __typename }", BAD),
    asked("a NUL as an operation's name", f"query A {NAME}", "400 NO_SUCH_OPERATION", operationName="\x00"),
    asked("900,000 letters as an operation's name", f"query A {NAME}", "400 NO_SUCH_OPERATION", operationName="A" * 900_000),
    asked("a NUL in a variable", SIGN_IN, "200 BAD_TEXT", variables={"code": "\x00"}),
    asked("a NUL in a literal", SIGN_IN.replace("$code}", r'"\u0000"}').replace("($code: String!)", ""), "200 BAD_TEXT"),
    asked("a lone surrogate in a literal", SIGN_IN.replace("$code}", r'"\ud800"}'), BAD),
    *(
        sent(f"a lone surrogate in {where}", b"{%s}" % said, "400 BAD_REQUEST")
        for where, said in (
            ("the document", rb'"query": "{ node(id: \"\ud800\") { id } }"'),
            ("the operation's name", rb'"query": "{ __typename }", "operationName": "\udfff"'),
            ("a variable", rb'"query": "{ __typename }", "variables": {"a": "\ud800"}'),
            ("a variable's name", rb'"query": "{ __typename }", "variables": {"\ud800": 1}'),
        )
    ),
]  # fmt: skip

# Bodies, addresses, headers ------------------------------------------------------------------------------------------

NO_REQUEST = "400 BAD_REQUEST"


def hashed(said: Any, query: str | None = None) -> bytes:
    body = {"extensions": {"persistedQuery": said}} | ({"query": query} if query else {})
    return json.dumps(body).encode()


BODIES = [
    *(
        sent(f"the body {body[:12].decode(errors='replace')!r}", body, right)
        for body, right in (
            (b"", NO_REQUEST),
            (b"5", NO_REQUEST),
            (b"null", NO_REQUEST),
            (b"true", NO_REQUEST),
            (b'"x"', NO_REQUEST),
            (b"[]", "400 NO_BATCHES"),
            (b'[{"query": "{ __typename }"}]', "400 NO_BATCHES"),
            (b"NaN", NO_REQUEST),
            (b"\xff\xfe\x00", NO_REQUEST),
            (b'{"query": "\xc3\x28"}', NO_REQUEST),
        )
    ),
    sent("a batch of 20,000", b"[" + b",".join([b'{"query": "{ __typename }"}'] * 20_000) + b"]", "400 NO_BATCHES"),
    sent("JSON lists 100,000 deep", nested("[", "", "]", 100_000).encode(), NO_REQUEST),
    sent("JSON objects 100,000 deep", nested('{"a":', "1", "}", 100_000).encode(), NO_REQUEST),
    sent("450,000 small values", b'{"query": "{ __typename }", "extensions": [' + b"0," * 449_000 + b"0]}", NO_REQUEST),
    sent(
        "huge extensions",
        json.dumps({"query": NAME, "extensions": {f"e{n}": {} for n in range(60_000)}}).encode(),
        "200",
    ),
    sent("a hash that is not known", hashed({"version": 1, "sha256Hash": "0" * 64}), "200 PERSISTED_QUERY_NOT_FOUND"),
    sent("a hash that is wrong", hashed({"version": 1, "sha256Hash": "0" * 64}, NAME), "400 BAD_HASH"),
    sent("a hash of 900 kB", hashed({"version": 1, "sha256Hash": "0" * 900_000}, NAME), "400 BAD_HASH"),
    sent("a hash that is no text", hashed({"version": 1, "sha256Hash": [{}]}), "400 BAD_HASH"),
    sent("a hash that is absent", hashed({"version": 1}), "400 BAD_HASH"),
    sent("a body that is a form", b"query=x", "415 UNSUPPORTED_MEDIA_TYPE", headers={"content-type": "multipart/form-data"}),
    got("an address of 60 kB", "query=" + quote("{ " + "viewer { id } " * 2_400 + "}"), "400 DOCUMENT_TOO_LONG"),
    got("15,000 parameters", "a=1&" * 15_000 + "query=" + quote(NAME), "200"),
    got("a mutation by GET", "query=" + quote("mutation { signOut { __typename } }"), "405 METHOD_NOT_ALLOWED"),
    got("a NUL in an address", "query=%00", BAD),
    got("a surrogate in an address", "query=%ED%A0%80", BAD),
    got("no UTF-8 in an address", "query=%FF&variables=%FF", NO_REQUEST),
    *(
        sent(f"the header {name} full of rubbish", b'{"query": "{ __typename }"}', *right, headers={name: said})
        for name, said, right in (
            ("accept", "," * 30_000, ("406 NOT_ACCEPTABLE",)),
            ("accept", f"{GRAPHQL_RESPONSE};q=1e999", ("406 NOT_ACCEPTABLE",)),
            ("accept-language", "en;q=nan," * 3_000, ("200",)),
            ("authorization", "Bearer " + "a." * 15_000, ("200",)),
            ("authorization", "Bearer \xff\xfe.\xff.\xff", ("200",)),
            ("content-type", JSON + "; charset=\xff", ("415 UNSUPPORTED_MEDIA_TYPE",)),
            ("x-client", "\xff/" * 10_000, ("200",)),
            ("x-forwarded-for", "\xff," * 10_000, ("200",)),
            ("traceparent", "00-" + "f" * 30_000, ("200",)),
        )
    ),
    got("an origin that is no address", "query=" + quote(NAME), "403 CROSS_SITE", headers={"origin": "http://["}),
]  # fmt: skip
