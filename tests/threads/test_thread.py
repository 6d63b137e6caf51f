"""A thread is read page by page, by everybody who may read its subject, and each knows how far."""

import gzip
import json
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from app.core.ids import new_id
from app.core.keyset import Page
from app.graph.ids import global_id
from app.threads import reads
from tests.city import City, codes
from tests.plans import plan_of
from tests.threads.talk import (
    MARK,
    THREAD,
    answered,
    ask_back,
    heard,
    inform,
    inquire,
    key_of,
    lawyer_id,
    reply,
    thread_id,
)

pytestmark = pytest.mark.anyio

CHANCE = Random(12348)
ORDINARY = 150
"""Characters of a message: a few sentences."""


def words() -> str:
    """Signs drawn from two and a half thousand: no real text is as hard to compress."""
    return "".join(chr(0x4E00 + CHANCE.randrange(2500)) for _ in range(ORDINARY))


async def talk(city: City, count: int = 10) -> tuple[Any, str, list[Any]]:
    """So many follow-ups, each with its reply."""
    asker, question, lawyers = await answered(city)
    for number in range(count):
        asked = await ask_back(city, asker, question, words())
        assert asked["state"] == "WAITING", asked
        assert (await reply(city, lawyers[number % 2], asked["id"], words()))["kind"] == "REPLY"
        await city.turn_seconds(61)
    return asker, question, lawyers


async def test_a_page_of_a_thread_costs_five_statements_and_sixteen_kilobytes_at_most(city: City) -> None:
    asker, question, lawyers = await talk(city)
    stranger_to_it = await city.lawyer()
    assert await city.one(stranger_to_it, THREAD, id=thread_id(question)) is None
    for viewer, most in ((asker, 4), (lawyers[0], 5)):
        with city.statements() as sent:
            page = await city.run(viewer, THREAD, id=thread_id(question))
        assert len(page["thread"]["messages"]["edges"]) == 20
        assert all(len(edge["node"]["body"]) == ORDINARY for edge in page["thread"]["messages"]["edges"])
        assert len(sent) <= most, sent
        weight = len(gzip.compress(json.dumps({"data": page}, ensure_ascii=False).encode()))
        assert weight <= 16 * 1024


