"""What the staff say to the graph about the register."""

from typing import Any

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.accounts.hall import persist
from tests.city import REFUSED, TOWN, City

WHY = "年度核验，与原件一致"
RECORD = """id kind title name number province phones standing source verifiedAt awaitingVerification offered example
  version division { code name } specialties { code }
  history { version at reason editorId fields { field before after } }"""
PLACE = """coordinates { longitude latitude system } placeSource placePrecision
  openLocation { longitude latitude name address scale infoUrl } shareUrl
  accessible languages services { service name documents }"""
HOURS = "openingHours { holidaysKnownUntil days { day open { opens closes } } dates { day open { opens closes } } }"
OFFICE = f"{{ __typename {REFUSED} ... on Institution {{ {RECORD} aliases address {PLACE} }} }}"
WORKER = f"""{{ __typename {REFUSED} ... on LegalWorker {{ {RECORD} workplace languages
  institution {{ id name }} lawyer {{ id name }} }} }}"""
ENTER_OFFICE = f"mutation ($input: EnterInstitutionInput!) {{ enterInstitution(input: $input) {OFFICE} }}"
ENTER_WORKER = f"mutation ($input: EnterLegalWorkerInput!) {{ enterLegalWorker(input: $input) {WORKER} }}"
CHANGE_OFFICE = f"mutation ($input: ChangeInstitutionInput!) {{ changeInstitution(input: $input) {OFFICE} }}"
CHANGE_WORKER = f"mutation ($input: ChangeLegalWorkerInput!) {{ changeLegalWorker(input: $input) {WORKER} }}"
HOURS_OFFICE = f"""mutation ($input: SetOpeningHoursInput!) {{ setOpeningHours(input: $input) {{
  __typename {REFUSED} ... on Institution {{ id version openNow opensAt changesAt {HOURS} history {{
    version reason fields {{ field before after }} }} }} }} }}"""
CALENDAR_SHOWN = "year known source version days { day kind } history { version reason fields { field after } }"
CALENDAR = f"query ($year: Int!) {{ calendarYear(year: $year) {{ {CALENDAR_SHOWN} }} }}"
SET_CALENDAR = f"""mutation ($input: SetCalendarYearInput!) {{ setCalendarYear(input: $input) {{
  __typename {REFUSED} ... on CalendarYear {{ {CALENDAR_SHOWN} }} }} }}"""
PLACE_OFFICE = f"mutation ($input: PlaceInstitutionInput!) {{ placeInstitution(input: $input) {OFFICE} }}"
SEEN = f"query ($id: ID!) {{ node(id: $id) {OFFICE.replace(REFUSED, '')} }}"
SEEN_WORKER = f"query ($id: ID!) {{ node(id: $id) {WORKER.replace(REFUSED, '')} }}"


async def office(city: City, **other: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": "NOTARY_OFFICE", "number": "示例-G-0001", "name": "济源示例公证处"}
    said |= {"divisionCode": TOWN, "phones": ["0391-0000001"], "aliases": ["示例公证"], "address": "沁园街道示例路1号"}
    said |= {"source": "司法行政机关公示", "verifiedAt": (await city.now()).isoformat(), "example": True}
    return said | {"reason": WHY, "idempotencyKey": str(new_id())} | other


async def worker(city: City, **other: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": "NOTARY", "number": "示例-GR-0001", "name": "单志强（示例）"}
    said |= {"divisionCode": TOWN, "workplace": "济源示例公证处", "specialties": ["family"]}
    said |= {"source": "司法行政机关公示", "verifiedAt": (await city.now()).isoformat(), "example": True}
    return said | {"reason": WHY, "idempotencyKey": str(new_id())} | other


async def enter_institution(city: City, keeper: Viewer | None, **other: Any) -> Any:
    return await city.one(keeper, ENTER_OFFICE, input=await office(city, **other))


async def enter_worker(city: City, keeper: Viewer | None, **other: Any) -> Any:
    return await city.one(keeper, ENTER_WORKER, input=await worker(city, **other))


async def change_institution(city: City, keeper: Viewer, id: str, version: int, **said: Any) -> Any:
    input = {"institutionId": id, "version": version, "reason": WHY} | said
    return await city.one(keeper, CHANGE_OFFICE, input=input)


async def change_legal_worker(city: City, keeper: Viewer, id: str, version: int, **said: Any) -> Any:
    input = {"legalWorkerId": id, "version": version, "reason": WHY} | said
    return await city.one(keeper, CHANGE_WORKER, input=input)


WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")
WORK = [{"opens": "09:00", "closes": "12:00"}, {"opens": "14:00", "closes": "17:30"}]


async def open_institution(city: City, keeper: Viewer | None, id: str, version: int, **said: Any) -> Any:
    """Monday to Friday in office hours, or as `days` and `dates` say it."""
    hours: dict[str, Any] = {"days": [{"day": day, "open": WORK} for day in WEEKDAYS], "dates": []}
    hours |= {name: said.pop(name) for name in ("days", "dates") if name in said}
    input = {"institutionId": id, "version": version, "hours": hours, "reason": WHY} | said
    return await city.one(keeper, HOURS_OFFICE, input=input)


async def set_calendar(city: City, keeper: Viewer | None, year: int, version: int, **said: Any) -> Any:
    input = {"year": year, "version": version, "days": [], "complete": False, "source": "示例通知", "reason": WHY}
    return await city.one(keeper, SET_CALENDAR, input=input | said)


SPOT = {"longitude": 112.6, "latitude": 35.07, "system": "WGS84"}


async def place_institution(city: City, keeper: Viewer | None, id: str, version: int, **said: Any) -> Any:
    """Among the made-up, at a made-up place in the city's middle."""
    spot = SPOT | {name: said.pop(name) for name in SPOT if name in said}
    place = {"coordinates": spot, "source": "示例坐标", "precision": "BUILDING"}
    place |= {name: said.pop(name) for name in ("source", "precision") if name in said}
    input = {"institutionId": id, "version": version, "place": place, "reason": WHY} | said
    return await city.one(keeper, PLACE_OFFICE, input=input)


async def entered(city: City, keeper: Viewer) -> dict[str, str]:
    """An institution and somebody who works there: the ids of both by their types."""
    made = {
        "Institution": await enter_institution(city, keeper),
        "LegalWorker": await enter_worker(city, keeper),
    }
    assert [one["__typename"] for one in made.values()] == list(made), made
    return {kind: one["id"] for kind, one in made.items()}


SET_POST = f"""mutation ($input: SetPostInput!) {{ setPost(input: $input) {{
  __typename {REFUSED} ... on PersonFile {{ id roles }} }} }}"""
POST = "duty called since institution { id name }"


async def set_post(city: City, admin: Viewer, person: Viewer, institution: str | None, **said: Any) -> Any:
    """An officer there, unless told otherwise; at no institution, if None."""
    input: dict[str, Any] = {"personId": global_id("PersonFile", person.id), "reason": "机构岗位安排"}
    if institution is not None:
        input |= {"institutionId": institution, "duty": "OFFICER", "called": "王工作人员"}
    return await persist(city, admin, SET_POST, input=input | said)
