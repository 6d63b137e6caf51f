"""Who takes part in a question reports what the other side said, and one moderator reads what she disclosed."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.core.access import Role
from app.core.ids import new_id
from app.core.retention import RoundDue
from app.graph.ids import global_id, uuid_of
from tests.activities.hall import told
from tests.city import City, codes
from tests.moderation import desk
from tests.oversight.office import happens

pytestmark = pytest.mark.anyio

BODY = "老板拖欠我三个月工资，电话打不通，该怎么办？"
FOLLOW_UP = "我叫小张，电话13800001111，李律师说的仲裁要多久？"


async def test_a_report_is_decided_and_only_what_was_disclosed_was_read(city: City) -> None:
    asker, stranger, lawyer, peer = [await city.resident(), await city.resident(), *await city.lawyers(2)]
    moderator, other, supervisor = [
        await city.person(role) for role in (Role.MODERATOR, Role.MODERATOR, Role.SUPERVISOR)
    ]
    question, answer = await desk.answered(city, asker, lawyer, BODY)
    peers = (
        await city.answer(peer, (await city.claim(peer))["id"], text="到社区法律服务站也能问，也可以申请仲裁。" * 5)
    )["id"]
    follow_up = await desk.asks_back(city, asker, question, FOLLOW_UP)
    # What she may not see is not found, nor is her own side the other; of third persons nothing is disclosed.
    assert codes(await desk.report(city, stranger, answer)) == ["NOT_FOUND"]
    assert codes(await desk.report(city, asker, follow_up)) == ["OWN_SIDE"]
    assert codes(await desk.report(city, lawyer, answer)) == ["OWN_SIDE"]
    assert codes(await desk.report(city, asker, answer, peers)) == ["OTHERS_WORDS"]
    assert codes(await desk.report(city, asker, answer, words="长" * 501)) == ["TOO_LONG"]
    assert codes(await desk.report(city, asker, answer, *[follow_up] * 10)) == ["TOO_MANY_DISCLOSED"]
    made = await asyncio.gather(
        *(desk.report(city, asker, answer, follow_up, words="电话13900002222也不接") for _ in range(20))
    )
    (report,) = [one for one in made if one["__typename"] == "Report"]
    assert {code for one in made if one is not report for code in codes(one)} == {"REPORTED_ALREADY"}
    id = report["id"]
    assert (report["state"], report["overdue"], report["takenUntil"]) == ("WAITING", False, None)
    await city.settle()
    assert await told(city, moderator) == await told(city, other) == ["REPORT_NEW"]
    # The queue is content-free.
    for who in (moderator, other):
        (waits,) = await desk.seen(city, who, desk.QUEUE)
        assert (waits["id"], waits["category"]["code"], waits["disclosed"]) == (id, "labour.wages", None)
        assert (waits["words"], waits["lawyer"], waits["earlierMeasures"]) == (None, None, None)
    taken = await asyncio.gather(*(desk.take(city, who, id) for who in (moderator, other) * 25))
    ((holder,),) = await city.sql("SELECT taker FROM app.report")
    taker, loser = (moderator, other) if holder == moderator.id else (other, moderator)
    assert {code for one in taken for code in codes(one)} <= {"REPORT_TAKEN", "NOT_FOUND"}
    assert {one["__typename"] for one in taken} == {"Report", "Refused"}
    (read,) = await desk.seen(city, taker, desk.QUEUE)
    assert await desk.seen(city, loser, desk.QUEUE) == []
    assert (await city.one(loser, desk.SHOWN, id=id)) is None
    assert [(one["by"], one["kind"], one["complainedOf"]) for one in read["disclosed"]] == [
        ("LAWYER", "ANSWER", True),
        ("ASKER", "FOLLOW_UP", False),
    ]
    shown = str(read)
    assert "仲裁要多久" in shown
    for hidden in ("13800001111", "13900002222", "李律师", "社区法律服务站", "老板拖欠我"):
        assert hidden not in shown
    assert read["lawyer"]["id"] == global_id("Lawyer", lawyer.id)
    async with city.db.acting(taker) as session:
        for table in ("question", "answer", "message", "report_source"):
            assert (await session.rows(text(f"SELECT 1 FROM app.{table}"))).all() == []
    # The asker sees that it was read, and not by whom.
    accesses = (await city.one(asker, desk.ACCESSES, id=question))["accesses"]
    assert {"basis": "moderator", "lawyer": None, "file": None} in accesses
    assert codes(await desk.act(city, asker, "withdrawReport", reportId=id)) == ["REPORT_TAKEN"]
    assert codes(await desk.decide(city, loser, id)) == ["NOT_FOUND"]
    # The measure: whom it is about reads why, and who reported it that it is decided.
    key = str(new_id())
    assert codes(await desk.decide(city, taker, id, "WARNING")) == ["GROUND_NEEDED"]
    for _ in range(2):
        done = await desk.decide(city, taker, id, "REMINDER", idempotencyKey=key)
        assert (done["state"], done["disclosed"]) == ("MEASURE", None)
    assert codes(await desk.decide(city, taker, id)) == ["REPORT_OVER"]
    await city.settle()
    (measure,) = await desk.seen(city, lawyer, desk.MEASURES)
    assert (measure["kind"], measure["explanation"], measure["ground"]) == ("REMINDER", "解答未说明依据", None)
    assert measure["aboutId"] == answer
    for who in (asker, peer, taker, supervisor):
        assert await desk.seen(city, who, desk.MEASURES) == []
    assert "MEASURE_TAKEN" in await told(city, lawyer)
    assert "REPORT_DECIDED" in await told(city, asker)
    (mine,) = await desk.seen(city, asker, desk.MINE)
    assert (mine["state"], mine["reply"], len(mine["disclosed"])) == ("MEASURE", None, 2)
    counted = "query ($on: Date!) { moderationCounts(from: $on, to: $on) { received waiting dismissed measures } }"
    counts = await city.one(supervisor, counted, on=str(await city.today()))
    assert counts == {"received": 1, "waiting": 0, "dismissed": 0, "measures": 1}
    assert set((await city.one(supervisor, counted, on="0001-01-01")).values()) == {0}
    assert (await city.errors(moderator, counted, on=str(await city.today())))[0]["extensions"]["code"] == "FORBIDDEN"
    # The next report may be made now; its moderator sees the earlier measure, and the next step needs no ground.
    again = (await desk.report(city, asker, answer))["id"]
    assert [one["kind"] for one in (await desk.take(city, moderator, again))["earlierMeasures"]] == ["REMINDER"]
    assert (await desk.decide(city, moderator, again, "WARNING"))["state"] == "MEASURE"
    # A month after the time to appeal the copies are destroyed, after two years the measure is forgotten.
    await city.pass_time(timedelta(days=60))
    await happens(city, RoundDue(what="report"))
    assert await city.sql("SELECT 1 FROM app.report r JOIN app.key k ON k.subject = r.id") == []
    assert [one["disclosed"] for one in await desk.seen(city, asker, desk.MINE)] == [None, None]
    await city.pass_time(timedelta(days=731))
    await happens(city, RoundDue(what="measure"))
    assert await city.sql("SELECT 1 FROM app.measure") == []


async def test_a_lawyer_reports_an_asker_who_keeps_the_right_to_ask(city: City) -> None:
    asker, lawyer, moderator = await city.resident(), await city.lawyer(), await city.person(Role.MODERATOR)
    question, answer = await desk.answered(city, asker, lawyer, BODY)
    follow_up = await desk.asks_back(city, asker, question, FOLLOW_UP)
    id = (await desk.report(city, lawyer, follow_up, answer, reason="INSULT_OR_ILLEGAL"))["id"]
    read = await desk.take(city, moderator, id)
    assert (read["lawyer"], [one["by"] for one in read["disclosed"]]) == (None, ["LAWYER", "ASKER"])
    accesses = (await city.one(asker, desk.ACCESSES, id=question))["accesses"]
    assert "moderator_for_lawyer" in {one["basis"] for one in accesses}
    await desk.decide(city, moderator, id, "REMINDER")
    (measure,) = await desk.seen(city, asker, desk.MEASURES)
    assert (measure["kind"], measure["reason"]) == ("REMINDER", "INSULT_OR_ILLEGAL")
    assert await city.asked(asker, "押金不退怎么办，房东一直拖着不给")
    # Who erases her question takes what was disclosed of it, and all that tells of it, with her.
    again = (await desk.report(city, lawyer, follow_up))["id"]
    await city.one(
        asker, "mutation ($id: ID!) { resolveQuestion(input: {questionId: $id}) { __typename } }", id=question
    )
    erased = "mutation ($i: EraseQuestionInput!) { eraseQuestion(input: $i) { __typename } }"
    said = {"questionId": question, "idempotencyKey": str(new_id())}
    assert (await city.one(asker, erased, i=said))["__typename"] == "Erasure"
    assert await city.sql("SELECT 1 FROM app.report_source") == []
    assert await city.sql("SELECT 1 FROM app.report r JOIN app.key k ON k.subject = r.id OR r.content <> ''") == []
    assert await city.sql("SELECT 1 FROM app.access a JOIN app.report r ON r.id = a.part AND a.subject <> r.id") == []
    states = {one["id"]: one["state"] for one in await desk.seen(city, lawyer, desk.MINE)}
    assert states == {id: "MEASURE", again: "ERASED"}
    (measure,) = await desk.seen(city, asker, desk.MEASURES)
    assert (measure["aboutId"], measure["explanation"]) == (None, "解答未说明依据")
    # And who leaves is nobody's any more.
    await city.one(asker, "mutation { closeAccount(input: {understood: true}) { __typename } }")
    await city.settle()
    assert await city.sql("SELECT 1 FROM app.measure WHERE person IS NOT NULL OR content <> ''") == []


async def test_nobody_moderates_what_she_has_a_part_in_and_a_lease_ends(city: City) -> None:
    asker, lawyer, moderator = await city.resident(), await city.lawyer(), await city.person(Role.MODERATOR)
    question, answer = await desk.answered(city, asker, lawyer, BODY)
    parts = [await city.person(Role.MODERATOR) for _ in range(2)]
    for who, basis in zip(parts, ("delegate", "offered"), strict=True):
        await city.sql(
            "INSERT INTO app.reader (subject, person, basis, since, until) VALUES (:q, :p, :b, now(), now())",
            q=uuid_of(question, "Question"),
            p=who.id,
            b=basis,
        )
    id = (await desk.report(city, asker, answer))["id"]
    await city.settle()
    for who in parts:
        assert await desk.seen(city, who, desk.QUEUE) == await told(city, who) == []
        assert codes(await desk.take(city, who, id)) == ["NOT_FOUND"]
    assert (await desk.take(city, moderator, id))["takenUntil"]
    returned = await desk.act(city, moderator, "returnReport", reportId=id)
    assert (returned["state"], returned["disclosed"]) == ("WAITING", None)
    assert codes(await desk.decide(city, moderator, id)) == ["REPORT_NOT_TAKEN"]
    assert (await desk.take(city, moderator, id))["disclosed"]
    await city.pass_time(timedelta(hours=24))
    assert codes(await desk.decide(city, moderator, id)) == ["REPORT_NOT_TAKEN"]
    (waits,) = await desk.seen(city, moderator, desk.QUEUE)
    assert (waits["state"], waits["disclosed"]) == ("WAITING", None)
    assert (await desk.take(city, moderator, id))["disclosed"]
    # Who holds the office no more reads nothing, and another may take it.
    await city.sql("UPDATE app.role_held SET until = app.clock() WHERE person = :me", me=moderator.id)
    assert (await city.one(moderator, desk.SHOWN, id=id)) is None
    # The time to decide runs out: whoever may take it hears of it, every day.
    another = await city.person(Role.MODERATOR)
    for _ in range(10):
        await city.pass_time(timedelta(days=1))
    assert set(await told(city, another)) == {"REPORT_OVERDUE"}
    (late,) = await desk.seen(city, another, desk.QUEUE)
    assert late["overdue"]
    assert (await desk.take(city, another, id))["disclosed"]
    dismissed = await desk.decide(city, another, id)
    assert (dismissed["state"], dismissed["reply"]) == ("DISMISSED", None)
    (mine,) = await desk.seen(city, asker, desk.MINE)
    assert (mine["state"], mine["reply"], mine["overdue"]) == ("DISMISSED", "解答未说明依据", True)
    # Before it is taken she may take a report back; what she disclosed is destroyed at once.
    id = (await desk.report(city, asker, answer))["id"]
    assert codes(await desk.act(city, lawyer, "withdrawReport", reportId=id)) == ["NOT_FOUND"]
    for _ in range(2):
        gone = await desk.act(city, asker, "withdrawReport", reportId=id)
        assert (gone["state"], gone["disclosed"]) == ("WITHDRAWN", None)
    assert await city.sql("SELECT 1 FROM app.key WHERE subject = :id", id=uuid_of(id, "Report")) == []
    assert codes(await desk.take(city, another, id)) == ["NOT_FOUND"]


async def test_what_is_a_minors_waits_for_another_moderators_yes(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    moderator, other = [await city.person(Role.MODERATOR) for _ in range(2)]
    _, answer = await desk.answered(city, asker, lawyer, BODY)
    await city.sql("INSERT INTO app.age_said VALUES (:me, 2, 'FROM_14_TO_17', now())", me=asker.id)
    id = (await desk.report(city, asker, answer))["id"]
    plain = "mutation ($id: ID!) { takeReport(input: {reportId: $id}) { __typename } }"
    assert (await city.one(moderator, plain, id=id))["__typename"] == "Report"
    errors = await city.errors(moderator, desk.SHOWN, id=id)
    assert {one["extensions"]["code"] for one in errors} == {"MINOR_ACCESS_NEEDED"}
    assert codes(await desk.decide(city, moderator, id)) == ["MINOR_ACCESS_NEEDED"]
    asks = """mutation ($input: RequestMinorAccessInput!) { requestMinorAccess(input: $input) {
      __typename ... on MinorAccess { id kind aboutId } } }"""
    asked = await city.one(moderator, asks, input={"aboutId": id, "reason": "举报内容须核实"})
    assert (asked["kind"], asked["aboutId"]) == ("REPORT", id)
    await city.settle()
    assert "MINOR_ACCESS_ASKED" in await told(city, other)
    says = "mutation ($id: ID!) { approveMinorAccess(input: {accessId: $id}) { __typename } }"
    assert (await city.one(moderator, says, id=asked["id"]))["__typename"] == "Refused"
    assert (await city.one(other, says, id=asked["id"]))["__typename"] == "MinorAccess"
    assert (await city.one(moderator, desk.SHOWN, id=id))["disclosed"]
    ((opened,),) = await city.sql("SELECT opened_at FROM app.minor_access")
    assert opened
    assert (await desk.decide(city, moderator, id))["state"] == "DISMISSED"


async def test_a_page_of_reports_takes_as_many_statements_as_one_report(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    moderator = await city.person(Role.MODERATOR)
    question, answer = await desk.answered(city, asker, lawyer, BODY)
    said = [answer, *[await desk.asks_back(city, asker, question, f"还要等多久呢，第{n}次问了") for n in range(3)]]
    await desk.report(city, asker, said[0])
    plain = "{ %s { nodes { id reason state category { code } disclosed { text } } } }"
    needed = []
    for others in ([], said[1:]):
        for about in others:
            await desk.report(city, lawyer, about)
        counted = []
        for who, field in ((asker, "myReports"), (lawyer, "myReports"), (moderator, "reports")):
            with city.statements() as seen:
                await city.one(who, plain % field)
            counted.append(len(seen))
        needed.append(counted)
    assert max(needed[1]) <= max(needed[0]) + 1
