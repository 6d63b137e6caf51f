"""What people apply for, from the form to the end, by saved operations alone, each sent as its role."""

from datetime import timedelta

import pytest

from app.core.access import Role
from tests.accounts.town import Town
from tests.applications.bureau import form as notary_form
from tests.applications.bureau import open_bureau
from tests.applications.office import lawyer_of, post_of
from tests.city import codes
from tests.directory.desk import set_post
from tests.graph.cast import alerted
from tests.mediation.hall import OWN, Hall, open_hall
from tests.mediation.hall import form as mediation_form
from tests.operations.living import Living
from tests.window.counter import open_counter

pytestmark = [pytest.mark.anyio, pytest.mark.full]

NAMES = """
    AidEligibility NotaryNeeds CheckLegalAid CheckNotarisation SaveApplicationDraft SubmitApplication
    SupplementApplication WithdrawApplication CreatePickupCode MyWindowVisits RateService ClaimApplication
    BookNotaryVisit MediationInvitation RequestInvitationCode OpenInvitation AnswerInvitation MyMediation
    MediationNews JoinMediation AddMediationRecord SayToMediation MarkPerformed MediatorQueue MediationCase
    TakeMediation RegisterMediation InviteRespondent BeginMediation DrawAgreement FailMediation NotaryQueue
    NotaryCase TakeNotarisation PassPreReview AdmitNotarisation PauseNotarisation ResumeNotarisation
    RecordCertificateDraft RecordCertificate RecordCollection AskSupplement AssignLawyer CloseApplication
    AnswerAssignment ReportAssignment OpenAtWindow ReceivePapers HandOutPapers RecordAtWindow ConfirmAtWindow
    ApplyAtWindow ExtendHold RescheduleAppointment CheckIn TakeWalkInNumber ConfirmAppointment RecordAttendance
    MyConsultation SendToInstitution CloseConsultation MarkThreadRead HandOverConsultation ChooseBestAnswer
    WithdrawQuestion EraseQuestion SetNoticePreferences TransferApplication OpenMediation DeclineMediation
    RecuseMediator EscalateMediation RecordCourtDecision DeclineMediator LeaveMediation CarryFromMediation
    DeclineNotarisation RecordPosting RequestCertificateReview DecideCertificateReview RefuseNotarisation
    AskForCertificateReview MyCertificateReview NoteDisputeAlert
"""
OF_CASES = frozenset(NAMES.split())
"""What is sent here and, but for this, by nobody."""
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


async def test_cases_live_by_saved_operations(town: Town) -> None:
    today = await town.city.today()
    days = {"<a day in two weeks>": str(today + 14 * DAY), "<a day a month ago>": str(today - 30 * DAY)}
    life = Living(town.city, days)
    await of_legal_aid(life)
    await of_mediation(life, town)
    await of_a_notarisation(life)
    await of_questions(life)
    assert life.done >= OF_CASES, OF_CASES - life.done


