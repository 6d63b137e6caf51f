"""What people say to each other about a question, for the stories of several files."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from app.places.rules.workdays import CITY_TIME
from tests.city import REFUSED, City

FOLLOW_UP = """... on FollowUp { id state stage askedAt endedAt clock { dueAt reachedAt late } to { id }
  message { id kind body addressee { id } } }"""
ASK_BACK = (
    f"mutation ($input: AskFollowUpInput!) {{ askFollowUp(input: $input) {{ __typename {FOLLOW_UP} {REFUSED} }} }}"
)
STOP = f"mutation ($id: ID!) {{ stopFollowUp(input: {{followUpId: $id}}) {{ __typename {FOLLOW_UP} {REFUSED} }} }}"
REPLY = f"""mutation ($input: AnswerFollowUpInput!) {{ answerFollowUp(input: $input) {{
  __typename ... on Message {{ id kind body regardsId fromAsker lawyer {{ id }} }} {REFUSED} }} }}"""
INQUIRY = "... on Inquiry { id kinds askedAt repliedAt lawyer { id } message { id kind body } }"
INQUIRE = f"""mutation ($input: RequestInformationInput!) {{ requestInformation(input: $input) {{
  __typename {INQUIRY} {REFUSED} }} }}"""
INFORM = f"""mutation ($input: GiveInformationInput!) {{ giveInformation(input: $input) {{
  __typename {INQUIRY} {REFUSED} }} }}"""
STANDING = f"""query ($id: ID!) {{ question(id: $id) {{ status waitingOn
  followUps {{ __typename {FOLLOW_UP} }} inquiries {{ __typename {INQUIRY} }} }} }}"""
THREAD = """query ($id: ID!, $first: Int = 20) { thread(id: $id) { id unread messages(first: $first) {
  edges { cursor node { id kind fromAsker mine lawyer { id name firm { name } } addressee { id } regardsId sentAt body
    readBy } } pageInfo { hasNextPage endCursor } } } }"""
MARK = f"""mutation ($id: ID!, $upTo: ID!) {{ markThreadRead(input: {{threadId: $id, upTo: $upTo}}) {{
  __typename ... on Thread {{ id unread }} {REFUSED} }} }}"""
NOTICES = "{ notices(first: 50) { nodes { kind aboutId } } }"


async def answered(city: City, count: int = 2) -> tuple[Viewer, str, list[Viewer]]:
    """A resident's question, answered by so many lawyers."""
    asker, lawyers = await city.resident(), await city.lawyers(count)
    question = await city.asked(asker)
    await city.settle()
    for lawyer in lawyers:
        await deliver(city, lawyer)
    return asker, question, lawyers


async def deliver(city: City, lawyer: Viewer) -> None:
    """She takes a seat on what was offered to her last and answers, in words of her own."""
    seat = await city.claim(lawyer)
    assert (await city.answer(lawyer, seat["id"]))["__typename"] == "Answer"
    await city.settle()


def lawyer_id(lawyer: Viewer) -> str:
    return global_id("Lawyer", lawyer.id)


def thread_id(question: str) -> str:
    return global_id("Thread", uuid_of(question, "Question"))


def key_of(id: str, kind: str) -> UUID:
    return uuid_of(id, kind)


async def ask_back(city: City, asker: Viewer, question: str, body: str = "那要准备哪些材料？", **more: Any) -> Any:
    said = {"questionId": question, "body": body, "idempotencyKey": str(new_id())} | more
    return await city.one(asker, ASK_BACK, input=said)


async def reply(city: City, lawyer: Viewer, follow_up: str, body: str = "带上合同和转账记录。", **more: Any) -> Any:
    said = {"followUpId": follow_up, "body": body, "idempotencyKey": str(new_id())} | more
    return await city.one(lawyer, REPLY, input=said)


async def inquire(city: City, lawyer: Viewer, question: str, text: str = "请问有书面合同吗？", **more: Any) -> Any:
    said = {"questionId": question, "text": text, "idempotencyKey": str(new_id())} | more
    return await city.one(lawyer, INQUIRE, input=said)


async def inform(city: City, asker: Viewer, inquiry: str, body: str = "没有合同，只有微信记录。", **more: Any) -> Any:
    said = {"inquiryId": inquiry, "body": body, "idempotencyKey": str(new_id())} | more
    return await city.one(asker, INFORM, input=said)


async def standing(city: City, viewer: Viewer, question: str) -> Any:
    return await city.one(viewer, STANDING, id=question)


async def heard(city: City, viewer: Viewer, question: str) -> list[Any]:
    """The messages that she can read, newest first."""
    thread = await city.one(viewer, THREAD, id=thread_id(question))
    return [edge["node"] for edge in thread["messages"]["edges"]]


async def told(city: City, viewer: Viewer) -> list[str]:
    """The kinds of her notices, newest first."""
    return [notice["kind"] for notice in (await city.one(viewer, NOTICES))["nodes"]]


async def happened(city: City, question: str) -> list[str]:
    """The log of a question, oldest first."""
    rows = await city.sql("SELECT kind FROM app.feed WHERE subject = :q ORDER BY id", q=uuid_of(question, "Question"))
    return [row.kind for row in rows]


async def awaited(city: City, question: str, kind: str = "FollowUpRanOut") -> int:
    """How many events of that kind are still to come."""
    rows = await city.sql(
        "SELECT 1 FROM app.outbox WHERE kind = :kind AND done_at IS NULL AND ids->>'question' = :q",
        kind=kind,
        q=str(uuid_of(question, "Question")),
    )
    return len(rows)


async def until(city: City, hour: int, minute: int = 0) -> None:
    """Turn the clock to the next time that it is so late in the city."""
    now = (await city.now()).astimezone(CITY_TIME)
    there = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    await city.pass_time(there - now if there > now else there - now + timedelta(days=1))


def moment(said: str) -> datetime:
    return datetime.fromisoformat(said)
