"""No N+1: how many statements a screen costs, keys and ledger counted."""

import pytest

from app.consultation import reads
from app.consultation.actions.answering import deliver
from app.consultation.rules.answering import Content
from app.core.db import now
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.graph.ids import uuid_of
from tests.city import CONTENT, City

pytestmark = pytest.mark.anyio

PAGE = """{ questions(first: 20) { edges { cursor node { id status body askedAt answers {
  id deliveredAt content { conclusion text basis { law article } } lawyer { id name specialties { code }
  firm { name } } } } } pageInfo { hasNextPage endCursor } } }"""

LAWYERS = "{ lawyers { nodes { id name specialties { code } firm { name } } } }"


async def test_twenty_questions_with_answers_lawyers_and_firms(city: City) -> None:
    asker = await city.resident()
    lawyers = await city.lawyers(3)
    for number in range(20):
        await city.asked(asker, f"第{number}个问题，老板拖欠工资怎么办")
        await city.settle()
        for lawyer in lawyers:
            await city.answer(lawyer, (await city.claim(lawyer))["id"])
        await city.settle()
        await city.turn_seconds(36000)
    with city.statements() as asked:
        page = await city.one(asker, PAGE)
    assert len(page["edges"]) == 20
    assert all(len(edge["node"]["answers"]) == 3 for edge in page["edges"])
    # Questions and their keys, answers and their lawyers.
    assert len(asked) == 2, asked
    known = {one["id"]: one for one in (await city.one(None, LAWYERS))["nodes"]}
    assert all(one["lawyer"] == known[one["lawyer"]["id"]] for edge in page["edges"] for one in edge["node"]["answers"])
    with city.statements() as asked:
        page = await city.one(lawyers[0], PAGE)
    assert len(page["edges"]) == 20
    assert all(edge["node"]["body"] for edge in page["edges"])
    assert len(asked) == 4, asked
    assert sum("app.access" in statement for statement in asked) == 1


async def test_a_lawyers_desk(city: City) -> None:
    lawyer = await city.lawyer()
    for _ in range(3):
        await city.asked(await city.resident())
        await city.settle()
        await city.claim(lawyer)
    desk = """{ offers(first: 20) { nodes { id state brief dueAt category { code } town { name } reasons { score } } }
      seats(first: 20) { nodes { id leaseUntil draft { text } question { body } offer { brief } } } }"""
    with city.statements() as asked:
        await city.run(lawyer, desk)
    assert len(asked) <= 10, asked


async def test_to_ask_and_to_answer(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    with city.statements() as sent:
        await city.asked(asker)
    # Her key and lock, what stands before it, question; brief, dispatch and what is told; keys and what is given back,
    # and its brief with the key of that.
    assert len(sent) == 7, sent
    await city.settle()
    seat = (await city.claim(lawyer))["id"]
    with city.statements() as sent:
        await city.answer(lawyer, seat)
    # Her key and the locks; her seat, what the answer must not be like, the question's key and the ledger's line; the
    # answer and what is told.
    assert len(sent) == 3, sent


async def test_an_answer_is_given_back_as_a_read_gives_it(city: City) -> None:
    lawyer, keys = await city.lawyer(), city.doors[KeyProvider]
    await city.asked(await city.resident())
    await city.settle()
    seat = uuid_of((await city.claim(lawyer))["id"], "Seat")
    content = Content.model_validate(CONTENT | {"next_steps": CONTENT["nextSteps"]})
    async with city.db.acting(lawyer) as session:
        kept = await deliver(session, lawyer, keys, seat, content, str(new_id()), now(session))
        (read,) = await reads.answers(session, lawyer, [kept.id])
    assert kept.row._asdict() == read._asdict()
