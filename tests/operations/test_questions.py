"""What a question's life has beside its straight path, and what legal aid has: by saved operations alone."""

from datetime import timedelta

import pytest

from app.core.access import Role, Viewer
from app.graph.ids import global_id, uuid_of
from tests.accounts.town import Town
from tests.applications.office import open_office, post_of
from tests.city import CONTENT, codes
from tests.consultation.speaking import ask as ask_aloud
from tests.consultation.speaking import recorded
from tests.operations.living import Living
from tests.oversight.office import blocked
from tests.words import own_words

pytestmark = [pytest.mark.anyio, pytest.mark.full]

NAMES = """
    DraftBrief SaveDraft DiscardDraft ReviseQuestion AppealBlock RequestCallback ReturnTask CompleteTask SetRequestable
    Snooze EndSnooze SetClientNames RecategoriseQuestion SaveAnswerDraft ExtendLease ReleaseSeat AmendAnswer MarkHelpful
    RequestInformation GiveInformation StopFollowUp SetTranscript CorrectTranscript RequestTranscript LawyerPage MyFile
    ThingsById MyDeliveries NoticePreview RetryDelivery ExportNews DiscardApplicationDraft ObjectToDecision
    RequestLawyerChange PrefillFromQuestion ServiceRating HandOverApplication DecideLawyerChange RecordSubsidy
    RecordFollowUp TerminateApplication DecideObjection KeepDate ChangeDate DropDate
    AnswerFollowThrough DeclineFollowThrough RecuseOfficer
"""
OF_QUESTIONS = frozenset(NAMES.split())
"""What is sent here and, but for this, by nobody."""


async def test_questions_and_legal_aid_take_their_other_ways_by_saved_operations(town: Town) -> None:
    now = await town.city.now()
    hours = {"<in an hour>": now + timedelta(hours=1), "<in five hours>": now + timedelta(hours=5)}
    life = Living(town.city, {name: time.isoformat() for name, time in hours.items()})
    life.stands_for["<Category>"] = global_id("Category", "labour.wages")
    await of_asking(life)
    await of_answering(life)
    await of_speaking(life)
    await of_the_post(life)
    await of_legal_aid(life)
    await of_dates(life)
    assert life.done >= OF_QUESTIONS, OF_QUESTIONS - life.done


async def of_asking(life: Living) -> None:
    city, supervisor, other = life.city, *[await life.city.person(Role.SUPERVISOR) for _ in range(2)]
    resident = await city.resident()
    assert (await life.asks(None, "DraftBrief"))["draftBrief"]
    draft = await life.does(resident, "SaveDraft")
    assert (await life.does(resident, "DiscardDraft", draftId=draft["id"]))["id"] == draft["id"]
    empty = await city.asked(resident, "哈哈哈哈哈哈")
    assert (await life.does(resident, "ReviseQuestion", questionId=empty))["status"] == "OPEN"
    await life.does(resident, "RequestCallback", questionId=empty)
    await work(life, other, "DONE")
    stopped = await blocked(city, resident)
    await life.does(resident, "AppealBlock", questionId=stopped)
    await work(life, supervisor, "UPHELD")
    seen = (await life.asks(resident, "ThingsById", ids=[empty, stopped]))["nodes"]
    assert [one["id"] for one in seen] == [empty, stopped]


async def work(life: Living, supervisor: Viewer, outcome: str) -> None:
    """She takes the only task, gives it back, takes it again and settles it."""
    (task,) = [one for one in (await life.asks(supervisor, "Tasks"))["tasks"]["nodes"] if not one["taken"]]
    of = {"taskId": task["id"]}
    await life.does(supervisor, "TakeTask", **of)
    assert not (await life.does(supervisor, "ReturnTask", **of))["taken"]
    await life.does(supervisor, "TakeTask", **of)
    assert (await life.does(supervisor, "CompleteTask", outcome=outcome, **of))["outcome"] == outcome


