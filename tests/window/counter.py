"""What people say to the graph at a window, and a window of a legal-aid centre."""

from dataclasses import dataclass
from typing import Any

from app.core.access import Role, Viewer
from app.core.ids import new_id
from tests.applications.office import Office, open_office
from tests.city import REFUSED, City
from tests.directory.desk import enter_institution, set_post

SEEN = """id about openedAt openUntil institution { id } person { name idNumber phone asked } accesses { called }
  application { kind receipt state clock dueAt } appointment { state service number }
  acts { kind receipt papers { kind original copies } receiptPaper { code state } }"""
VISIT = f"{{ __typename {REFUSED} ... on WindowVisit {{ {SEEN} }} }}"
CODE = f"{{ __typename {REFUSED} ... on PickupCode {{ digits expiresAt qr png: qr(format: PNG) }} }}"
TODAY = f"query ($of: ID) {{ windowVisits(subjectId: $of, first: 20) {{ nodes {{ {SEEN} }} }} }}"


def mutation(field: str, shown: str) -> str:
    return f"mutation ($input: {field[0].upper()}{field[1:]}Input!) {{ {field}(input: $input) {shown} }}"


@dataclass
class Window:
    """How people speak at one."""

    city: City

    async def do(self, who: Viewer, field: str, shown: str, **said: Any) -> Any:
        made = await self.city.one(who, mutation(field, shown), input={"idempotencyKey": str(new_id())} | said)
        await self.city.settle()
        return made

    async def code(self, who: Viewer, subject: str, **said: Any) -> Any:
        return await self.do(who, "createPickupCode", CODE, subjectId=subject, **said)

    async def opens(self, who: Viewer, digits: str, **said: Any) -> Any:
        return await self.do(who, "openAtWindow", VISIT, code=digits, **said)

    async def receives(self, who: Viewer, visit: str, *papers: Any, **said: Any) -> Any:
        listed = list(papers) or [{"kind": "ID_DOCUMENT"}, {"kind": "EVIDENCE", "copies": 3}]
        return await self.do(who, "receivePapers", VISIT, visitId=visit, papers=listed, **said)

    async def visits(self, who: Viewer, of: str | None = None) -> list[Any]:
        nodes: list[Any] = (await self.city.one(who, TODAY, of=of))["nodes"]
        return nodes


@dataclass
class Counter(Window):
    """A centre's office with two at its window, somebody at another's, and a window that serves all."""

    office: Office
    clerk: Viewer
    colleague: Viewer
    elsewhere: Viewer
    hall: Viewer


async def open_counter(city: City) -> Counter:
    office = await open_office(city)
    made = {"kind": "SERVICE_WINDOW", "number": "示例-W-1", "name": "示例公共法律服务窗口"}
    hall = (await enter_institution(city, office.admin, **made))["id"]
    people = [await city.person(Role.WINDOW_STAFF) for _ in range(4)]
    places = (office.centre, office.centre, office.elsewhere, hall)
    for at, (person, place) in enumerate(zip(people, places, strict=True)):
        await set_post(city, office.admin, person, place, duty="WINDOW_STAFF", called=f"窗口{at}")
    return Counter(city, office, *people)
