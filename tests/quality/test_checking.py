"""A consultation whose asker agreed is drawn, read without names, marked, and its lawyers read what was made of it."""

import asyncio
from typing import Any

import pytest

from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.city import City, codes
from tests.quality.panel import (
    DAY,
    GOOD,
    MARKS,
    act,
    agreeing,
    checks,
    complete,
    drawn,
    night,
    policy,
    reviewer,
    say,
    settled,
    told,
)

pytestmark = pytest.mark.anyio

BODY = "老板王建国拖欠我三个月工资，他电话是13912345678，我身份证号410881199001011234，怎么要回来"
ACCESSES = "query ($id: ID!) { question(id: $id) { accesses { basis lawyer { id } file { id } } } }"


async def test_the_whole_way(city: City) -> None:
    asker, one, two = await agreeing(city), await city.lawyer(), await city.lawyer()
    checker = await reviewer(city)
    question = await settled(city, asker, [one, two], BODY)
    await night(city)
    assert await told(city, checker) == ["QUALITY_CHECK_GIVEN"]
    (check,) = await checks(city, checker)
    assert check["state"] == "OPEN"
    assert check["marks"] == []
    reading = check["reading"]
    assert reading["body"] == "老板王建国拖欠我三个月工资，他电话是〔电话〕，我身份证号〔证件号码〕，怎么要回来"
    assert reading["category"] == {"code": "labour.wages"}
    assert reading["transcript"] is None
    assert [answer["letter"] for answer in reading["answers"]] == ["A", "B"]
    assert all(answer["content"]["basis"] == [{"law": "劳动合同法"}] for answer in reading["answers"])
    seen = (await city.one(asker, ACCESSES, id=question))["accesses"]
    who = {"id": global_id("Lawyer", checker.id)}
    assert [each for each in seen if each["basis"] == "quality_check"] == [
        {"basis": "quality_check", "lawyer": who, "file": None}
    ]

    wrong = {"conclusion": "NO", "harm": True, "deadlines": False, "note": "仲裁时效算错了。"}
    key = str(new_id())
    done = await complete(city, checker, check, key, B=wrong)
    assert done["state"] == "DONE"
    assert done["doneAt"]
    assert await complete(city, checker, check, key, B=wrong) == done, "the same key again is the same"
    assert codes(await complete(city, checker, check)) == ["CHECK_OVER"]
    await city.settle()
    (check,) = await checks(city, checker)
    assert check["reading"] is None
    assert [(mark["conclusion"], mark["note"], mark["answer"]) for mark in check["marks"]] == [
        ("YES", None, None),
        ("NO", "仲裁时效算错了。", None),
    ]
    assert [await told(city, lawyer) for lawyer in (one, two)].count([]) == 0
    assert "ANSWER_DOUBTED" in await told(city, asker)

    answers = {row.lawyer: global_id("Answer", row.id) for row in await city.sql("SELECT id, lawyer FROM app.answer")}
    found = {lawyer.id: (await city.one(lawyer, MARKS))["nodes"] for lawyer in (one, two)}
    for lawyer, marks in found.items():
        (mark,) = marks
        assert mark["answer"] == {"id": answers[lawyer]}, "each sees her own alone"
    ((doubted, (mark,)),) = [(id, marks) for id, marks in found.items() if marks[0]["conclusion"] == "NO"]
    assert mark["note"] == "仲裁时效算错了。"
    assert mark["harm"]
    assert mark["deadlines"] is False
    owner = one if doubted == one.id else two
    said = {"markId": mark["id"], "text": "时效因催讨而中断，见附件。", "idempotencyKey": str(new_id())}
    replied = await act(city, owner, "replyToQualityMark", **said)
    assert replied["reply"] == said["text"]
    assert await act(city, owner, "replyToQualityMark", **said) == replied
    again = said | {"idempotencyKey": str(new_id())}
    assert codes(await act(city, owner, "replyToQualityMark", **again)) == ["REPLIED_ALREADY"]
    other = two if owner is one else one
    for stranger in (other, checker):
        refused = await act(city, stranger, "replyToQualityMark", **again | {"idempotencyKey": str(new_id())})
        assert codes(refused) == ["NOT_FOUND"], "nobody else replies"
    ((told_, replies),) = [(c, c["marks"]) for c in await checks(city, checker)]
    assert [one["reply"] for one in replies] == [None, said["text"]], told_
    node = "query ($id: ID!) { node(id: $id) { __typename } }"
    for stranger in (other, asker):
        assert await city.one(stranger, node, id=mark["id"]) is None
        assert await city.one(stranger, node, id=check["id"]) is None


async def test_a_consent_taken_back_ends_the_reading_in_that_instant(city: City) -> None:
    asker, lawyer, checker = await agreeing(city), await city.lawyer(), await reviewer(city)
    await settled(city, asker, [lawyer])
    await night(city)
    (check,) = await checks(city, checker)
    assert check["reading"]
    await say(city, asker, False)
    (after,) = await checks(city, checker)
    assert after["reading"] is None, "before anybody has heard of it"
    assert codes(await complete(city, checker, check)) == ["CHECK_OVER"]
    await city.settle()
    assert await checks(city, checker) == []
    await say(city, asker, True)
    assert [(row.state, row.reviewer) for row in await drawn(city)] == [("ENDED", None)]
    await night(city)
    assert len(await drawn(city)) == 1, "what was ended is not drawn again"


