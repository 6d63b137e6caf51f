"""What client builds have registered, and what happens to all else, over HTTP and on the socket alike."""

import json
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from sys import getrefcount
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from app.core.access import Role, Viewer
from app.graph.limits import CHARACTERS
from app.graph.metrics import DOCUMENTS
from app.graph.trusted import Trust, Trusted, hash_of, read
from scripts.hindrance import Hindrance
from scripts.trust_documents import main, register
from tests.city import City
from tests.graph.test_observe import value
from tests.sockets import receive, send, served, socket, token

pytestmark = pytest.mark.anyio

COUNT = "query Count {\n  unreadNotices\n}\n"
NEWS = "subscription News {\n  noticeUpdates {\n    ... on NoticeUpdates {\n      unread\n    }\n  }\n}\n"
FREE = "query Free { unreadNotices viewer { roles } }"


def folder(where: Path, **documents: str) -> Path:
    where.mkdir()
    for name, text in documents.items():
        (where / f"{name}.graphql").write_text(text)
    return where


def by_hash(document: str) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_of(document)}}}


def test_each_release_adds_its_documents_and_takes_none_away(tmp_path: Path) -> None:
    manifest = tmp_path / "var" / "trusted.json"
    old, new = folder(tmp_path / "old", Count=COUNT), folder(tmp_path / "new", News=NEWS, Count=COUNT)
    assert main([str(old), "--client", "miniprogram/1.4.0", "--manifest", str(manifest)]) == 0
    assert register(new, "miniprogram/1.5.0", manifest).startswith(
        "miniprogram/1.5.0: 2 documents, 1 of them new; 2 in"
    )
    once = manifest.read_text()
    register(new, "miniprogram/1.5.0", manifest)
    assert manifest.read_text() == once
    entries = read(manifest)
    assert entries[hash_of(COUNT)].clients == ("miniprogram/1.4.0", "miniprogram/1.5.0")
    assert entries[hash_of(NEWS)].document == NEWS
    codegen, apollo = folder(tmp_path / "codegen"), folder(tmp_path / "apollo")
    (codegen / "documents.json").write_text(json.dumps({f"sha256:{hash_of(FREE)}": FREE}))
    one = {"id": hash_of(COUNT), "body": COUNT, "name": "Count", "type": "query"}
    said = {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [one]}
    (apollo / "manifest.json").write_text(json.dumps(said))
    register(codegen, "h5/1", manifest)
    register(apollo, "h5/2", manifest)
    assert read(manifest).keys() == {hash_of(COUNT), hash_of(NEWS), hash_of(FREE)}


def test_of_a_document_that_is_refused_for_its_length_nothing_is_kept() -> None:
    """A megabyte is four of them where one sign in it is an emoji."""
    text = "{ viewer { id } } # \N{GRINNING FACE}" + "x" * CHARACTERS
    before = getrefcount(text)
    assert hash_of(text) == sha256(text.encode()).hexdigest()
    assert getrefcount(text) == before


def test_builds_that_register_at_once_are_all_registered(tmp_path: Path) -> None:
    manifest, builds = tmp_path / "trusted.json", range(12)
    folders = [folder(tmp_path / f"build{n}", mine=f"query Mine{n} {{ unreadNotices }}") for n in builds]
    with ThreadPoolExecutor(len(builds)) as pool:
        done = [pool.submit(register, folders[n], f"miniprogram/1.{n}.0", manifest) for n in builds]
    assert [one.exception() for one in done] == [None] * len(builds)
    assert len(read(manifest)) == len(builds)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.graphql", "query A { nothing }", "nothing"),
        ("a.graphql", "query A {", "a.graphql"),
        ("a.graphql", "{ unreadNotices }", "name"),
        ("a.graphql", "fragment F on Viewer { id }", "no operation"),
        ("a.graphql", "query A { " + "viewer { id } " * 9 + "}", "TOO_BROAD"),
        ("a.graphql", "query A { __schema { description } }", "INTROSPECTION_OFF"),
        ("a.graphql", f"query A {{ unreadNotices }} # {'x' * 15_000}", "DOCUMENT_TOO_LONG"),
        ("a.json", json.dumps({hash_of("x"): "query A { unreadNotices }"}), "not the SHA-256"),
        ("a.json", "[]", "holds no documents"),
        ("a.json", "{", "holds no documents"),
        ("a.txt", "query A { unreadNotices }", "neither"),
    ],
)
def test_what_the_house_would_refuse_is_not_registered(tmp_path: Path, name: str, text: str, why: str) -> None:
    manifest = tmp_path / "trusted.json"
    (folder(tmp_path / "build") / name).write_text(text)
    with pytest.raises(Hindrance, match=why):
        register(tmp_path / "build", "h5/1", manifest)
    assert not manifest.exists()


