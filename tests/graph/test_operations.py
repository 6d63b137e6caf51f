"""The saved operations: each fits the graph, is affordable to its role, and gives its role what it says."""

import json
import re
from datetime import timedelta

import pytest
from graphql import FieldNode, OperationDefinitionNode, parse

from app.graph.documents import admit
from app.graph.limits import RESIDENT, STAFF
from app.graph.saved import ROLES, Saved, saved
from app.schema import schema
from tests.city import City, codes
from tests.graph.cast import Cast, play
from tests.operations.living import Living, first, operation, variables
from tests.operations.test_board import OF_BOARD
from tests.operations.test_cases import OF_CASES
from tests.operations.test_juries import OF_JURIES
from tests.operations.test_moderation import OF_MODERATION
from tests.operations.test_people import OF_PEOPLE
from tests.operations.test_places import OF_PLACES
from tests.operations.test_quality import OF_QUALITY
from tests.operations.test_questions import OF_QUESTIONS

pytestmark = pytest.mark.anyio

ELSEWHERE = OF_CASES | OF_BOARD | OF_JURIES | OF_MODERATION | OF_PEOPLE | OF_PLACES | OF_QUALITY | OF_QUESTIONS
"""Sent by the stories in tests/operations."""
IN_NONE: set[tuple[str, str]] = set()
"""Root fields that no client asks for."""
OF_NO_OFFICE = {"ANYONE", "RESIDENT", "LAWYER"}
NOTHING_YET = {
    ("Home", "viewer"): "nobody is signed in",
    ("WhoAmI", "viewer"): "the same",
}
"""What the role finds nothing in, and why."""


@pytest.mark.parametrize("one", saved(), ids=lambda one: one.name)
def test_each_fits_the_graph_and_its_role_may_send_it(one: Saved) -> None:
    definition = operation(one)
    assert definition.name
    assert definition.name.value == one.name
    chinese, _, english = one.about.partition("。")
    assert re.search("[\u4e00-\u9fff]", chinese)
    assert re.search("[A-Za-z]{3}", english)
    variables = json.loads(one.variables or "{}")
    assert variables.keys() == {each.variable.name.value for each in definition.variable_definitions or ()}
    allowance = RESIDENT if one.role in OF_NO_OFFICE else STAFF
    for document in one.documents:
        admitted = admit(schema._schema, document, one.name, variables, allowance)
        assert admitted.faults == ()
        assert 0 <= admitted.cost <= allowance.cost


def test_there_is_one_for_each_role_and_no_name_twice() -> None:
    assert {one.role for one in saved()} == set(ROLES)
    assert len({one.name for one in saved()}) == len(saved())


def test_every_root_field_is_in_one() -> None:
    """A client's screen is made of saved operations: what none of them asks for, no screen shows."""
    graph = schema._schema
    roots = {"query": graph.query_type, "mutation": graph.mutation_type, "subscription": graph.subscription_type}
    asked = {
        (found.operation.value, field.name.value)
        for one in saved()
        for document in one.documents
        for found in parse(document).definitions
        if isinstance(found, OperationDefinitionNode)
        for field in found.selection_set.selections
        if isinstance(field, FieldNode)
    }
    there = {(kind, name) for kind, root in roots.items() if root for name in root.fields}
    assert there - asked == IN_NONE


@pytest.mark.full
async def test_each_role_gets_what_it_asks_for_and_a_city_lives_by_them(city: City) -> None:
    cast = await play(city)
    stands_for = await meanings(cast)
    people = {role: cast.people.get(role.lower()) for role in ROLES}
    people |= {"ANYONE": None, "RESIDENT": cast["asker"], "LAWYER": cast["answered"]}
    empty: set[tuple[str, str]] = set()
    refused: set[str] = set()
    for one in saved():
        if one.kind == "mutation" or one.name in ELSEWHERE:
            continue
        seen = await first(city, people[one.role], one, variables(one, stands_for))
        empty |= {(one.name, field) for field, value in seen.items() if value is None}
        refused |= {one.name for value in seen.values() if isinstance(value, dict) and "reasons" in value}
    assert empty == NOTHING_YET.keys()
    assert refused == {"VerifyDocument"}, "the code that it begins with is on no paper"
    life = Life(cast, stands_for)
    await life.of_a_question()
    await life.at_an_institution()
    await life.of_the_house()
    assert life.done | ELSEWHERE >= {one.name for one in saved() if one.kind == "mutation"}


FIRST_ON_BOARD = "query ($id: ID!) { leaderboard(activityId: $id) { entries { alias place } } }"


