"""What the stories of supervisors begin with, and what they say to the graph."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.core.access import Role, Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.core.outbox import Event, emit
from app.graph.ids import parse_id
from tests.city import REFUSED, City

PHONE = "138 1234 5678"
READ = "+8613812345678"
QUOTED = "线上赌场注册即送88元，提现秒到，加微信 yl88888 开户"

PETITION = """id kind madeAt dueAt state outcome accesses { at basis }
  details { phone windowFrom windowTo note text question }"""
TASK = f"""id kind madeAt dueAt overdue escalated taken mine takenAt doneAt outcome
  category {{ code }} town {{ code name }} petition {{ {PETITION} }}"""
CALL = f"""mutation ($input: RequestCallbackInput!) {{ requestCallback(input: $input) {{
  __typename ... on Petition {{ {PETITION} }} {REFUSED} }} }}"""
APPEAL = f"""mutation ($input: AppealBlockInput!) {{ appealBlock(input: $input) {{
  __typename ... on Petition {{ {PETITION} }} {REFUSED} }} }}"""
TAKE = f"""mutation ($id: ID!) {{
  takeTask(input: {{taskId: $id}}) {{ __typename ... on Task {{ {TASK} }} {REFUSED} }} }}"""
RETURN = f"""mutation ($id: ID!) {{
  returnTask(input: {{taskId: $id}}) {{ __typename ... on Task {{ {TASK} }} {REFUSED} }} }}"""
COMPLETE = f"""mutation ($input: CompleteTaskInput!) {{ completeTask(input: $input) {{
  __typename ... on Task {{ {TASK} }} {REFUSED} }} }}"""
TASKS = f"""query ($kind: TaskKind, $open: Boolean! = true, $first: Int = 20, $after: String) {{
  tasks(kind: $kind, open: $open, first: $first, after: $after) {{
    nodes {{ {TASK} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
SEEN = f"""query ($id: ID!) {{ node(id: $id) {{ __typename ... on Petition {{ {PETITION} }} }} }}"""
MINE = f"""query ($id: ID!) {{ question(id: $id) {{ status appeal {{ {PETITION} }}
  breach {{ brokenAt choices hotline callback {{ {PETITION} }} }} }} }}"""


def key_of(id: str) -> UUID:
    return UUID(parse_id(id)[1])


async def supervisors(city: City, count: int) -> list[Viewer]:
    return [await city.person(Role.SUPERVISOR) for _ in range(count)]


async def happens(city: City, event: Event, at: datetime | None = None) -> None:
    """As the worker would tell it, and all that follows at once."""
    async with city.worker.acting(NOBODY) as session:
        await emit(session, event, at=at)
    await city.settle()


async def window(city: City, begins: float = 1, lasts: float = 2) -> dict[str, str]:
    """From so many hours from now, for so many."""
    begin = await city.now() + timedelta(hours=begins)
    return {"windowFrom": begin.isoformat(), "windowTo": (begin + timedelta(hours=lasts)).isoformat()}


async def call_me(city: City, asker: Viewer, question: str, **said: Any) -> Any:
    wanted = {"questionId": question, "phone": PHONE, "idempotencyKey": str(new_id())}
    return await city.one(asker, CALL, input=wanted | await window(city) | said)


async def blocked(city: City, asker: Viewer) -> str:
    """A question that was stopped: it quotes what her husband was sent, and says no more."""
    id = await city.asked(asker, QUOTED)
    assert (await city.one(asker, MINE, id=id))["status"] == "BLOCKED"
    return id


async def appeal(city: City, asker: Viewer, question: str, **said: Any) -> Any:
    wanted = {"questionId": question, "text": "这只是讨要工资，没有违法内容。", "disclose": False}
    return await city.one(asker, APPEAL, input=wanted | {"idempotencyKey": str(new_id())} | said)


async def tasks(city: City, supervisor: Viewer, **which: Any) -> list[Any]:
    page = await city.one(supervisor, TASKS, **which)
    nodes: list[Any] = page["nodes"]
    return nodes


async def complete(city: City, supervisor: Viewer, task: str, outcome: str, key: str | None = None) -> Any:
    said = {"taskId": task, "outcome": outcome, "idempotencyKey": key or str(new_id())}
    return await city.one(supervisor, COMPLETE, input=said)


async def told(city: City, person: Viewer, about: str | None = None) -> list[str]:
    """The kinds of her notices, oldest first; of those about one thing, if it is said."""
    page = await city.one(person, "{ notices(first: 100) { nodes { kind aboutId } } }")
    return [notice["kind"] for notice in page["nodes"] if about in (None, notice["aboutId"])][::-1]