async def test_what_is_erased_takes_the_words_of_its_marks_along(city: City) -> None:
    asker, lawyer, checker = await agreeing(city), await city.lawyer(), await reviewer(city)
    question = await settled(city, asker, [lawyer])
    await night(city)
    (check,) = await checks(city, checker)
    assert (await complete(city, checker, check, A={"note": "写得很清楚。"}))["state"] == "DONE"
    (mark,) = (await city.one(lawyer, MARKS))["nodes"]
    said = {"markId": mark["id"], "text": "谢谢。", "idempotencyKey": str(new_id())}
    assert not codes(await act(city, lawyer, "replyToQualityMark", **said))
    erase = """mutation ($id: ID!) { eraseQuestion(input: {questionId: $id, idempotencyKey: "erase-this"}) {
      __typename } }"""
    assert (await city.one(asker, erase, id=question))["__typename"] == "Erasure"
    (mark,) = (await city.one(lawyer, MARKS))["nodes"]
    assert (mark["note"], mark["reply"], mark["answer"]) == (None, None, None)
    assert mark["conclusion"] == "YES", "that it was marked stays"
    keys = "SELECT 1 FROM app.key WHERE subject = :id"
    assert await city.sql(keys, id=uuid_of(mark["id"], "QualityMark")) == []


async def test_her_time_runs_out_and_another_gets_it_until_nobody_is_left(city: City) -> None:
    asker, lawyer = await agreeing(city), await city.lawyer()
    first = await reviewer(city)
    await city.turn_seconds(1)
    second = await reviewer(city)
    await settled(city, asker, [lawyer])
    await night(city)
    (check,) = await checks(city, first)
    assert await checks(city, second) == []
    await city.turn(9 * DAY)
    (late,) = await checks(city, first)
    assert late["reading"] is None, "it ends by the clock, before the house has passed it on"
    assert codes(await complete(city, first, check)) == ["CHECK_OVER"]
    await city.settle()
    assert await checks(city, first) == []
    (check,) = await checks(city, second)
    assert check["reading"]
    assert await told(city, second) == ["QUALITY_CHECK_GIVEN"]
    passed = await act(city, second, "passQualityCheck", checkId=check["id"])
    assert passed["__typename"] == "QualityCheck"
    assert (await checks(city, second))[0]["reading"] is None
    await city.settle()
    assert await checks(city, second) == []
    assert codes(await act(city, second, "passQualityCheck", checkId=check["id"])) == ["NOT_FOUND"]
    assert [(row.state, row.had) for row in await drawn(city)] == [("ENDED", [first.id, second.id])]


async def test_fifty_marks_at_once_are_one(city: City) -> None:
    asker, lawyer, checker = await agreeing(city), await city.lawyer(), await reviewer(city)
    await settled(city, asker, [lawyer])
    await night(city)
    (check,) = await checks(city, checker)
    made = await asyncio.gather(*(complete(city, checker, check) for _ in range(50)))
    assert sorted(codes(one) for one in made) == [[], *[["CHECK_OVER"]] * 49]
    assert len(await city.sql("SELECT 1 FROM app.quality_mark")) == 1


@pytest.mark.parametrize(
    ("marks", "code"),
    [
        ([], "MARK_EACH"),
        ([GOOD | {"letter": "B"}], "MARK_EACH"),
        ([GOOD | {"letter": "A"}] * 2, "MARK_EACH"),
        ([GOOD | {"letter": "A", "harm": True}], "BAD_VALUE"),
        ([GOOD | {"letter": "A", "note": ""}], "BLANK"),
        ([GOOD | {"letter": "A", "note": "好" * 501}], "TOO_LONG"),
        ([GOOD | {"letter": "A", "note": "好\x00"}], "BAD_TEXT"),
        ([GOOD | {"letter": "A", "note": "请加我微信：lawyer8888，电话13912345678"}], "CONTACT_DETAILS"),
    ],
)
async def test_what_is_no_mark_is_refused(city: City, marks: list[Any], code: str) -> None:
    asker, lawyer, checker = await agreeing(city), await city.lawyer(), await reviewer(city)
    await settled(city, asker, [lawyer])
    await night(city)
    (check,) = await checks(city, checker)
    said = {"checkId": check["id"], "marks": marks, "idempotencyKey": str(new_id())}
    assert codes(await act(city, checker, "completeQualityCheck", **said)) == [code]
    (check,) = await checks(city, checker)
    assert check["state"] == "OPEN"


async def test_what_is_said_later_is_not_shown_and_a_question_taken_up_again_ends_it(city: City) -> None:
    asker, lawyer, checker = await agreeing(city), await city.lawyer(), await reviewer(city)
    question = await settled(city, asker, [lawyer])
    await night(city)
    (check,) = await checks(city, checker)
    ask = """mutation ($id: ID!) { askFollowUp(input: {questionId: $id, body: "公司注销了怎么办",
      idempotencyKey: "follow-up-1"}) { __typename } }"""
    assert (await city.one(asker, ask, id=question))["__typename"] == "FollowUp"
    (after,) = await checks(city, checker)
    assert check["reading"]
    assert after["reading"] is None
    await city.settle()
    assert await checks(city, checker) == []


async def test_a_page_of_checks_takes_as_many_statements_however_long_it_is(city: City) -> None:
    lawyer, checker = await city.lawyer(), await reviewer(city)
    await policy(city)
    counts = []
    for many in (1, 2):
        for _ in range(many):
            await settled(city, await agreeing(city), [lawyer])
        await night(city)
        with city.statements() as sent:
            assert all(one["reading"] for one in await checks(city, checker))
        counts.append(len(sent))
    assert len(await drawn(city)) == 3
    assert counts[0] == counts[1]
