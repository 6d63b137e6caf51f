"""GraphQL over HTTP to the letter: statuses, media types, methods, and refusals with a code."""

import json
from hashlib import sha256
from typing import Any

import httpx
import pytest

from app.core.access import Role
from app.core.errors import TABLE, Language
from app.graph.http import BODY, GRAPHQL_RESPONSE, JSON, negotiated
from app.graph.server import language_of
from tests.city import City
from tests.sockets import token

pytestmark = pytest.mark.anyio

NAME = "{ __typename }"


async def post(city: City, body: Any = None, **more: Any) -> httpx.Response:
    """`body` as JSON, or `content` as it stands; headers lie over the usual ones."""
    headers = {"content-type": JSON, "accept": GRAPHQL_RESPONSE} | more.pop("headers", {})
    content = more.pop("content", None)
    async with city.http() as client:
        return await client.post(
            "/graphql", content=json.dumps(body) if content is None else content, headers=headers, **more
        )


def code(response: httpx.Response) -> str:
    (error, *_) = response.json()["errors"]
    assert error["message"]
    assert error["extensions"]["code"] in TABLE
    return str(error["extensions"]["code"])


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE}; charset=utf-8, {JSON};q=0.9", GRAPHQL_RESPONSE),
        (f"{JSON}, {GRAPHQL_RESPONSE};q=0.5", JSON),
        (f"{JSON}, {GRAPHQL_RESPONSE}", GRAPHQL_RESPONSE),
        ("text/html, */*;q=0.1", JSON),
        (f"{GRAPHQL_RESPONSE};q=0, */*", JSON),
        ("text/html", None),
        (f"{JSON};q=0", None),
        (f"{JSON}; charset=utf-16", None),
    ],
)
def test_the_media_type_of_the_answer(accept: str | None, media: str | None) -> None:
    assert negotiated(accept) == media


@pytest.mark.parametrize(
    ("body", "newer", "older", "name"),
    [
        ({"query": "{"}, 400, 200, "BAD_DOCUMENT"),
        ({"query": "{ nothing }"}, 400, 200, "BAD_DOCUMENT"),
        ({"query": NAME, "operationName": "Other"}, 400, 200, "NO_SUCH_OPERATION"),
        ({"query": "query ($n: Int!) { lawyers(first: $n) { nodes { id } } }"}, 400, 200, "BAD_DOCUMENT"),
        ({"query": "{ " + "viewer { id } " * 9 + "}"}, 400, 400, "TOO_BROAD"),
        ({"query": 7}, 400, 400, "BAD_REQUEST"),
        ({"query": NAME, "variables": "x"}, 400, 400, "BAD_REQUEST"),
        ({"query": NAME, "variables": []}, 400, 400, "BAD_REQUEST"),
        ({"query": NAME, "operationName": {}}, 400, 400, "BAD_REQUEST"),
        ({"query": NAME, "extensions": 1}, 400, 400, "BAD_REQUEST"),
        ({"variables": {}}, 400, 400, "BAD_REQUEST"),
        ([{"query": NAME}], 400, 400, "NO_BATCHES"),
        (5, 400, 400, "BAD_REQUEST"),
        (None, 400, 400, "BAD_REQUEST"),
        ("x", 400, 400, "BAD_REQUEST"),
    ],
)
async def test_what_is_no_request_is_told_so(city: City, body: Any, newer: int, older: int, name: str) -> None:
    for media, status in ((GRAPHQL_RESPONSE, newer), (JSON, older)):
        answer = await post(city, body, headers={"accept": media})
        assert (answer.status_code, code(answer)) == (status, name)
        assert answer.headers["content-type"] == media
        assert "data" not in answer.json()


