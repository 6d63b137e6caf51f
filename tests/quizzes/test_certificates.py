"""Who passed a quiz has a certificate that anybody can have confirmed, and nobody else has one."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Role, Viewer
from app.graph.ids import global_id, uuid_of
from tests.activities.hall import draft
from tests.city import REFUSED, City, codes
from tests.directory.desk import enter_institution
from tests.papers.reading import read
from tests.quizzes.bank import does
from tests.quizzes.taking import Quiz, open_quiz, set_up
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio
SHOWN = "id certificate { kind name code state standing file { url } }"
ORDERED = f"{{ __typename {REFUSED} ... on QuizAttempt {{ {SHOWN} }} }}"
MINE = f"query ($id: ID!) {{ myAttempts(activityId: $id) {{ nodes {{ {SHOWN} }} }} }}"
VERIFY = """query ($code: String) { verifyDocument(code: $code) { __typename
  ... on VerifiedDocument { kind institutionName standing } } }"""


async def orders(quiz: Quiz, who: Viewer, attempt: str, name: str = "王㛃") -> Any:
    return await does(quiz.city, who, "orderCertificate", ORDERED, attemptId=attempt, name=name)


async def test_who_passed_has_a_certificate_once_results_are_told(city: City) -> None:
    bureau = await enter_institution(city, await city.person(Role.EDITOR), name="示例法律援助中心")
    quiz = await open_quiz(city, institution=bureau["id"], passMark=3, attempts=2)
    passed, failed, other = [await city.resident() for _ in range(3)]
    hers = (await quiz.takes(passed, 3))["id"]
    short = (await quiz.takes(failed, 2))["id"]
    assert codes(await orders(quiz, passed, hers)) == ["CERTIFICATE_LATER"]
    await city.pass_time(timedelta(days=2))
    await city.pass_time(60)
    assert codes(await orders(quiz, failed, short)) == ["NO_CERTIFICATE"]
    assert codes(await orders(quiz, other, hers)) == ["NOT_FOUND"]
    assert codes(await orders(quiz, passed, hers, " ")) == ["BLANK"]
    ((before,),) = await city.sql(
        "SELECT count(*) FROM app.reader WHERE subject = :id", id=uuid_of(hers, "QuizAttempt")
    )
    assert before == 0

    # However often she asks, and under whatever names: one, with the first.
    many = await asyncio.gather(*[orders(quiz, passed, hers) for _ in range(50)])
    assert not [code for one in many for code in codes(one)]
    again = await orders(quiz, passed, hers, "李红")
    counted = "SELECT (SELECT count(*) FROM app.paper), (SELECT count(*) FROM app.key WHERE subject = :id)"
    ((papers, keys),) = await city.sql(counted, id=uuid_of(hers, "QuizAttempt"))
    assert (papers, keys) == (1, 1)
    await city.settle()
    with city.statements() as statements:
        (node,) = (await city.one(passed, MINE, id=quiz.id))["nodes"]
    assert len(statements) == 3  # her attempts, their papers, their files
    paper = node["certificate"]
    assert paper["code"] == again["certificate"]["code"]
    assert (paper["kind"], paper["state"], paper["standing"]) == ("QUIZ_CERTIFICATE", "READY", "VALID")
    async with city.http() as client:
        said = read((await client.get(paper["file"]["url"])).content).text
    for words in (
        "法律知识竞赛合格证书",
        "王㛃",
        "宪法知识竞赛",
        "共4题，答对3题",
        "答对3题",
        "姓名由本人填写",
        "示例法律援助中心",
    ):
        assert words in said, words
    assert "李红" not in said
    found = await city.one(None, VERIFY, code=paper["code"])
    assert found == {
        "__typename": "VerifiedDocument",
        "kind": "QUIZ_CERTIFICATE",
        "institutionName": "示例法律援助中心",
        "standing": "VALID",
    }
    (nobody,) = (await city.one(failed, MINE, id=quiz.id))["nodes"]
    assert nobody["certificate"] is None

    # What nobody may do, whatever she sends.
    told = {"hers": uuid_of(hers, "QuizAttempt"), "short": uuid_of(short, "QuizAttempt")}
    forged = """INSERT INTO app.paper (id, subject, step, kind, institution, code, dated, earlier, state, standing,
        ordered_at, kek, wrapped, file_key, content) SELECT gen_random_uuid(), q.id, q.id,
        'QUIZ_CERTIFICATE', i.id, 'ABCDEFGH23456789', '2026-11-29', 'VALID', 'PENDING', 'VALID', app.clock(), 'k', 'w',
        'f', 'c' FROM app.institution i, app.quiz_attempt q WHERE q.id = CAST(:short AS uuid)"""
    assert await attempt(city.db, failed.id, forged, **told) == DENIED
    for theirs in ("SELECT 1 FROM app.paper", "SELECT 1 FROM app.key WHERE subject = CAST(:hers AS uuid)"):
        assert await attempt(city.db, failed.id, theirs, **told) == "rows=0"
    given = "SELECT 1 FROM door.certify_attempt(CAST(:hers AS uuid)) AS so WHERE so IS NOT NULL"
    assert await attempt(city.db, failed.id, given, **told) == "rows=0"
    assert await attempt(city.worker, "", given, **told) == DENIED

    # She leaves: it is destroyed, and stays confirmed to who has it in hand.
    await city.one(passed, "mutation { closeAccount(input: {understood: true}) { __typename } }")
    await city.settle()
    ((state, file, keys),) = await city.sql(
        "SELECT p.state, f.state, (SELECT count(*) FROM app.key k WHERE k.subject = p.subject)"
        " FROM app.paper p JOIN app.file f ON f.id = p.id"
    )
    assert (state, file, keys) == ("GONE", "GONE", 0)
    assert await city.one(None, VERIFY, code=paper["code"]) == found


async def test_where_answers_are_told_at_once_so_is_the_certificate(city: City) -> None:
    bureau = await enter_institution(city, await city.person(Role.EDITOR), name="示例法律援助中心")
    quiz = await open_quiz(city, institution=bureau["id"], passMark=4, reveals="ATTEMPT")
    taker = await city.resident()
    running = await quiz.start(taker)
    assert codes(await orders(quiz, taker, running["id"])) == ["CERTIFICATE_LATER"]
    done = await quiz.takes(taker, 4)
    assert (await orders(quiz, taker, done["id"]))["certificate"]["state"] == "PENDING"

    # A certificate is an institution's, and takes no more right answers than there are questions.
    made = await draft(city, quiz.editor, "QUIZ")
    bank: list[str] = [global_id("QuizQuestion", row.id) for row in await city.sql("SELECT id FROM app.quiz_question")]
    assert codes(await set_up(city, quiz.editor, made["id"], bank, passMark=3)) == ["CERTIFICATE_NEEDS_INSTITUTION"]
    for mark in (0, 5, -1):
        assert codes(await set_up(city, quiz.editor, made["id"], bank, passMark=mark)) == ["BAD_VALUE"]
    assert not codes(await set_up(city, quiz.editor, made["id"], bank))
