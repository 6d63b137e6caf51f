"""The life of an application for legal aid, played as people would: each way to its end."""

from datetime import datetime, timedelta

import pytest

from app.applications.rules import clocks
from app.core.access import Viewer
from tests.applications.office import DAY, MINE, QUEUE, Office, form, key, lawyer_of, open_office, post_of
from tests.city import City, codes
from tests.directory.desk import set_post
from tests.threads.talk import told
from tests.vault.scene import attempt

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)
WHY = {"reason": "理由已书面说明。"}


async def stands(office: Office, who: Viewer, id: str) -> str:
    state: str = (await office.sees(who, id))["state"]
    return state


async def until_due(office: Office, who: Viewer, id: str, plus: timedelta = timedelta()) -> None:
    due = datetime.fromisoformat((await office.sees(who, id))["clock"]["dueAt"])
    await office.city.pass_time(due + plus - await office.city.now() + MINUTE)


async def test_from_the_telephone_to_the_lawyer_and_to_the_call_afterwards(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    id = await office.applied(resident, legalAid=form(facts="工资拖欠三个月一直没有发。", opposing="王强"))
    seen = await office.sees(resident, id)
    assert (seen["state"], seen["clock"]["kind"], seen["allowed"]) == ("SUBMITTED", "REVIEW", ["WITHDRAW"])
    due, since = (datetime.fromisoformat(seen["clock"][name]) for name in ("dueAt", "since"))
    assert (
        timedelta(days=7) < due - since < timedelta(days=17)
    )  # the day itself is not counted, a day of rest is no last day
    assert [step["move"] for step in seen["steps"]] == ["SUBMIT"]
    assert (await city.one(resident, MINE))["nodes"] == [{"id": id, "state": "SUBMITTED"}]

    # Officers see that it is there; what it says, only who handles it, and the supervisor.
    for who in (office.officer, office.second):
        assert [one["id"] for one in (await city.one(who, QUEUE, mine=False))["nodes"]] == [id]
        assert (await office.sees(who, id))["form"] is None
    assert (await office.sees(office.head, id))["form"]["case"]["facts"] == "工资拖欠三个月一直没有发。"
    assert "AID_WORK" in await told(city, office.officer)
    assert (await office.does(office.officer, "takeApplication", id))["form"]["case"][
        "facts"
    ] == "工资拖欠三个月一直没有发。"
    assert (await office.sees(office.second, id))["form"] is None
    assert (await city.one(office.second, QUEUE, mine=True))["nodes"] == []
    granted = await office.does(office.officer, "decideApplication", id, decision="GRANT", **WHY)
    assert (granted["state"], granted["clock"]["kind"]) == ("GRANTED", "ASSIGN")

    # The lawyer sees what kind of matter it is, and the case once she accepts.
    assert (await office.does(office.officer, "assignLawyer", id, lawyerId=lawyer_of(office.lawyer)))[
        "state"
    ] == "ASSIGNED"
    (offer,) = await office.offered(office.lawyer)
    assert (offer["state"], offer["matter"], offer["application"]) == ("OFFERED", "LABOUR", None)
    assert await office.sees(office.lawyer, id) is None
    accepted = await office.answers(office.lawyer, offer["id"])
    assert accepted["application"]["form"]["case"]["facts"] == "工资拖欠三个月一直没有发。"
    assert (await office.sees(resident, id))["lawyer"] == {"id": lawyer_of(office.lawyer)}
    # Who leaves the bar reads nothing of it from that instant, nor whose office ended; who comes back goes on.
    stands_at_the_bar = "UPDATE app.lawyer SET standing = :how WHERE id = :her"
    await city.sql(stands_at_the_bar, how="LEFT", her=office.lawyer.id)
    assert await office.sees(office.lawyer, id) is None
    assert await attempt(city.db, office.lawyer.id, "SELECT 1 FROM app.key") == "rows=0"
    await city.sql(stands_at_the_bar, how="ACTIVE", her=office.lawyer.id)
    assert (await office.sees(office.lawyer, id))["form"]["case"]["facts"] == "工资拖欠三个月一直没有发。"
    assert codes(await office.does(office.officer, "closeApplication", id, **WHY)) == ["NOT_REPORTED"]
    assert (await office.reports(office.lawyer, offer["id"]))["application"]["reported"]
    assert (await office.does(office.officer, "closeApplication", id, **WHY))["state"] == "CLOSED_REPORTED"
    assert (await office.does(office.officer, "recordSubsidy", id, amountFen=120_000))["subsidyFen"] == 120_000
    assert codes(await office.does(office.officer, "recordSubsidy", id, amountFen=1)) == ["SUBSIDISED_ALREADY"]
    assert (await office.does(office.officer, "recordFollowUp", id, reason="受援人表示满意。"))[
        "state"
    ] == "FOLLOWED_UP"
    seen = await office.sees(resident, id)
    assert (seen["subsidyFen"], seen["allowed"], seen["clock"]) == (None, [], None)
    moves = ["SUBMIT", "TAKE", "GRANT", "OFFER", "ACCEPT", "REPORT", "CLOSE", "SUBSIDISE", "FOLLOW_UP"]
    assert [step["move"] for step in seen["steps"]] == moves
    assert seen["steps"][5]["reason"] == "已代理仲裁，工资全部支付。"
    assert {(reading["basis"], reading["called"]) for reading in seen["readings"]} == {
        ("staff", "王工作人员"),
        ("supervisor", "赵主任"),
        ("assigned", None),
    }
    assert {"AID_DECIDED", "AID_LAWYER", "AID_CLOSED", "AID_PROGRESS"} <= set(await told(city, resident))
    assert (await office.offered(office.lawyer))[0]["state"] == "DONE"
    assert (await city.one(office.head, QUEUE, mine=False))["nodes"] == []


async def test_one_list_of_what_is_missing_the_clock_stands_still_and_a_second_is_the_supervisors(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    id = await office.taken(resident)
    since = datetime.fromisoformat((await office.sees(resident, id))["clock"]["since"])
    list_ = {"reason": "请补充：身份证复印件、工资欠条。"}
    assert codes(await office.does(office.head, "askSupplement", id, again=True, **list_)) == ["LIST_FIRST"]
    made = await office.does(office.officer, "askSupplement", id, **list_)
    assert (made["state"], made["clock"]["kind"]) == ("NEEDS_SUPPLEMENT", "SUPPLEMENT")
    assert "AID_SUPPLEMENT" in await told(city, resident)
    await city.pass_time(2 * DAY)
    back = await office.does(
        resident,
        "supplementApplication",
        id,
        note="材料已补充。",
        legalAid=form(facts="补充后的事实：工资欠条在此。"),
    )
    assert back["state"] == "UNDER_REVIEW"
    asked, supplied = (datetime.fromisoformat(step["at"]) for step in back["steps"][-2:])
    due = datetime.fromisoformat(back["clock"]["dueAt"])
    assert due == clocks.due(clocks.Clock.REVIEW, since, [(asked, supplied)])
    assert (await office.sees(office.officer, id))["form"]["case"]["facts"] == "补充后的事实：工资欠条在此。"
    assert codes(await office.does(office.officer, "askSupplement", id, **list_)) == ["LIST_GIVEN"]
    assert codes(await office.does(office.officer, "askSupplement", id, again=True, **list_)) == ["NOT_YOURS_TO_DO"]
    assert (await office.does(office.head, "askSupplement", id, again=True, **list_))["state"] == "NEEDS_SUPPLEMENT"
    # Reminded a day before it is over, and then it counts as withdrawn.
    await until_due(office, resident, id, -DAY)
    assert "AID_SUPPLEMENT_DUE" in await told(city, resident)
    await until_due(office, resident, id)
    assert await stands(office, resident, id) == "DEEMED_WITHDRAWN"
    assert "AID_LAPSED" in await told(city, resident)
    assert codes(await office.does(resident, "supplementApplication", id)) == ["MOVED_ON"]


async def test_a_refusal_is_objected_to_once_and_decided_by_another(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    id = await office.taken(resident)
    assert codes(await office.does(office.officer, "decideApplication", id, decision="DENY", reason="短")) == [
        "TOO_SHORT"
    ]
    assert (await office.does(office.head, "decideApplication", id, decision="DENY", **WHY))["state"] == "DENIED"
    made = await office.does(resident, "objectToDecision", id, reason="我确实没有收入来源。")
    assert (made["state"], made["clock"]["kind"]) == ("OBJECTION", "OBJECTION")
    assert codes(await office.does(office.head, "decideObjection", id, uphold=True, **WHY)) == ["OWN_DECISION"]
    assert codes(await office.does(office.officer, "decideObjection", id, uphold=True, **WHY)) == ["NOT_YOURS_TO_DO"]
    # It is late: said every day to the supervisors, until it is done.
    await until_due(office, resident, id)
    assert (await told(city, office.head)).count("AID_OVERDUE") == 1
    assert (await office.sees(resident, id))["clock"]["overdue"]
    await city.pass_time(DAY)
    assert (await told(city, office.head)).count("AID_OVERDUE") == 2

    # A supervisor who came later decides.
    other = await city.person(*office.head.roles)
    await set_post(city, office.admin, other, office.centre, duty="SUPERVISOR", called="钱副主任")
    assert (await office.sees(other, id))["form"]["case"]["facts"]
    assert (await office.does(other, "decideObjection", id, uphold=False, **WHY))["state"] == "GRANTED"
    made = await office.does(office.officer, "terminateApplication", id, reason="受援人以欺骗方式获得援助。")
    assert made["state"] == "TERMINATED"
    assert codes(await office.does(resident, "objectToDecision", id, reason="再次提出异议。")) == ["OBJECTED_ALREADY"]


async def test_an_objection_may_be_upheld_and_aid_may_be_withdrawn_or_asked_to_end(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    id = await office.taken(resident)
    await office.does(office.officer, "decideApplication", id, decision="DENY", **WHY)
    await office.does(resident, "objectToDecision", id, reason="我确实没有收入来源。")
    assert (await office.does(office.head, "decideObjection", id, uphold=True, **WHY))["state"] == "UPHELD"
    assert (await office.does(resident, "withdrawApplication", await office.taken(resident)))["state"] == "WITHDRAWN"
    id, assignment = await office.in_hand(resident)
    assert (await office.does(resident, "withdrawApplication", id))["state"] == "TERMINATED"
    assert await office.sees(office.lawyer, id) is None
    (ended,) = await office.offered(office.lawyer)
    assert (ended["id"], ended["state"], ended["application"]) == (assignment, "ENDED", None)
    assert "AID_ENDED" in await told(city, office.lawyer)


async def test_who_has_jurisdiction_handles_it_and_who_had_it_sees_nothing_more(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    id = await office.taken(resident)
    for where, refusal in ((office.centre, "SAME_CENTRE"), (office.elsewhere[:-2], "BAD_ID")):
        said = await office.does(office.officer, "transferApplication", id, institutionId=where, **WHY)
        assert codes(said) == [refusal]
    made = await office.does(office.officer, "transferApplication", id, institutionId=office.elsewhere, **WHY)
    assert made["__typename"] == "ApplicationTransferred"
    for who in (office.officer, office.second, office.head):
        assert await office.sees(who, id) is None
        assert codes(await office.does(who, "takeApplication", id)) == ["NOT_FOUND"]
    assert await stands(office, resident, id) == "TRANSFERRED"
    assert (await office.does(office.stranger, "takeApplication", id))["form"]["case"]["facts"]


async def test_a_lawyer_declines_is_silent_has_a_conflict_or_is_changed(city: City) -> None:
    office, resident, other = await open_office(city), await city.resident(), await city.lawyer()
    far = await city.lawyer(pool="NATION")
    clients = 'mutation { setClientNames(input: {names: ["王强"]}) { __typename } }'
    await city.one(other, clients)
    id = await office.granted(resident, legalAid=form(opposing="王强"))
    assign = "assignLawyer"
    assert codes(await office.does(office.officer, assign, id, lawyerId=lawyer_of(other))) == ["LAWYER_CONFLICTED"]
    assert codes(await office.does(office.officer, assign, id, lawyerId=lawyer_of(far))) == ["LAWYER_UNFIT"]
    assert codes(await office.does(office.second, assign, id, lawyerId=lawyer_of(office.lawyer))) == ["NOT_YOURS_TO_DO"]
    await office.does(office.officer, assign, id, lawyerId=lawyer_of(office.lawyer))
    (offer,) = await office.offered(office.lawyer)
    assert codes(await office.answers(office.lawyer, offer["id"], accept=False)) == ["BAD_VALUE"]
    assert codes(await office.answers(other, offer["id"])) == ["NOT_FOUND"]
    assert (await office.answers(office.lawyer, offer["id"], accept=False, declinedFor="BUSY"))["state"] == "DECLINED"
    assert await stands(office, resident, id) == "GRANTED"
    # She is asked again, and says nothing for a day.
    await office.does(office.officer, assign, id, lawyerId=lawyer_of(office.lawyer))
    due = datetime.fromisoformat((await office.offered(office.lawyer))[0]["dueAt"])
    await city.pass_time(due - await city.now() + MINUTE)
    assert await stands(office, resident, id) == "GRANTED"
    silent = (await office.offered(office.lawyer))[0]
    assert silent["state"] == "LAPSED"
    assert codes(await office.answers(office.lawyer, silent["id"])) == ["NO_LONGER_OFFERED"]
    third = await city.lawyer()
    await office.does(office.officer, assign, id, lawyerId=lawyer_of(third))
    assignment = (await office.offered(third))[0]["id"]
    await office.answers(third, assignment)
    # The applicant may ask for another; the officer keeps her once, and changes her then.
    ask = {"reason": "律师长期不联系我。"}
    assert codes(await office.does(office.officer, "decideLawyerChange", id, change=True, **ask)) == []
    assert await office.sees(third, id) is None
    id, _ = await office.in_hand(resident)
    assert (await office.does(resident, "requestLawyerChange", id, **ask))["changeAsked"]
    assert codes(await office.does(resident, "requestLawyerChange", id, **ask)) == ["CHANGE_ASKED_ALREADY"]
    kept = await office.does(office.officer, "decideLawyerChange", id, change=False, reason="律师已按时办理。")
    assert (kept["state"], kept["changeAsked"]) == ("IN_PROGRESS", False)


async def test_aid_in_advance_where_a_time_limit_is_near_and_the_papers_follow(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    today = await city.today()
    calm = await office.taken(resident, legalAid=form(deadline=str(today + 9 * DAY)))
    advance = {"decision": "GRANT_IN_ADVANCE", "reason": "距仲裁时效届满不足七日。"}
    assert codes(await office.does(office.officer, "decideApplication", calm, **advance)) == ["NOT_URGENT"]
    near = form(deadline=str(today + 3 * DAY))
    id = await office.taken(resident, legalAid=near)
    assert (await office.sees(office.officer, id))["urgent"]
    hidden = form()  # the other side may hide what it owns
    hidden["case"] |= {"preservation": True}
    assert (await office.sees(resident, await office.taken(resident, legalAid=hidden)))["urgent"]
    made = await office.does(office.officer, "decideApplication", id, **advance)
    assert (made["state"], made["advance"]) == ("GRANTED", True)
    later = await office.does(resident, "supplementApplication", id, note="补交身份证明。")
    assert (later["state"], later["clock"]["kind"]) == ("GRANTED", "ASSIGN")
    granted = await office.granted(resident)
    assert codes(await office.does(resident, "supplementApplication", granted)) == ["NOT_IN_ADVANCE"]


async def test_a_supervisor_hands_over_and_who_leaves_handles_nothing(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    id = await office.taken(resident)
    said = {"officerId": post_of(office.second)}
    assert codes(await office.does(office.officer, "handOverApplication", id, **said)) == ["NOT_YOURS_TO_DO"]
    far = {"officerId": post_of(office.stranger)}
    assert codes(await office.does(office.head, "handOverApplication", id, **far)) == ["NOT_AN_OFFICER"]
    assert (await office.does(office.head, "handOverApplication", id, **said))["officer"] == {
        "id": post_of(office.second)
    }
    assert (await office.sees(office.officer, id))["form"] is None
    assert (await office.sees(office.second, id))["form"]["case"]["facts"]
    await set_post(city, office.admin, office.second, None)
    assert await office.sees(office.second, id) is None
    assert (await office.sees(office.head, id))["officer"] is None
    await set_post(city, office.admin, office.head, office.centre)  # an officer from now on
    assert (await office.sees(office.head, id))["form"] is None
    assert await city.sql("SELECT officer FROM app.application WHERE id = :id", id=key(id)) == [(None,)]


async def test_what_was_said_of_one_lawyers_work_is_not_said_of_the_next_ones(city: City) -> None:
    office, resident, other = await open_office(city), await city.resident(), await city.lawyer()
    id, assignment = await office.in_hand(resident)
    assert (await office.reports(office.lawyer, assignment))["application"]["reported"]
    await office.does(resident, "requestLawyerChange", id, reason="希望更换承办律师。")
    await office.does(office.officer, "terminateApplication", id, **WHY)
    await office.does(resident, "objectToDecision", id, reason="援助事项没有办完。")
    assert (await office.does(office.head, "decideObjection", id, uphold=False, **WHY))["state"] == "GRANTED"
    await office.does(office.officer, "assignLawyer", id, lawyerId=lawyer_of(other))
    assert (await office.answers(other, (await office.offered(other))[0]["id"]))["state"] == "ACCEPTED"
    seen = await office.sees(resident, id)
    assert (seen["reported"], seen["changeAsked"]) == (False, False)
    assert codes(await office.does(office.officer, "closeApplication", id, **WHY)) == ["NOT_REPORTED"]
