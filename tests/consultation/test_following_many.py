"""Many at once, and the same again: one follow-up, one reply, one end of patience."""

import asyncio
from datetime import timedelta

import pytest

from app.consultation.events import FollowUpAsked, FollowUpEnded, FollowUpRanOut
from app.consultation.reactions import following
from app.core.db import NOBODY, now
from app.core.ids import new_id
from app.core.outbox import Errand
from app.graph.ids import uuid_of
from tests.city import City, codes
from tests.threads.talk import (
    answered,
    ask_back,
    awaited,
    deliver,
    happened,
    heard,
    inquire,
    lawyer_id,
    reply,
    standing,
    told,
    until,
)

pytestmark = pytest.mark.anyio

HALF_AN_HOUR = timedelta(minutes=30)


async def test_fifty_equal_requests_ask_once(city: City) -> None:
    asker, question, _ = await answered(city, 1)
    key = str(new_id())
    got = await asyncio.gather(*(ask_back(city, asker, question, idempotencyKey=key) for _ in range(50)))
    assert len({asked["id"] for asked in got}) == 1
    assert len(await heard(city, asker, question)) == 1
    assert await awaited(city, question) == 1
    assert codes(await ask_back(city, asker, question, "另一个问题？", idempotencyKey=key)) == ["KEY_REUSED"]


async def test_a_reply_and_the_end_of_patience_at_once(city: City) -> None:
    """Whichever comes first, it is answered, and nothing is opened after that."""
    asker, question, (first, _) = await answered(city)
    opened = 0
    for _ in range(15):
        await until(city, 9)
        asked = await ask_back(city, asker, question, toLawyerId=lawyer_id(first))
        await city.settle()
        await city.turn(HALF_AN_HOUR)
        said, *_ = await asyncio.gather(reply(city, first, asked["id"]), *(city.relay.sweep() for _ in range(3)))
        assert said["kind"] == "REPLY"
        await city.settle()
        (row, *_) = (await standing(city, asker, question))["followUps"]
        assert row["state"] == "ANSWERED"
        log = [kind for kind in await happened(city, question) if kind.startswith("FOLLOW_UP")]
        assert log[-1] == "FOLLOW_UP_ANSWERED"
        opened += log[-2] == "FOLLOW_UP_OPENED"
        assert row["stage"] == (1 if log[-2] == "FOLLOW_UP_OPENED" else 0)
    await city.pass_time(timedelta(days=1))
    assert await awaited(city, question) == 0


async def test_there_is_no_limit_but_twenty_messages_a_minute(city: City) -> None:
    asker, question, (lawyer,) = await answered(city, 1)
    for number in range(16):
        assert (await ask_back(city, asker, question, f"第{number}个问题？"))["state"] == "WAITING"
    got = await asyncio.gather(*(ask_back(city, asker, question, f"又是第{n}个问题？") for n in range(8)))
    assert sum(codes(payload) == ["TOO_FAST"] for payload in got) == 4
    rows = (await standing(city, asker, question))["followUps"]
    assert len(rows) == 20
    await city.turn_seconds(61)
    assert (await ask_back(city, asker, question, "还有一个问题？"))["state"] == "WAITING"
    assert (await reply(city, lawyer, rows[0]["id"]))["kind"] == "REPLY"


async def test_what_the_worker_does_twice_changes_nothing(city: City) -> None:
    asker, question, (lawyer, _) = await answered(city)
    await until(city, 9)
    asked = await ask_back(city, asker, question, toLawyerId=lawyer_id(lawyer))
    await city.pass_time(HALF_AN_HOUR)
    before = await happened(city, question), await told(city, asker), await awaited(city, question)
    about = {"question": uuid_of(question, "Question"), "follow_up": uuid_of(asked["id"], "FollowUp")}
    events = [FollowUpAsked(**about), FollowUpRanOut(**about, stage=0), FollowUpRanOut(**about, stage=1)]
    for event in [*events, FollowUpEnded(**about, answered=False)]:
        for reaction in following.REACTIONS[type(event)]:
            assert not isinstance(reaction, Errand)
            async with city.worker.acting(NOBODY) as session:
                await reaction(session, event, now(session))
    # Stage 1 has half an hour of its own: looked at too early, it waits on.
    assert (await happened(city, question), await told(city, asker), await awaited(city, question)) == before


SCREEN = """{ questions(first: 20) { nodes { id status waitingOn thread { unread } followUps { state stage
  clock { dueAt late } to { name } message { body } } inquiries { kinds repliedAt lawyer { name }
  message { body } } } } }"""


async def test_a_screen_of_questions_costs_the_same_however_many_there_are(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    costs = []
    for _ in range(3):
        question = await city.asked(asker)
        await city.settle()
        await deliver(city, lawyer)
        for _ in range(2):
            await ask_back(city, asker, question, toLawyerId=lawyer_id(lawyer))
        await inquire(city, lawyer, question)
        with city.statements() as sent:
            page = await city.one(asker, SCREEN)
        assert all(row["message"]["body"] for node in page["nodes"] for row in node["followUps"])
        costs.append(len(sent))
        await city.turn_seconds(61)
    assert len(page["nodes"]) == 3
    assert max(costs) <= 10, sent
