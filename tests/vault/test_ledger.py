"""Who else than the asker was given a key is written down, and the asker reads it."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.consultation import reads
from app.core.access import Viewer
from app.core.db import NOBODY, Session
from app.core.keyset import Page
from app.core.sealing import KeyProvider
from app.vault.actions.keys import release
from tests.city import City
from tests.vault.scene import key_of

pytestmark = pytest.mark.anyio

READ = "query ($id: ID!) { question(id: $id) { body brief answers { content { text } } } }"
LEDGER = "query ($id: ID!) { question(id: $id) { accesses { at basis lawyer { id } } } }"
BRIEFS = "{ offers(first: 20) { nodes { brief } } }"
QUARTER = timedelta(minutes=15)


async def written(city: City, subject: str = "question") -> Counter[tuple[Any, str]]:
    """Rows by (person, basis), of all questions or of all briefs."""
    rows = await city.sql(f"SELECT person, basis FROM app.access JOIN app.{subject} s ON s.id = subject")
    return Counter((person, basis) for person, basis in rows)


async def ledger(city: City, viewer: Viewer, question: str) -> list[Any]:
    seen: list[Any] = (await city.one(viewer, LEDGER, id=question))["accesses"]
    return seen


async def turn_to_the_quarter(city: City) -> None:
    """To half a minute past it, so that no test runs over its end by chance."""
    now = await city.now()
    await city.turn(QUARTER + timedelta(seconds=30 - now.timestamp() % QUARTER.total_seconds()))


async def test_the_asker_reads_her_own_question_unwritten(city: City) -> None:
    asker = await city.resident()
    question = await city.asked(asker)
    for _ in range(3):
        assert (await city.one(asker, READ, id=question))["body"]
    assert await ledger(city, asker, question) == []
    assert await city.sql("SELECT 1 FROM app.access") == []


async def test_a_key_comes_beside_the_question_for_its_asker_alone(city: City) -> None:
    """Everybody else asks for it by itself, and is written down."""
    asker, lawyer = await city.resident(), await city.lawyer()
    question = await city.asked(asker)
    await city.settle()
    await city.claim(lawyer)
    await city.sql("TRUNCATE app.access")
    for who, beside in ((asker, True), (lawyer, False)):
        async with city.db.acting(who.id) as session:
            page = await reads.question_page(session, who, Page(20, False, None, None), None, with_keys=True)
            one = await reads.questions(session, who, [key_of(question)], with_keys=True)
        assert [row.wrapped is not None for row in [*page, *one]] == [beside, beside]
        with city.statements() as sent:
            assert (await city.one(who, READ, id=question))["body"]
            assert (await city.one(who, "{ questions { nodes { body } } }"))["nodes"][0]["body"]
        assert any("INTO app.access" in statement for statement in sent) == (not beside)
        with city.statements() as sent:
            await city.one(who, "query ($id: ID!) { question(id: $id) { status answers { counts } } }", id=question)
            await city.one(who, "{ questions { nodes { status } } }")
        assert not any("app.key" in statement for statement in sent)
    assert await written(city) == {(lawyer.id, "seat"): 1}


async def test_a_lawyers_reading_is_written_once_a_quarter_of_an_hour_with_its_ground(city: City) -> None:
    await turn_to_the_quarter(city)
    asker, lawyer, peer = await city.resident(), await city.lawyer(), await city.lawyer()
    question = await city.asked(asker)
    await city.settle()
    seat = await city.claim(lawyer)
    for _ in range(3):
        await city.one(lawyer, READ, id=question)
    assert await written(city) == {(lawyer.id, "seat"): 1}
    await city.answer(lawyer, seat["id"])
    await city.one(lawyer, READ, id=question)
    assert await written(city) == {(lawyer.id, "seat"): 1}

    await city.turn(QUARTER)
    await city.claim(peer)
    await city.one(lawyer, READ, id=question)
    await city.one(lawyer, READ, id=question)
    assert await written(city) == {(lawyer.id, "seat"): 1, (lawyer.id, "answered"): 1, (peer.id, "seat"): 1}

    seen = await ledger(city, asker, question)
    # Both opened the brief too, which is a subject of its own.
    assert sorted(access["basis"] for access in seen) == ["answered", "offered", "offered", "seat", "seat"]
    assert seen == sorted(seen, key=lambda access: access["at"], reverse=True)
    assert await ledger(city, lawyer, question) == await ledger(city, peer, question) == []


async def given(city: City, viewer: Viewer, question: UUID) -> set[UUID]:
    async with city.db.acting(viewer.id) as session:
        return set(await release(session, city.doors[KeyProvider], viewer, [question]))


async def test_fifty_readings_at_once_are_one_row(city: City) -> None:
    await turn_to_the_quarter(city)
    asker, lawyer = await city.resident(), await city.lawyer()
    question = key_of(await city.asked(asker))
    await city.settle()
    await city.claim(lawyer)
    await city.sql("TRUNCATE app.access")
    assert await asyncio.gather(*(given(city, lawyer, question) for _ in range(50))) == [{question}] * 50
    assert await written(city) == {(lawyer.id, "seat"): 1}


async def test_a_page_of_briefs_is_written_in_one_statement(city: City) -> None:
    """An offered lawyer reads no question, and what she does read is written too."""
    await turn_to_the_quarter(city)
    lawyer = await city.lawyer()
    asked = [await city.asked(await city.resident()) for _ in range(8)]
    await city.settle()
    with city.statements() as sent:
        page = await city.one(lawyer, BRIEFS)
    assert [bool(offer["brief"]) for offer in page["nodes"]] == [True] * 8
    assert sum("INTO app.access" in statement for statement in sent) == 1
    assert await written(city, "brief") == {(lawyer.id, "offered"): 8}
    assert await written(city) == {}
    assert await city.one(lawyer, READ, id=asked[0]) is None
    assert await written(city) == {}


async def test_who_is_given_no_key_is_not_written(city: City) -> None:
    asker, stranger = await city.resident(), await city.resident()
    question = key_of(await city.asked(asker))
    assert await given(city, stranger, question) == set()
    assert await city.sql("SELECT 1 FROM app.access") == []


async def test_a_reading_that_was_rolled_back_gave_nothing_and_is_not_written(city: City) -> None:
    """The entry and the key come from one transaction: no key leaves without its entry."""
    asker, lawyer = await city.resident(), await city.lawyer()
    question = key_of(await city.asked(asker))
    await city.settle()
    await city.claim(lawyer)
    await city.sql("TRUNCATE app.access")
    async with Session(city.db.engine, lawyer.id) as session:
        assert question in await release(session, city.doors[KeyProvider], lawyer, [question])
        await session.rollback()
    assert await written(city) == {}


async def test_a_reading_that_ends_between_the_look_and_the_ledger_gives_no_key(city: City) -> None:
    """What may not be seen is not found: no fault of the house, and no key without its line."""
    asker, lawyer = await city.resident(), await city.lawyer()
    question = await city.asked(asker)
    await city.settle()
    await city.claim(lawyer)
    await city.sql("TRUNCATE app.access")
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("LOCK TABLE app.access IN EXCLUSIVE MODE"))
        reading = asyncio.create_task(
            city.errors(lawyer, "query ($id: ID!) { question(id: $id) { body } }", id=question)
        )
        while not await _waits(session):
            await asyncio.sleep(0.02)
        await session.rows(text("UPDATE app.reader SET until = 'epoch' WHERE person = :me"), {"me": lawyer.id})
    (error,) = await reading
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert await written(city) == {}


async def _waits(session: Session) -> bool:
    """Whether somebody waits for the ledger."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE relation = 'app.access'::regclass AND NOT granted")
    return bool((await session.rows(waiting)).scalar_one())