async def of_answering(life: Living) -> None:
    city, resident = life.city, await life.city.resident()
    lawyers = await city.lawyers(3)
    first, second, _ = lawyers
    assert (await life.does(first, "SetRequestable"))["requestable"]
    assert (await life.does(first, "Snooze"))["snoozedUntil"]
    assert (await life.does(first, "EndSnooze"))["snoozedUntil"] is None
    assert (await life.does(first, "SetClientNames"))["count"] == 1
    shown = (await life.asks(None, "LawyerPage", lawyer=global_id("Lawyer", first.id)))["lawyer"]
    assert shown["name"]
    question = await city.asked(resident)
    await city.settle()
    seat = (await city.claim(first))["id"]
    assert (await life.does(first, "SaveAnswerDraft", seatId=seat))["draft"]["conclusion"]
    assert (await life.does(first, "ExtendLease", seatId=seat))["extended"]
    moved = await life.does(first, "RecategoriseQuestion", questionId=question, categoryId=other_field())
    assert moved["category"]["id"] == other_field()
    assert (await life.does(first, "ReleaseSeat", seatId=seat))["state"] == "RELEASED"
    seat = (await city.claim(second))["id"]
    answer = (await life.does(second, "SubmitAnswer", seatId=seat, content=CONTENT | {"text": own_words(seat)}))["id"]
    assert (await life.does(second, "AmendAnswer", answerId=answer))["amendedAt"]
    assert (await life.does(resident, "MarkHelpful", answerId=answer))["id"] == answer
    wanted = await life.does(second, "RequestInformation", questionId=question)
    assert (await life.does(resident, "GiveInformation", inquiryId=wanted["id"]))["repliedAt"]
    asked = (await life.does(resident, "AskFollowUp", questionId=question))["id"]
    assert (await life.does(resident, "StopFollowUp", followUpId=asked))["state"] == "STOPPED"
    await city.sql(
        "INSERT INTO app.follow_through (question, round, turn, asked_at) VALUES (:q, 0, 1, app.clock())",
        q=uuid_of(question, "Question"),
    )
    said = (await life.does(resident, "AnswerFollowThrough", questionId=question))["followThrough"]
    assert [one["outcome"] for one in said["askings"]] == ["SOLVED"]
    said = (await life.does(resident, "DeclineFollowThrough", questionId=question))["followThrough"]
    assert said["declined"] is True
    filled = await life.asks(resident, "PrefillFromQuestion", question=question)
    assert filled["prefillFromQuestion"]["facts"]


def other_field() -> str:
    return global_id("Category", "labour.injury")


async def of_speaking(life: Living) -> None:
    city, resident = life.city, await life.city.resident()
    async with city.http() as client:
        voice = await recorded(city, client, resident)
    assert (await life.asks(resident, "MyFile", file=voice))["file"]["kind"] == "VOICE"
    assert (await ask_aloud(city, resident, voice))["__typename"] == "Question"
    of = {"fileId": voice}
    assert codes(await life.tries(resident, "RequestTranscript", **of)) == ["NO_RECOGNISER"]
    assert (await life.does(resident, "SetTranscript", **of))["transcript"]["text"]
    assert "四个月" in (await life.does(resident, "CorrectTranscript", **of))["transcript"]["text"]


async def of_the_post(life: Living) -> None:
    admin, resident = await life.city.person(Role.ADMIN), await life.city.resident()
    assert (await life.asks(admin, "NoticePreview"))["noticePreview"]["text"]
    assert (await life.asks(resident, "MyDeliveries"))["myDeliveries"]["nodes"] == []
    nothing = global_id("Delivery", resident.id)
    assert codes(await life.tries(admin, "RetryDelivery", deliveryId=nothing)) == ["NOT_FOUND"]
    assert (await life.asks(resident, "ExportNews"))["exportUpdates"]["cursor"]


async def of_legal_aid(life: Living) -> None:
    office = await open_office(life.city)
    officer, head, resident = office.officer, office.head, await life.city.resident()
    draft = await life.does(resident, "SaveApplicationDraft")
    assert (await life.does(resident, "DiscardApplicationDraft", draftId=draft["id"]))["id"] == draft["id"]
    denied = {"applicationId": await office.taken(resident)}
    await life.does(head, "HandOverApplication", officerId=post_of(office.second), **denied)
    assert (await life.does(office.second, "DecideApplication", decision="DENY", **denied))["state"] == "DENIED"
    assert (await life.does(resident, "ObjectToDecision", **denied))["state"] == "OBJECTION"
    assert (await life.does(head, "DecideObjection", uphold=False, **denied))["state"] == "GRANTED"
    assert (await life.does(office.second, "TerminateApplication", **denied))["state"] == "TERMINATED"

    near = {"applicationId": await office.taken(await life.city.resident())}
    assert (await life.does(officer, "RecuseOfficer", **near))["receipt"]
    id, assignment = await office.in_hand(resident)
    of = {"applicationId": id}
    assert (await life.does(resident, "RequestLawyerChange", **of))["changeAsked"]
    assert (await life.does(officer, "DecideLawyerChange", change=False, **of))["state"] == "IN_PROGRESS"
    await office.reports(office.lawyer, assignment)
    await life.does(officer, "CloseApplication", **of)
    await life.does(officer, "RecordSubsidy", **of)
    assert (await life.does(officer, "RecordFollowUp", **of))["state"] == "FOLLOWED_UP"
    await life.does(resident, "RateService", **of)
    assert (await life.asks(resident, "ServiceRating", application=id))["serviceRating"]["stars"] == 5


async def of_dates(life: Living) -> None:
    city, resident = life.city, await life.city.resident()
    today = await city.today()
    kept = await life.does(resident, "KeepDate", limit={"code": "labour-arbitration", "since": str(today)})
    changed = await life.does(resident, "ChangeDate", dateId=kept["id"], day=str(today - timedelta(days=1)))
    assert changed["day"] < kept["day"]
    assert [one["id"] for one in (await life.asks(resident, "MyDates"))["myDates"]] == [kept["id"]]
    assert (await life.does(resident, "DropDate", dateId=kept["id"]))["id"] == kept["id"]
