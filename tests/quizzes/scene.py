"""One of each thing of quizzes, for the stories about the whole graph and about every table."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.core.access import Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.graph.ids import global_id, uuid_of
from app.quizzes.rules.prizes import SECRET, claim_code, code_digest
from tests.activities.hall import draft, move
from tests.city import City, codes
from tests.quizzes.bank import creates, does, reviews, table, words
from tests.quizzes.taking import Quiz, answers_of, set_up
from tests.quizzes.winning import claim, void

SHEET = table(("题型", "专题", "题干", "选项A", "选项B", "答案", "解析", "法律", "条文"), ("填空",) * 9)
"""With one row that is wrong."""
IMPORT = f'importQuizQuestions(input: {{file: "{SHEET}", dryRun: true, idempotencyKey: "of-the-table"}})'


async def in_the_bank(city: City, author: Viewer, reviewer: Viewer) -> str:
    """A question that was approved, with a word about it."""
    made = await creates(city, author)
    seen = await reviews(city, reviewer, made, reason="表述准确，可以使用。")
    id: str = seen["id"]
    return id


async def written(city: City, author: Viewer) -> None:
    """As far as the tables can tell; how it comes about, the room's own stories play."""
    said: dict[str, Any] = words()
    await city.sql(
        "INSERT INTO app.quiz_question VALUES (gen_random_uuid(), 'SINGLE', 'labour', 'EASY', :stem, '{甲,乙}', '{0}',"
        " :why, :law, :article, 'IN_REVIEW', :me, NULL, '', now(), now(), NULL, 1)",
        stem=said["stem"],
        why=said["explanation"],
        law=said["law"],
        article=said["article"],
        me=author.id,
    )


TAKEN = """WITH r AS (INSERT INTO app.quiz_round
    SELECT a.id, ARRAY[q.id], 1, 60, 1, 'ATTEMPT', 'PERSON', '{}', 1, now(), :me
    FROM app.activity a, app.quiz_question q RETURNING activity, pool),
  e AS (INSERT INTO app.quiz_entrant SELECT activity, :me, '明理白鹭10001', 0, activity, 1, 1000, now() FROM r),
  t AS (INSERT INTO app.quiz_attempt SELECT gen_random_uuid(), activity, :me, 1, 1, pool, '{SINGLE}', '{2}', now(),
    now(), 'SUBMITTED', now(), 1, 1, 1000 FROM r RETURNING id),
  p AS (INSERT INTO app.quiz_prize SELECT gen_random_uuid(), activity, 1, 1, '民法典一套', 1, 1, now() FROM r
    RETURNING id, round),
  w AS (INSERT INTO app.quiz_award SELECT gen_random_uuid(), id, round, :me, 1, '\\x01', 'WON', now(),
    now() + interval '30 days' FROM p)
  INSERT INTO app.quiz_answer SELECT id, 1, '{0}', 1, now() FROM t"""


async def taken(city: City, who: Viewer) -> None:
    """She took one, as far as the tables can tell: no trigger would allow it."""
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("SET LOCAL session_replication_role = replica"))
        await session.rows(text(TAKEN), {"me": who.id})


async def won_by(city: City, round: UUID, waits: Viewer, fetched: Viewer) -> dict[str, str]:
    """Two won a prize, as far as the tables can tell: the quiz is open still."""
    secret, things = city.doors[KeyProvider].secret(SECRET), dict[str, str]()
    await city.sql("UPDATE app.quiz_prize SET taken = 2, awarded_at = app.clock() WHERE round = :round", round=round)
    for place, (who, what) in enumerate(((waits, "prize"), (fetched, "prize that was fetched")), 1):
        id = new_id()
        code = claim_code(secret, id)
        await city.sql(
            "INSERT INTO app.quiz_award SELECT :id, id, round, :me, :place, :code, 'WON', app.clock(),"
            " app.clock() + interval '30 days' FROM app.quiz_prize WHERE round = :round",
            id=id,
            me=who.id,
            place=place,
            code=code_digest(secret, code),
            round=round,
        )
        things |= {what: global_id("QuizAward", id), f"code of the {what}": code}
    return things


async def put_to_all(
    city: City, editor: Viewer, second: Viewer, taker: Viewer, fetcher: Viewer, question: str, institution: str
) -> dict[str, str]:
    """A quiz that three of a team passed; one of them has her certificate, won a prize and takes it again; another has
    fetched hers. By what the cast calls them."""
    now = await city.now()
    times: dict[str, Any] = {"opensAt": now + timedelta(minutes=1), "closesAt": now + timedelta(days=9)}
    times["institutionId"] = institution
    made = await draft(city, editor, "QUIZ", title="宪法知识竞赛", **times)
    said: dict[str, Any] = {"draws": 1, "seconds": 14_400, "attempts": 2, "reveals": "ATTEMPT", "passMark": 1}
    said["prizes"] = [{"name": "民法典一套", "stock": 2}]
    done = await set_up(city, editor, made["id"], [question], **said, entrants="TEAM", groups=["城关队", "高新队"])
    assert not codes(done), done
    for who, step in ((editor, "SUBMIT"), (second, "PASS")):
        assert not codes(await move(city, who, made["id"], step))
    await city.settle()
    await city.pass_time(61)
    quiz = Quiz(city, made["id"], editor, second, await answers_of(city))
    for who in (fetcher, taker, await city.resident(), await city.resident()):
        closed = await quiz.takes(who, 1, group="城关队")
    first = (await city.one(taker, "{ myAttempts(first: 1) { nodes { id } } }"))["nodes"][0]["id"]
    assert closed["state"] == "SUBMITTED"
    shown = "{ ... on QuizAttempt { certificate { id } } }"
    given = await does(city, taker, "orderCertificate", shown, attemptId=first, name="王建国")
    running = (await quiz.start(taker, group="城关队"))["id"]
    await city.settle()
    hers = await city.one(
        fetcher, "query ($id: ID!) { myLeaderboardPlace(activityId: $id) { alias place } }", id=made["id"]
    )
    await void(city, second, made["id"], **hers)
    voided = (await city.one(fetcher, "{ myAttempts(first: 1) { nodes { id } } }"))["nodes"][0]["id"]
    won = await won_by(city, uuid_of(made["id"], "Activity"), taker, fetcher)
    fetched = await claim(city, editor, won["code of the prize that was fetched"], "of-the-prize")
    assert fetched["__typename"] == "PrizeHandedOut", fetched
    await city.settle()
    return (
        won
        | {"activity that is a quiz": made["id"], "attempt": first, "attempt that runs": running}
        | {"certificate": given["certificate"]["id"], "attempt that was voided": voided}
    )
