"""A quiz is taken: nothing that was saved is lost, time is the house's, and nothing right is told too soon."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Role
from app.core.ids import new_id
from app.graph.ids import uuid_of
from tests.activities.hall import draft, move
from tests.city import City, codes
from tests.quizzes.bank import approved
from tests.quizzes.taking import FOLLOW, MINE, open_quiz, recount, set_up

pytestmark = pytest.mark.anyio


async def test_what_is_saved_counts_and_the_latest_stands(city: City) -> None:
    quiz, taker, other = await open_quiz(city, attempts=2), await city.resident(), await city.resident()
    # Of fifty who begin at once with one account there is one attempt, and it is the same on every device.
    begun = await asyncio.gather(*[quiz.start(taker) for _ in range(50)])
    attempt = begun[0]
    assert {one["id"] for one in begun} == {attempt["id"]}
    assert (attempt["state"], attempt["total"], attempt["number"]) == ("STARTED", 4, 1)
    assert len({item["stem"] for item in attempt["items"]}) == 4
    hidden = ("chosen", "right", "correct", "explanation", "law", "article", "sequence")
    assert {item[name] for item in attempt["items"] for name in hidden} == {None}

    first = attempt["items"][0]
    for bad, code in (([9], "BAD_CHOICE"), ([0, 0], "BAD_CHOICE"), ([-1], "BAD_CHOICE")):
        assert codes(await quiz.save(taker, attempt["id"], 1, bad)) == [code]
    assert codes(await quiz.save(taker, attempt["id"], 5, [0])) == ["BAD_VALUE"]
    assert codes(await quiz.save(other, attempt["id"], 1, [0])) == ["NOT_FOUND"]
    assert codes(await quiz.submit(other, attempt["id"])) == ["NOT_FOUND"]
    # Fifty answers on their way at once, in any order: the highest sequence stands, and each is told what stands.
    wrong, right = quiz.wrong(first), quiz.right(first)
    sent = [quiz.save(taker, attempt["id"], 1, right if n == 50 else wrong, n) for n in range(1, 51)]
    for told in await asyncio.gather(*sent):
        assert told["__typename"] == "SavedAnswer"
    late = await quiz.save(taker, attempt["id"], 1, wrong, 7)
    assert (late["sequence"], late["chosen"]) == (50, right)
    await quiz.save(taker, attempt["id"], 2, quiz.right(attempt["items"][1]))
    assert (await quiz.save(taker, attempt["id"], 2, [], 2))["chosen"] == []
    await quiz.save(taker, attempt["id"], 3, quiz.wrong(attempt["items"][2]))

    await city.turn_seconds(100)
    done = await asyncio.gather(*[quiz.submit(taker, attempt["id"]) for _ in range(10)])
    assert {(one["state"], one["score"], one["answered"]) for one in done} == {("SUBMITTED", 1, 2)}
    assert 100 <= done[0]["seconds"] < 160
    assert {item[name] for item in done[0]["items"] for name in hidden[1:-1]} == {None}  # the round is not over
    closed = await quiz.save(taker, attempt["id"], 4, [], 9)
    assert (closed["__typename"], codes(closed)) == ("AttemptClosed", ["ATTEMPT_CLOSED"])
    assert [item["chosen"] for item in closed["attempt"]["items"]][:2] == [right, []]

    assert (await quiz.takes(taker, 3))["score"] == 3
    assert codes(await quiz.start(taker)) == ["ATTEMPTS_USED"]
    await quiz.takes(other, 3, seconds=5)
    await recount(city, quiz)
    hers = await city.run(taker, MINE, id=quiz.id)
    assert (hers["myLeaderboardPlace"]["place"], hers["myLeaderboardPlace"]["score"]) == (2, 3)
    assert [one["number"] for one in hers["myAttempts"]["nodes"]] == [2, 1]
    with city.statements() as statements:
        await city.run(taker, MINE, id=quiz.id)
    assert len(statements) == 5  # round, herself, her place, her attempts, all that they ask

    # When it is over, what is right is told, and why.
    await city.pass_time(timedelta(days=2))
    await city.pass_time(60)
    ((state,),) = await city.sql("SELECT state FROM app.activity WHERE id = :id", id=uuid_of(quiz.id, "Activity"))
    assert state == "ANNOUNCED"
    told = (await quiz.submit(taker, attempt["id"]))["items"]
    assert told[0]["right"] == right
    assert [item["correct"] for item in told] == [True, False, False, False]
    assert all(item["explanation"] and item["law"] and item["article"] for item in told)
    assert codes(await quiz.start(await city.resident())) == ["QUIZ_NOT_OPEN"]


async def test_the_deadline_closes_it_whether_anybody_is_there_or_not(city: City) -> None:
    quiz, there, gone = await open_quiz(city, reveals="ATTEMPT"), await city.resident(), await city.resident()
    key = str(new_id())
    begun = [await quiz.start(who, idempotencyKey=key) for who in (there, gone)]
    for who, attempt in zip((there, gone), begun, strict=True):
        await quiz.save(who, attempt["id"], 1, quiz.right(attempt["items"][0]))
    await city.pass_time(629)
    late = await quiz.save(there, begun[0]["id"], 2, quiz.right(begun[0]["items"][1]))
    assert late["__typename"] == "SavedAnswer"  # it was on its way
    await city.turn_seconds(2)
    over = await quiz.save(there, begun[0]["id"], 3, [], 3)  # nobody has closed it yet, and yet nothing more is taken
    assert codes(over) == ["ATTEMPT_CLOSED"]
    assert await quiz.start(there, idempotencyKey=key) | {"items": []} == begun[0] | {"items": []}
    await city.settle()
    rows = await city.sql("SELECT state, score, answered, duration FROM app.quiz_attempt ORDER BY started_at")
    assert [tuple(row) for row in rows] == [("AUTO_SUBMITTED", 2, 2, 600_000), ("AUTO_SUBMITTED", 1, 1, 600_000)]
    told = await quiz.submit(there, begun[0]["id"])
    assert (told["__typename"], codes(told)) == ("AttemptClosed", ["ATTEMPT_CLOSED"])
    assert [item["correct"] for item in told["attempt"]["items"]] == [True, True, False, False]
    assert codes(await quiz.start(there)) == ["ATTEMPTS_USED"]
    assert (await quiz.start(gone, idempotencyKey=key))["state"] == "AUTO_SUBMITTED"
    await recount(city, quiz)


async def test_who_takes_part_has_agreed_and_a_childs_guardian_has(city: City) -> None:
    quiz = await open_quiz(city)
    child = await city.resident()
    await city.sql("INSERT INTO app.age_said VALUES (:me, 2, 'UNDER_14', now())", me=child.id)
    assert codes(await quiz.start(child)) == ["GUARDIAN_NEEDED"]
    silent = await city.resident()
    await city.sql("DELETE FROM app.age_said WHERE person = :me", me=silent.id)
    await city.sql("DELETE FROM app.consent WHERE person = :me", me=silent.id)
    assert codes(await quiz.start(silent)) == ["CONSENT_NEEDED", "AGE_NEEDED"]
    await city.sql(
        "INSERT INTO app.guardianship (id, minor, guardian, version, names, granted_at)"
        " VALUES (gen_random_uuid(), :minor, :guardian, 1, '', now())",
        minor=child.id,
        guardian=(await city.resident()).id,
    )
    assert (await quiz.takes(child, 4))["score"] == 4
    (best,) = (await quiz.board())["entries"]
    assert set(best) == {"place", "alias", "score", "seconds"}


async def test_it_is_set_up_in_a_draft_alone(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    bank = await approved(city, editor, second, 5)
    gathering, quiz = await draft(city, editor), await draft(city, editor, "QUIZ")

    async def sets(activity: Any, **said: Any) -> Any:
        return await set_up(city, editor, activity["id"], said.pop("bank", bank), **said)

    assert codes(await sets(gathering)) == ["NOT_A_QUIZ"]
    assert codes(await sets(quiz, draws=6)) == ["POOL_TOO_SMALL"]
    assert codes(await sets(quiz, groups=["甲校"])) == ["BAD_VALUE"]
    many = [codes(one) for one in await asyncio.gather(*[sets(quiz, draws=n % 5 + 1) for n in range(50)])]
    assert set(map(tuple, many)) == {(), ("CHANGED_MEANWHILE",)}
    ((version, draws),) = await city.sql("SELECT version, draws FROM app.quiz_round")
    assert version == 1
    changed = await sets(quiz, version=1, draws=draws % 5 + 1)
    assert (changed["quiz"]["version"], changed["quiz"]["poolSize"]) == (2, 5)
    assert (await sets(quiz, version=2, draws=draws % 5 + 1))["quiz"]["version"] == 2  # nothing is different
    assert not codes(await move(city, editor, quiz["id"], "SUBMIT", 2))
    assert codes(await sets(quiz, version=2)) == ["ROUND_FIXED"]
    document = "query ($id: ID!) { leaderboard(activityId: $id) { entries { place } } }"
    assert await city.one(await city.resident(), document, id=quiz["id"]) is None  # not public yet
    async with city.follow(None, FOLLOW, id=quiz["id"]) as frames:
        data, _ = await anext(frames)
        assert codes(data["leaderboardUpdates"]) == ["NOT_FOUND"]
