"""What the stories of those who apply begin with, and what is said to the graph."""

from typing import Any
from uuid import UUID

import httpx

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from app.outside.inspecting.kinds import Kind
from tests.city import REFUSED, TOWN, City
from tests.vault.sending import asked, path, sent

NAME = "王晓梅"
FIRM = "济源示例新程律师事务所"
WHY = "已与司法部名录核对，证照相符"
WHY_NOT = "执业证照片看不清年度考核章，请重新拍照"

SHOWN = """id state madeAt decidedAt keptUntil taken mine reason lawyer { id }
  details { name licence firm languages introduction gender firstYear pool specialties { code } division { code } }
  pictures { id state url } accesses { at picture { id } }"""
RESULT = f"{{ __typename {REFUSED} ... on LawyerApplication {{ {SHOWN} }} }}"
APPLY = f"mutation ($input: ApplyAsLawyerInput!) {{ applyAsLawyer(input: $input) {RESULT} }}"
WITHDRAW = f"mutation ($id: ID!) {{ withdrawLawyerApplication(input: {{applicationId: $id}}) {RESULT} }}"
CHECK = f"mutation ($id: ID!) {{ checkLawyerApplication(input: {{applicationId: $id}}) {RESULT} }}"
TAKE = f"""mutation ($id: ID!) {{ checkLawyerApplication(input: {{applicationId: $id}}) {{
  __typename {REFUSED} }} }}"""
DECIDE = f"mutation ($input: DecideLawyerApplicationInput!) {{ decideLawyerApplication(input: $input) {RESULT} }}"
MINE = f"{{ viewerLawyerApplication {{ {SHOWN} }} }}"
SEEN = f"query ($id: ID!) {{ node(id: $id) {{ ... on LawyerApplication {{ {SHOWN} }} }} }}"
LISTED = f"""query ($open: Boolean! = true) {{
  lawyerApplications(open: $open, first: 20) {{ nodes {{ {SHOWN} }} }} }}"""


def licence(number: int = 1, area: str = "4190", year: int = 2015, gender: int = 1) -> str:
    return f"1{area}{year}1{gender}{800000 + number}"


def said(**other: Any) -> dict[str, Any]:
    """All but the pictures."""
    said: dict[str, Any] = {"name": NAME, "licence": licence(), "firm": FIRM, "specialties": ["labour", "family"]}
    said |= {"divisionCode": TOWN, "languages": ["普通话", "河南话"], "introduction": "十年劳动争议经验。"}
    return said | {"idempotencyKey": str(new_id())} | other


async def photographed(city: City, who: Viewer) -> str:
    """A picture of her licence, sent and looked at."""
    async with city.http() as client:
        return await sent(city, client, who)


async def as_if_sent(city: City, who: Viewer, kind: Kind = Kind.PICTURE) -> str:
    """A file that is READY, though no bytes lie there: for floods."""
    types = {Kind.PICTURE: "image/jpeg", Kind.DOCUMENT: "application/pdf", Kind.VOICE: "audio/mpeg"}
    made = await asked(city, who, kind, types[kind], 9)
    id: str = made["file"]["id"]
    await city.sql("UPDATE app.file SET state = 'READY' WHERE id = :id", id=uuid_of(id, "File"))
    return id


async def applies(city: City, who: Viewer, **other: Any) -> Any:
    pictures = other.pop("pictures", None) or [await as_if_sent(city, who)]
    return await city.one(who, APPLY, input=said(pictures=pictures, **other))


async def applied(city: City, who: Viewer, **other: Any) -> str:
    made = await applies(city, who, **other)
    assert made["__typename"] == "LawyerApplication", made
    id: str = made["id"]
    return id


async def check(city: City, admin: Viewer, id: str) -> Any:
    return await city.one(admin, CHECK, id=id)


async def decide(city: City, admin: Viewer, id: str, approve: bool = True, **other: Any) -> Any:
    how = {"applicationId": id, "approve": approve, "reason": WHY if approve else WHY_NOT}
    return await city.one(admin, DECIDE, input=how | {"idempotencyKey": str(new_id())} | other)


async def decided(city: City, admin: Viewer, id: str, approve: bool = True) -> Any:
    assert (await check(city, admin, id))["__typename"] == "LawyerApplication"
    done = await decide(city, admin, id, approve)
    assert done["__typename"] == "LawyerApplication", done
    return done


async def seen(city: City, who: Viewer, id: str) -> Any:
    return await city.one(who, SEEN, id=id)


async def told(city: City, who: Viewer) -> list[tuple[str, str]]:
    page = await city.one(who, "{ notices(first: 20) { nodes { kind aboutId } } }")
    return [(notice["kind"], notice["aboutId"]) for notice in page["nodes"]]


async def fetched(client: httpx.AsyncClient, url: str) -> int:
    return (await client.get(path(url))).status_code


def key_of(id: str) -> UUID:
    return uuid_of(id, "LawyerApplication")


def lawyer_id(who: Viewer) -> str:
    return global_id("Lawyer", who.id)