async def test_pages_from_either_end_are_the_whole_thread(city: City) -> None:
    asker, question, _ = await talk(city, 3)
    document = """query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { thread(id: $id) {
      messages(first: $first, after: $after, last: $last, before: $before) {
        nodes { id sentAt } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""
    whole = [message["id"] for message in await heard(city, asker, question)]
    assert len(whole) == 6
    id = thread_id(question)
    found: list[str] = []
    info: dict[str, Any] = {"endCursor": None, "hasNextPage": True}
    while info["hasNextPage"]:
        page = (await city.one(asker, document, id=id, first=4, after=info["endCursor"]))["messages"]
        found += [node["id"] for node in page["nodes"]]
        info = page["pageInfo"]
    assert found == whole
    back = (await city.one(asker, document, id=id, last=2, before=info["endCursor"]))["messages"]
    assert [node["id"] for node in back["nodes"]] == whole[3:5]
    unsaid = (await city.one(asker, document, id=id))["messages"]
    assert [node["id"] for node in unsaid["nodes"]] == whole


async def test_the_page_is_read_from_its_index(city: City) -> None:
    asker, question, _ = await talk(city, 1)
    await more(city, 3000)
    await city.sql("ANALYZE app.message")
    async with city.db.acting(asker.id) as session:
        plan = await plan_of(session, reads.listing(asker, key_of(question, "Question"), Page(20, False, None, None)))
    assert "Index Scan using message_page" in plan
    assert "Sort" not in plan


async def more(city: City, count: int) -> None:
    """Further replies, whose words nobody can open."""
    await city.sql(
        """INSERT INTO app.message (id, subject, author, from_owner, kind, sent_at, body)
           SELECT gen_random_uuid(), subject, author, false, 'REPLY', sent_at + n * interval '1 s', body
           FROM app.message, generate_series(1, :count) n WHERE kind = 'REPLY'""",
        count=count,
    )


async def test_each_knows_how_far_the_others_have_read(city: City) -> None:
    asker, question, (first, second) = await answered(city)
    asked = await ask_back(city, asker, question)
    await city.turn_seconds(5)
    said = await reply(city, first, asked["id"])
    id = thread_id(question)
    assert (await city.one(asker, THREAD, id=id))["unread"] == 1
    assert (await city.one(first, THREAD, id=id))["unread"] == 1
    assert (await city.one(second, THREAD, id=id))["unread"] == 2

    marked = await city.one(asker, MARK, id=id, upTo=said["id"])
    assert marked == {"__typename": "Thread", "id": id, "unread": 0}
    (newest, oldest) = await heard(city, first, question)
    assert (newest["readBy"], newest["mine"]) == (1, True)
    assert (oldest["readBy"], oldest["mine"], oldest["fromAsker"], oldest["lawyer"]) == (0, False, True, None)
    assert (await city.one(second, MARK, id=id, upTo=asked["message"]["id"]))["unread"] == 1
    assert [message["readBy"] for message in await heard(city, asker, question)] == [1, 1]

    # A mark never moves back, on whichever device.
    await city.one(asker, MARK, id=id, upTo=asked["message"]["id"])
    assert (await city.one(asker, THREAD, id=id))["unread"] == 0
    for wrong in (global_id("Message", new_id()), global_id("Message", key_of(question, "Question"))):
        assert codes(await city.one(asker, MARK, id=id, upTo=wrong)) == ["NOT_FOUND"]


async def test_unread_messages_are_counted_up_to_ninety_nine(city: City) -> None:
    asker, question, (lawyer,) = await answered(city, 1)
    asked = await ask_back(city, asker, question)
    await reply(city, lawyer, asked["id"])
    await more(city, 120)
    assert await city.one(asker, "query ($id: ID!) { thread(id: $id) { unread } }", id=thread_id(question)) == {
        "unread": 99
    }


async def test_a_question_leads_to_its_thread_and_messages_are_nodes(city: City) -> None:
    asker, question, (lawyer,) = await answered(city, 1)
    asked = await ask_back(city, asker, question)
    led = await city.one(lawyer, "query ($id: ID!) { question(id: $id) { thread { id unread } } }", id=question)
    assert led == {"thread": {"id": thread_id(question), "unread": 1}}
    node = """query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Message { body } ... on FollowUp { state }
      ... on Thread { unread } } }"""
    ids = [asked["message"]["id"], asked["id"], thread_id(question)]
    found = await city.one(lawyer, node, ids=ids)
    assert [thing["id"] for thing in found] == ids
    assert found[0]["body"] == asked["message"]["body"]


async def test_a_lawyer_who_writes_reads_what_is_said_to_her_and_to_all(city: City) -> None:
    """Blind like the answers: what peers say and what is said to them opens with her own answer."""
    asker, question, (first, second) = await answered(city)
    writer = await city.lawyer()
    await city.pass_time(60)
    seat = await city.claim(writer)
    to_all = await ask_back(city, asker, question, "大家怎么看？")
    to_first = await ask_back(city, asker, question, "张律师，您说的时效从哪天算？", toLawyerId=lawyer_id(first))
    await reply(city, first, to_first["id"], "从您知道被拖欠的那天算起。")
    await reply(city, second, to_all["id"], "我的看法和前面一样。")
    inquiry = await inquire(city, first, question)
    await inform(city, asker, inquiry["id"], "没有书面合同。")
    hers = await inquire(city, writer, question, "工资是怎么发的？")

    ids = [hers["message"]["id"], to_all["message"]["id"]]
    seen = await heard(city, writer, question)
    assert [message["kind"] for message in seen] == ["INQUIRY", "INFORMATION", "FOLLOW_UP"]
    assert [seen[0]["id"], seen[2]["id"]] == ids
    rows = await raw(city, writer.id)
    assert sorted(rows) == ["FOLLOW_UP", "INFORMATION", "INQUIRY"]
    document = """query ($id: ID!) { question(id: $id) { followUps { id message { body } } inquiries { id } waitingOn }
      }"""
    shown = await city.one(writer, document, id=question)
    assert [row["id"] for row in shown["followUps"]] == [to_all["id"]]
    assert [row["id"] for row in shown["inquiries"]] == [hers["id"]]
    node = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    hidden = [to_first["id"], to_first["message"]["id"], inquiry["id"]]
    assert await city.one(writer, node, ids=hidden) == [None] * 3
    assert codes(await reply(city, writer, to_first["id"])) == ["NOT_FOUND"]

    assert (await city.answer(writer, seat["id"]))["__typename"] == "Answer"
    assert len(await heard(city, writer, question)) == 7
    assert len(await raw(city, writer.id)) == 7
    assert None not in await city.one(writer, node, ids=hidden)


async def raw(city: City, person: Any) -> list[str]:
    """The kinds of all messages that the database shows this person."""
    async with city.db.acting(person) as session:
        rows = await session.rows(select(reads.M.c.kind))
        return [kind for (kind,) in rows]
