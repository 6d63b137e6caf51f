"""What people say to the graph about mediation, and a committee with everybody who works there."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.accounts.hall import persist
from tests.accounts.town import Town
from tests.applications.forms import id_number
from tests.city import REFUSED, City
from tests.directory.desk import enter_institution, set_post

OWN = "13838910002"
"""The respondent's telephone."""
HERS = "13838910003"
"""Of who stands against her, where nobody applied."""
APPLICATION = f"""{{ __typename {REFUSED} ... on MediationApplication {{ id receipt state matter allowed
  clock {{ kind dueAt overdue }} officer {{ id }} form {{ dispute {{ facts }} respondents {{ name }} }}
  steps {{ move before after by reason article otherRoute }} readings {{ basis }} }} }}"""
SEEN = """id state matter side mediator extended applied dueAt institution { id } application { id }
  invitations { name side phoneEnd answer joined ended }
  records { id where kind teller text attended appointmentIds attachments { id } }
  agreement { id form aboutStatus facts responsibility manner effectiveAt terms { id side what amount dueOn keptAt } }
  assents { about side yes how } confirmation { state since until filedAt endedAt }
  otherWays { route law article text }"""
MEDIATION = f"{{ __typename {REFUSED} ... on Mediation {{ {SEEN} }} }}"
LOOK = f"query ($id: ID!) {{ mediation(id: $id) {{ {SEEN} }} }}"
APPLIED = f"query ($id: ID!) {{ application(id: $id) {APPLICATION.replace(REFUSED, '')} }}"
INVITED = """{ phoneEnd expiresAt answer joined name inviter source matter rights institution { id } }"""
INVITATION = f"""query ($token: String!, $door: String) {{ mediationInvitation(token: $token, door: $door) {{ __typename
  {REFUSED} ... on MediationInvitation {INVITED} }} }}"""
CODE = f"""mutation ($input: RequestInvitationCodeInput!) {{ requestInvitationCode(input: $input) {{ __typename
  {REFUSED} ... on CodeSent {{ expiresAt }} }} }}"""
OPEN = f"""mutation ($input: OpenInvitationInput!) {{ openInvitation(input: $input) {{ __typename {REFUSED}
  ... on MediationDoor {{ door invitation {INVITED} }} }} }}"""
ANSWER = f"""mutation ($input: AnswerInvitationInput!) {{ answerInvitation(input: $input) {{ __typename {REFUSED}
  ... on MediationInvitation {INVITED} }} }}"""
INVITE = f"""{{ __typename {REFUSED} ... on RespondentInvitation {{ token mediation {{ {SEEN} }} }} }}"""
WHY = {"reason": "理由已书面说明。"}
OF_APPLICATION = {
    "takeApplication",
    "handOverApplication",
    "withdrawApplication",
    "registerMediation",
    "declineMediation",
    "recuseMediator",
    "beginMediation",
    "failMediation",
    "escalateMediation",
    "recordFollowUp",
}


def mutation(name: str, shown: str) -> str:
    return f"mutation ($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {shown} }}"


def form(**dispute: Any) -> dict[str, Any]:
    """A form of mediation in which all is said, with no files."""
    said = deepcopy(_FILLED)
    said["dispute"] |= dispute
    return said


def offered(**said: Any) -> dict[str, Any]:
    """What a mediator knows of a dispute for which nobody applied."""
    filled = form()
    first = filled["respondents"][0] | {"name": "赵大勇", "phone": HERS}
    case = {"source": "OWN_INITIATIVE", "firstSide": [first]}
    return case | {"respondents": filled["respondents"], "dispute": filled["dispute"]} | said


