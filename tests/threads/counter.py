"""An institution that is always open, those who work there, and how people talk with it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.city import REFUSED, City
from tests.directory.desk import enter_institution, open_institution, set_post

CONSULTATION = f"""{{ __typename {REFUSED} ... on InstitutionConsultation {{ id state mine heldBy staffPresent
  applicationId institution {{ id openNow opensAt }} thread {{ id unread
  messages(first: 9) {{ nodes {{ id kind fromAsker mine body }} }} }} }} }}"""
HANDED = f"{{ __typename {REFUSED} ... on Post {{ id called }} }}"
DESK = """{ consultationDesk(first: 9) { nodes { id state mine heldBy thread { id } } } }"""
HERS = "{ institutionConsultations(first: 9) { nodes { id state } } }"
NEWS = f"""subscription ($id: ID!, $after: String) {{ consultationUpdates(consultationId: $id, after: $after) {{
  __typename ... on ConsultationUpdates {{ cursor events {{ kind }} consultation {{ state heldBy }} }}
  {REFUSED} }} }}"""
ASKED = "我的工资被拖欠了，想问申请法律援助要准备什么材料？"
EVERY_DAY = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY", "HOLIDAY", "MAKE_UP")


@dataclass
class Counter:
    city: City
    institution: str
    admin: Viewer
    clerk: Viewer
    colleague: Viewer

    @property
    def key(self) -> UUID:
        return uuid_of(self.institution, "Institution")

    async def do(self, who: Viewer | None, field: str, selection: str = CONSULTATION, /, **said: Any) -> Any:
        kind = field[0].upper() + field[1:]
        document = f"mutation ($input: {kind}Input!) {{ {field}(input: $input) {selection} }}"
        return await self.city.one(who, document, input=said)

    async def consult(self, who: Viewer, body: str = ASKED, **other: Any) -> Any:
        said = {"institutionId": self.institution, "body": body, "idempotencyKey": str(new_id())}
        return await self.do(who, "consultInstitution", **said | other)

    async def say(self, who: Viewer, field: str, id: str, body: str, **other: Any) -> Any:
        said = {"consultationId": id, "body": body, "idempotencyKey": str(new_id())}
        return await self.do(who, field, **said | other)

    async def take(self, who: Viewer, id: str) -> Any:
        return await self.do(who, "takeConsultation", consultationId=id)

    async def hand(self, who: Viewer, id: str, to: Viewer) -> Any:
        return await self.do(
            who, "handOverConsultation", HANDED, consultationId=id, toColleague=global_id("Post", to.id)
        )

    async def seen(self, who: Viewer | None, id: str) -> Any:
        """As this one sees it; None where she does not."""
        document = f"query ($id: ID!) {{ node(id: $id) {CONSULTATION.replace(REFUSED, '')} }}"
        return await self.city.one(who, document, id=id)

    async def desk(self, who: Viewer) -> list[tuple[str, str]]:
        return [(one["id"], one["state"]) for one in (await self.city.one(who, DESK))["nodes"]]


async def counter(city: City, number: str = "示例-C-0001") -> Counter:
    admin = await city.person(Role.ADMIN)
    entered = await enter_institution(city, admin, number=number)
    days = [{"day": day, "open": [{"opens": "00:00", "closes": "24:00"}]} for day in EVERY_DAY]
    opened = await open_institution(city, admin, entered["id"], entered["version"], days=days)
    assert opened["__typename"] == "Institution", opened
    clerk, colleague = await city.person(Role.WINDOW_STAFF), await city.person(Role.OFFICER)
    await set_post(city, admin, clerk, entered["id"], duty="WINDOW_STAFF", called="李窗口")
    await set_post(city, admin, colleague, entered["id"], called="王科员")
    return Counter(city, entered["id"], admin, clerk, colleague)


def bodies(seen: Any) -> list[str]:
    """What was said, oldest first."""
    return [one["body"] for one in reversed(seen["thread"]["messages"]["nodes"])]
