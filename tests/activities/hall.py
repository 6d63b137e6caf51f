"""What editors say to the graph of what the city puts on, and what residents do there."""

from datetime import datetime, timedelta
from typing import Any

from app.core.access import Role, Viewer
from app.core.ids import new_id
from tests.city import REFUSED, TOWN, City, codes

ACTIVITY = """id kind title words place opensAt closesAt beginsAt endsAt places taken waiting came state stateAt
  publishedAt cancelledFor version division { code } institution { name } steps { state version reason actorId at }"""
RESULT = f"{{ __typename {REFUSED} ... on Activity {{ {ACTIVITY} }} }}"
CREATE = f"mutation ($input: CreateActivityInput!) {{ createActivity(input: $input) {RESULT} }}"
CHANGE = f"mutation ($input: ChangeActivityInput!) {{ changeActivity(input: $input) {RESULT} }}"
PLACES = f"mutation ($input: SetActivityPlacesInput!) {{ setActivityPlaces(input: $input) {RESULT} }}"
MOVE = f"mutation ($input: MoveActivityInput!) {{ moveActivity(input: $input) {RESULT} }}"
SEEN = f"query ($id: ID!) {{ activity(id: $id) {{ {ACTIVITY} }} }}"
LISTED = """query ($filter: ActivityFilter, $first: Int, $after: String) {
  activities(filter: $filter, first: $first, after: $after) {
    nodes { id title state institution { name } division { name } } pageInfo { hasNextPage endCursor } } }"""

FOLLOW = f"""subscription ($id: ID!) {{ activityUpdates(id: $id) {{
  __typename {REFUSED} ... on Activity {{ state taken steps {{ state }} }} }} }}"""


def content(now: datetime, **other: Any) -> dict[str, Any]:
    """A gathering in three days, for which one signs up from an hour on until the day before."""
    said: dict[str, Any] = {
        "title": "民法典进社区讲座",
        "words": "律师现场讲解婚姻、继承常见问题。\n请提前十分钟到场。",
        "divisionCode": TOWN,
        "place": "社区党群服务中心二楼",
        "opensAt": now + timedelta(hours=1),
        "closesAt": now + timedelta(days=2),
        "beginsAt": now + timedelta(days=3),
        "endsAt": now + timedelta(days=3, hours=2),
        "places": 3,
    }
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in (said | other).items()}


async def draft(city: City, editor: Viewer, kind: str = "GATHERING", key: str | None = None, **other: Any) -> Any:
    if kind != "GATHERING":
        other = {"place": "", "beginsAt": None, "endsAt": None, "places": None} | other
    said = {"kind": kind, "content": content(await city.now(), **other), "idempotencyKey": key or str(new_id())}
    return await city.one(editor, CREATE, input=said)


async def move(city: City, who: Viewer, id: str, what: str, version: int = 1, reason: str | None = None) -> Any:
    return await city.one(who, MOVE, input={"activityId": id, "version": version, "move": what, "reason": reason})


async def published(city: City, editor: Viewer, second: Viewer, kind: str = "GATHERING", **other: Any) -> str:
    """The id of one that has passed review."""
    made = await draft(city, editor, kind, **other)
    assert not codes(made), made
    assert not codes(await move(city, editor, made["id"], "SUBMIT"))
    passed = await move(city, second, made["id"], "PASS")
    assert passed["state"] == "SCHEDULED", passed
    await city.settle()
    id: str = made["id"]
    return id


async def opened(city: City, kind: str = "GATHERING", **other: Any) -> tuple[str, Viewer]:
    """One that is open, and its editor."""
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    id = await published(city, editor, second, kind, **other)
    await city.pass_time(timedelta(hours=1))
    return id, editor


async def seen(city: City, who: Viewer | None, id: str) -> Any:
    return await city.one(who, SEEN, id=id)


ENROLMENT = "id state madeAt stateAt cameAt position ticket ticketQr activity { id title }"
ENROLLED = f"{{ __typename {REFUSED} ... on Enrolment {{ {ENROLMENT} }} }}"
ENROLL = f"mutation ($input: EnrollInput!) {{ enroll(input: $input) {ENROLLED} }}"
LEAVE = f"mutation ($input: LeaveActivityInput!) {{ leaveActivity(input: $input) {ENROLLED} }}"
CHECK_IN = f"""mutation ($input: CheckInActivityInput!) {{ checkInActivity(input: $input) {{
  __typename {REFUSED} ... on CheckedIn {{ at activity {{ id came }} }} }} }}"""
MINE = f"{{ myEnrolments(first: 9) {{ nodes {{ {ENROLMENT} }} }} }}"
ENTRANCE = "query ($id: ID!) { entranceCode(id: $id) { code qr nextAt } }"
TOLD = "{ notices(first: 50) { nodes { kind } } }"


async def enroll(city: City, who: Viewer, id: str, key: str | None = None) -> Any:
    return await city.one(who, ENROLL, input={"activityId": id, "idempotencyKey": key or str(new_id())})


async def leave(city: City, who: Viewer, id: str) -> Any:
    return await city.one(who, LEAVE, input={"activityId": id})


async def set_places(city: City, who: Viewer, id: str, version: int, places: int | None) -> Any:
    return await city.one(who, PLACES, input={"activityId": id, "version": version, "places": places})


async def check_in(city: City, who: Viewer, id: str, **by: str) -> Any:
    return await city.one(who, CHECK_IN, input={"activityId": id} | by)


async def told(city: City, who: Viewer) -> list[str]:
    """The kinds of her notices, sorted."""
    return sorted(one["kind"] for one in (await city.one(who, TOLD))["nodes"])