@dataclass
class Hall:
    """A committee with a mediator, another, and their supervisor; another committee with a mediator."""

    town: Town
    admin: Viewer
    committee: str
    mediator: Viewer
    second: Viewer
    head: Viewer
    elsewhere: str
    stranger: Viewer

    @property
    def city(self) -> City:
        return self.town.city

    async def submits(self, who: Viewer, **said: Any) -> Any:
        shown = mutation("submitApplication", APPLICATION)
        input = {"institutionId": self.committee, "mediation": form(), "idempotencyKey": str(new_id())} | said
        return await persist(self.city, who, shown, input=input)

    async def applied(self, who: Viewer, **said: Any) -> str:
        made = await self.submits(who, **said)
        assert made["__typename"] == "MediationApplication", made
        await self.city.settle()
        id: str = made["id"]
        return id

    async def does(self, who: Viewer, name: str, id: str, **said: Any) -> Any:
        """A step by somebody, on an application or a mediation, and what follows at once."""
        of_application = name in OF_APPLICATION or name == "inviteRespondent"
        input = {"applicationId" if of_application else "mediationId": id, "idempotencyKey": str(new_id())} | said
        if name == "leaveMediation":
            del input["idempotencyKey"]
        shown = INVITE if name == "inviteRespondent" else APPLICATION if of_application else MEDIATION
        made = await persist(self.city, who, mutation(name, shown), input=input)
        await self.city.settle()
        return made

    async def sees(self, who: Viewer | None, id: str) -> Any:
        return await self.city.one(who, LOOK, id=id)

    async def applicant_sees(self, who: Viewer, id: str) -> Any:
        return await self.city.one(who, APPLIED, id=id)

    async def offers(self, who: Viewer, key: str = "", **said: Any) -> Any:
        """A mediation for which nobody applied."""
        input = {"case": offered(**said), "idempotencyKey": key or str(new_id())}
        made = await self.city.one(who, mutation("openMediation", APPLICATION), input=input)
        await self.city.settle()
        return made

    async def invites(self, id: str, **said: Any) -> str:
        made = await self.does(self.mediator, "inviteRespondent", id, **said)
        assert made["__typename"] == "RespondentInvitation", made
        token: str = made["token"]
        return token

    async def registered(self, who: Viewer, **said: Any) -> tuple[str, str]:
        """The ids of the application and of the mediation."""
        id = await self.applied(who, **said)
        taken = await self.does(self.mediator, "takeApplication", id)
        assert taken["state"] == "SUBMITTED", taken
        made = await self.does(self.mediator, "registerMediation", id)
        assert made["state"] == "REGISTERED", made
        found: str = (await self.sees(self.mediator, id))["id"]
        return id, found

    async def invited(self, who: Viewer, **said: Any) -> tuple[str, str, str]:
        """With the link's token."""
        id, mediation = await self.registered(who, **said)
        made = await self.does(self.mediator, "inviteRespondent", id)
        assert made["mediation"]["state"] == "RESPONDENT_INVITED", made
        return id, mediation, made["token"]

    async def opens(self, token: str, phone: str = OWN) -> str:
        """With the code that came to her telephone: the door."""
        sent = await persist(self.city, None, CODE, input={"token": token})
        assert sent["__typename"] == "CodeSent", sent
        made = await persist(self.city, None, OPEN, input={"token": token, "code": self.town.newest_code(phone)})
        assert made["__typename"] == "MediationDoor", made
        door: str = made["door"]
        return door

    def code(self) -> str:
        return self.town.newest_code(OWN)

    async def answers(self, token: str, door: str, *, consents: bool = True) -> Any:
        input = {"token": token, "door": door, "consents": consents}
        made = await persist(self.city, None, ANSWER, input=input)
        await self.city.settle()
        return made

    async def joins(self, who: Viewer, token: str, door: str) -> Any:
        input = {"token": token, "door": door}
        return await persist(self.city, who, mutation("joinMediation", MEDIATION), input=input)

    async def meeting(self, who: Viewer, other: Viewer, **said: Any) -> tuple[str, str]:
        """Both sides want it, and the mediation has begun."""
        id, mediation, token = await self.invited(who, **said)
        door = await self.opens(token)
        await self.answers(token, door)
        assert (await self.joins(other, token, door))["side"] == "RESPONDENT"
        assert (await self.does(self.mediator, "beginMediation", id))["state"] == "MEDIATING"
        return id, mediation

    async def keeps(self, who: Viewer, term: str) -> Any:
        """Somebody says that it was done."""
        made = await persist(self.city, who, mutation("markPerformed", MEDIATION), input={"termId": term})
        await self.city.settle()
        return made

    async def draws(self, mediation: str, **said: Any) -> Any:
        today = await self.city.today()
        terms = [
            {"side": "RESPONDENT", "what": "一次性支付修缮费。", "amount": "8000", "dueOn": str(today + 10 * DAY)},
            {"side": "APPLICANT", "what": "撤回对被申请人的举报。", "dueOn": str(today + 5 * DAY)},
        ]
        agreed = {"form": "WRITTEN", "aboutStatus": False, "facts": "屋檐滴水损坏邻家墙体，双方协商修缮。"}
        agreed |= {"responsibility": "被申请人承担主要责任。", "manner": "银行转账。", "terms": terms}
        return await self.does(self.mediator, "drawAgreement", mediation, **(agreed | said))

    async def agreed(self, who: Viewer, other: Viewer, **said: Any) -> tuple[str, str]:
        """Both said yes to the agreement."""
        id, mediation = await self.meeting(who, other)
        made = await self.draws(mediation, **said)
        to = {"about": "AGREEMENT", "yes": True, "agreementId": made["agreement"]["id"]}
        for side in (who, other):
            await self.does(side, "sayToMediation", mediation, **to)
        return id, mediation


