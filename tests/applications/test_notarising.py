"""The life of an application for notarisation, played as people would: each way to its end."""

from datetime import datetime, timedelta

import pytest

from app.applications.rules import clocks
from app.core.access import Viewer
from app.core.ids import new_id
from tests.applications.bureau import Bureau, form, open_bureau
from tests.applications.office import DAY, MINE, QUEUE, post_of
from tests.applications.office import form as aid_form
from tests.city import City, codes
from tests.threads.talk import told

pytestmark = pytest.mark.anyio

WHY = {"reason": "理由已书面说明。"}


async def due(bureau: Bureau, who: Viewer, id: str) -> datetime:
    return datetime.fromisoformat((await bureau.sees(who, id))["clock"]["dueAt"])


async def test_from_the_telephone_to_the_certificate_and_to_another_look_at_it(city: City) -> None:
    bureau, resident = await open_bureau(city), await city.resident()
    both = await bureau.submits(resident, legalAid=aid_form())
    assert codes(both) == codes(await bureau.submits(resident, notarisation=None)) == ["ONE_FORM"]
    id = await bureau.applied(resident)
    seen = await bureau.sees(resident, id)
    assert (seen["kind"], seen["state"], seen["matter"]) == ("NOTARISATION", "SUBMITTED", "KINSHIP")
    assert (seen["clock"]["kind"], seen["allowed"]) == ("PRE_REVIEW", ["WITHDRAW"])
    assert (await city.one(resident, MINE))["nodes"] == [{"id": id, "state": "SUBMITTED"}]
    for who in (bureau.officer, bureau.notary, bureau.head):
        assert [one["id"] for one in (await city.one(who, QUEUE, mine=False))["nodes"]] == [id]
        assert "NOTARY_WORK" in await told(city, who)

    # The papers are looked at: what is missing is said once.
    assert (await bureau.does(bureau.officer, "takeApplication", id))["form"]["request"]["purpose"] == "赴境外探亲"
    assert (await bureau.sees(bureau.notary, id))["form"] is None
    asked = await bureau.does(bureau.officer, "askSupplement", id, reason="请补充户口簿复印件。")
    assert (asked["state"], asked["clock"]["kind"]) == ("NEEDS_SUPPLEMENT", "SUPPLEMENT")
    assert codes(await bureau.does(resident, "supplementApplication", id, legalAid=aid_form())) == ["OTHER_FORM"]
    more = {"note": "已补充。", "notarisation": form(purpose="赴日本探亲")}
    assert (await bureau.does(resident, "supplementApplication", id, **more))["state"] == "PRE_REVIEW"
    assert codes(await bureau.does(bureau.officer, "askSupplement", id, **WHY)) == ["LIST_GIVEN"]
    assert codes(await bureau.does(bureau.notary, "admitNotarisation", id)) == ["MOVED_ON"]
    passed = await bureau.does(bureau.officer, "passPreReview", id)
    assert (passed["state"], passed["clock"]) == ("APPOINTMENT", None)
    assert {"NOTARY_SUPPLEMENT", "NOTARY_BOOK"} <= set(await told(city, resident))

    # She books a visit, and the notary accepts it, to whom it is handed over.
    assert codes(await bureau.does(bureau.notary, "admitNotarisation", id)) == ["NOT_YOURS_TO_DO"]
    handed = await bureau.does(bureau.officer, "handOverApplication", id, officerId=post_of(bureau.notary))
    assert handed["officer"] == {"id": post_of(bureau.notary)}
    assert codes(await bureau.does(bureau.notary, "admitNotarisation", id)) == ["NOT_BOOKED"]
    foreign = await bureau.visit(await city.resident())
    assert codes(await bureau.does(resident, "bookNotaryVisit", id, appointmentId=foreign)) == ["NOT_YOUR_VISIT"]
    visit = await bureau.visit(resident)
    assert (await bureau.does(resident, "bookNotaryVisit", id, appointmentId=visit))["appointment"] == {"id": visit}
    accepted = await bureau.does(bureau.notary, "admitNotarisation", id)
    assert (accepted["state"], accepted["clock"]["kind"]) == ("ACCEPTED", "CERTIFY")
    since = datetime.fromisoformat(accepted["clock"]["since"])
    assert await due(bureau, resident, id) == clocks.due(clocks.Clock.CERTIFY, since)

    # Fifteen working days, but for what the law's three pauses take.
    await city.pass_time(DAY)
    paused = await bureau.does(bureau.notary, "pauseNotarisation", id, ground="VERIFICATION", **WHY)
    assert (paused["state"], paused["clock"], paused["pausedFor"]) == ("PAUSED", None, "VERIFICATION")
    assert (await bureau.does(resident, "supplementApplication", id, note="另有一份证明。"))["state"] == "PAUSED"
    await city.pass_time(8 * DAY)
    resumed = await bureau.does(bureau.notary, "resumeNotarisation", id)
    stood = [datetime.fromisoformat(resumed["steps"][place]["at"]) for place in (-3, -1)]
    assert await due(bureau, resident, id) == clocks.due(clocks.Clock.CERTIFY, since, [(stood[0], stood[1])])
    assert (await bureau.does(bureau.notary, "recordCertificateDraft", id))["state"] == "DRAFTED"
    issued = await bureau.does(bureau.notary, "recordCertificate", id)
    assert (issued["state"], issued["clock"]) == ("ISSUED", None)
    assert "NOTARY_READY" in await told(city, resident)
    assert (await bureau.does(bureau.officer, "recordCollection", id))["state"] == "COLLECTED"
    seen = await bureau.sees(resident, id)
    assert (seen["state"], seen["allowed"]) == ("COLLECTED", ["REQUEST_REVIEW"])
    assert {reading["basis"] for reading in seen["readings"]} == {"staff"}
    assert (await city.one(bureau.head, QUEUE, mine=False))["nodes"] == []

    # Said to be wrong: looked into by another than who issued it, within thirty days.
    asked = await bureau.does(resident, "requestCertificateReview", id, reason="姓名有误。")
    assert (asked["state"], asked["clock"]["kind"]) == ("REVIEW_REQUESTED", "RECHECK")
    refused = await bureau.does(bureau.head, "decideCertificateReview", id, outcome="CORRECT", **WHY)
    assert codes(refused) == ["ISSUER_REVIEWS"]
    await bureau.does(bureau.head, "handOverApplication", id, officerId=post_of(bureau.officer))
    decided = await bureau.does(bureau.head, "decideCertificateReview", id, outcome="CORRECT", **WHY)
    assert (decided["state"], decided["allowed"]) == ("REVIEW_DECIDED", [])
    assert [step["by"] for step in decided["steps"] if step["move"] in ("ADMIT", "ISSUE")] == ["NOTARY", "NOTARY"]
    assert decided["steps"][-1]["article"] == "公证法第三十九条"
    assert {"NOTARY_PROGRESS", "NOTARY_DECIDED"} <= set(await told(city, resident))


