"""What the staff and the advisers of villages say to the graph."""

from datetime import date, timedelta
from typing import Any

from app.core.access import Viewer
from app.core.db import NOBODY, now
from app.core.ids import new_id
from app.directory.actions.register import register_lawyers
from app.graph.ids import global_id
from tests.city import REFUSED, City
from tests.directory.desk import enter_worker

VILLAGE = "419001100201"
NEIGHBOUR = "419001100202"
COMMUNITY = "419001001001"
WHY = "与村委会签订的聘任合同一致"

TERM = """id since until version division { code } adviser { name workplace } contract source
  history { version reason editorId fields { field before after } }"""
RESULT = f"{{ __typename {REFUSED} ... on AdviserTerm {{ {TERM} }} }}"
APPOINT = f"mutation ($input: AppointAdviserInput!) {{ appointAdviser(input: $input) {RESULT} }}"
END = f"mutation ($input: EndAdviserInput!) {{ endAdviser(input: $input) {RESULT} }}"
SEEN = f"query ($id: ID!) {{ node(id: $id) {{ ... on AdviserTerm {{ {TERM} }} }} }}"
MY_VILLAGE = f"""mutation ($code: String) {{ setMyVillage(input: {{divisionCode: $code}}) {{
  __typename {REFUSED} ... on Viewer {{ village {{ code }} }} }} }}"""
MINE = "{ myAdviser { state village { code } term { id adviser { name } } } }"


async def today(city: City) -> date:
    return await city.today()


async def in_register(city: City, lawyer: Viewer) -> str:
    """Her entry in the register: the id that the staff appoint her by."""
    async with city.owner.acting(NOBODY) as session:
        await register_lawyers(session, now(session), None, "迁移", lawyer.id)
    ((id,),) = await city.sql(
        "SELECT w.id FROM app.legal_worker w JOIN app.lawyer l ON l.licence = w.number WHERE l.id = :me", me=lawyer.id
    )
    return global_id("LegalWorker", id)


async def grassroots_worker(city: City, keeper: Viewer, **other: Any) -> str:
    made = await enter_worker(city, keeper, kind="GRASSROOTS_LEGAL_WORKER", number="示例-JC-0001", **other)
    id: str = made["id"]
    return id


async def said(city: City, worker: str, **other: Any) -> dict[str, Any]:
    """Of a year from today."""
    day = await today(city)
    term = {
        "divisionCode": VILLAGE,
        "legalWorkerId": worker,
        "since": str(day),
        "until": str(day + timedelta(days=364)),
    }
    term |= {"contract": "示例合同〔2026〕1号", "source": "司法所备案", "reason": WHY, "idempotencyKey": str(new_id())}
    return term | {name: str(value) if isinstance(value, date) else value for name, value in other.items()}


async def appoint(city: City, keeper: Viewer, worker: str, **other: Any) -> Any:
    return await city.one(keeper, APPOINT, input=await said(city, worker, **other))


async def appointed(city: City, keeper: Viewer, lawyer: Viewer, **other: Any) -> str:
    """The id of her term."""
    made = await appoint(city, keeper, await in_register(city, lawyer), **other)
    assert made["__typename"] == "AdviserTerm", made
    id: str = made["id"]
    return id


async def end(city: City, keeper: Viewer, id: str, version: int = 1, **other: Any) -> Any:
    input = {"termId": id, "version": version, "lastDay": str(await today(city)), "reason": "律师调离本市"}
    return await city.one(keeper, END, input=input | other)


async def lives_in(city: City, who: Viewer, code: str | None = VILLAGE) -> Any:
    return await city.one(who, MY_VILLAGE, code=code)


SERVICE = f"{{ __typename {REFUSED} ... on AdviserService {{ id kind at people metres loggedAt termId }} }}"
LOG = f"mutation ($input: LogAdviserServiceInput!) {{ logAdviserService(input: $input) {SERVICE} }}"
CODE = f"""mutation ($key: String!) {{ createVisitCode(input: {{idempotencyKey: $key}}) {{
  __typename {REFUSED} ... on VisitCode {{ digits expiresAt division {{ code }} }} }} }}"""
PLACE = f"""mutation ($input: PlaceDivisionInput!) {{ placeDivision(input: $input) {{
  __typename {REFUSED} ... on DivisionPoint {{ version source history {{ version }} }} }} }}"""


async def log(city: City, who: Viewer, **other: Any) -> Any:
    """A visit, now."""
    said: dict[str, Any] = {"divisionCode": VILLAGE, "kind": "VISIT", "at": (await city.now()).isoformat(), "people": 3}
    return await city.one(who, LOG, input=said | {"idempotencyKey": str(new_id())} | other)


async def code_of(city: City, who: Viewer, key: str | None = None) -> Any:
    return await city.one(who, CODE, key=key or str(new_id()))


async def place_village(city: City, keeper: Viewer, spot: Any, version: int = 0, **other: Any) -> Any:
    said = {"divisionCode": VILLAGE, "version": version, "coordinates": spot, "source": "示例坐标"}
    return await city.one(keeper, PLACE, input=said | {"reason": "村委会确认的位置"} | other)


CONTESTED = f"{{ __typename {REFUSED} ... on AppraisalContest {{ id state credited decidedAt }} }}"
CONTEST = f"mutation ($input: ContestAppraisalLineInput!) {{ contestAppraisalLine(input: $input) {CONTESTED} }}"
DECIDE = f"mutation ($input: DecideAppraisalContestInput!) {{ decideAppraisalContest(input: $input) {CONTESTED} }}"


async def contest(city: City, who: Viewer, term: str, year: int, **other: Any) -> Any:
    said = {"termId": term, "year": year, "line": "TALKS", "reason": "六月的讲座因停电未能登记"}
    return await city.one(who, CONTEST, input=said | {"idempotencyKey": str(new_id())} | other)


async def decide(city: City, keeper: Viewer, id: str, **other: Any) -> Any:
    said = {"contestId": id, "uphold": True, "credited": 1, "reason": "与村委会核实，情况属实"}
    return await city.one(keeper, DECIDE, input=said | other)
