"""Somebody is told something, and reads it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.core.access import Viewer
from app.core.db import NOBODY
from app.core.errors import Language
from app.core.ids import new_id
from app.core.keyset import Page
from app.graph.ids import global_id
from app.notices.models import NoticeKind
from app.notices.reads import listing
from app.schema import schema
from tests.city import City, codes
from tests.notices.telling import told
from tests.plans import plan_of

pytestmark = pytest.mark.anyio

NOTICES = """
query ($first: Int, $after: String, $last: Int, $before: String, $unreadOnly: Boolean! = false) {
  notices(first: $first, after: $after, last: $last, before: $before, unreadOnly: $unreadOnly) {
    nodes { id kind title text aboutId at readAt }
    pageInfo { hasNextPage endCursor startCursor hasPreviousPage }
  }
  unreadNotices
}"""
MARK = """
mutation ($ids: [ID!], $upTo: ID) {
  markNoticesRead(input: {ids: $ids, upTo: $upTo}) {
    __typename
    ... on NoticesRead { unread notices { id readAt } }
    ... on Refused { reasons { code field } }
  }
}"""


async def ids(city: City, person: Viewer, **how: Any) -> list[str]:
    found = await city.run(person, NOTICES, **({"first": 100} | how))
    return [notice["id"] for notice in found["notices"]["nodes"]]


async def test_the_same_cause_tells_a_person_once(city: City) -> None:
    asker, lawyer = await city.resident(), await city.resident()
    question, answer = new_id(), new_id()
    await told(city, asker, about=question, cause=answer)
    await told(city, asker, asker, lawyer, about=question, cause=answer)
    await asyncio.gather(*(told(city, asker, about=question, cause=answer) for _ in range(10)))
    await told(city, asker, kind=NoticeKind.PROMISE_BROKEN, about=question, cause=question)

    found = await city.run(asker, NOTICES, first=10)
    assert [notice["kind"] for notice in found["notices"]["nodes"]] == ["PROMISE_BROKEN", "NEW_ANSWER"]
    assert {notice["aboutId"] for notice in found["notices"]["nodes"]} == {global_id("Question", question)}
    assert found["unreadNotices"] == 2
    assert len(await ids(city, lawyer)) == 1
    assert await city.sql("SELECT count(*) FROM app.feed WHERE kind = 'NOTICE'") == [(3,)]


async def test_a_notice_speaks_the_language_of_whoever_reads_it(city: City) -> None:
    asker = await city.resident()
    await told(city, asker)
    (chinese,) = (await city.run(asker, NOTICES, first=1))["notices"]["nodes"]
    assert (chinese["title"], chinese["readAt"]) == ("您的咨询有了新的解答", None)

    from_abroad = city.context(asker, Language.EN)
    node = "query ($id: ID!) { node(id: $id) { ... on Notice { title text } } }"
    english = await schema.execute(node, variable_values={"id": chinese["id"]}, context_value=from_abroad)
    assert english.data is not None
    assert english.data["node"]["title"] == "Your question has a new answer"


async def test_pages_go_from_the_newest_to_the_oldest_and_back(city: City) -> None:
    asker = await city.resident()
    for _ in range(5):
        await told(city, asker)
    everything = await ids(city, asker)
    first = (await city.run(asker, NOTICES, first=2))["notices"]
    rest = await ids(city, asker, first=10, after=first["pageInfo"]["endCursor"])
    assert [notice["id"] for notice in first["nodes"]] + rest == everything
    assert await ids(city, asker, first=None, last=2) == everything[-2:]
    with city.statements() as sent:
        await city.run(asker, "{ notices(first: 5) { nodes { id title text aboutId } } }")
    assert len(sent) == 1


async def test_marking_is_by_ids_or_up_to_one_and_can_be_repeated(city: City) -> None:
    asker = await city.resident()
    for _ in range(5):
        await told(city, asker)
        await city.turn(timedelta(seconds=1))
    newest, second, middle, older, oldest = await ids(city, asker)

    marked = await city.one(asker, MARK, ids=[second, second])
    assert [notice["id"] for notice in marked["notices"]] == [second]
    assert marked["unread"] == 4
    again = await city.one(asker, MARK, ids=[second])
    assert again == {"__typename": "NoticesRead", "unread": 4, "notices": []}

    marked = await city.one(asker, MARK, upTo=middle)
    assert [notice["id"] for notice in marked["notices"]] == [middle, older, oldest]
    assert (await city.one(asker, MARK, upTo=middle))["notices"] == []
    assert await ids(city, asker, unreadOnly=True) == [newest]
    assert len(await ids(city, asker)) == 5

    assert (await city.one(asker, MARK, upTo=newest))["unread"] == 0
    assert await city.one(asker, MARK, ids=[]) == {"__typename": "NoticesRead", "unread": 0, "notices": []}


async def test_a_mark_keeps_the_moment_of_the_first_reading(city: City) -> None:
    asker = await city.resident()
    await told(city, asker)
    (notice,) = await ids(city, asker)
    first = (await city.one(asker, MARK, ids=[notice]))["notices"][0]["readAt"]
    await city.turn(timedelta(minutes=5))
    await city.one(asker, MARK, upTo=notice)
    ((kept,),) = await city.sql("SELECT read_at FROM app.notice")
    assert kept.isoformat() == first


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({}, "IDS_OR_UP_TO", None),
        ({"ids": [], "upTo": global_id("Notice", new_id())}, "IDS_OR_UP_TO", None),
        ({"ids": ["x"]}, "BAD_ID", "ids"),
        ({"upTo": ""}, "BAD_ID", "upTo"),
        ({"ids": [global_id("Question", new_id())]}, "BAD_ID", "ids"),
        ({"ids": [global_id("Notice", new_id())] * 101}, "TOO_MANY_NOTICES", "ids"),
        ({"upTo": global_id("Notice", new_id())}, "NOT_FOUND", "upTo"),
    ],
)
async def test_marks_that_mean_nothing_are_refused(
    city: City, said: dict[str, Any], code: str, field: str | None
) -> None:
    refused = await city.one(await city.resident(), MARK, **said)
    assert codes(refused) == [code]
    assert refused["reasons"][0]["field"] == field


async def test_nobody_sees_or_marks_what_another_was_told(city: City) -> None:
    asker, stranger = await city.resident(), await city.resident()
    await told(city, asker)
    (notice,) = await ids(city, asker)
    node = "query ($id: ID!) { node(id: $id) { id } }"
    with city.statements() as of_another:
        assert await city.one(stranger, node, id=notice) is None
    with city.statements() as of_nothing:
        assert await city.one(stranger, node, id=global_id("Notice", new_id())) is None
    assert of_another == of_nothing
    assert await city.one(None, node, id=notice) is None
    assert await ids(city, stranger) == []
    assert (await city.one(stranger, MARK, ids=[notice]))["notices"] == []
    assert codes(await city.one(stranger, MARK, upTo=notice)) == ["NOT_FOUND"]
    assert len(await ids(city, asker, unreadOnly=True)) == 1
    for document in ("{ notices(first: 1) { nodes { id } } }", "{ unreadNotices }", "{ noticeUpdates { __typename } }"):
        (error,) = await city.errors(None, document)
        assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_the_walls_hold_against_raw_sql(city: City) -> None:
    asker, stranger = await city.resident(), await city.resident()
    await told(city, asker)
    await told(city, stranger)
    for person in (asker, stranger):
        async with city.db.acting(person.id) as session:
            rows = (await session.rows(text("SELECT person FROM app.notice"))).all()
            assert rows == [(person.id,)]
            news = (await session.rows(text("SELECT person FROM app.feed"))).all()
            assert news == [(person.id,)]
    async with city.db.acting(stranger.id) as session:
        assert (await session.rows(text("UPDATE app.notice SET read_at = now()"))).rowcount == 1
    async with city.db.acting(NOBODY) as session:
        assert (await session.rows(text("SELECT 1 FROM app.notice"))).all() == []
    assert await city.sql("SELECT person FROM app.notice WHERE read_at IS NULL") == [(asker.id,)]

    forbidden = {
        city.db: (
            "UPDATE app.notice SET person = app.person()",
            "DELETE FROM app.notice",
            "INSERT INTO app.notice SELECT * FROM app.notice",
        ),
        city.worker: ("UPDATE app.notice SET read_at = now()", "DELETE FROM app.notice"),
    }
    async with city.worker.acting(NOBODY) as session:
        assert (await session.rows(text("SELECT 1 FROM app.feed WHERE person IS NOT NULL"))).all() == []
    for database, statements in forbidden.items():
        for statement in statements:
            with pytest.raises(ProgrammingError, match="permission denied"):
                async with database.acting(stranger.id) as session:
                    await session.rows(text(statement))


MANY = """
INSERT INTO app.notice (id, person, kind, about, cause, at, read_at)
SELECT gen_random_uuid(), CASE n % 8 WHEN 0 THEN CAST(:asker AS uuid) ELSE gen_random_uuid() END, 'NEW_ANSWER',
       gen_random_uuid(), gen_random_uuid(), now() - n * interval '1 s', CASE WHEN n % 3 > 0 THEN now() END
FROM generate_series(1, 40000) AS n"""


async def test_a_page_of_five_thousand_notices_is_not_sorted_and_unread_ones_are_counted_to_99(city: City) -> None:
    asker = await city.resident()
    await city.sql(MANY, asker=str(asker.id))
    await city.sql("ANALYZE app.notice")
    found = await city.run(asker, NOTICES, first=50)
    assert found["unreadNotices"] == 99
    assert len(found["notices"]["nodes"]) == 50

    async with city.db.acting(asker.id) as session:
        for backward in (False, True):
            for unread_only in (False, True):
                plan = await plan_of(session, listing(asker, Page(20, backward, None, None), unread_only))
                assert "Sort" not in plan, plan
                assert ("notice_unread" if unread_only else "notice_page") in plan, plan