async def test_each_other_way_to_its_end(city: City) -> None:
    bureau, resident = await open_bureau(city), await city.resident()
    id = await bureau.applied(resident)
    assert (await bureau.does(resident, "withdrawApplication", id))["state"] == "WITHDRAWN"
    id = await bureau.applied(resident)
    await bureau.does(bureau.officer, "takeApplication", id)
    assert (await bureau.does(bureau.officer, "declineNotarisation", id, **WHY))["state"] == "NOT_ACCEPTED"
    id = await bureau.accepted(resident)
    refuse = {"ground": "DISPUTED", **WHY}
    assert codes(await bureau.does(bureau.officer, "refuseNotarisation", id, **refuse)) == ["NOT_YOURS_TO_DO"]
    refused = await bureau.does(bureau.head, "refuseNotarisation", id, **refuse)
    assert (refused["state"], refused["refusedFor"], refused["allowed"]) == ("REFUSED", "DISPUTED", [])
    id = await bureau.accepted(resident)
    assert (await bureau.does(bureau.head, "terminateApplication", id, **WHY))["state"] == "TERMINATED"
    id = await bureau.admissible(resident)
    await bureau.does(bureau.notary, "admitNotarisation", id)
    assert (await bureau.does(resident, "withdrawApplication", id))["state"] == "TERMINATED"
    # Whoever issued it looks into nothing; and after a year nobody does.
    id = await bureau.issued(resident)
    posted = await bureau.does(bureau.officer, "recordPosting", id, reason="顺丰 SF1234567890")
    assert codes(posted) == []
    await city.pass_time(365 * DAY)
    late = await bureau.issued(resident)
    await bureau.does(bureau.officer, "recordCollection", late)
    await city.pass_time(timedelta(days=2))
    assert codes(await bureau.does(resident, "requestCertificateReview", id, **WHY)) == ["REVIEW_TOO_LATE"]
    await bureau.does(resident, "requestCertificateReview", late, **WHY)
    # Nothing supplied, or nothing done, in time.
    id = await bureau.applied(resident)
    await city.pass_time(await due(bureau, resident, id) - await city.now() + timedelta(minutes=1))
    assert "NOTARY_OVERDUE" in await told(city, bureau.head)
    await bureau.does(bureau.officer, "takeApplication", id)
    await bureau.does(bureau.officer, "askSupplement", id, **WHY)
    await city.pass_time(await due(bureau, resident, id) - await city.now() + timedelta(minutes=1))
    assert (await bureau.sees(resident, id))["state"] == "DEEMED_WITHDRAWN"
    # Who closes her account leaves nothing to be done.
    open_still = await bureau.applied(resident)
    leave = "mutation { closeAccount(input: {understood: true}) { __typename } }"
    assert (await city.one(resident, leave))["__typename"] == "AccountClosing"
    await city.settle()
    rows = await city.sql("SELECT DISTINCT state, body FROM app.application WHERE state IN ('WITHDRAWN', 'SUBMITTED')")
    assert rows == [("WITHDRAWN", b"")]
    assert (await bureau.sees(bureau.head, open_still))["form"] is None


