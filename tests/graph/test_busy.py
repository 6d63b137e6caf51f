"""Who waits for a lock in vain is told to try again, and nothing was changed."""

import asyncio

import pytest
from graphql import GraphQLError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from app.core.access import Viewer
from app.core.db import NOBODY, Database, connect
from app.core.errors import Language
from app.graph.refusals import shown
from tests.city import City

pytestmark = pytest.mark.anyio

WITHDRAW = """mutation ($input: WithdrawQuestionInput!) { withdrawQuestion(input: $input) {
  ... on Question { status } ... on Refused { reasons { code } } } }"""


async def test_a_lock_that_is_held_too_long(city: City) -> None:
    asker = await city.resident()
    question = await city.asked(asker)
    ask = {"input": {"questionId": question}}
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("SELECT 1 FROM app.dispatch FOR UPDATE"))
        await session.rows(text("SELECT 1 FROM app.question FOR UPDATE"))
        (error,) = await city.errors(asker, WITHDRAW, **ask)
    assert error["extensions"]["code"] == "BUSY"
    assert (await city.run(asker, WITHDRAW, **ask))["withdrawQuestion"]["status"] == "WITHDRAWN"


WITHIN = "query ($id: ID!) { question(id: $id) { body accesses { at lawyer { id firm { name } } } } }"
HELD = """SELECT a.pid FROM pg_stat_activity a WHERE a.wait_event_type = 'Lock' AND a.usename LIKE '%api%'
    AND a.datname = current_database()"""


async def says_nothing(city: City, who: Viewer) -> None:
    async with city.db.acting(who.id) as session:
        await session.rows(text("SET LOCAL idle_in_transaction_session_timeout = '20ms'"))
        await asyncio.sleep(0.3)
        await session.rows(text("SELECT 1"))


async def test_a_field_deep_within_whose_connection_is_taken_away(city: City) -> None:
    """By an operator, a restart, or the database itself, which bears no transaction that says nothing."""
    asker = await city.resident()
    question = await city.asked(asker)
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("LOCK TABLE app.access"))
        asking = asyncio.create_task(city.errors(asker, WITHIN, id=question))
        async with asyncio.timeout(60):
            while not (waiting := await city.sql(HELD)):
                await asyncio.sleep(0.02)
        for row in waiting:
            await city.sql("SELECT pg_terminate_backend(:pid)", pid=row.pid)
        (error,) = await asking
    assert (error["path"], error["extensions"]["code"]) == (["question", "accesses"], "BUSY")
    assert (await city.one(asker, WITHIN, id=question))["accesses"] == []

    with pytest.raises(DBAPIError) as silent:
        await says_nothing(city, asker)
    for cause in (silent.value, TimeoutError()):
        told = shown(GraphQLError("", original_error=cause), Language.ZH)
        assert (told.extensions or {})["code"] == "BUSY"
    assert (await city.one(asker, WITHIN, id=question))["accesses"] == []


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        # As if her reading had ended between the look that allowed it and this.
        ("INSERT INTO app.access (subject, person, slot, basis, at) VALUES (:id, :id, 1, 'seat', now())", "BUSY"),
        # A right that the house never had is a fault of ours.
        ("DELETE FROM app.question", "INTERNAL"),
    ],
)
async def test_a_wall_that_came_down_meanwhile_is_no_fault_of_the_house(city: City, statement: str, code: str) -> None:
    asker = await city.resident()
    with pytest.raises(DBAPIError) as caught:
        async with city.db.acting(asker.id) as session:
            await session.rows(text(statement), {"id": asker.id} if ":id" in statement else None)
    error = shown(GraphQLError("", original_error=caught.value), Language.ZH)
    assert (error.extensions or {})["code"] == code


async def test_no_connection_is_free(city: City) -> None:
    engine = connect(city.urls.api, pool=1)
    engine.pool._timeout = 0.1  # type: ignore[attr-defined]
    narrow = Database(engine)
    try:
        async with narrow.acting(NOBODY):
            with pytest.raises(NoConnectionFree) as caught:
                async with narrow.acting(NOBODY):
                    pass
    finally:
        await engine.dispose()
    error = shown(GraphQLError("", original_error=caught.value), Language.ZH)
    assert (error.extensions or {})["code"] == "BUSY"
