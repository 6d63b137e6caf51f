"""What was promised of a check to the asker and to the lawyers holds also where something happens at the same time."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.core.access import Role
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.graph.ids import global_id, uuid_of
from app.quality.actions import marking
from app.quality.actions.marking import Marked
from app.quality.models import Soundness
from app.quality.rules import Mark
from tests.accounts.hall import reinstate, suspend
from tests.city import City, codes
from tests.consultation.test_practice import correct
from tests.quality.panel import FIGURES, MARKS, act, agreeing, checks, complete, drawn, night, reviewer, say, settled

pytestmark = pytest.mark.anyio

ERASE = "mutation ($i: EraseQuestionInput!) { eraseQuestion(input: $i) { __typename } }"
CLOSE = "mutation { closeAccount(input: {understood: true}) { __typename } }"


async def test_no_lawyer_is_named_to_who_checks(city: City) -> None:
    asker, lawyer, checker = await agreeing(city), await city.lawyer(name="欧阳文心"), await reviewer(city)
    id = await city.asked(asker, "欧阳文心律师以前帮过我，老板拖欠我三个月工资怎么办")
    await city.settle()
    seat = await city.claim(lawyer)
    said = {"text": "您好，我是欧阳文心。" + "用人单位拖欠工资的，可以先向劳动监察部门投诉，再申请劳动仲裁。" * 3}
    assert (await city.answer(lawyer, seat["id"], **said))["__typename"] == "Answer"
    await city.one(asker, "mutation ($id: ID!) { resolveQuestion(input: {questionId: $id}) { __typename } }", id=id)
    await night(city)
    (check,) = await checks(city, checker)
    assert check["reading"]["body"] == "某律师律师以前帮过我，老板拖欠我三个月工资怎么办"
    assert check["reading"]["answers"][0]["content"]["text"].startswith("您好，我是某律师。")
    assert not codes(await complete(city, checker, check))


async def test_what_was_asked_as_a_secret_is_not_drawn_under_another_name(city: City) -> None:
    asker, lawyer, _ = await agreeing(city), await city.lawyer("injury"), await reviewer(city)
    await say(city, asker, True, "SENSITIVE")
    id = await city.asked(asker, categoryId=global_id("Category", "injury.traffic"))
    await city.settle()
    assert (await city.answer(lawyer, (await city.claim(lawyer))["id"]))["__typename"] == "Answer"
    assert not codes(await correct(city, lawyer, id, "labour.wages"))
    await city.one(asker, "mutation ($id: ID!) { resolveQuestion(input: {questionId: $id}) { __typename } }", id=id)
    await night(city)
    assert await drawn(city) == []


async def test_what_turns_out_to_be_a_secret_is_read_no_more(city: City) -> None:
    asker, lawyer, checker = await agreeing(city), await city.lawyer(), await reviewer(city)
    id = await settled(city, asker, [lawyer])
    await night(city)
    (check,) = await checks(city, checker)
    assert not codes(await correct(city, lawyer, id, "labour.injury"))
    (after,) = await checks(city, checker)
    assert after["reading"] is None
    assert codes(await complete(city, checker, check)) == ["CHECK_OVER"]
    await city.settle()
    assert [(row.state, row.reviewer) for row in await drawn(city)] == [("ENDED", None)]


async def test_what_is_being_noted_while_the_question_is_erased_follows_it(city: City) -> None:
    asker, lawyer, checker = await agreeing(city), await city.lawyer(), await reviewer(city)
    id = await settled(city, asker, [lawyer])
    await night(city)
    (check,) = await checks(city, checker)
    mark = Mark(
        letter="A", conclusion=Soundness.YES, law=True, steps=True, plain=True, deadlines=None, harm=False, note="清楚"
    )
    said = Marked(check=uuid_of(check["id"], "QualityCheck"), marks=[mark])
    async with city.db.acting(checker) as session:
        await marking.complete(session, checker, city.doors[KeyProvider], said, str(new_id()))
        erased = await city.one(asker, ERASE, i={"questionId": id, "idempotencyKey": str(new_id())})
        assert erased["__typename"] == "Erasure"
    for _ in range(2):
        await city.pass_time(timedelta(minutes=1))
    assert await city.sql("SELECT note FROM app.quality_mark") == [(None,)]
    assert await city.sql("SELECT 1 FROM app.key k JOIN app.quality_mark m ON m.id = k.subject") == []


async def test_who_leaves_takes_along_what_was_noted_about_her(city: City) -> None:
    asker, lawyer, checker = await agreeing(city), await city.lawyer(), await reviewer(city)
    await settled(city, asker, [lawyer])
    await night(city)
    (check,) = await checks(city, checker)
    assert not codes(await complete(city, checker, check, A={"note": "写得很清楚。"}))
    (mark,) = (await city.one(lawyer, MARKS))["nodes"]
    reply = {"markId": mark["id"], "text": "谢谢。", "idempotencyKey": str(new_id())}
    assert not codes(await act(city, lawyer, "replyToQualityMark", **reply))
    await city.sql("UPDATE app.lawyer SET standing = 'LEFT' WHERE id = :me", me=lawyer.id)
    assert (await city.one(lawyer, CLOSE))["__typename"] == "AccountClosing"
    await city.settle()
    assert await city.sql("SELECT conclusion, note, reply FROM app.quality_mark") == [("YES", None, None)]
    assert await city.sql("SELECT 1 FROM app.key k JOIN app.quality_mark m ON m.id = k.subject") == []


async def test_a_month_is_told_once_its_last_day_was_drawn(city: City) -> None:
    """Told before, what was drawn of its last day would be the difference."""
    last: date = (await city.today()).replace(day=1) - timedelta(days=1)
    await city.sql("INSERT INTO app.quality_day VALUES (:day, 40, 8)", day=last - timedelta(days=1))
    analyst = await city.person(Role.ANALYST)
    assert await city.one(analyst, FIGURES, month=str(last)) is None
    await city.sql("INSERT INTO app.quality_day VALUES (:day, 2, 1)", day=last)
    assert (await city.one(analyst, FIGURES, month=str(last)))["eligible"] == 42


async def test_what_a_reviewer_had_who_is_suspended_goes_to_another_at_once(city: City) -> None:
    asker, lawyer, admin = await agreeing(city), await city.lawyer(), await city.person(Role.ADMIN)
    first = await reviewer(city)
    await city.turn_seconds(1)
    second = await reviewer(city)
    await settled(city, asker, [lawyer])
    await night(city)
    assert [(row.reviewer, row.had) for row in await drawn(city)] == [(first.id, [])]
    await suspend(city, admin, first)
    await city.settle()
    assert [(row.reviewer, row.had) for row in await drawn(city)] == [(second.id, [first.id])]
    assert (await checks(city, second))[0]["reading"]


async def test_who_is_a_lawyer_again_reads_again_what_she_marked(city: City) -> None:
    asker, lawyer, checker = await agreeing(city), await city.lawyer(), await reviewer(city)
    admin = await city.person(Role.ADMIN)
    await settled(city, asker, [lawyer])
    await night(city)
    (check,) = await checks(city, checker)
    assert not codes(await complete(city, checker, check, A={"note": "写得很清楚。"}))
    await suspend(city, admin, checker)
    await reinstate(city, admin, checker)
    await city.signed_in(again := replace(checker, sign_in=new_id()))
    (check,) = await checks(city, again)
    assert [mark["note"] for mark in check["marks"]] == ["写得很清楚。"]
