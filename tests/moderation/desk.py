"""What people who report, moderators and those complained of say to the graph."""

from typing import Any

from app.core.access import Viewer
from app.core.ids import new_id
from tests.city import REFUSED, City

REPORT = """id reason state madeAt dueAt overdue takenUntil decidedAt words reply category { code }
  disclosed { by kind text complainedOf } lawyer { id } earlierMeasures { kind }"""
MINE = f"{{ myReports {{ nodes {{ {REPORT} }} }} }}"
QUEUE = f"{{ reports {{ nodes {{ {REPORT} }} }} }}"
SHOWN = f"query ($id: ID!) {{ node(id: $id) {{ ... on Report {{ {REPORT} }} }} }}"
MEASURES = "{ myMeasures { nodes { id kind reason explanation ground aboutId } } }"
ACCESSES = "query ($id: ID!) { question(id: $id) { accesses { basis lawyer { id } file { id } } } }"
ENOUGH = "再联系也没有用，加我微信付费吧。"


async def act(city: City, who: Viewer, field: str, /, **said: Any) -> Any:
    kind = f"{field[0].upper()}{field[1:]}Input"
    shown = f"{{ __typename {REFUSED} ... on Report {{ {REPORT} }} }}"
    return await city.one(who, f"mutation ($input: {kind}!) {{ {field}(input: $input) {shown} }}", input=said)


async def report(city: City, who: Viewer, about: str, *also: str, **other: Any) -> Any:
    said = {"aboutId": about, "alsoIds": list(also), "reason": "CARELESS_ADVICE", "idempotencyKey": str(new_id())}
    return await act(city, who, "reportMessage", **said | other)


async def take(city: City, who: Viewer, id: str) -> Any:
    return await act(city, who, "takeReport", reportId=id)


async def decide(city: City, who: Viewer, id: str, measure: str | None = None, **other: Any) -> Any:
    said = {"reportId": id, "measure": measure, "reasons": "解答未说明依据", "idempotencyKey": str(new_id())}
    return await act(city, who, "decideReport", **said | other)


MEASURE = """id kind reason explanation ground aboutId appealUntil appealedAt appealDueAt lifted appeal answer
  disclosed { by }"""
OWN = f"{{ myMeasures {{ nodes {{ {MEASURE} }} }} }}"
APPEALS = f"{{ measureAppeals {{ nodes {{ {MEASURE} }} }} }}"


async def on_measure(city: City, who: Viewer, field: str, id: str, /, **said: Any) -> Any:
    kind = f"{field[0].upper()}{field[1:]}Input"
    shown = f"{{ __typename {REFUSED} ... on Measure {{ {MEASURE} }} }}"
    said |= {} if field.startswith("take") else {"idempotencyKey": str(new_id())}
    document = f"mutation ($input: {kind}!) {{ {field}(input: $input) {shown} }}"
    return await city.one(who, document, input={"measureId": id} | said)


async def seen(city: City, who: Viewer, document: str) -> Any:
    return (await city.one(who, document))["nodes"]


ASK_BACK = """mutation ($input: AskFollowUpInput!) { askFollowUp(input: $input) {
  __typename ... on FollowUp { id message { id } } } }"""


async def asks_back(city: City, asker: Viewer, question: str, body: str) -> str:
    """The follow-up's id."""
    said = {"questionId": question, "body": body, "idempotencyKey": str(new_id())}
    made = await city.one(asker, ASK_BACK, input=said)
    id: str = made["id"]
    return id


async def answered(city: City, asker: Viewer, lawyer: Viewer, body: str) -> tuple[str, str]:
    """(question, answer): asked, and answered by her."""
    question = await city.asked(asker, body)
    await city.settle()
    seat = await city.claim(lawyer)
    return question, (await city.answer(lawyer, seat["id"]))["id"]
