"""What the city puts on, what it lets people read, and how they come to it: by saved operations alone, each sent as its
role."""

from datetime import datetime, timedelta

import pytest

from app.accounts.models import ConsentPurpose
from app.accounts.rules.consenting import NOTICES
from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from app.places.rules.workdays import CITY_TIME
from tests.accounts.town import Town
from tests.directory.desk import enter_institution
from tests.education.desk import choose
from tests.operations.living import Living
from tests.outreach.hall import created
from tests.quizzes.scene import SHEET
from tests.vault.sending import sent

pytestmark = [pytest.mark.anyio, pytest.mark.full]

NAMES = """
    Activities Activity ActivityNews MyEnrolments Enroll LeaveActivity CheckInActivity CreateActivity
    ChangeActivity MoveActivity SetActivityPlaces EntranceCode CreateQuizQuestion ChangeQuizQuestion
    ReviewQuizQuestion RetireQuizQuestion ImportQuizQuestions SetQuizRound StartAttempt SaveAnswer SubmitAttempt
    OrderCertificate SubmitEntry WithdrawEntry EntryDesk TakeEntry CheckEntry TakeDownEntry Exhibits Vote
    VoteFreezes DecideVoteFreeze EditArticle ReopenArticle CorrectArticle WithdrawArticle ReactToArticle
    DonationPreview DonateCase RevokeDonation MyDonations DonatedCases TakeDonatedCase CampaignEstimate
    CreateCampaign CancelCampaign CreateChannel UpdateChannel CloseChannel MakeChannelCodes SetChannelTarget
    Channel PartnerExchange
"""
OF_BOARD = frozenset(NAMES.split())
"""What is sent here and, but for this, by nobody."""
DAY, WEEK = timedelta(days=1), timedelta(days=7)


async def test_the_third_board_lives_by_saved_operations(town: Town) -> None:
    city = town.city
    editor, second = await city.person(Role.EDITOR), await city.person(Role.SUPERVISOR)
    life = Living(city, {"<Topic>": global_id("Category", "labour"), "<XLSX>": SHEET} | days(await city.now()))
    await of_activities(life, editor, second)
    life.stands_for |= days(await city.now())
    await of_a_quiz(life, editor, second)
    await of_a_contest(life, editor, second)
    await of_articles(life, editor, second)
    await of_channels(life, editor)
    assert life.done >= OF_BOARD, OF_BOARD - life.done


def days(now: datetime) -> dict[str, str]:
    begins = now + 3 * WEEK
    times = {"<tomorrow>": now + DAY, "<in two weeks>": now + 2 * WEEK, "<in three weeks>": begins}
    times["<two hours later>"] = begins + timedelta(hours=2)
    today = now.astimezone(CITY_TIME).date()
    dates = {"<today>": str(today), "<a day in four weeks>": str(today + 4 * WEEK)}
    return {name: time.isoformat() for name, time in times.items()} | dates


async def of_activities(life: Living, editor: Viewer, second: Viewer) -> None:
    city, comes, does_not = life.city, await life.city.resident(), await life.city.resident()
    of = {"activityId": (await life.does(editor, "CreateActivity"))["id"]}
    version = (await life.does(editor, "ChangeActivity", **of))["version"]
    await passed(life, editor, second, version=version, **of)
    assert (await life.does(editor, "SetActivityPlaces", version=version, **of))["places"] == 60
    await city.pass_time(DAY)
    (listed,) = (await life.asks(None, "Activities"))["activities"]["nodes"]
    assert (listed["id"], listed["state"]) == (of["activityId"], "OPEN")
    assert (await life.does(comes, "Enroll", **of))["state"] == "ENROLLED"
    await life.does(does_not, "Enroll", **of)
    assert (await life.does(does_not, "LeaveActivity", **of))["activity"]["taken"] == 1
    shown = (await life.asks(comes, "Activity", activity=of["activityId"]))["activity"]
    assert (shown["places"], shown["myEnrolment"]["state"]) == (60, "ENROLLED")
    assert (await life.asks(None, "ActivityNews", activity=of["activityId"]))["activityUpdates"]["taken"] == 1
    await city.pass_time(3 * WEEK - DAY)
    code = (await life.asks(editor, "EntranceCode", activity=of["activityId"]))["entranceCode"]["code"]
    assert (await life.does(comes, "CheckInActivity", code=code, **of))["activity"]["came"] == 1
    (mine,) = (await life.asks(comes, "MyEnrolments"))["myEnrolments"]["nodes"]
    assert mine["cameAt"]