async def test_place_presence_documents_and_fee_are_told_before_by_the_rules_of_the_submission(city: City) -> None:
    bureau, resident = await open_bureau(city), await city.resident()
    check = """query ($form: NotarisationFormInput!) { checkNotarisationForm(notarisation: $form) { __typename
      ... on NotarisationFormCheck { reasons { code field } needs { grounds inPerson documents { code promiseWillDo } }
        fee { total toPay source } } } }"""
    needs = """{ requiredDocuments(matter: WILL, answers: {hasAgent: true, realProperty: true}) { grounds inPerson
      documents { code fetchedFrom article { law number } } } }"""
    will = form(matter="WILL", realProperty=True, ground="REAL_PROPERTY", aided=True)
    told = await city.one(resident, check, form=will)
    assert [(reason["code"], reason["field"]) for reason in told["reasons"]] == [
        ("PLACE_RULE", "notarisation.request.ground"),
        ("IN_PERSON", "notarisation.agent"),
    ]
    assert (told["needs"]["inPerson"], told["fee"]["total"], told["fee"]["toPay"]) == (True, "320.00", "160.00")
    assert [reason["code"] for reason in (await bureau.submits(resident, notarisation=will))["reasons"]] == [
        "PLACE_RULE",
        "IN_PERSON",
    ]
    for question in (needs, check):
        found = await city.one(resident, question, form=will) if question == check else await city.one(None, needs)
        assert "REAL_PROPERTY" not in (found.get("needs") or found)["grounds"]
    assert (await city.one(None, needs))["documents"][-1]["fetchedFrom"] == "不动产登记机构"
    elsewhere = form(divisionCode="110101")
    assert codes(await bureau.submits(resident, notarisation=elsewhere)) == ["PLACE_ELSEWHERE"]
    guardian = form(matter="SURVIVAL")
    guardian["agent"] |= {"relation": "STATUTORY"}
    assert codes(await bureau.submits(resident, notarisation=guardian, key=str(new_id()))) == []
    fee = "query ($value: String, $copies: Int!) { notaryFeeQuote(matter: GIFT, value: $value, copies: $copies) "
    fee += "{ __typename ... on NotaryFeeQuote { total } ... on Refused { reasons { code } } } }"
    assert (await city.one(None, fee, value="300000", copies=1))["total"] == "3400.00"
    assert codes(await city.one(None, fee, value="much", copies=1)) == ["BAD_AMOUNT"]
    assert codes(await city.one(None, fee, value=None, copies=21)) == ["BAD_VALUE"]


async def test_the_office_sees_when_she_comes_however_often_she_moves_it(city: City) -> None:
    bureau, resident = await open_bureau(city), await city.resident()
    id = await bureau.admissible(resident)
    slots = [one["startsAt"] for one in await bureau.reception.slots(resident, after=4, service="NOTARY")]
    visit = (await bureau.sees(resident, id))["appointment"]["id"]
    for at in slots[:2]:
        said = {"appointmentId": visit, "startsAt": at, "idempotencyKey": str(new_id())}
        moved = await bureau.reception.do(resident, "rescheduleAppointment", **said)
        assert moved["movedFromId"] == visit
        visit = moved["id"]
        for who in (resident, bureau.notary):
            assert (await bureau.sees(who, id))["appointment"] == {"id": visit}
    await bureau.reception.do(resident, "cancelAppointment", appointmentId=visit)
    assert (await bureau.sees(bureau.notary, id))["appointment"] == {"id": visit}  # which says that it was cancelled
