"""Whom a measure is about appeals once, and a supervisor who had no hand in it decides."""

import asyncio
from datetime import timedelta

import pytest

from app.core.access import Role, Viewer
from app.core.retention import RoundDue
from app.graph.ids import uuid_of
from tests.activities.hall import told
from tests.city import City, codes
from tests.moderation import desk
from tests.oversight.office import happens
from tests.vault.scene import attempt

pytestmark = pytest.mark.anyio

RESOLVE = "mutation ($id: ID!) { resolveQuestion(input: {questionId: $id}) { __typename } }"
ERASE = "mutation ($i: EraseQuestionInput!) { eraseQuestion(input: $i) { __typename } }"
BODY = "老板拖欠我三个月工资，电话打不通，该怎么办？"


async def test_an_appeal_is_decided_by_another_and_what_is_lifted_counts_no_more(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    moderator = await city.person(Role.MODERATOR, Role.SUPERVISOR)
    supervisor, other = [await city.person(Role.SUPERVISOR) for _ in range(2)]
    _, answer = await desk.answered(city, asker, lawyer, BODY)
    report = (await desk.report(city, asker, answer))["id"]
    await desk.take(city, moderator, report)
    await desk.decide(city, moderator, report, "REMINDER")
    (measure,) = await desk.seen(city, lawyer, desk.MEASURES)
    id = measure["id"]
    for who in (asker, supervisor):
        assert codes(await desk.on_measure(city, who, "appealMeasure", id, text="不是这样的")) == ["NOT_FOUND"]
        assert (await city.one(who, "query ($id: ID!) { node(id: $id) { id } }", id=id)) is None
    assert codes(await desk.on_measure(city, supervisor, "takeMeasureAppeal", id)) == ["NOT_FOUND"]
    assert codes(await desk.on_measure(city, lawyer, "appealMeasure", id, text="短")) == ["TOO_SHORT"]
    made = await asyncio.gather(
        *(desk.on_measure(city, lawyer, "appealMeasure", id, text="我写明了依据，请重新审查") for _ in range(10))
    )
    assert [code for one in made for code in codes(one)] == ["APPEAL_OVER"] * 9
    await city.settle()
    assert await told(city, supervisor) == ["MEASURE_APPEALED"]
    # Who took the measure does not judge it; the others see that there is an appeal, and no word of it.
    assert await desk.seen(city, moderator, desk.APPEALS) == []
    assert "MEASURE_APPEALED" not in await told(city, moderator)
    assert codes(await desk.on_measure(city, moderator, "takeMeasureAppeal", id)) == ["NOT_FOUND"]
    (waits,) = await desk.seen(city, supervisor, desk.APPEALS)
    assert (waits["kind"], waits["explanation"], waits["appeal"], waits["aboutId"], waits["disclosed"]) == (
        "REMINDER",
        None,
        None,
        None,
        None,
    )
    taken = await asyncio.gather(
        *(desk.on_measure(city, who, "takeMeasureAppeal", id) for who in (supervisor, other) * 10)
    )
    ((judge,),) = await city.sql("SELECT judge FROM app.measure")
    holds, lost = (supervisor, other) if judge == supervisor.id else (other, supervisor)
    assert {code for one in taken for code in codes(one)} <= {"APPEAL_TAKEN", "NOT_FOUND"}
    assert await desk.seen(city, lost, desk.APPEALS) == []
    (read,) = await desk.seen(city, holds, desk.APPEALS)
    assert (read["explanation"], read["appeal"], len(read["disclosed"])) == (
        "解答未说明依据",
        "我写明了依据，请重新审查",
        1,
    )
    # A lease ends; what was disclosed is kept for as long as the appeal runs.
    await city.pass_time(timedelta(hours=24))
    assert codes(await desk.on_measure(city, holds, "decideMeasureAppeal", id, lift=True, reasons="依据不足的")) == [
        "APPEAL_NOT_TAKEN"
    ]
    await city.pass_time(timedelta(days=60))
    await happens(city, RoundDue(what="report"))
    assert (await told(city, lost)).count("MEASURE_APPEALED") == 2
    assert (await desk.on_measure(city, lost, "takeMeasureAppeal", id))["disclosed"]
    done = await desk.on_measure(city, lost, "decideMeasureAppeal", id, lift=True, reasons="依据不足，应予撤销")
    assert (done["explanation"], done["disclosed"]) == (None, None)
    await city.settle()
    (mine,) = await desk.seen(city, lawyer, desk.OWN)
    assert (mine["lifted"], mine["answer"], mine["disclosed"]) == (True, "依据不足，应予撤销", None)
    assert "MEASURE_JUDGED" in await told(city, lawyer)
    assert codes(await desk.on_measure(city, lost, "decideMeasureAppeal", id, lift=False, reasons="维持原决定")) == [
        "APPEAL_OVER"
    ]
    # The ladder begins anew.
    again = (await desk.report(city, asker, answer))["id"]
    assert (await desk.take(city, moderator, again))["earlierMeasures"] == []
    await desk.decide(city, moderator, again, "REMINDER")
    await city.pass_time(timedelta(days=20))
    late = (await desk.seen(city, lawyer, desk.MEASURES))[0]["id"]
    assert codes(await desk.on_measure(city, lawyer, "appealMeasure", late, text="我写明了依据")) == ["APPEAL_OVER"]
    await city.pass_time(timedelta(days=31))
    await happens(city, RoundDue(what="report"))
    kept = await city.sql("SELECT id FROM app.report WHERE content <> ''")
    assert uuid_of(report, "Report") not in {one for (one,) in kept}


async def insulted(city: City, asker: Viewer, moderator: Viewer) -> tuple[str, str]:
    """(question, measure): a measure about an asker, against which she appeals."""
    lawyer = await city.lawyer()
    question, _ = await desk.answered(city, asker, lawyer, BODY)
    follow_up = await desk.asks_back(city, asker, question, "你们都是骗子，快回答我")
    report = (await desk.report(city, lawyer, follow_up, reason="INSULT_OR_ILLEGAL"))["id"]
    await desk.take(city, moderator, report)
    assert (await desk.decide(city, moderator, report, "REMINDER"))["state"] == "MEASURE"
    (measure,) = await desk.seen(city, asker, desk.MEASURES)
    said = await desk.on_measure(city, asker, "appealMeasure", measure["id"], text="我没有骂人，请撤销")
    assert said["__typename"] == "Measure"
    return question, measure["id"]


async def test_nobody_decides_her_own_appeal_even_where_nobody_knows_any_more_what_it_was_about(city: City) -> None:
    asker, moderator = await city.person(Role.SUPERVISOR), await city.person(Role.MODERATOR)
    question, id = await insulted(city, asker, moderator)
    await city.one(asker, RESOLVE, id=question)
    erased = await city.one(asker, ERASE, i={"questionId": question, "idempotencyKey": "what-she-asked"})
    assert erased["__typename"] == "Erasure"
    await city.settle()
    assert "MEASURE_APPEALED" not in await told(city, asker)
    assert await desk.seen(city, asker, desk.APPEALS) == []
    assert codes(await desk.on_measure(city, asker, "takeMeasureAppeal", id)) == ["NOT_FOUND"]
    takes = "UPDATE app.measure SET judge = :me, judge_until = app.clock() + interval '24 hours'"
    assert await attempt(city.db, asker.id, takes, me=asker.id) == "rows=0"
    other = await city.person(Role.SUPERVISOR)
    assert (await desk.on_measure(city, other, "takeMeasureAppeal", id))["appeal"] == "我没有骂人，请撤销"


async def test_the_appeal_of_who_has_left_is_on_no_desk(city: City) -> None:
    asker, moderator, supervisor = (
        await city.resident(),
        await city.person(Role.MODERATOR),
        await city.person(Role.SUPERVISOR),
    )
    _, id = await insulted(city, asker, moderator)
    await city.settle()
    assert (await desk.on_measure(city, supervisor, "takeMeasureAppeal", id))["appeal"]
    await city.one(asker, "mutation { closeAccount(input: {understood: true}) { __typename } }")
    await city.settle()
    assert await desk.seen(city, supervisor, desk.APPEALS) == []
    assert codes(await desk.on_measure(city, supervisor, "takeMeasureAppeal", id)) == ["NOT_FOUND"]
    for _ in range(12):
        await city.pass_time(timedelta(days=1))
    assert (await told(city, supervisor)).count("MEASURE_APPEALED") == 1


async def test_an_appeal_that_nobody_can_decide_waits_for_who_will(city: City) -> None:
    asker, moderator = await city.resident(), await city.person(Role.MODERATOR, Role.SUPERVISOR)
    await insulted(city, asker, moderator)
    for _ in range(11):
        await city.pass_time(timedelta(days=1))
    supervisor = await city.person(Role.SUPERVISOR)
    await city.pass_time(timedelta(days=1))
    assert "MEASURE_APPEALED" in await told(city, supervisor)
    assert "MEASURE_APPEALED" not in await told(city, moderator)


async def test_who_turns_out_to_be_the_other_side_has_it_no_more(city: City) -> None:
    asker, moderator, supervisor = [await city.person(*roles) for roles in ((), (Role.MODERATOR,), (Role.SUPERVISOR,))]
    _, id = await insulted(city, asker, moderator)
    assert (await desk.on_measure(city, supervisor, "takeMeasureAppeal", id))["__typename"] == "Measure"
    (report,) = await city.sql("UPDATE app.report SET state = 'TAKEN', taker = :me RETURNING id", me=supervisor.id)
    await city.sql("INSERT INTO app.identity VALUES ('sms', '\\x01', :me, '\\x01', now())", me=asker.id)
    await city.sql("UPDATE app.identity SET person = :me", me=supervisor.id)
    assert await city.sql("SELECT person, judge FROM app.measure") == [(supervisor.id, None)]
    assert await city.sql("SELECT id, state, taker FROM app.report") == [(report.id, "WAITING", None)]
