"""What a resident on a bad mobile network downloads: the saved operations and the common screens, in bytes gzipped
and in statements."""

import gzip
from datetime import timedelta
from typing import Any

import orjson
import pytest

from app.core.access import Role, Viewer
from app.graph.ids import global_id, parse_id
from tests.activities import hall
from tests.city import City
from tests.education.desk import published
from tests.house import source

pytestmark = pytest.mark.anyio

OPERATIONS = source.APP / "operations"
HOME_MOST, THREAD_MOST, QUESTION_MOST = 8_000, 16_000, 16_000
"""Bytes."""

FOLLOW = """mutation ($input: AskFollowUpInput!) { askFollowUp(input: $input) {
    __typename ... on FollowUp { id } ... on Refused { reasons { code field } } } }"""
REPLY = """mutation ($input: AnswerFollowUpInput!) { answerFollowUp(input: $input) {
    __typename ... on Refused { reasons { code field } } } }"""
THREAD = """query ($id: ID!) { thread(id: $id) { id unread messages(last: 20) {
    nodes { id kind fromAsker mine sentAt body lawyer { id name } regardsId readBy }
    pageInfo { hasPreviousPage startCursor } } } }"""
QUESTION = """query ($id: ID!) { question(id: $id) { id status body brief askedAt waitingOn allowed lawyersWriting
    category { id name } division { code name } safetyCards { signal title text steps phones { label number } }
    promise { answersPromised answersDelivered firstAnswer { dueAt reachedAt late }
      lastAnswer { dueAt reachedAt late } }
    answers { id deliveredAt counts best content { conclusion basis { law article } nextSteps evidence deadlines text
      summary } lawyer { id name title yearsPractising firm { id name } } rating { stars } }
    agreement { sentence fields { field value agreeing of } } followUps { id state askedAt clock { dueAt late } } } }"""


def thread_of(question: str) -> str:
    """The thread about a question has the question's key."""
    return global_id("Thread", parse_id(question)[1])


def gzipped(answer: Any) -> int:
    return len(gzip.compress(orjson.dumps({"data": answer})))


async def busy_life(city: City) -> tuple[Viewer, str]:
    """Three open questions; the first has three answers and twenty messages."""
    asker = await city.resident()
    lawyers = await city.lawyers(3)
    ids = []
    for number in range(3):
        ids.append(await city.asked(asker, f"第{number}次来问：老板拖欠我三个月工资，电话也不接，我该怎么办？"))
        await city.settle()
        if number < 2:
            for lawyer in lawyers:
                await city.answer(lawyer, (await city.claim(lawyer))["id"])
            await city.settle()
    for number in range(10):
        body = f"第{number}个追问：如果老板只肯还一半，我签了和解书以后还能要另一半吗？需要准备哪些材料？"
        asked = await city.one(
            asker, FOLLOW, input={"questionId": ids[0], "body": body, "idempotencyKey": f"follow-{number:04}"}
        )
        assert asked["__typename"] == "FollowUp", asked
        reply = (
            f"第{number}次回复：和解书若写明一次性了结，另一半一般不能再要，签字前请写清剩余款项的支付时间与违约责任。"
        )
        said = {"followUpId": asked["id"], "body": reply, "idempotencyKey": f"reply-{number:04}"}
        assert (await city.one(lawyers[number % 3], REPLY, input=said))["__typename"] != "Refused"
        await city.pass_time(30)
    return asker, ids[0]


async def test_the_screens_of_a_busy_life_stay_small(city: City) -> None:
    asker, question = await busy_life(city)
    editor, reviewer = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    for title in ("被拖欠工资怎么办", "租房押金不退怎么办", "离婚以后孩子的抚养费怎么算"):
        await published(city, editor, reviewer, title=title)
        open_since = await city.now() - timedelta(minutes=1)
        await hall.published(city, editor, reviewer, title=f"讲座：{title}", opensAt=open_since)
    home = (OPERATIONS / "anyone" / "Home.graphql").read_text("utf-8")
    today = await city.today()
    days = {"from": str(today - timedelta(days=6)), "to": str(today)}
    with city.statements() as asked:
        shown = await city.run(asker, home, signedIn=True, **days)
    assert len(shown["questions"]["nodes"]) == 3
    assert gzipped(shown) <= HOME_MOST
    assert len(shown["recommendedArticles"]) == 3
    assert len(shown["activities"]["nodes"]) == 3
    assert len(asked) <= 17, asked
    with city.statements() as asked:
        shown = await city.run(None, home, signedIn=False, **days)
    assert shown.keys() == {"viewer", "recommendedArticles", "activities", "promiseRecord"}
    assert gzipped(shown) <= HOME_MOST
    assert len(asked) <= 4, asked
    with city.statements() as asked:
        shown = await city.run(asker, THREAD, id=thread_of(question))
    assert len(shown["thread"]["messages"]["nodes"]) == 20
    assert gzipped(shown) <= THREAD_MOST
    assert len(asked) <= 5, asked
    with city.statements() as asked:
        shown = await city.run(asker, QUESTION, id=question)
    assert len(shown["question"]["answers"]) == 3
    assert gzipped(shown) <= QUESTION_MOST
    assert len(asked) <= 14, asked