async def passed(life: Living, editor: Viewer, second: Viewer, **of: object) -> None:
    await life.does(editor, "MoveActivity", **of)
    assert (await life.does(second, "MoveActivity", move="PASS", **of))["state"] == "SCHEDULED"


async def put_on(life: Living, editor: Viewer, kind: str, title: str) -> str:
    """The id of a draft that one may take part in from tomorrow on."""
    by = await enter_institution(life.city, editor, number=f"示例-{kind}", name=f"{title}承办单位（示例）")
    words = {"title": title, "words": "人人可以参加。", "divisionCode": "419001", "institutionId": by["id"]}
    times = {"opensAt": "<tomorrow>", "closesAt": "<in two weeks>"}
    id: str = (await life.does(editor, "CreateActivity", kind=kind, content=words | times))["id"]
    return id


async def of_a_quiz(life: Living, editor: Viewer, second: Viewer) -> None:
    city, taker = life.city, await life.city.resident()
    assert (await life.does(editor, "ImportQuizQuestions"))["added"] == 0
    made = await life.does(editor, "CreateQuizQuestion")
    question = {"questionId": made["id"]}
    returned = await life.does(second, "ReviewQuizQuestion", approve=False, version=made["version"], **question)
    changed = await life.does(editor, "ChangeQuizQuestion", version=returned["version"], **question)
    approved = await life.does(second, "ReviewQuizQuestion", version=changed["version"], **question)
    assert approved["state"] == "APPROVED"
    of = {"activityId": await put_on(life, editor, "QUIZ", "宪法知识竞赛")}
    ready = await life.does(editor, "SetQuizRound", questionIds=[made["id"]], **of)
    await passed(life, editor, second, version=ready["version"], **of)
    assert (await life.does(editor, "RetireQuizQuestion", **question))["state"] == "RETIRED"
    await city.pass_time(DAY)
    begun = await life.does(taker, "StartAttempt", **of)
    right = begun["items"][0]["options"].index("一个月")
    saved = await life.does(taker, "SaveAnswer", attemptId=begun["id"], chosen=[right])
    assert saved["chosen"] == [right]
    done = await life.does(taker, "SubmitAttempt", attemptId=begun["id"])
    assert (done["score"], done["items"][0]["right"]) == (1, [right])
    ordered = await life.does(taker, "OrderCertificate", attemptId=begun["id"])
    assert ordered["certificate"]["code"]


async def of_a_contest(life: Living, editor: Viewer, second: Viewer) -> None:
    city = life.city
    painter, other, voter = [await city.resident() for _ in range(3)]
    contest = await put_on(life, editor, "CONTEST", "少年法治绘画比赛")
    of = {"activityId": contest}
    await passed(life, editor, second, version=1, **of)
    await city.pass_time(DAY)
    async with city.http() as client:
        pictures = [await sent(city, client, who) for who in (painter, other)]
    entry = await life.does(painter, "SubmitEntry", pictureId=pictures[0], **of)
    gone = await life.does(other, "SubmitEntry", pictureId=pictures[1], **of)
    assert (await life.does(other, "WithdrawEntry", entryId=gone["id"]))["state"] == "TAKEN_DOWN"
    (waits,) = (await life.asks(second, "EntryDesk", activity=contest))["entryDesk"]["nodes"]
    assert (waits["id"], waits["title"]) == (entry["id"], None)
    assert (await life.does(second, "TakeEntry", entryId=entry["id"]))["title"]
    assert (await life.does(second, "CheckEntry", entryId=entry["id"]))["state"] == "DISPLAYED"
    (shown,) = (await life.asks(None, "Exhibits", activity=contest))["exhibits"]["nodes"]
    assert (await life.does(voter, "Vote", exhibitId=shown["id"]))["votes"] == 1
    await city.sql(
        "INSERT INTO app.vote_freeze (id, activity, entry, votes, at, until)"
        " VALUES (:id, :activity, :entry, 31, app.clock(), app.clock() + interval '1 hour')",
        id=new_id(),
        activity=uuid_of(contest, "Activity"),
        entry=uuid_of(entry["id"], "ContestEntry"),
    )
    (burst,) = (await life.asks(editor, "VoteFreezes", activity=contest))["voteFreezes"]["nodes"]
    assert (await life.does(editor, "DecideVoteFreeze", freezeId=burst["id"]))["counted"] is False
    assert (await life.does(second, "TakeDownEntry", entryId=entry["id"]))["state"] == "TAKEN_DOWN"