class Life(Living):
    """Of a question, at an institution and of the house, by saved operations alone."""

    def __init__(self, cast: Cast, stands_for: dict[str, str]) -> None:
        super().__init__(cast.city, stands_for)
        self.cast = cast

    async def of_a_question(self) -> None:
        resident, (lawyer, other, _) = await self.city.resident(), self.cast.further
        await self.does(resident, "DeclareAge")
        await self.does(resident, "GiveConsent")
        assert codes(await self.tries(resident, "BindPhone"))
        await self.does(resident, "CreateUpload")
        await self.does(resident, "RecordSubscriptionConsent")
        question = (await self.does(resident, "AskQuestion"))["id"]
        for each in (lawyer, other):
            await self.does(each, "SetAvailability")
        offers = {each: (await self.asks(each, "LawyerHome"))["offers"]["nodes"] for each in (lawyer, other)}
        await self.does(other, "DeclineOffer", offerId=offers[other][0]["id"])
        seat = (await self.does(lawyer, "ClaimOffer", offerId=offers[lawyer][0]["id"]))["id"]
        answer = (await self.does(lawyer, "SubmitAnswer", seatId=seat))["id"]
        asked = (await self.does(resident, "AskFollowUp", questionId=question))["id"]
        await self.does(lawyer, "AnswerFollowUp", followUpId=asked)
        await self.does(resident, "RateAnswer", answerId=answer)
        await self.does(resident, "ResolveQuestion", questionId=question)
        told = (await self.asks(resident, "NoticeNews"))["noticeUpdates"]
        await self.does(resident, "AcknowledgeNotices", cursor=told["cursor"])
        newest = (await self.asks(resident, "MyNotices"))["notices"]["nodes"][0]
        assert (await self.does(resident, "MarkNoticesRead", upTo=newest["id"]))["unread"] == 0
        await self.does(resident, "ChooseTopics")
        await self.does(resident, "ReadArticle")
        await self.does(resident, "ExportMyData")
        await self.does(resident, "SignOut")

    async def at_an_institution(self) -> None:
        resident, window, officer = await self.city.resident(), self.cast["window_staff"], self.cast["officer"]
        free = (await self.asks(resident, "FreeSlots"))["appointmentSlots"]
        held = (await self.does(resident, "HoldSlot", startsAt=free[-1]["startsAt"]))["id"]
        await self.does(resident, "BookAppointment", appointmentId=held)
        await self.does(resident, "CancelAppointment", appointmentId=held)
        begun = (await self.does(resident, "ConsultInstitution"))["id"]
        await self.does(window, "TakeConsultation", consultationId=begun)
        await self.does(window, "ReplyInConsultation", consultationId=begun)
        assert codes(await self.tries(window, "CallNextNumber")) == ["NOBODY_WAITS"], "whose number it was was called"
        await self.does(officer, "TakeApplication", applicationId=self.cast.things["aid that is new"])
        await self.does(officer, "DecideApplication", applicationId=self.cast.things["aid that is new"])

    async def of_the_house(self) -> None:
        supervisor = self.cast["supervisor"]
        tasks = (await self.asks(supervisor, "Tasks"))["tasks"]["nodes"]
        await self.does(supervisor, "TakeTask", taskId=next(task["id"] for task in tasks if not task["taken"]))
        await self.does(self.cast["admin"], "InviteStaff")
        assert (await self.does(self.cast["analyst"], "ExportFigures"))["url"]
        article = (await self.does(self.cast["editor"], "CreateArticle"))["id"]
        await self.does(self.cast["editor"], "SubmitArticle", articleId=article)
        await self.does(supervisor, "ReviewArticle", articleId=article)
        await self.does(self.cast["asker"], "StopPushes")
        code = self.cast.things["code of the prize"]
        assert (await self.does(self.cast["editor"], "ClaimPrize", code=code))["prize"]
        board = await self.cast.city.one(None, FIRST_ON_BOARD, id=self.cast.things["activity that is a quiz"])
        await self.does(supervisor, "VoidAttempt", **board["entries"][0])
        asker = (await self.does(None, "RefreshSession", refreshToken=self.cast.refresh))["accessToken"]
        assert codes(await self.tries(self.cast["asker"], "RenewSocket", accessToken=asker)) == ["NOT_A_SOCKET"]
        # How they do get in is shown in the browser (tests/pages), and by the kit (tests/kit).
        assert codes(await self.tries(None, "SignInStaff"))
        await self.does(None, "RequestSmsCode")
        assert codes(await self.tries(None, "SignInWithSms"))
        assert codes(await self.tries(None, "SignInWithWechat", code="0a1NeverGiven")) == ["WECHAT_CODE_INVALID"]


async def meanings(cast: Cast) -> dict[str, str]:
    now = await cast.city.now()
    things = cast.things
    return {
        "<Question>": things["question"],
        "<Thread>": things["thread"],
        "<Category>": things["category"],
        "<Topic>": things["upper category"],
        "<Article>": things["article"],
        "<Activity>": things["activity"],
        "<Quiz>": things["activity that is a quiz"],
        "<Contest>": things["activity that is a contest"],
        "<ChannelCode>": things["code of the partner"],
        "<ArticlePush>": things["push"],
        "<Institution>": things["institution"],
        "<LegalAidApplication>": things["aid in hand"],
        "<InstitutionConsultation>": things["consultation that was held"],
        "<Seat>": things["delivered seat"],
        "<Channel>": things["village channel"],
        "<now>": now.isoformat(),
        "<in two weeks>": (now + timedelta(days=14)).isoformat(),
    }
