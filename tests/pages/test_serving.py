"""The pages as a browser gets them: their policies, their files, and what they are told."""

import gzip
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from app.consultation.models.questions import QuestionStatus
from app.consultation.rules.promise import QuestionEventKind
from app.pages.routes import OF_EACH_ROLE, page_routes
from scripts import build_pages
from scripts.hindrance import Hindrance

pytestmark = pytest.mark.anyio

WORDS = Path(page_routes.__code__.co_filename).parent / "demo/src/words.ts"
PAGE = '<meta name="csp-nonce" nonce="__NONCE__" /><div id="root" data-demo="__DEMO__"></div>'
SCRIPT = "export const answer = 42;\n" * 100


@asynccontextmanager
async def pages(
    built: Path, people: Path | None = None, *, demo_page: bool = False
) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Starlette(routes=page_routes(people, demo_page=demo_page, built=built)))
    async with httpx.AsyncClient(transport=transport, base_url="http://city") as client:
        yield client


@pytest.fixture
def built(tmp_path: Path) -> Path:
    for page, where in (("graphiql", "assets"), ("demo", "demo/assets")):
        assets = tmp_path / "built" / page / where
        assets.mkdir(parents=True)
        (tmp_path / "built" / page / "index.html").write_text(PAGE)
        (assets / "index-abc.js").write_text(SCRIPT)
        (assets / "index-abc.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
        (assets / "small.css").write_text("a{}")
    return tmp_path / "built"


async def test_the_page_comes_with_a_policy_of_its_own_each_time(built: Path) -> None:
    async with pages(built) as client:
        assert (await client.get("/graphiql")).headers["location"] == "graphiql/"
        first, second = [await client.get("/graphiql/") for _ in range(2)]
    nonces = []
    for page in (first, second):
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src-elem 'self' 'nonce-")
        assert policy.count("unsafe") == policy.count("style-src-attr 'unsafe-inline'") == 1
        assert "http" not in policy
        (nonce,) = re.findall("'nonce-([^']+)'", policy)
        assert f'nonce="{nonce}"' in page.text
        assert 'data-demo="false"' in page.text
        nonces.append(nonce)
    assert len(set(nonces)) == 2


async def test_its_files_are_kept_for_good_and_sent_small(built: Path) -> None:
    async with pages(built) as client:
        plain = await client.get("/graphiql/assets/index-abc.js", headers={"accept-encoding": "identity"})
        small = await client.get("/graphiql/assets/index-abc.js", headers={"accept-encoding": "gzip"})
        css = await client.get("/graphiql/assets/small.css", headers={"accept-encoding": "gzip"})
        again = await client.get(
            "/graphiql/assets/index-abc.js",
            headers={"accept-encoding": "gzip", "if-none-match": small.headers["etag"]},
        )
        for outside in ("../index.html", "..%2findex.html", "%2e%2e/index.html", "nothing.js", "", "index-abc.js%00"):
            assert (await client.get(f"/graphiql/assets/{outside}")).status_code in (404, 400), outside
    assert plain.text == small.text == SCRIPT
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert plain.headers["content-type"].split(";")[0] == small.headers["content-type"].split(";")[0]
    assert plain.headers["etag"] != small.headers["etag"]
    assert again.status_code == 304
    assert css.text == "a{}"
    for answer in (plain, small, css):
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["vary"] == "accept-encoding"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; script-src 'self'"


async def test_the_demo_page_is_there_where_it_is_wanted_and_stricter_still(built: Path, tmp_path: Path) -> None:
    async with pages(built) as client:
        for path in ("/", "/demo/assets/index-abc.js", "/demo/people.json"):
            assert (await client.get(path)).status_code == 404, path
    async with pages(built, demo_page=True) as client:
        page, script = await client.get("/"), await client.get("/demo/assets/index-abc.js")
        assert (await client.get("/demo/people.json")).status_code == 404, "real people are nobody's to choose"
    assert (page.status_code, script.text) == (200, SCRIPT)
    assert 'data-demo="false"' in page.text
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src")
    assert not re.search("unsafe|data:|http|nonce", policy)
    (tmp_path / "demo.json").write_text('{"lawyer": ["l1"]}')
    async with pages(built, tmp_path / "demo.json", demo_page=True) as client:
        assert 'data-demo="true"' in (await client.get("/")).text
        assert [one["token"] for one in (await client.get("/demo/people.json")).json()] == ["l1"]


async def test_a_page_that_is_not_built_says_so_and_the_rest_goes_on(tmp_path: Path) -> None:
    async with pages(tmp_path / "nothing") as client:
        page = await client.get("/graphiql/")
        operations = await client.get("/graphiql/operations.json")
    assert page.status_code == 503
    assert "python -m scripts.build_pages" in page.text
    assert "Home" in {one["name"] for one in operations.json()}


async def test_the_saved_operations_are_sent_once(built: Path) -> None:
    async with pages(built) as client:
        first = await client.get("/graphiql/operations.json")
        again = await client.get("/graphiql/operations.json", headers={"if-none-match": first.headers["etag"]})
    assert first.headers["content-type"] == "application/json"
    assert first.json()[0].keys() == {"role", "name", "about", "document", "variables"}
    assert (again.status_code, again.content) == (304, b"")


async def test_people_are_offered_in_a_demonstration_alone(built: Path, tmp_path: Path) -> None:
    demo = tmp_path / "demo.json"
    async with pages(built) as client:
        assert (await client.get("/graphiql/people.json")).status_code == 404
    async with pages(built, demo) as client:
        assert 'data-demo="true"' in (await client.get("/graphiql/")).text
        assert (await client.get("/graphiql/people.json")).json() == []  # the city is still being made
        demo.write_text(
            json.dumps(
                {
                    "url": "http://x",
                    "resident": ["r1", "r2"],
                    "lawyer": [str(n) for n in range(9)],
                    "posts": {"resident": ["王窗口"]},
                }
            )
        )
        told = await client.get("/graphiql/people.json")
    assert told.headers["cache-control"] == "no-store"
    assert told.json()[:2] == [
        {"role": "RESIDENT", "number": number, "post": post, "token": f"r{number}"}
        for number, post in ((1, "王窗口"), (2, ""))
    ]
    assert [one["role"] for one in told.json()].count("LAWYER") == OF_EACH_ROLE


def test_without_a_registry_the_builder_says_so_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real npm, whose registry is a port where nobody listens."""
    monkeypatch.setattr(build_pages, "BUILT", tmp_path / "built")
    monkeypatch.setattr(build_pages, "PAGES", tmp_path)
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("API_DATABASE_URL", "postgresql://secret")
    with pytest.raises(Hindrance, match=r"(?s)registry, once.*127\.0\.0\.1:9"):
        build_pages.build()
    assert not build_pages.is_current()
    assert {path.name for path in tmp_path.iterdir()} <= {"cache"}  # npm's own, which it may not have come to


def test_the_demo_page_has_a_word_for_all_that_happens_to_a_question() -> None:
    words = set(re.findall(r"^  ([A-Z_]+): \[", WORDS.read_text("utf-8"), re.MULTILINE))
    assert {one.name for kind in (QuestionEventKind, QuestionStatus) for one in kind} <= words