async def of_legal_aid(life: Living) -> None:
    """Applied for at home and at the counter, with a visit to the window between."""
    city, counter = life.city, await open_counter(life.city)
    office, clerk, colleague = counter.office, counter.clerk, counter.colleague
    resident, later, lawyer = await city.resident(), await city.resident(), office.lawyer
    assert (await life.asks(None, "AidEligibility"))["checkEligibility"]["steps"]
    checked = (await life.asks(resident, "CheckLegalAid"))["checkLegalAidForm"]
    assert checked["reasons"] == []
    draft = await life.does(resident, "SaveApplicationDraft")
    case = await life.does(resident, "SubmitApplication", institutionId=office.centre, draftId=draft["id"])
    of = {"applicationId": case["id"]}
    await life.does(office.officer, "TakeApplication", **of)
    await life.does(office.officer, "AskSupplement", **of)
    code = await life.does(resident, "CreatePickupCode", subjectId=case["id"])
    visit = await life.does(clerk, "OpenAtWindow", code=code["digits"])
    for step in ("ReceivePapers", "HandOutPapers"):
        assert (await life.does(clerk, step, visitId=visit["id"]))["acts"]
    seen = (await life.asks(resident, "MyWindowVisits", subject=case["id"]))["windowVisits"]["nodes"]
    assert [len(one["acts"]) for one in seen] == [2]
    await life.does(resident, "SupplementApplication", **of)
    await life.does(office.officer, "DecideApplication", **of)
    await life.does(office.officer, "AssignLawyer", lawyerId=lawyer_of(lawyer), **of)
    (offered,) = (await life.asks(lawyer, "MyAssignments"))["assignments"]["nodes"]
    await life.does(lawyer, "AnswerAssignment", assignmentId=offered["id"])
    await life.does(lawyer, "ReportAssignment", assignmentId=offered["id"])
    assert (await life.does(office.officer, "CloseApplication", **of))["state"] == "CLOSED_REPORTED"
    assert (await life.does(resident, "RateService", **of))["stars"] == 5
    another = await life.does(later, "SubmitApplication", institutionId=office.centre)
    withdrawn = await life.does(later, "WithdrawApplication", applicationId=another["id"])
    assert withdrawn["state"] == "WITHDRAWN"

    moved = {"applicationId": (await life.does(later, "SubmitApplication", institutionId=office.centre))["id"]}
    await life.does(office.officer, "TakeApplication", **moved)
    assert (await life.does(office.officer, "TransferApplication", institutionId=office.elsewhere, **moved))["receipt"]

    written = await life.does(clerk, "RecordAtWindow")
    await life.does(colleague, "ConfirmAtWindow", statementId=written["id"])
    made = await life.does(clerk, "ApplyAtWindow", statementId=written["id"], institutionId=office.centre)
    claimed = await life.does(later, "ClaimApplication", code=made["claimCode"])
    assert claimed["receipt"] == made["receipt"]

    talk = await life.does(resident, "ConsultInstitution", institutionId=office.centre)
    of = {"consultationId": talk["id"]}
    await life.does(clerk, "TakeConsultation", **of)
    await life.does(clerk, "HandOverConsultation", toColleague=post_of(colleague), **of)
    await life.does(colleague, "ReplyInConsultation", **of)
    await life.does(resident, "SendToInstitution", **of)
    read = (await life.asks(resident, "MyConsultation", consultation=talk["id"]))["institutionConsultation"]["thread"]
    assert [message["mine"] for message in read["messages"]["nodes"]] == [True, False, True]
    upto = read["messages"]["nodes"][1]["id"]
    assert (await life.does(resident, "MarkThreadRead", threadId=read["id"], upTo=upto))["unread"] == 0
    assert (await life.does(resident, "CloseConsultation", **of))["state"] == "CLOSED"