async def test_an_answer_has_the_type_that_was_asked_for_and_its_cost(city: City) -> None:
    answer = await post(city, {"query": "{ refusalCodes { code } lawyers(first: 3) { nodes { id } } }"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == GRAPHQL_RESPONSE
    assert answer.json()["extensions"]["cost"] == {"spent": 4, "budget": 1000}


async def test_a_fault_of_one_field_is_no_fault_of_the_request(city: City) -> None:
    answer = await post(city, {"query": "{ unreadNotices }"})
    assert (answer.status_code, code(answer)) == (200, "UNAUTHENTICATED")
    assert answer.json()["data"] == {"unreadNotices": None}


async def test_bodies_that_are_not_json_are_not_guessed_at(city: City) -> None:
    for content in (b"", b"{", b'{"query": "\xff"}', b'{"query": "\\ud800"}', b"[" * 100_000, b'{"query": NaN}'):
        answer = await post(city, content=content)
        assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")
    for media in ("text/plain", "multipart/form-data; boundary=x", f"{JSON}; charset=utf-16", ""):
        answer = await post(city, {"query": NAME}, headers={"content-type": media})
        assert (answer.status_code, code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")
    fine = await post(city, {"query": NAME}, headers={"content-type": f"{JSON}; charset=UTF-8"})
    assert fine.json()["data"] == {"__typename": "Query"}


async def test_a_body_is_read_to_a_megabyte(city: City) -> None:
    answer = await post(city, content=b" " * (BODY + 1))
    assert (answer.status_code, code(answer)) == (413, "BODY_TOO_LARGE")
    said = await post(city, content=b"x", headers={"content-length": "99999999999999999999999"})
    assert (said.status_code, code(said)) == (413, "BODY_TOO_LARGE")
    padded = await post(city, content=json.dumps({"query": NAME}).encode() + b" " * 900_000)
    assert padded.status_code == 200


async def test_get_is_for_queries(city: City) -> None:
    async with city.http() as client:
        said = await client.get("/graphql", params={"query": NAME, "variables": "{}", "operationName": ""})
        assert code(said) == "NO_SUCH_OPERATION"
        asked = await client.get(
            "/graphql",
            params={"query": "query A($n: Int) { lawyers(first: $n) { nodes { id } } }", "variables": '{"n":1}'},
        )
        assert asked.json()["data"] == {"lawyers": {"nodes": []}}
        for query in ("mutation { signOut { __typename } }", "subscription { noticeUpdates { __typename } }"):
            answer = await client.get("/graphql", params={"query": query}, headers={"accept": GRAPHQL_RESPONSE})
            assert (answer.status_code, code(answer)) == (405, "METHOD_NOT_ALLOWED")
            assert answer.headers["allow"] == "GET, POST"
        none = await client.get("/graphql", headers={"accept": "text/html,*/*"})
        assert (none.status_code, code(none)) == (400, "BAD_REQUEST")
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
            other = await client.request(method, "/graphql", json={"query": NAME})
            assert (other.status_code, code(other)) == (405, "METHOD_NOT_ALLOWED")
            assert other.headers["allow"] == "GET, POST"
        html = await client.get("/graphql", params={"query": NAME}, headers={"accept": "text/html"})
        assert (html.status_code, code(html)) == (406, "NOT_ACCEPTABLE")


async def test_a_page_of_another_site_cannot_ask_without_being_asked_first(city: City) -> None:
    async def asked(**headers: str) -> int:
        async with city.http() as client:
            return (await client.get("/graphql", params={"query": NAME}, headers=headers)).status_code

    assert await asked() == 200, "no browser"
    assert await asked(**{"sec-fetch-site": "same-origin"}) == 200
    assert await asked(**{"sec-fetch-site": "none"}) == 200
    assert await asked(**{"sec-fetch-site": "cross-site"}) == 403
    assert await asked(**{"sec-fetch-site": "cross-site", "x-client": "h5/1"}) == 200
    assert await asked(origin="http://city") == 200
    assert await asked(origin="https://elsewhere.example") == 403
    assert await asked(origin="null") == 403
    assert await asked(origin="https://elsewhere.example", authorization="Bearer x") == 200


async def test_pages_of_listed_origins_may_read(city: City) -> None:
    city.settings = city.settings.model_copy(update={"allowed_origins": ("https://h5.example",)})
    ask = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,x-client"}
    async with city.http() as client:
        ours = await client.options("/graphql", headers={"origin": "https://h5.example"} | ask)
        theirs = await client.options("/graphql", headers={"origin": "https://other.example"} | ask)
        plain = await client.get("/graphql", params={"query": NAME}, headers={"origin": "https://h5.example"})
    assert ours.headers["access-control-allow-origin"] == "https://h5.example"
    assert theirs.status_code == 400
    assert "access-control-allow-origin" not in theirs.headers
    assert plain.headers["access-control-allow-origin"] == "https://h5.example"
    assert "access-control-allow-credentials" not in plain.headers


async def test_a_document_that_was_sent_once_is_known_by_its_hash(city: City) -> None:
    text = "{ unreadNotices __typename }"
    name = sha256(text.encode()).hexdigest()
    persisted = {"persistedQuery": {"version": 1, "sha256Hash": name}}
    async with city.http() as client:

        async def ask(**body: Any) -> httpx.Response:
            return await client.post("/graphql", json=body)

        unknown = await ask(extensions=persisted)
        assert (code(unknown), unknown.json()["errors"][0]["message"]) == (
            "PERSISTED_QUERY_NOT_FOUND",
            "PersistedQueryNotFound",
        )
        assert code(await ask(query="{ viewer { id } }", extensions=persisted)) == "BAD_HASH"
        assert code(await ask(extensions=persisted)) == "PERSISTED_QUERY_NOT_FOUND", "nothing was remembered wrongly"
        first = await ask(query=text, extensions=persisted)
        again = await ask(extensions=persisted)
        assert first.json()["data"] == again.json()["data"] is not None
        assert code(await ask(extensions={"persistedQuery": {"version": 2, "sha256Hash": name}})) == "BAD_HASH"
        assert code(await ask(extensions={"persistedQuery": 7})) == "BAD_HASH"


async def test_messages_are_in_the_askers_language(city: City) -> None:
    said = {
        language: (await post(city, 5, headers={"accept-language": language})).json()["errors"][0]["message"]
        for language in ("zh-CN", "en-GB,zh;q=0.5")
    }
    assert said == {"zh-CN": "请求格式无效。", "en-GB,zh;q=0.5": "The request is not a GraphQL request."}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", Language.ZH),
        ("fr, *", Language.ZH),
        ("en;q=0.9,zh;q=0.8", Language.EN),
        ("en; q=0.9, zh-CN; q=0.8", Language.EN),
        ("zh-CN ; q=0.5,en", Language.EN),
        ("en;q=0", Language.ZH),
        ("en;q=much", Language.ZH),
    ],
)
def test_which_language_is_the_askers(accepted: str, language: Language) -> None:
    assert language_of(accepted) is language


async def test_what_costs_more_than_json_can_say_is_refused(city: City) -> None:
    deep = await post(city, {"query": "{ categories { " + "children { " * 45 + "id" + " }" * 47})
    assert (deep.status_code, code(deep)) == (400, "TOO_DEEP")
    assert deep.json()["extensions"]["cost"]["spent"] == 10**9


async def test_only_staff_ask_for_the_schema_in_production(city: City) -> None:
    city.settings = city.settings.model_copy(update={"demo": False})
    supervisor, resident = await city.person(Role.SUPERVISOR), await city.resident()
    query = {"query": "{ __schema { queryType { name } } }"}

    async def asked(who: Any) -> httpx.Response:
        return await post(city, query, headers={"authorization": f"Bearer {token(city, who)}"})

    assert (await asked(supervisor)).json()["data"]["__schema"]
    answer = await asked(resident)
    assert (answer.status_code, code(answer)) == (400, "INTROSPECTION_OFF")
    assert (await post(city, query)).status_code == 400
