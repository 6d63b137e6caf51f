"""Reads of one operation share a session, as far as nothing stands against it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.db import NOBODY, Database, Session, Statements, Who, connect
from app.core.ids import new_id
from app.core.looks import OLDEST, Looks
from tests.city import City

pytestmark = pytest.mark.anyio

BACKEND = text("SELECT pg_backend_pid(), now()")


@pytest.fixture
async def two(city: City) -> AsyncIterator[Database]:
    """A pool of two connections."""
    engine = connect(city.urls.api, pool=2)
    yield Database(engine)
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    await engine.dispose()


async def whole(session: Session) -> tuple[int, object]:
    """Which connection, and when its transaction began."""
    row = (await session.rows(BACKEND)).one()
    return row[0], row[1]


ME = new_id()


async def one(looks: Looks, *more: str, who: Who = ME) -> Session:
    async with looks.look(who) as session:
        for each in more:
            await session.rows(text(each))
        await whole(session)
        return session


async def test_what_follows_is_read_by_one_session(two: Database) -> None:
    counted = Statements()
    looks = Looks(two, counted)
    assert await one(looks) is not await one(looks)  # until it keeps
    looks.keeps = True
    first = await one(looks)
    assert await one(looks) is first is await one(looks)
    assert counted.count == 5
    # Whoever locked, wrote or said something has ended it, and whoever failed.
    for more in (
        "SELECT pg_advisory_xact_lock(7)",
        "SELECT set_config('app.presented', '', true)",
        "SELECT version FROM app.dispatch_policy FOR KEY SHARE",
        "CREATE TEMPORARY TABLE IF NOT EXISTS scrap (id int) ON COMMIT DROP",
    ):
        with suppress(DBAPIError):  # not the API's to do: all the same the next one begins anew
            await one(looks, more)
        again = await one(looks)
        assert again is not first
        first = again
    with pytest.raises(DBAPIError):
        await one(looks, "SELECT 1 / 0")
    again = await one(looks)
    assert again is not first
    async with looks.beside(), two.acting(NOBODY), two.acting(NOBODY):  # both connections are free for others
        pass
    first = await one(looks)
    assert first is not again
    await asyncio.sleep(OLDEST)
    assert await one(looks) is not first
    await looks.over()


@pytest.mark.parametrize("who", [NOBODY, ME])
async def test_one_looks_without_a_transaction_until_there_is_more_to_do(two: Database, who: Who) -> None:
    looks = Looks(two)
    looks.keeps = True
    asked = text("SELECT app.person()")
    async with looks.look(who) as session:
        first, second = await whole(session), await whole(session)
        assert first[0] == second[0]
        assert first[1] != second[1]
        assert (await session.rows(asked)).scalar_one() == (who or None)
        assert await session.told("SELECT app.person()") == [(None,)]  # with the look it was over
        await session.rows(text("SELECT pg_advisory_xact_lock(7)"))
        first, second = await whole(session), await whole(session)
        assert first == second
        assert (await session.rows(asked)).scalar_one() == (who or None)
    async with looks.look(who) as session:
        await whole(session)
        await session.rows(text("SET LOCAL application_name = 'begun'"))
        assert (await session.rows(text("SHOW application_name"))).scalar_one() == "begun"
        with pytest.raises(DBAPIError):
            await session.rows(text("SELECT 1 / 0"))
        with pytest.raises(DBAPIError, match="aborted"):
            await whole(session)
    await looks.over()


async def test_what_a_look_gives_is_what_its_statement_gives(two: Database) -> None:
    """Names that come twice, the order of a page, a row where nothing was found."""
    looks = Looks(two)
    for asked in (
        "SELECT 1, 2, 3 AS a, 4 AS a",
        "SELECT n, NULL FROM generate_series(1, 99) AS n ORDER BY n % 7 DESC, n LIMIT 20",
        "SELECT count(*), app.person() FROM app.question",
        "SELECT id FROM app.question",
    ):
        async with two.acting(ME) as session:
            wanted = await session.rows(text(asked))
        async with looks.look(ME) as session:
            found = await session.rows(text(asked))
        assert (found.keys(), found.all()) == (wanted.keys(), wanted.all())


async def test_whoever_is_asked_for_is_who_asks(city: City, two: Database) -> None:
    a, b = await city.resident(), await city.resident()
    looks = Looks(two)
    looks.keeps = True
    for who in (a, a, b, a):
        async with looks.look(who) as session:
            assert (await session.rows(text("SELECT app.person()"))).scalar_one() == who.id
    await looks.over()


async def test_fifty_operations_with_two_connections_all_come_to_an_end(two: Database) -> None:
    async def operation() -> int:
        looks = Looks(two)
        looks.keeps = True
        try:
            await asyncio.gather(one(looks), one(looks))
            await one(looks)
            async with looks.beside(), two.acting(NOBODY) as session:
                await whole(session)
        finally:
            await looks.over()
        return 1

    assert sum(await asyncio.gather(*(operation() for _ in range(50)))) == 50


async def test_a_connection_that_was_taken_away_is_missed_by_nobody(city: City, two: Database) -> None:
    looks = Looks(two)
    looks.keeps = True
    async with looks.look(ME) as session:
        backend, _ = await whole(session)
    await city.sql("SELECT pg_terminate_backend(:id)", id=backend)
    await asyncio.sleep(0.2)
    await looks.over()
    async with looks.look(ME) as session:
        assert (await whole(session))[0] != backend
