"""Who still uses what, for whoever decides when it goes."""

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

import asyncpg
import pytest
import strawberry
from graphql import GraphQLSchema, build_schema

from app.core import uses
from app.core.db import NOBODY, Database, connect
from app.graph.tally import Tally
from scripts import deprecated
from scripts.database import Urls
from tests.conftest import Servers, copy, drop
from tests.graph.fading import fading_graph


@pytest.fixture
def urls(servers: Servers, template: Urls) -> Iterator[Urls]:
    urls = asyncio.run(copy(servers, template))
    yield urls
    asyncio.run(drop(servers, urls))


@pytest.fixture
def graph() -> GraphQLSchema:
    return fading_graph(Tally())._schema


async def counted(urls: Urls) -> None:
    db = Database(connect(urls.api, pool=1))
    async with db.acting(NOBODY) as session:
        await uses.add(session, {("Lawyer.title", "miniprogram", "1.4.2"): 7, ("Lawyer.title", "web", "3.0"): 12})
        await uses.add(session, {("Lawyer.title", "miniprogram", "1.4.2"): 1, ("Query.left", "web", "3.0"): 9})
    await db.engine.dispose()


async def on_other_days_too(urls: Urls, *ago: int) -> None:
    """The same was counted so many days ago."""
    owner = await asyncpg.connect(urls.owner)
    await owner.execute("SET ROLE app_door")
    await owner.execute(
        """INSERT INTO app.deprecated_use SELECT day - ago, element, client, version, uses
        FROM app.deprecated_use, unnest(CAST($1 AS int[])) AS ago""",
        ago,
    )
    await owner.close()


def test_it_lists_who_uses_what_most_first(
    urls: Urls, graph: GraphQLSchema, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    asyncio.run(counted(urls))
    asyncio.run(on_other_days_too(urls, 10, 29, 30))
    assert deprecated.main(["--owner-url", urls.owner], graph) == 0
    lines = [line.replace("│", " ").split() for line in capsys.readouterr().out.splitlines() if "│" in line]
    assert [line[:-1] for line in lines[:2]] == [
        ["Lawyer.title", "Lawyer.name", "2027-11-24", "web", "3.0", "36"],
        ["miniprogram", "1.4.2", "24"],
    ]
    assert [line[0] for line in lines[2:]] == ["Order.LUCK", "Query.lawyer(fast:)", "Where.village"]
    assert all(line[-1] == "nobody" for line in lines[2:])


def test_it_fails_when_something_outstays_its_day(urls: Urls, capsys: pytest.CaptureFixture[str]) -> None:
    late = "Use `new`. Since 2025-01-01, gone after 2025-12-31."
    graph = build_schema(f'type Query {{ old: Int @deprecated(reason: "{late}"), new: Int }}')
    assert deprecated.main(["--owner-url", urls.owner], graph) == 1
    assert "Query.old was to be gone after 2025-12-31 and is still in the graph." in capsys.readouterr().out


def test_without_anything_deprecated_no_database_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    @strawberry.type
    class Query:
        new: int = 1

    assert deprecated.main([], strawberry.Schema(Query)._schema) == 0
    assert capsys.readouterr().out == "Nothing in the graph is deprecated.\n"


def test_who_may_not_look_is_told_so_without_the_password(
    urls: Urls, graph: GraphQLSchema, capsys: pytest.CaptureFixture[str]
) -> None:
    for url in (urls.api, urls.owner.replace("app_owner:", "app_owner:not")):
        assert deprecated.main(["--owner-url", url], graph) == 1
        said = capsys.readouterr().err
        assert said.startswith("The database refused: ")
        assert str(urlsplit(url).password) not in said