async def of_mediation(life: Living, town: Town) -> None:
    hall = await open_hall(town)
    city, mediator = life.city, hall.mediator
    resident, other = await city.resident(), await city.resident()
    form = {"legalAid": None, "mediation": mediation_form(), "institutionId": hall.committee}
    case = await life.does(resident, "SubmitApplication", **form)
    of = {"applicationId": case["id"]}
    await life.does(mediator, "TakeMediation", **of)
    (queued,) = (await life.asks(mediator, "MediatorQueue"))["workQueue"]["nodes"]
    assert queued["id"] == case["id"]
    await life.does(mediator, "RegisterMediation", **of)
    token = (await life.does(mediator, "InviteRespondent", **of))["token"]
    invited = (await life.asks(None, "MediationInvitation", token=token))["mediationInvitation"]
    assert invited["phoneEnd"] == OWN[-4:]
    await life.does(None, "RequestInvitationCode", token=token)
    door = (await life.does(None, "OpenInvitation", token=token, code=town.newest_code(OWN)))["door"]
    await life.does(None, "AnswerInvitation", token=token, door=door)
    mediation = (await life.does(other, "JoinMediation", token=token, door=door))["id"]
    await life.does(mediator, "BeginMediation", **of)
    told = {"mediationId": mediation}
    assert len((await life.does(resident, "AddMediationRecord", **told))["records"]) == 1
    agreement = (await life.does(mediator, "DrawAgreement", **told))["agreement"]
    for side in (resident, other):
        said = await life.does(side, "SayToMediation", agreementId=agreement["id"], **told)
    assert len(said["assents"]) == 2
    seen = (await life.asks(mediator, "MediationCase", application=case["id"]))["mediation"]
    assert seen["agreement"]["effectiveAt"]
    kept = await life.does(resident, "MarkPerformed", termId=agreement["terms"][0]["id"])
    assert kept["agreement"]["terms"][0]["keptAt"]
    assert (await life.asks(resident, "MyMediation", mediation=mediation))["mediation"]["side"] == "APPLICANT"
    news = (await life.asks(other, "MediationNews", mediation=mediation))["mediationUpdates"]
    assert news["mediation"]["side"] == "RESPONDENT"
    await city.pass_time(2 * MINUTE)
    begun, _ = await hall.meeting(other, resident)
    assert (await life.does(mediator, "FailMediation", applicationId=begun))["state"] == "FAILED"
    for side in (resident, other):
        await hall.does(side, "sayToMediation", mediation, about="COURT", yes=True, agreementId=agreement["id"])
    await life.does(mediator, "RecordCourtDecision", **told)
    alert = await alerted(city, hall.committee, hall.second)
    (seen,) = (await life.asks(mediator, "DisputeAlerts"))["disputeAlerts"]["nodes"]
    assert seen["id"] == alert
    assert len((await life.does(mediator, "NoteDisputeAlert", alertId=alert, deed="TALK_HELD"))["notes"]) == 2
    await of_what_ends_early(life, hall)


async def of_what_ends_early(life: Living, hall: Hall) -> None:
    """Mediations that nobody applied for, or that one side leaves."""
    for step, state in (
        ("DeclineMediation", "NOT_ELIGIBLE"),
        ("RecuseMediator", "REGISTERED"),
        ("EscalateMediation", "ESCALATED_SAFETY"),
    ):
        offered = await life.does(hall.mediator, "OpenMediation")
        assert offered["state"] == "REGISTERED"
        assert (await life.does(hall.mediator, step, applicationId=offered["id"]))["state"] == state
    await life.city.pass_time(2 * MINUTE)
    one, other = await life.city.resident(), await life.city.resident()
    _, mediation = await hall.meeting(one, other)
    said = (await life.does(other, "DeclineMediator", mediationId=mediation))["assents"]
    assert [(one["about"], one["yes"]) for one in said] == [("MEDIATOR", False)]
    await life.does(other, "LeaveMediation", mediationId=mediation)
    assert (await hall.sees(one, mediation))["state"] == "RESPONDENT_REFUSED"
    carried = (await life.asks(one, "CarryFromMediation", mediation=mediation))["carryFromMediation"]
    assert carried["facts"]