def test_a_client_has_a_name_and_a_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path), "--client", "Mini Program"])
    assert "NAME/VERSION" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"documents": {"x": 1}}', '{"documents": {"x": {"document": "y", "clients": []}}}']
)
def test_a_manifest_that_is_none_opens_no_house_and_is_not_written_over(tmp_path: Path, text: str) -> None:
    manifest = tmp_path / "trusted.json"
    manifest.write_text(text)
    with pytest.raises(ValueError, match=r"manifest|hash|JSON|Expecting"):
        Trusted(Trust.ENFORCE, manifest)
    with pytest.raises(Hindrance, match="Nothing was changed"):
        register(folder(tmp_path / "build", Count=COUNT), "h5/1", manifest)
    assert manifest.read_text() == text


def test_the_houses_own_operations_are_trusted_and_a_broken_manifest_takes_no_trust_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.graph.trusted.LOOK_AGAIN", 0.0)
    manifest = tmp_path / "trusted.json"
    trusted = Trusted(Trust.ENFORCE, manifest)
    home = (Path("app/operations/anyone/Home.graphql")).read_text()
    assert trusted.knows(home)
    assert not trusted.knows(COUNT)
    register(folder(tmp_path / "build", Count=COUNT), "h5/1", manifest)
    assert trusted.knows(COUNT)
    manifest.write_text("{")
    assert not trusted.knows(NEWS)
    assert trusted.knows(COUNT)
    assert Trusted().knows(COUNT) is None


