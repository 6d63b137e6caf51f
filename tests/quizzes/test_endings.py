"""How a quiz ends: what was not honest does not count, who passed is told, a year later nobody's attempts remain."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Role
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.activities.hall import CHANGE, content, draft, move, seen
from tests.city import City, codes
from tests.directory.desk import enter_institution
from tests.quizzes.bank import approved, does
from tests.quizzes.taking import open_quiz, recount, set_up
from tests.quizzes.test_certificates import orders
from tests.quizzes.winning import FIRST, my_prize, prizes, told, void
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio
ATTEMPTS = (
    "query ($id: ID!) { myAttempts(activityId: $id) { nodes { id state voidedFor score certificate { standing } } } }"
)
PLACE = "query ($id: ID!) { myLeaderboardPlace(activityId: $id) { place alias score } }"


async def test_what_was_not_honest_is_voided_and_a_year_later_nobodys_attempts_remain(city: City) -> None:
    bureau = await enter_institution(city, await city.person(Role.EDITOR), name="示例法律援助中心")
    quiz = await open_quiz(city, institution=bureau["id"], passMark=3, attempts=2, prizes=[FIRST])
    cheat, honest, kept, held = people = [await city.resident() for _ in range(4)]
    await quiz.takes(cheat, 2, 30)
    for who, right, seconds in ((cheat, 4, 1), (honest, 4, 60), (kept, 3, 50), (held, 3, 70)):
        await quiz.takes(who, right, seconds)
    first = (await quiz.board())["entries"][0]
    hers = await city.one(cheat, PLACE, id=quiz.id)
    assert (hers["place"], hers["alias"]) == (1, first["alias"])
    await city.pass_time(timedelta(days=2))
    await city.pass_time(60)
    assert [await told(city, who) for who in people] == [["CERTIFICATE_READY", "PRIZE_WON"]] + [
        ["CERTIFICATE_READY"]
    ] * 3
    (_, best) = reversed((await city.one(cheat, ATTEMPTS, id=quiz.id))["nodes"])
    assert (await orders(quiz, cheat, best["id"]))["certificate"]["standing"] == "VALID"
    await city.settle()

    # By an editor or supervisor, with a reason, of what stands there as she read it.
    alias, id = first["alias"], quiz.id
    for other, refused in (
        (void(city, quiz.editor, id, alias, 2), "NOT_ON_BOARD"),
        (void(city, quiz.editor, id, "无人使用12345", 1), "NOT_ON_BOARD"),
        (void(city, quiz.editor, id, alias, 1, reason="不"), "TOO_SHORT"),
        (void(city, quiz.editor, id, "a\x00b", 1), "BAD_TEXT"),
        (void(city, quiz.editor, global_id("Activity", new_id()), alias, 1), "NOT_FOUND"),
    ):
        assert codes(await other) == [refused]
    done = await asyncio.gather(*[void(city, (quiz.editor, quiz.second)[n % 2], id, alias, 1) for n in range(50)])
    assert Counter(tuple(codes(one)) for one in done) == {(): 1, ("NOT_ON_BOARD",): 49}
    await city.settle()
    board = next(one for one in done if one["__typename"] == "Leaderboard")["entries"]
    assert [one["score"] for one in board] == [4, 3, 3, 2]  # what remains to her counts
    assert board[-1]["alias"] == alias
    attempts = (await city.one(cheat, ATTEMPTS, id=quiz.id))["nodes"]
    assert [(one["state"], one["voidedFor"]) for one in attempts] == [
        ("VOIDED", "多人共用一份答案，经核实作废。"),
        ("SUBMITTED", None),
    ]
    assert attempts[0]["certificate"]["standing"] == "WITHDRAWN"
    assert codes(await orders(quiz, cheat, attempts[1]["id"])) == ["NO_CERTIFICATE"]
    assert (await my_prize(quiz, cheat))["state"] == "LAPSED"
    assert await prizes(city, quiz) == [("民法典一套", 1, 0)]
    assert "ATTEMPT_VOIDED" in await told(city, cheat)
    step = (await seen(city, quiz.second, id))["steps"][-1]
    assert (step["state"], step["reason"]) == ("ANNOUNCED", "多人共用一份答案，经核实作废。")
    await recount(city, quiz)
    assert codes(await quiz.start(cheat)) == ["QUIZ_NOT_OPEN"]

    # Nobody voids her own, and no resident anybody's.
    round = uuid_of(id, "Activity")
    await city.sql("UPDATE app.quiz_entrant SET person = :me WHERE score = 2", me=quiz.editor.id)
    assert codes(await void(city, quiz.editor, id, alias, 4)) == ["OWN_ATTEMPT"]
    await city.sql("UPDATE app.quiz_entrant SET person = :me WHERE score = 2", me=cheat.id)
    said = "SELECT 1 FROM door.void_attempt(:round, :alias, 1, '不喜欢')"
    assert await attempt(city.db, honest.id, said, round=round, alias=board[0]["alias"]) == "rows=0"
    assert await attempt(city.db, honest.id, "SELECT door.forget_attempts(:round)", round=round) == DENIED
    assert await attempt(city.db, honest.id, "UPDATE app.quiz_attempt SET reason = ''") == DENIED

    # A year after it went into the archive: but for what has a certificate, and what a hold keeps while it lasts.
    (mine,) = (await city.one(kept, ATTEMPTS, id=id))["nodes"]
    assert not codes(await orders(quiz, kept, mine["id"]))
    await city.sql(
        "INSERT INTO app.legal_hold (id, subject, why, document, placed_by, placed_at)"
        " VALUES (gen_random_uuid(), :them, '保全', '2026-2', '法制科', app.clock())",
        them=held.id,
    )
    await city.pass_time(timedelta(days=31))

    async def remain() -> list[int]:
        return [len((await city.one(who, ATTEMPTS, id=id))["nodes"]) for who in people]

    await city.pass_time(timedelta(days=364))
    assert await remain() == [2, 1, 1, 1]
    await city.pass_time(timedelta(days=2))
    assert await remain() == [1, 0, 1, 1]  # hers that was withdrawn is a certificate still
    assert [one["score"] for one in (await quiz.board())["entries"]] == [3]  # who is held
    await city.sql("UPDATE app.legal_hold SET lifted_at = app.clock()")
    await city.pass_time(timedelta(days=31))
    assert await remain() == [1, 0, 1, 0]
    assert (await quiz.board())["entries"] == []
    ((nobodys, answers),) = await city.sql(
        "SELECT (SELECT count(*) FROM app.quiz_attempt WHERE person IS NULL), (SELECT count(*) FROM app.quiz_answer)"
    )
    assert (nobodys, answers) == (3, 20)


async def test_none_is_handed_in_without_a_round(city: City) -> None:
    quiz = await open_quiz(city)
    bank: list[Any] = [global_id("QuizQuestion", row.id) for row in await city.sql("SELECT id FROM app.quiz_question")]
    made = await draft(city, quiz.editor, "QUIZ")
    assert codes(await move(city, quiz.editor, made["id"], "SUBMIT")) == ["ACTIVITY_NOT_READY"]
    handed = "UPDATE app.activity SET state = 'IN_REVIEW', changed_by = :me, changed_at = app.clock() WHERE id = :id"
    assert (
        await attempt(city.db, quiz.editor.id, handed, me=quiz.editor.id, id=uuid_of(made["id"], "Activity")) == DENIED
    )
    assert not codes(await set_up(city, quiz.editor, made["id"], bank))
    assert not codes(await move(city, quiz.editor, made["id"], "SUBMIT"))


async def test_who_set_it_up_does_not_pass_it_and_nobody_passes_what_she_did_not_see(city: City) -> None:
    writer, setter = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    second = await city.person(Role.SUPERVISOR)
    bank = await approved(city, writer, setter, 6)
    id = (await draft(city, writer, "QUIZ"))["id"]
    twice = [await set_up(city, setter, id, bank, prizes=[FIRST]) for _ in "ab"]
    assert [one["quiz"]["version"] for one in twice] == [1, 1]  # the answer may have been lost on its way
    assert not codes(await move(city, writer, id, "SUBMIT"))
    assert codes(await move(city, setter, id, "PASS")) == ["SECOND_PERSON"]
    # It goes back, is set up otherwise, and is handed in anew: what was read before is not what would be passed.
    assert not codes(await move(city, writer, id, "RETURN", reason="奖品数量有误"))
    assert not codes(await set_up(city, setter, id, bank, 1, prizes=[FIRST | {"stock": 9}]))
    assert codes(await move(city, writer, id, "SUBMIT")) == ["ACTIVITY_CHANGED"]
    assert not codes(await move(city, writer, id, "SUBMIT", 2))
    assert codes(await move(city, second, id, "PASS")) == ["ACTIVITY_CHANGED"]
    assert (await move(city, second, id, "PASS", 2))["state"] == "SCHEDULED"


async def test_none_promises_certificates_that_nobody_gives(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    bureau = await enter_institution(city, editor, name="示例法律援助中心")
    bank = await approved(city, editor, second, 6)
    made = await draft(city, editor, "QUIZ", institutionId=bureau["id"])
    assert not codes(await set_up(city, editor, made["id"], bank, passMark=3))
    without = content(await city.now(), place="", beginsAt=None, endsAt=None, places=None)
    said = {"activityId": made["id"], "version": 1, "content": without}
    assert not codes(await city.one(editor, CHANGE, input=said))
    assert codes(await move(city, editor, made["id"], "SUBMIT", 2)) == ["ACTIVITY_NOT_READY"]


async def test_two_accounts_become_one_when_both_keep_a_certificate(city: City) -> None:
    bureau = await enter_institution(city, await city.person(Role.EDITOR), name="示例法律援助中心")
    quiz = await open_quiz(city, institution=bureau["id"], passMark=3, reveals="ATTEMPT")
    wechat, phone = await city.resident(), await city.resident()
    for who in (wechat, phone):
        made = await quiz.takes(who, 4)
        assert not codes(await orders(quiz, who, made["id"]))
    for days in (2, 31, 366):
        await city.pass_time(timedelta(days=days))
        await city.pass_time(60)
    assert await city.sql("SELECT 1 FROM app.quiz_entrant") == []
    await city.sql("INSERT INTO app.identity VALUES ('wechat', '\\x01', :me, '', now())", me=wechat.id)
    await city.sql("UPDATE app.identity SET person = :into WHERE person = :me", me=wechat.id, into=phone.id)
    assert len((await city.one(phone, ATTEMPTS, id=quiz.id))["nodes"]) == 1


async def test_what_is_retired_is_drawn_no_more_in_a_quiz_that_is_open(city: City) -> None:
    quiz = await open_quiz(city, questions=6)
    rows = await city.sql("SELECT id, stem FROM app.quiz_question ORDER BY stem")
    wrong = {row.stem for row in rows[:2]}
    for row in rows[:2]:
        said = {"questionId": global_id("QuizQuestion", row.id)}
        assert (await does(city, quiz.second, "retireQuizQuestion", **said))["state"] == "RETIRED"
    for _ in range(6):  # four of six would be without both once in fifteen times
        begun = await quiz.start(await city.resident())
        assert wrong.isdisjoint(item["stem"] for item in begun["items"])
    # It can be taken still where too few are left.
    said = {"questionId": global_id("QuizQuestion", rows[2].id)}
    assert (await does(city, quiz.second, "retireQuizQuestion", **said))["state"] == "RETIRED"
    assert len((await quiz.start(await city.resident()))["items"]) == 4
