"""The life of a mediation, played as people would: each way to its end."""

from datetime import timedelta

import pytest

from tests.accounts.town import Town
from tests.city import codes
from tests.mediation.hall import open_hall
from tests.threads.talk import told

pytestmark = pytest.mark.anyio
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
YES = {"yes": True}


async def test_from_the_application_to_what_was_agreed_on_and_the_court(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    resident, other = await city.resident(), await city.resident()
    id = await hall.applied(resident)
    seen = await hall.applicant_sees(resident, id)
    assert (seen["state"], seen["matter"], seen["clock"]["kind"]) == ("SUBMITTED", "NEIGHBOURS", "REGISTER")
    assert (seen["form"]["respondents"], seen["allowed"]) == ([{"name": "李卫东"}], ["WITHDRAW"])
    assert await hall.sees(resident, id) is None
    # Mediators see that it is there; what it says, who takes it, and the supervisor.
    assert (await hall.applicant_sees(hall.second, id))["form"] is None
    assert "MEDIATION_WORK" in await told(city, hall.second)
    assert (await hall.does(hall.mediator, "takeApplication", id))["form"]["dispute"]["facts"]
    assert codes(await hall.does(hall.second, "takeApplication", id)) == ["TAKEN_ALREADY"]
    assert codes(await hall.does(hall.second, "registerMediation", id)) == ["NOT_YOURS_TO_DO"]
    assert (await hall.does(hall.mediator, "registerMediation", id))["state"] == "REGISTERED"
    mediation = (await hall.sees(resident, id))["id"]
    assert (await hall.sees(resident, mediation))["mediator"] == "王调解员"

    # The other side has no account: a link, and a code to her telephone.
    assert codes(await hall.does(hall.second, "inviteRespondent", id)) == ["NOT_YOURS_TO_DO"]
    token = (await hall.does(hall.mediator, "inviteRespondent", id))["token"]
    door = await hall.opens(token)
    assert (await hall.answers(token, door))["answer"] == "CONSENTS"
    assert (await hall.sees(resident, mediation))["state"] == "CONSENTED"
    joined = await hall.joins(other, token, door)
    assert (joined["id"], joined["side"], joined["application"]) == (mediation, "RESPONDENT", None)
    assert await hall.applicant_sees(other, id) is None
    assert (await hall.does(hall.mediator, "beginMediation", id))["state"] == "MEDIATING"

    # What is said in confidence stays with who said it; what is shared is read by both.
    record = "addMediationRecord"
    for who, where, text in (
        (resident, "APPLICANT", "我最少要八千。"),
        (other, "RESPONDENT", "我最多给一万。"),
        (hall.mediator, "SHARED", "双方到场，核实墙体损坏情况。"),
    ):
        kind = {"kind": "SESSION", "attended": ["RESPONDENT", "APPLICANT"]} if who is hall.mediator else {}
        made = await hall.does(who, record, mediation, **({"where": where, "kind": "STATEMENT", "text": text} | kind))
        assert made["__typename"] == "Mediation", made
    texts = {
        who: [one["text"] for one in (await hall.sees(viewer, mediation))["records"]]
        for who, viewer in {"one": resident, "other": other, "mediator": hall.mediator, "head": hall.head}.items()
    }
    shared = "双方到场，核实墙体损坏情况。"
    assert texts["one"] == ["我最少要八千。", shared]
    assert texts["other"] == ["我最多给一万。", shared]
    assert texts["mediator"] == texts["head"] == ["我最少要八千。", "我最多给一万。", shared]
    assert (await hall.sees(other, mediation))["records"][1]["attended"] == ["APPLICANT", "RESPONDENT"]
    wrong = {"where": "APPLICANT", "kind": "STATEMENT", "text": "不该写在这里。"}
    assert codes(await hall.does(other, record, mediation, **wrong)) == ["NOT_FOUND"]
    assert codes(await hall.does(other, record, mediation, **(wrong | {"where": "SHARED", "kind": "NOTE"}))) == [
        "NOT_FOUND"
    ]

    # The first agreement is not what she wants; the second both say yes to, one before the mediator.
    first = (await hall.draws(mediation, form="ORAL"))["agreement"]["id"]
    say, about = "sayToMediation", {"about": "AGREEMENT", "agreementId": first}
    assert (await hall.does(other, say, mediation, **about, yes=False))["agreement"] is None
    assert codes(await hall.does(resident, say, mediation, **about, yes=True)) == ["NOT_ON_TABLE"]
    second = (await hall.draws(mediation))["agreement"]
    assert [(term["side"], term["amount"]) for term in second["terms"]] == [("RESPONDENT", "8000"), ("APPLICANT", None)]
    about = {"about": "AGREEMENT", "agreementId": second["id"]}
    assert (await hall.does(resident, say, mediation, **about, **YES))["agreement"]["effectiveAt"] is None
    assert codes(await hall.does(resident, say, mediation, **about, **YES)) == ["SAID_ALREADY"]
    bound = await hall.does(hall.mediator, say, mediation, **about, **YES, side="RESPONDENT")
    assert bound["agreement"]["effectiveAt"], bound
    seen = await hall.sees(other, mediation)
    assert (seen["state"], seen["agreement"]["terms"][0]["what"]) == ("PERFORMING", "一次性支付修缮费。")
    assert [(one["side"], one["how"]) for one in seen["assents"] if one["yes"]] == [
        ("APPLICANT", "ONLINE"),
        ("RESPONDENT", "IN_PERSON"),
    ]
    steps = [step["move"] for step in (await hall.applicant_sees(resident, id))["steps"]]
    assert steps[-2:] == ["AGREE_WRITTEN", "PERFORM"]

    # Both go to the court; what is done, says who waits for it.
    assert seen["confirmation"]["state"] == "ELIGIBLE"
    court = {"about": "COURT", "agreementId": second["id"], "yes": True}
    await hall.does(resident, say, mediation, **court)
    assert (await hall.sees(other, mediation))["confirmation"]["state"] == "ELIGIBLE"
    await hall.does(other, say, mediation, **court)
    assert (await hall.sees(other, mediation))["confirmation"]["state"] == "FILED"
    made = await hall.does(hall.mediator, "recordCourtDecision", mediation, confirmed=True)
    assert made["confirmation"]["state"] == "CONFIRMED", made
    pay, withdraw = [term["id"] for term in seen["agreement"]["terms"]]
    assert codes(await hall.keeps(other, pay)) == ["NOT_YOUR_SIDE"]
    assert (await hall.keeps(resident, pay))["state"] == "PERFORMING"
    assert (await hall.keeps(resident, pay))["__typename"] == "Mediation"
    await hall.keeps(hall.mediator, withdraw)
    assert (await hall.sees(resident, mediation))["state"] == "PERFORMED"
    called = await hall.does(hall.mediator, "recordFollowUp", id, reason="双方均表示满意。")
    assert [step["move"] for step in called["steps"]][-2:] == ["COMPLETE", "FOLLOW_UP"]
    assert "MEDIATION_PROGRESS" in await told(city, other)
    basis = {one["basis"] for one in (await hall.applicant_sees(resident, id))["readings"]}
    assert basis == {"staff"}