async def test_whoever_is_not_staff_sends_what_is_registered_and_nothing_else(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.graph.trusted.LOOK_AGAIN", 0.0)
    manifest = tmp_path / "trusted.json"
    resident, lawyer, staff = await city.resident(), await city.lawyer(), await city.person(Role.ADMIN)
    trust(city, "enforce", manifest)
    async with served(city) as url, httpx.AsyncClient() as client:

        async def asks(who: Viewer | None, **body: Any) -> tuple[int, Any]:
            headers = {"authorization": f"Bearer {token(city, who)}"} if who else {}
            headers["accept"] = "application/graphql-response+json"
            answer = await client.post(url, json=body, headers=headers)
            said = answer.json()
            return answer.status_code, said["errors"][0]["extensions"]["code"] if "errors" in said else said["data"]

        assert await asks(resident, **by_hash(COUNT)) == (400, "PERSISTED_QUERY_NOT_FOUND")
        assert await asks(resident, query=COUNT) == (403, "DOCUMENT_NOT_TRUSTED")
        # The house is open already.
        register(folder(tmp_path / "build", Count=COUNT, News=NEWS), "miniprogram/1.5.0", manifest)
        good = (200, {"unreadNotices": 0})
        for who in (resident, lawyer, staff):
            assert await asks(who, **by_hash(COUNT)) == good
            assert await asks(who, documentId=f"sha256:{hash_of(COUNT)}", operationName="Count") == good
            assert await asks(who, query=COUNT) == good
        headers = {"authorization": f"Bearer {token(city, resident)}"}
        got = await client.get(url, params={"documentId": f"sha256:{hash_of(COUNT)}"}, headers=headers)
        assert got.json()["data"] == good[1]
        for id in (hash_of(COUNT), f"md5:{hash_of(COUNT)}", "sha256", ""):
            assert (await asks(resident, documentId=id))[1] == "BAD_HASH", id
        assert await asks(resident, documentId=7) == (400, "BAD_REQUEST")
        assert await asks(resident, query=FREE, documentId=f"sha256:{hash_of(COUNT)}") == (400, "BAD_HASH")
        # What one of the staff sends freely, and by its hash from then on, is nobody else's.
        assert (await asks(staff, query=FREE, **by_hash(FREE)))[0] == 200
        for whoever in (None, resident, lawyer):
            assert await asks(whoever, query=FREE) == (403, "DOCUMENT_NOT_TRUSTED")
            assert await asks(whoever, **by_hash(FREE)) == (403, "DOCUMENT_NOT_TRUSTED")
            assert await asks(whoever, query="{" * 20_000) == (403, "DOCUMENT_NOT_TRUSTED")
            assert await asks(whoever, query="{ __schema { description } }") == (403, "DOCUMENT_NOT_TRUSTED")
        await on_the_socket(city, url, resident, staff)
    trust(city, "log", manifest)
    before = counted("false"), counted("true")
    with capture_logs() as lines:
        async with city.http() as http:
            for query in (FREE, COUNT):
                answer = await http.post("/graphql", json={"query": query}, headers=headers)
                assert answer.json()["data"]["unreadNotices"] == 0
    told = {line["operation"]: line for line in lines if line["event"] == "operation"}
    assert (told["Free"]["trusted"], told["Count"]["trusted"]) == (False, True)
    assert told["Free"]["document"] == hash_of(FREE)[:16]
    assert (counted("false"), counted("true")) == (before[0] + 1, before[1] + 1)


def trust(city: City, how: str, manifest: Path) -> None:
    city.settings = city.settings.model_copy(update={"trusted_documents": how, "trusted_manifest": manifest})


def counted(trusted: str) -> float:
    return value(DOCUMENTS, "graphql_documents_total", trusted=trusted)


async def on_the_socket(city: City, url: str, resident: Viewer, staff: Viewer) -> None:
    async with socket(url, token(city, resident)) as connection:
        assert (await receive(connection))["type"] == "connection_ack"

        async def asks(**payload: Any) -> Any:
            await send(connection, type="subscribe", id="1", payload=payload)
            answer = await receive(connection)
            if answer["type"] == "next":
                await send(connection, type="complete", id="1")
                return answer["payload"]["data"]
            assert answer["type"] == "error"
            return answer["payload"][0]["extensions"]["code"]

        snapshot = {"noticeUpdates": {"unread": 0}}
        assert await asks(**by_hash(NEWS)) == snapshot
        assert await asks(documentId=f"sha256:{hash_of(NEWS)}") == snapshot
        assert await asks(query=NEWS) == snapshot
        assert await asks(documentId=f"sha256:{hash_of('no such')}") == "PERSISTED_QUERY_NOT_FOUND"
        assert await asks(documentId="x-mine:1") == "BAD_HASH"
        assert await asks(query=FREE, **by_hash(NEWS)) == "BAD_HASH"
        assert await asks(query="subscription Free { noticeUpdates { __typename } }") == "DOCUMENT_NOT_TRUSTED"
        assert await asks(**by_hash(FREE)) == "DOCUMENT_NOT_TRUSTED"
        assert await asks(**by_hash(NEWS)) == snapshot, "the socket goes on"
    async with socket(url, token(city, staff)) as connection:
        await receive(connection)
        await send(connection, type="subscribe", id="1", payload={"query": FREE})
        assert (await receive(connection))["payload"]["data"]["unreadNotices"] == 0
