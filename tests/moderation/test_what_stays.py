"""What was disclosed goes with the question and is read no longer than it, whatever happens at the same moment."""

import asyncio
from datetime import timedelta

import pytest

from app.core.access import Role
from app.core.db import now
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.graph.ids import uuid_of
from app.moderation.actions import reporting
from app.moderation.actions.reporting import Complaint
from app.moderation.models import ReportReason
from tests.city import City
from tests.exporting.copies import copied
from tests.moderation import desk
from tests.moderation.test_appealing import BODY, ERASE, RESOLVE
from tests.vault.sending import house

pytestmark = pytest.mark.anyio


async def test_what_is_being_reported_while_the_question_is_erased_follows_it(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    question, _ = await desk.answered(city, asker, lawyer, BODY)
    follow_up = await desk.asks_back(city, asker, question, "你们都是骗子，快回答我")
    await city.one(asker, RESOLVE, id=question)
    said = Complaint(about=uuid_of(follow_up, "FollowUp"), also=[], reason=ReportReason.OTHER, words=None)
    async with city.db.acting(lawyer) as session:
        await reporting.report(session, lawyer, city.doors[KeyProvider], said, str(new_id()), now(session))
        erased = await city.one(asker, ERASE, i={"questionId": question, "idempotencyKey": str(new_id())})
        assert erased["__typename"] == "Erasure"
    for _ in range(2):
        await city.pass_time(timedelta(minutes=1))
    assert await city.sql("SELECT state, content FROM app.report") == [("ERASED", b"")]
    assert await city.sql("SELECT 1 FROM app.key k JOIN app.report r ON r.id = k.subject") == []
    assert await city.sql("SELECT 1 FROM app.report_source") == []


async def test_who_reads_the_question_no_more_reads_no_copies_of_it(city: City) -> None:
    asker, helper, lawyer, moderator = [
        await city.resident(),
        await city.resident(),
        await city.lawyer(),
        await city.person(Role.MODERATOR),
    ]
    question, answer = await desk.answered(city, asker, lawyer, BODY)
    named = {"q": uuid_of(question, "Question"), "me": helper.id}
    await city.sql(
        "INSERT INTO app.reader (subject, person, basis, since) VALUES (:q, :me, 'delegate', now())", **named
    )
    id = (await desk.report(city, helper, answer, words="没有说依据"))["id"]
    (mine,) = await desk.seen(city, helper, desk.MINE)
    assert mine["disclosed"]
    await city.sql("UPDATE app.reader SET until = app.clock() WHERE subject = :q AND person = :me", **named)
    (mine,) = await desk.seen(city, helper, desk.MINE)
    assert (mine["state"], mine["words"], mine["disclosed"]) == ("WAITING", "没有说依据", None)
    assert (await city.one(helper, desk.SHOWN, id=id))["disclosed"] is None
    async with house(city) as client:
        copy = (await copied(city, client, helper)).said()
    assert "没有说依据" in copy
    assert "可以要求支付工资" not in copy
    assert (await desk.take(city, moderator, id))["disclosed"]


async def test_a_copy_has_all_that_was_decided_about_her(city: City) -> None:
    asker, lawyer, moderator = await city.resident(), await city.lawyer(), await city.person(Role.MODERATOR)
    _, answer = await desk.answered(city, asker, lawyer, BODY)
    id = (await desk.report(city, asker, answer))["id"]
    await desk.take(city, moderator, id)
    assert (await desk.decide(city, moderator, id, "WARNING", ground="情节严重，提醒不足以纠正"))["state"] == "MEASURE"
    async with house(city) as client:
        assert "情节严重，提醒不足以纠正" in (await copied(city, client, lawyer)).said()


async def test_who_taps_twice_has_it_once_and_is_not_told_that_another_has(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    moderator, supervisor = await city.person(Role.MODERATOR), await city.person(Role.SUPERVISOR)
    _, answer = await desk.answered(city, asker, lawyer, BODY)
    id = (await desk.report(city, asker, answer))["id"]
    gone = await asyncio.gather(*(desk.act(city, asker, "withdrawReport", reportId=id) for _ in range(8)))
    assert [one.get("state") for one in gone] == ["WITHDRAWN"] * 8
    id = (await desk.report(city, asker, answer))["id"]
    taken = await asyncio.gather(*(desk.take(city, moderator, id) for _ in range(8)))
    assert [one.get("state") for one in taken] == ["TAKEN"] * 8
    await desk.decide(city, moderator, id, "REMINDER")
    (measure,) = await desk.seen(city, lawyer, desk.MEASURES)
    await desk.on_measure(city, lawyer, "appealMeasure", measure["id"], text="我写明了依据，请重新审查")
    judged = await asyncio.gather(
        *(desk.on_measure(city, supervisor, "takeMeasureAppeal", measure["id"]) for _ in range(8))
    )
    assert [one["__typename"] for one in judged] == ["Measure"] * 8