async def of_a_notarisation(life: Living) -> None:
    city, bureau = life.city, await open_bureau(life.city)
    resident, notary = await city.resident(), bureau.notary
    clerk = await city.person(Role.WINDOW_STAFF)
    await set_post(city, await city.person(Role.ADMIN), clerk, bureau.office, duty="WINDOW_STAFF")
    needs = await life.asks(None, "NotaryNeeds")
    assert needs["requiredDocuments"]["documents"]
    assert needs["notaryFeeQuote"]["total"]
    checked = (await life.asks(resident, "CheckNotarisation", form=notary_form()))["checkNotarisationForm"]
    assert checked["reasons"] == []
    form = {"legalAid": None, "notarisation": notary_form(), "institutionId": bureau.office}
    case = await life.does(resident, "SubmitApplication", **form)
    of = {"applicationId": case["id"]}
    await life.does(notary, "TakeNotarisation", **of)
    assert [one["id"] for one in (await life.asks(notary, "NotaryQueue"))["workQueue"]["nodes"]] == [case["id"]]
    await life.does(notary, "PassPreReview", **of)

    free = [slot["startsAt"] for slot in await bureau.reception.slots(resident, service="NOTARY") if slot["free"]]
    place = {"institutionId": bureau.office, "service": "NOTARY"}
    held = (await life.does(resident, "HoldSlot", startsAt=free[-1], **place))["id"]
    await life.does(resident, "ExtendHold", appointmentId=held)
    booked = (await life.does(resident, "BookAppointment", appointmentId=held))["id"]
    moved = await life.does(resident, "RescheduleAppointment", appointmentId=booked, startsAt=free[-2])
    assert moved["movedFromId"] == booked
    visit = {"appointmentId": moved["id"]}
    assert codes(await life.tries(resident, "CheckIn", **visit)) == ["TOO_EARLY"]
    assert codes(await life.tries(resident, "TakeWalkInNumber", **place)) == ["NOT_ON_SITE"]
    assert codes(await life.tries(clerk, "ConfirmAppointment", **visit)) == ["APPOINTMENT_STATE"]
    assert codes(await life.tries(clerk, "RecordAttendance", attended=False, **visit)) == ["TOO_EARLY"]

    await life.does(resident, "BookNotaryVisit", **of, **visit)
    for step in ("AdmitNotarisation", "PauseNotarisation", "ResumeNotarisation", "RecordCertificateDraft"):
        await life.does(notary, step, **of)
    await life.does(notary, "RecordCertificate", **of)
    assert (await life.does(notary, "RecordCollection", **of))["state"] == "COLLECTED"
    seen = (await life.asks(notary, "NotaryCase", application=case["id"]))["application"]
    assert seen["form"]["request"]["matter"] == "KINSHIP"

    await life.does(resident, "RequestCertificateReview", **of)
    await bureau.does(bureau.head, "handOverApplication", case["id"], officerId=post_of(bureau.officer))
    assert (await life.does(bureau.head, "DecideCertificateReview", **of))["state"] == "REVIEW_DECIDED"
    of = {"applicationId": await bureau.issued(await city.resident())}
    assert (await life.does(notary, "RecordPosting", **of))["state"] == "MAILED"
    of = {"applicationId": await bureau.accepted(await city.resident())}
    assert (await life.does(bureau.head, "RefuseNotarisation", **of))["state"] == "REFUSED"
    of = {"applicationId": await bureau.applied(resident)}
    await life.does(notary, "TakeNotarisation", **of)
    assert (await life.does(notary, "DeclineNotarisation", **of))["state"] == "NOT_ACCEPTED"

    other = await city.resident()
    of = {"applicationId": (await life.does(other, "AskForCertificateReview", institutionId=bureau.office))["id"]}
    await bureau.does(bureau.head, "handOverApplication", of["applicationId"], officerId=post_of(notary))
    await life.does(bureau.head, "DecideCertificateReview", **of)
    found = (await life.asks(other, "MyCertificateReview", application=of["applicationId"]))["application"]
    assert found["outcome"] == "CORRECT"


async def of_questions(life: Living) -> None:
    city = life.city
    resident, lawyer = await city.resident(), await city.lawyer()
    question = await city.asked(resident)
    await city.settle()
    answer = await city.answer(lawyer, (await city.claim(lawyer))["id"])
    best = await life.does(resident, "ChooseBestAnswer", questionId=question, answerId=answer["id"])
    assert best["best"]
    assert (await life.does(resident, "EraseQuestion", questionId=question))["keys"]
    another = await city.asked(resident)
    assert (await life.does(resident, "WithdrawQuestion", questionId=another))["status"] == "WITHDRAWN"
    assert (await life.does(resident, "SetNoticePreferences"))["quietFrom"] == "22:00"