async def of_articles(life: Living, editor: Viewer, second: Viewer) -> None:
    city, giver, lawyer = life.city, await life.city.resident(), await life.city.lawyer()
    question = await city.asked(giver)
    await city.settle()
    await city.answer(lawyer, (await city.claim(lawyer))["id"])
    await life.does(giver, "ResolveQuestion", questionId=question)
    seen = (await life.asks(giver, "DonationPreview", question=question))["donationPreview"]
    given = await life.does(giver, "DonateCase", questionId=question, digest=seen["digest"])
    of = {"donationId": given["id"]}
    assert [one["id"] for one in (await life.asks(editor, "DonatedCases"))["donatedCases"]["nodes"]] == [given["id"]]
    assert (await life.does(editor, "TakeDonatedCase", **of))["text"] == seen["text"]
    assert (await life.does(giver, "RevokeDonation", **of))["state"] == "REVOKED"
    assert [one["state"] for one in (await life.asks(giver, "MyDonations"))["myDonations"]] == ["REVOKED"]

    made = await life.does(editor, "CreateArticle")
    of = {"articleId": made["id"]}
    edited = await life.does(editor, "EditArticle", revision=made["draft"]["revision"], **of)
    assert edited["draft"]["revision"] > made["draft"]["revision"]
    await life.does(editor, "SubmitArticle", **of)
    assert (await life.does(editor, "ReopenArticle", **of))["draft"]["state"] == "DRAFT"
    await life.does(editor, "SubmitArticle", **of)
    await life.does(second, "ReviewArticle", revision=edited["draft"]["revision"], **of)
    assert (await life.does(giver, "ReactToArticle", **of))["helpful"] == 1
    assert (await life.does(editor, "CorrectArticle", **of))["draft"]["number"] == 2

    for _ in range(10):
        reader = await city.resident()
        said = {"purpose": "EDUCATION", "version": NOTICES[ConsentPurpose.EDUCATION].version}
        await life.does(reader, "GiveConsent", **said)
        await choose(city, reader, "labour")
    assert (await life.asks(editor, "CampaignEstimate"))["campaignEstimate"]["people"] == 10
    planned = await life.does(editor, "CreateCampaign", sendAt="<in two weeks>", **of)
    assert (await life.does(editor, "CancelCampaign", campaignId=planned["id"]))["state"] == "CANCELLED"
    assert (await life.does(editor, "WithdrawArticle", **of))["state"] == "WITHDRAWN"


async def of_channels(life: Living, editor: Viewer) -> None:
    made = await life.does(editor, "CreateChannel")
    of = {"channelId": made["id"]}
    changed = await life.does(editor, "UpdateChannel", version=made["version"], **of)
    assert (await life.does(editor, "SetChannelTarget", **of))["targets"][0]["goal"] == 50
    assert len((await life.does(editor, "MakeChannelCodes", **of))["codes"]) == 3
    assert (await life.asks(editor, "Channel", channel=made["id"]))["channel"]["name"] == "沁园街道公共法律服务站"
    assert (await life.does(editor, "CloseChannel", version=changed["version"], **of))["closedAt"]
    partner = await created(life.city, editor, kind="PARTNER", name="示例妇联", link="https://women.example/")
    told = (await life.asks(None, "PartnerExchange", code=partner["code"]))["partnerExchange"]
    assert told == {"name": "示例妇联", "came": None, "sent": None}
