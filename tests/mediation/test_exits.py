"""Each exit of a mediation, and what a time that runs out brings about."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.accounts.town import Town
from tests.city import City, codes
from tests.directory.desk import set_post
from tests.mediation.hall import APPLIED, DAY, MEDIATION, WHY, Hall, mutation, open_hall, post_of
from tests.threads.talk import told

pytestmark = pytest.mark.anyio
MINUTE = timedelta(minutes=1)
CARRY = """query ($id: ID!, $parts: [CarryPart!]!) { carryFromMediation(mediationId: $id, parts: $parts) { __typename
  ... on MediationCarryOver { facts claim otherSide sharedRecord } ... on Refused { reasons { code } } } }"""


async def until_due(hall: Hall, who: Viewer, mediation: str) -> None:
    due = datetime.fromisoformat((await hall.sees(who, mediation))["dueAt"])
    await hall.city.pass_time(due - await hall.city.now() + MINUTE)


def count(kinds: list[str], kind: str) -> int:
    return kinds.count(kind)


async def test_it_cannot_be_mediated_is_withdrawn_refused_left_or_turns_violent(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    resident, other = await city.resident(), await city.resident()
    id = await hall.applied(resident)
    await hall.does(hall.mediator, "takeApplication", id)
    no = {"reason": "双方存在劳动关系争议，应当先行仲裁。", "route": "LABOUR_ARBITRATION"}
    assert codes(await hall.does(hall.mediator, "declineMediation", id, **(no | {"reason": "不"}))) == ["TOO_SHORT"]
    made = await hall.does(hall.mediator, "declineMediation", id, **no)
    assert (made["state"], made["clock"]) == ("NOT_ELIGIBLE", None)
    assert "劳动争议调解仲裁法第五条" in made["steps"][-1]["reason"]
    assert made["steps"][-1]["otherRoute"] == "LABOUR_ARBITRATION"
    assert codes(await hall.does(resident, "withdrawApplication", id)) == ["MOVED_ON"]

    # She refuses: that ends it, she gives no reason, and both are told of the other ways.
    id, mediation, token = await hall.invited(resident)
    door = await hall.opens(token)
    assert (await hall.answers(token, door, consents=False))["answer"] == "REFUSES"
    assert (await hall.answers(token, door, consents=False))["answer"] == "REFUSES"
    assert codes(await hall.answers(token, door)) == ["ANSWERED_OTHERWISE"]
    assert codes(await hall.joins(other, token, door)) == ["NOT_CONSENTED"]
    seen = await hall.sees(resident, mediation)
    assert seen["state"] == "RESPONDENT_REFUSED"
    assert [way["route"] for way in seen["otherWays"]] == ["COURT", "LEGAL_AID"]
    steps = (await hall.applicant_sees(resident, id))["steps"]
    assert [(step["move"], step["by"]) for step in steps][-1] == ("REFUSE", "RESPONDENT")
    assert "MEDIATION_PROGRESS" in await told(city, resident)

    # Who has consented may still leave; who applied takes it back; a dispute turns violent.
    await city.pass_time(MINUTE * 2)
    id, mediation = await hall.meeting(resident, other)
    assert codes(await hall.does(resident, "leaveMediation", mediation)) == ["NOT_FOUND"]
    await hall.does(other, "leaveMediation", mediation)
    assert (await hall.does(other, "leaveMediation", mediation))["state"] == "RESPONDENT_REFUSED"
    await city.pass_time(MINUTE * 2)
    id, mediation = await hall.meeting(resident, other)
    assert (await hall.does(resident, "withdrawApplication", id))["state"] == "WITHDRAWN"
    assert (await hall.sees(other, mediation))["state"] == "WITHDRAWN"
    id, mediation = await hall.registered(resident)
    made = await hall.does(hall.mediator, "escalateMediation", id, reason="一方扬言报复，已报派出所。")
    assert made["state"] == "ESCALATED_SAFETY"
    assert "MEDIATION_WARNING" in await told(city, hall.head)


async def test_a_mediator_steps_back_and_another_is_chosen(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    resident, other = await city.resident(), await city.resident()
    id, mediation = await hall.meeting(resident, other)
    said = {"where": "RESPONDENT", "kind": "STATEMENT", "text": "我和王调解员是亲戚。"}
    await hall.does(other, "addMediationRecord", mediation, **said)
    assert (await hall.does(hall.mediator, "recuseMediator", id, **WHY))["officer"] is None
    assert await hall.sees(hall.mediator, mediation) is None
    assert (await hall.sees(resident, mediation))["mediator"] is None
    assert "MEDIATION_WARNING" in await told(city, hall.head)
    chosen = {"officerId": post_of(hall.second)}
    assert codes(await hall.does(hall.second, "handOverApplication", id, **chosen)) == ["NOT_YOURS_TO_DO"]
    assert (await hall.does(hall.head, "handOverApplication", id, **chosen))["state"] == "MEDIATING"
    assert (await hall.sees(other, mediation))["mediator"] == "李调解员"
    assert [one["text"] for one in (await hall.sees(hall.second, mediation))["records"]] == [said["text"]]
    assert await hall.sees(hall.stranger, mediation) is None

    # The other side does not accept her either, and says so herself: she is not chosen again.
    no: dict[str, Any] = {"about": "MEDIATOR", "yes": False}
    assert codes(await hall.does(other, "sayToMediation", mediation, **(no | {"yes": True}))) == ["BAD_VALUE"]
    assert codes(await hall.does(hall.second, "sayToMediation", mediation, **no, side="APPLICANT")) == ["NOT_FOUND"]
    document = mutation("sayToMediation", MEDIATION)
    many = [
        city.one(other, document, input={"mediationId": mediation, "idempotencyKey": str(new_id())} | no)
        for _ in range(50)
    ]
    assert [codes(made) for made in await asyncio.gather(*many)].count(["SAID_ALREADY"]) == 49
    await city.settle()
    assert (await hall.sees(other, mediation))["mediator"] is None
    assert codes(await hall.does(resident, "sayToMediation", mediation, **no)) == ["NOT_NOW"]
    assert await hall.sees(hall.second, mediation) is None
    steps = (await hall.applicant_sees(resident, id))["steps"]
    assert [(step["move"], step["by"]) for step in steps][-1] == ("DECLINE_MEDIATOR", "HOUSE")
    assert (await told(city, hall.head)).count("MEDIATION_WARNING") == 2
    assert codes(await hall.does(hall.head, "handOverApplication", id, **chosen)) == ["MEDIATOR_DECLINED"]
    again = {"officerId": post_of(hall.mediator)}
    assert (await hall.does(hall.head, "handOverApplication", id, **again))["state"] == "MEDIATING"
    assert no | {"side": "RESPONDENT", "how": "ONLINE"} in (await hall.sees(hall.mediator, mediation))["assents"]
    assert (await hall.does(hall.mediator, "failMediation", id, reason="双方差距过大，无法达成一致。"))[
        "state"
    ] == "FAILED"
    for who in (resident, other):
        assert [way["route"] for way in (await hall.sees(who, mediation))["otherWays"]] == ["COURT", "LEGAL_AID"]


async def test_what_both_agree_to_carry_begins_an_application_for_legal_aid(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    resident, other = await city.resident(), await city.resident()
    id, mediation = await hall.meeting(resident, other)
    for who, where in ((resident, "APPLICANT"), (other, "RESPONDENT"), (hall.mediator, "SHARED")):
        kind = "STATEMENT" if where != "SHARED" else "INQUIRY"
        said = {"where": where, "kind": kind, "text": f"写在{where}的话。"}
        await hall.does(who, "addMediationRecord", mediation, **said)
    carry = {"about": "CARRY_OVER", "yes": True}
    assert codes(await hall.does(resident, "sayToMediation", mediation, **carry)) == ["NOT_NOW"]
    await hall.does(hall.mediator, "failMediation", id, reason="双方差距过大，无法达成一致。")
    parts = ["FACTS", "CLAIM", "OTHER_SIDE", "SHARED_RECORD"]

    async def carries(who: Viewer, *named: str) -> Any:
        return await city.one(who, CARRY, id=mediation, parts=list(named))

    # Her own she takes along freely, and only where she names it; what both shared, once both have agreed.
    found = await carries(resident, *parts)
    assert (found["claim"], found["otherSide"], found["sharedRecord"]) == ("修好山墙。", ["李卫东"], [])
    assert found["facts"].startswith("邻居房檐滴水")
    nothing: dict[str, Any] = {
        "__typename": "MediationCarryOver",
        "facts": None,
        "claim": None,
        "otherSide": [],
        "sharedRecord": [],
    }
    assert await carries(resident) == nothing
    assert await carries(other, *parts) == nothing | {"facts": "写在RESPONDENT的话。"}
    await hall.does(resident, "sayToMediation", mediation, **carry)
    assert (await carries(resident, *parts))["sharedRecord"] == []
    assert codes(await hall.does(hall.mediator, "sayToMediation", mediation, **carry, side="RESPONDENT")) == [
        "NOT_FOUND"
    ]
    await hall.does(other, "sayToMediation", mediation, **carry)
    for who in (resident, other):
        assert (await carries(who, "SHARED_RECORD"))["sharedRecord"] == ["写在SHARED的话。"]
    assert codes(await carries(await city.resident(), *parts)) == ["NOT_FOUND"]
    assert codes(await carries(hall.mediator, *parts)) == ["NOT_FOUND"]


async def test_nobody_answers_or_the_days_run_out_though_both_have_added_some(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    resident, other = await city.resident(), await city.resident()
    id, mediation, _ = await hall.invited(resident)
    await until_due(hall, resident, mediation)
    assert (await hall.sees(resident, mediation))["state"] == "RESPONDENT_REFUSED"
    (last,) = (await hall.applicant_sees(resident, id))["steps"][-1:]
    assert (last["move"], last["by"]) == ("LAPSE", "HOUSE")
    _, mediation = await hall.meeting(resident, other)
    due = datetime.fromisoformat((await hall.sees(other, mediation))["dueAt"])
    assert timedelta(days=30) < due - await city.now() < timedelta(days=41)  # a day of rest is no last day
    more = {"about": "EXTENSION", "yes": True}
    assert not (await hall.does(resident, "sayToMediation", mediation, **more))["extended"]
    assert not (await hall.does(other, "sayToMediation", mediation, **(more | {"yes": False})))["extended"]
    await hall.does(other, "sayToMediation", mediation, **more)
    seen = await hall.sees(resident, mediation)
    later = datetime.fromisoformat(seen["dueAt"])
    assert seen["extended"]
    assert timedelta(days=30) <= later - due < timedelta(days=40)
    assert codes(await hall.does(resident, "sayToMediation", mediation, **more)) == ["NOT_NOW"]
    await until_due(hall, resident, mediation)
    assert (await hall.sees(other, mediation))["state"] == "FAILED"


async def test_what_is_due_is_told_and_the_court_s_thirty_days_run(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    resident, other = await city.resident(), await city.resident()
    id, mediation = await hall.agreed(resident, other, form="ORAL")
    seen = await hall.sees(resident, mediation)
    assert (seen["state"], seen["confirmation"]["state"]) == ("PERFORMING", "ELIGIBLE")
    assert [step["move"] for step in (await hall.applicant_sees(resident, id))["steps"]][-2] == "AGREE_ORALLY"
    of_it = "query ($id: ID!) { mediation(id: $id) { agreement { paper { id } } } }"  # there is nothing to sign
    assert (await city.one(resident, of_it, id=mediation))["agreement"]["paper"] is None
    since, until = (datetime.fromisoformat(seen["confirmation"][name]) for name in ("since", "until"))
    assert timedelta(days=30) < until - since
    await city.pass_time(DAY * 12)
    for who in (resident, other):
        found = await told(city, who)
        assert (count(found, "MEDIATION_DUE"), count(found, "MEDIATION_OVERDUE")) == (4, 2), found
    assert "MEDIATION_OVERDUE" in await told(city, hall.mediator)
    assert [way["route"] for way in (await hall.sees(resident, mediation))["otherWays"]] == ["COURT", "LEGAL_AID"]
    await city.pass_time(DAY * 9)
    assert [count(await told(city, who), "MEDIATION_COURT") for who in (resident, other)] == [1, 1]
    await city.pass_time(DAY * 9)
    assert [count(await told(city, who), "MEDIATION_COURT") for who in (resident, other)] == [3, 3]
    await city.pass_time(until - await city.now() + MINUTE)
    seen = await hall.sees(resident, mediation)
    assert (seen["confirmation"]["state"], seen["state"]) == ("LAPSED", "PERFORMING")
    court = {"about": "COURT", "agreementId": seen["agreement"]["id"], "yes": True}
    assert codes(await hall.does(resident, "sayToMediation", mediation, **court)) == ["NOT_FOR_COURT"]
    # What is about status goes to no court.
    one, two = await city.resident(), await city.resident()
    _, mediation = await hall.agreed(one, two, aboutStatus=True)
    seen = await hall.sees(one, mediation)
    assert (seen["state"], seen["confirmation"]) == ("PERFORMING", None)


async def test_of_a_session_no_appointment_is_left_out_silently(town: Town) -> None:
    hall = await open_hall(town)
    _, mediation = await hall.meeting(await hall.city.resident(), await hall.city.resident())
    said: dict[str, Any] = {"where": "SHARED", "kind": "SESSION", "text": "双方到场，就修缮费用协商。"}
    for number, expected in ((11, "TOO_MANY"), (10, "NO_SESSION")):
        named = [global_id("Appointment", new_id()) for _ in range(number)]
        made = await hall.does(hall.mediator, "addMediationRecord", mediation, appointmentIds=named, **said)
        assert codes(made) == [expected]


async def test_whose_mediator_has_left_is_looked_after_by_the_committee(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    resident = await city.resident()
    _, mediation = await hall.agreed(resident, await city.resident())
    assert (await hall.sees(resident, mediation))["mediator"] == "王调解员"
    await set_post(city, hall.admin, hall.mediator, None)
    await city.pass_time(DAY * 12)
    assert "MEDIATION_OVERDUE" not in await told(city, hall.mediator)
    assert count(await told(city, hall.head), "MEDIATION_OVERDUE") == 2
    assert await city.sql("SELECT mediator FROM app.mediation") == [(None,)]


async def test_who_stepped_back_does_not_open_the_case_again(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    id = await hall.applied(await city.resident())
    for mediator in (hall.mediator, hall.head):
        assert (await hall.does(mediator, "takeApplication", id))["__typename"] == "MediationApplication"
        assert (await opened(city, mediator, id)) is True
        assert (await hall.does(mediator, "recuseMediator", id, **WHY))["officer"] is None
        assert (await opened(city, mediator, id)) is False
        assert codes(await hall.does(mediator, "takeApplication", id)) == ["STEPPED_BACK"]
    chosen = {"officerId": post_of(hall.head)}
    assert codes(await hall.does(hall.head, "handOverApplication", id, **chosen)) == ["OFFICER_RECUSED"]
    # Nor when she is given her post anew, or a supervisor's.
    for mediator in (hall.mediator, hall.head):
        await set_post(city, hall.admin, mediator, hall.committee, duty="MEDIATOR", called="王调解员")
        await set_post(city, hall.admin, mediator, hall.committee, duty="SUPERVISOR", called="王主任")
        assert (await opened(city, mediator, id)) is False
    assert (await hall.does(hall.second, "takeApplication", id))["__typename"] == "MediationApplication"
    assert (await opened(city, hall.second, id)) is True


async def opened(city: City, who: Viewer, id: str) -> bool:
    """Whether she reads what the application says."""
    seen = await city.one(who, APPLIED, id=id)
    return seen is not None and seen["form"] is not None