async def open_hall(town: Town) -> Hall:
    city = town.city
    admin = await city.person(Role.ADMIN)
    made = {"kind": "MEDIATION_COMMITTEE"}
    committee = (await enter_institution(city, admin, **made, number="示例-T-1", name="示例镇人民调解委员会"))["id"]
    elsewhere = (await enter_institution(city, admin, **made, number="示例-T-2", name="示例第二调解委员会"))["id"]
    mediator, second, stranger = [await city.person(Role.MEDIATOR) for _ in range(3)]
    head = await city.person(Role.OFFICER)
    await set_post(city, admin, mediator, committee, duty="MEDIATOR", called="王调解员")
    await set_post(city, admin, second, committee, duty="MEDIATOR", called="李调解员")
    await set_post(city, admin, head, committee, duty="SUPERVISOR", called="赵主任")
    await set_post(city, admin, stranger, elsewhere, duty="MEDIATOR", called="孙调解员")
    return Hall(town, admin, committee, mediator, second, head, elsewhere, stranger)


def post_of(viewer: Viewer) -> str:
    return global_id("Post", viewer.id)


DAY = timedelta(days=1)
_FILLED: dict[str, Any] = {
    "source": "APPLICATION",
    "applicant": {
        "name": "王建国",
        "idKind": "RESIDENT_ID",
        "idNumber": id_number(),
        "phone": "13838910001",
        "gender": "MALE",
        "birth": "1978-05-06",
        "nation": "汉族",
        "occupation": "木工",
        "livesAt": "河南省济源市克井镇某村 12 号",
    },
    "agent": {
        "name": "王秀英",
        "idKind": "PASSPORT",
        "idNumber": "E12345678",
        "phone": "0391-6633148",
        "relation": "NEAR_RELATIVE",
    },
    "respondents": [
        {
            "name": "李卫东",
            "phone": OWN,
            "gender": "MALE",
            "nation": "汉",
            "age": 45,
            "occupation": "农民",
            "address": "河南省济源市克井镇某村 13 号",
        }
    ],
    "dispute": {
        "type": "NEIGHBOURS",
        "place": "克井镇某村",
        "facts": "邻居房檐滴水冲坏我家山墙，多次协商没有结果。",
        "demands": [{"text": "修好山墙。"}],
        "amount": "8000",
        "people": 2,
        "since": "2026-06-01",
        "elsewhere": "NOWHERE",
        "elsewhereNote": "没有。",
        "mayEscalate": False,
        "public": False,
    },
    "mediatorWish": "希望村里的老支书来调解。",
    "materials": [],
}
