"""What people say to the graph about applications, and a legal-aid centre with everybody who works there."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.accounts.hall import persist
from tests.applications.forms import filled
from tests.city import REFUSED, City
from tests.directory.desk import enter_institution, set_post

SEEN = """id receipt state urgent advance changeAsked reported matter allowed clock { kind since dueAt overdue }
  institution { id } officer { id } lawyer { id } form { case { facts } } steps { move before after by at reason article
    declinedFor attachments { id } lawyer { id } } subsidyFen readings { basis called }"""
APPLICATION = f"{{ __typename {REFUSED} ... on LegalAidApplication {{ {SEEN} }} }}"
CASE = f"""{{ __typename {REFUSED} ... on Assignment {{ id state matter dueAt answeredAt endedAt
  application {{ {SEEN} }} }} }}"""
LOOK = f"query ($id: ID!) {{ application(id: $id) {{ ... on LegalAidApplication {{ {SEEN} }} }} }}"
MINE = "{ applications(first: 20) { nodes { id state } } }"
QUEUE = "query ($mine: Boolean!) { workQueue(mine: $mine, first: 50) { nodes { id state clock { dueAt overdue } } } }"
ASSIGNMENTS = f"{{ assignments(first: 20) {{ nodes {CASE.replace(REFUSED, '').replace('__typename', '')} }} }}"
FACTS = "我在工地干活三个月，包工头一直不发工资，现在联系不上。"


def mutation(field: str, kind: str, shown: str = APPLICATION) -> str:
    return f"mutation ($input: {kind}!) {{ {field}(input: $input) {shown} }}"


SUBMIT = mutation("submitApplication", "SubmitApplicationInput")


@dataclass
class Office:
    """A centre with an officer, another, and their supervisor; another centre with an officer; lawyers of the city."""

    city: City
    admin: Viewer
    centre: str
    officer: Viewer
    second: Viewer
    head: Viewer
    elsewhere: str
    stranger: Viewer
    lawyer: Viewer

    async def submits(self, who: Viewer, key: str | None = None, **said: Any) -> Any:
        input = {"institutionId": self.centre, "legalAid": form(), "idempotencyKey": key or str(new_id())} | said
        return await persist(self.city, who, SUBMIT, input=input)

    async def applied(self, who: Viewer, **said: Any) -> str:
        made = await self.submits(who, **said)
        assert made["__typename"] == "LegalAidApplication", made
        id: str = made["id"]
        await self.city.settle()
        return id

    async def does(self, who: Viewer, field: str, application: str, **said: Any) -> Any:
        """A step by somebody, and what follows at once."""
        kind = field[0].upper() + field[1:] + "Input"
        shown = f"{{ __typename {REFUSED} ... on ApplicationTransferred {{ receipt }} }}"
        document = mutation(field, kind, shown if field == "transferApplication" else APPLICATION)
        input = {"applicationId": application, "idempotencyKey": str(new_id())} | said
        made = await persist(self.city, who, document, input=input)
        await self.city.settle()
        return made

    async def answers(self, lawyer: Viewer, assignment: str, *, accept: bool = True, **said: Any) -> Any:
        input = {"assignmentId": assignment, "accept": accept, "idempotencyKey": str(new_id())} | said
        made = await persist(
            self.city, lawyer, mutation("answerAssignment", "AnswerAssignmentInput", CASE), input=input
        )
        await self.city.settle()
        return made

    async def reports(self, lawyer: Viewer, assignment: str, report: str = "已代理仲裁，工资全部支付。") -> Any:
        input = {"assignmentId": assignment, "report": report, "idempotencyKey": str(new_id())}
        made = await persist(
            self.city, lawyer, mutation("reportAssignment", "ReportAssignmentInput", CASE), input=input
        )
        await self.city.settle()
        return made

    async def offered(self, lawyer: Viewer) -> list[Any]:
        nodes: list[Any] = (await self.city.one(lawyer, ASSIGNMENTS))["nodes"]
        return nodes

    async def sees(self, who: Viewer, application: str) -> Any:
        return await self.city.one(who, LOOK, id=application)

    async def taken(self, who: Viewer, **said: Any) -> str:
        """Applied for, and taken by the officer."""
        id = await self.applied(who, **said)
        assert (await self.does(self.officer, "takeApplication", id))["state"] == "UNDER_REVIEW"
        return id

    async def granted(self, who: Viewer, **said: Any) -> str:
        id = await self.taken(who, **said)
        made = await self.does(self.officer, "decideApplication", id, decision="GRANT", reason="符合法律援助条件。")
        assert made["state"] == "GRANTED", made
        return id

    async def in_hand(self, who: Viewer, **said: Any) -> tuple[str, str]:
        """With the lawyer at work: the ids of the application and of her assignment."""
        id = await self.granted(who, **said)
        assert (await self.does(self.officer, "assignLawyer", id, lawyerId=lawyer_of(self.lawyer)))[
            "state"
        ] == "ASSIGNED"
        assignment = (await self.offered(self.lawyer))[0]["id"]
        assert (await self.answers(self.lawyer, assignment))["state"] == "ACCEPTED"
        return id, assignment


def form(facts: str = FACTS, opposing: str = "某建筑工程有限公司", deadline: str | None = None) -> dict[str, Any]:
    """Complete, with no files."""
    said = filled() | {"materials": [], "opponents": [{"name": opposing}]}
    said["case"] |= {"facts": facts, "deadline": deadline}
    return said


def lawyer_of(viewer: Viewer) -> str:
    return global_id("Lawyer", viewer.id)


def post_of(viewer: Viewer) -> str:
    return global_id("Post", viewer.id)


def key(application: str) -> UUID:
    return uuid_of(application, "LegalAidApplication")


async def open_office(city: City, lawyer: Viewer | None = None) -> Office:
    """With a lawyer of the city, unless told which."""
    admin = await city.person(Role.ADMIN)
    made = {"kind": "LEGAL_AID_CENTRE"}
    centre = (await enter_institution(city, admin, **made, number="示例-F-1", name="示例法律援助中心"))["id"]
    elsewhere = (await enter_institution(city, admin, **made, number="示例-F-2", name="示例第二法律援助中心"))["id"]
    officer, second, head, stranger = [await city.person(Role.OFFICER) for _ in range(4)]
    await set_post(city, admin, officer, centre)
    await set_post(city, admin, second, centre, called="李工作人员")
    await set_post(city, admin, head, centre, duty="SUPERVISOR", called="赵主任")
    await set_post(city, admin, stranger, elsewhere)
    return Office(city, admin, centre, officer, second, head, elsewhere, stranger, lawyer or await city.lawyer())


DAY = timedelta(days=1)
