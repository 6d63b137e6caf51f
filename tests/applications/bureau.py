"""A notary office with everybody who works there, and what people say to the graph about a notarisation."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.accounts.hall import persist
from tests.applications.forms import id_number
from tests.applications.office import mutation
from tests.appointments.reception import Reception
from tests.city import REFUSED, City
from tests.directory.desk import enter_institution, open_institution, place_institution, set_post

SEEN = """id receipt kind state matter allowed clock { kind since dueAt overdue } institution { id } officer { id }
  form { kind applicants { name idNumber } request { matter purpose value } } pausedFor refusedFor appointment { id }
  steps { move before after by at reason article } readings { basis } materials { id }"""
NOTARISATION = f"{{ __typename {REFUSED} ... on NotarisationApplication {{ {SEEN} }} }}"
BRIEFLY = f"{{ __typename {REFUSED} ... on NotarisationApplication {{ id }} }}"
"""For many at once."""
LOOK = f"query ($id: ID!) {{ application(id: $id) {{ kind state ... on NotarisationApplication {{ {SEEN} }} }} }}"


@dataclass
class Bureau:
    """An officer, a notary and the head of an office that can be visited; a notary of another one."""

    city: City
    office: str
    officer: Viewer
    notary: Viewer
    head: Viewer
    elsewhere: str
    stranger: Viewer
    reception: Reception

    async def submits(self, who: Viewer, key: str | None = None, shown: Any = NOTARISATION, **said: Any) -> Any:
        input = {"institutionId": self.office, "notarisation": form(), "idempotencyKey": key or str(new_id())} | said
        document = mutation("submitApplication", "SubmitApplicationInput", shown)
        return await persist(self.city, who, document, input=input)

    async def applied(self, who: Viewer, **said: Any) -> str:
        made = await self.submits(who, **said)
        assert made["__typename"] == "NotarisationApplication", made
        id: str = made["id"]
        await self.city.settle()
        return id

    async def does(self, who: Viewer, field: str, application: str, shown: Any = NOTARISATION, **said: Any) -> Any:
        """A step by somebody, and what follows at once."""
        document = mutation(field, field[0].upper() + field[1:] + "Input", shown)
        input = {"applicationId": application, "idempotencyKey": str(new_id())} | said
        made = await persist(self.city, who, document, input=input)
        await self.city.settle()
        return made

    async def sees(self, who: Viewer, application: str) -> Any:
        return await self.city.one(who, LOOK, id=application)

    async def visit(self, who: Viewer) -> str:
        """An appointment of hers there that still stands, or else one at the first time that is free in two days."""
        hers = await self.city.one(who, "{ appointments(first: 1) { nodes { id state } } }")
        if hers["nodes"] and hers["nodes"][0]["state"] == "CONFIRMED":
            known: str = hers["nodes"][0]["id"]
            return known
        free = [slot for slot in await self.reception.slots(who, after=2, service="NOTARY") if slot["free"]]
        made = await self.reception.booked(who, free[0]["startsAt"], service="NOTARY")
        id: str = made["id"]
        return id

    async def admissible(self, who: Viewer, **said: Any) -> str:
        """Taken by the notary, whose papers will do, and booked."""
        id = await self.applied(who, **said)
        await self.does(self.notary, "takeApplication", id)
        assert (await self.does(self.notary, "passPreReview", id))["state"] == "APPOINTMENT"
        made = await self.does(who, "bookNotaryVisit", id, appointmentId=await self.visit(who))
        assert made["state"] == "APPOINTMENT", made
        return id

    async def accepted(self, who: Viewer, **said: Any) -> str:
        id = await self.admissible(who, **said)
        made = await self.does(self.notary, "admitNotarisation", id)
        assert made["state"] == "ACCEPTED", made
        return id

    async def issued(self, who: Viewer, **said: Any) -> str:
        id = await self.accepted(who, **said)
        await self.does(self.notary, "recordCertificateDraft", id)
        assert (await self.does(self.notary, "recordCertificate", id))["state"] == "ISSUED"
        return id


def form(**request: Any) -> dict[str, Any]:
    """Complete, with no files: what an authority can be asked is promised."""
    said = filled()
    return said | {"request": said["request"] | request, "evidence": [said["evidence"][1]]}


def filled() -> dict[str, Any]:
    """Nothing is against it. The file is nobody's."""
    return deepcopy(_FILLED)


_FILLED: dict[str, Any] = {
    "applicants": [
        {
            "name": "王建国",
            "idKind": "RESIDENT_ID",
            "idNumber": id_number(),
            "phone": "13838910001",
            "gender": "MALE",
            "birth": "1978-05-06",
            "livesAt": "河南省济源市沁园街道某小区 3 号楼",
        }
    ],
    "agent": {
        "name": "王秀英",
        "idKind": "PASSPORT",
        "idNumber": "E12345678",
        "phone": "0391-6633148",
        "relation": "NEAR_RELATIVE",
    },
    "request": {
        "matter": "KINSHIP",
        "purpose": "赴境外探亲",
        "country": "日本",
        "language": "日文",
        "copies": 2,
        "authentication": "APOSTILLE",
        "realProperty": False,
        "ground": "DOMICILE",
        "divisionCode": "419001001",
        "value": "12000.50",
        "facts": "申请人与其子的亲属关系。",
        "aided": False,
    },
    "documents": [{"title": "亲属关系证明"}],
    "evidence": [
        {
            "kind": "RECORD",
            "title": "出生医学证明",
            "fileId": global_id("File", new_id()),
            "promised": False,
        },
        {"kind": "RECORD", "title": "户口簿", "fileId": None, "promised": True},
    ],
    "witnesses": [{"name": "李某某", "address": "济源市某路 8 号", "phone": "13838910002"}],
    "note": "希望尽快办理。",
    "truthful": True,
}


async def open_bureau(city: City, notary: Viewer | None = None) -> Bureau:
    """With a notary, unless told which."""
    admin = await city.person(Role.ADMIN)
    entered = await enter_institution(city, admin, kind="NOTARY_OFFICE", number="示例-N-1", name="示例公证处")
    office: str = entered["id"]
    placed = await place_institution(city, admin, office, entered["version"])
    assert (await open_institution(city, admin, office, placed["version"]))["__typename"] == "Institution"
    other = await enter_institution(city, admin, kind="NOTARY_OFFICE", number="示例-N-2", name="示例第二公证处")
    officer, head = await city.person(Role.OFFICER), await city.person(Role.OFFICER)
    notary, stranger = notary or await city.person(Role.NOTARY), await city.person(Role.NOTARY)
    await set_post(city, admin, officer, office)
    await set_post(city, admin, head, office, duty="SUPERVISOR", called="赵主任")
    await set_post(city, admin, notary, office, duty="NOTARY", called="孙公证员")
    await set_post(city, admin, stranger, other["id"], duty="NOTARY", called="周公证员")
    reception = Reception(city, office, officer, officer, "")
    assert (await reception.serve(service="NOTARY"))["__typename"] == "AppointmentService"
    opened = await reception.open(services=["NOTARY"], capacity=20)
    assert opened["__typename"] == "AppointmentCalendar", opened
    return Bureau(city, office, officer, notary, head, other["id"], stranger, reception)
