"""The board is the same for everybody: pseudonyms, and schools as totals of ten or more."""

import pytest

from app.graph.ids import uuid_of
from tests.city import City, codes
from tests.quizzes.taking import FOLLOW, MINE, open_quiz, recount
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio


async def test_ties_go_by_duration_and_few_of_a_school_are_not_told(city: City) -> None:
    quiz = await open_quiz(city, entrants="SCHOOL", groups=["第一中学", "第二中学"])
    people = [await city.resident() for _ in range(13)]
    assert codes(await quiz.start(people[0])) == ["GROUP_NEEDED"]
    assert codes(await quiz.start(people[0], group="第三中学")) == ["GROUP_NEEDED"]
    async with city.follow(None, FOLLOW, id=quiz.id) as frames:
        data, _ = await anext(frames)
        assert data["leaderboardUpdates"]["entries"] == []
        for n, who in enumerate(people[:9]):
            await quiz.takes(who, n % 3, seconds=n, group="第一中学")
        data, _ = await anext(frames)
        assert data["leaderboardUpdates"]["entries"][0]["place"] == 1
    for who in people[10:]:
        await quiz.takes(who, 4, group="第二中学")
    board = await quiz.board()
    assert board["groups"] == []  # nine, and three
    await quiz.takes(people[9], 1, group="第一中学")
    board = await quiz.board()
    assert board["groups"] == [{"place": 1, "name": "第一中学", "entrants": 10, "averageScore": 1.0}]
    order = [(-one["score"], one["seconds"]) for one in board["entries"]]
    assert order == sorted(order)
    assert [one["place"] for one in board["entries"]] == list(range(1, 14))
    await recount(city, quiz)
    hers = (await city.run(people[10], MINE, id=quiz.id))["myLeaderboardPlace"]
    assert (hers["group"], hers["score"]) == ("第二中学", 4)
    assert board["entries"][hers["place"] - 1]["alias"] == hers["alias"]
    for anybody in (None, people[0], quiz.editor):
        assert await quiz.board(anybody) == board
    with city.statements() as statements:
        await quiz.board()
    assert len(statements) == 4  # the activity, the round, its best, its schools

    # What nobody may do, whatever she sends.
    round, me, them = uuid_of(quiz.id, "Activity"), people[0].id, people[1].id
    running = await quiz.start(await city.resident(), group="第一中学")
    theirs = uuid_of(running["id"], "QuizAttempt")
    for statement, outcome in (
        ("SELECT 1 FROM app.quiz_attempt WHERE person <> :me", "rows=0"),
        ("SELECT 1 FROM app.quiz_entrant WHERE person <> :me", "rows=0"),
        ("SELECT 1 FROM app.quiz_answer", DENIED),
        ("SELECT 1 FROM app.quiz_question", "rows=0"),
        ("UPDATE app.quiz_attempt SET score = 4", DENIED),
        ("UPDATE app.quiz_entrant SET score = 4", DENIED),
        ("INSERT INTO app.quiz_answer VALUES (:theirs, 1, '{0}', 1, app.clock())", DENIED),
        ("SELECT 1 FROM door.quiz_items(ARRAY[CAST(:theirs AS uuid)])", "rows=0"),
        ("SELECT 1 FROM door.save_answer(:theirs, 1::smallint, '{0}'::smallint[], 1)", "rows=0"),
        ("SELECT 1 FROM door.submit_attempt(:theirs) AS so WHERE so", "rows=0"),
        ("SELECT door.attempt_due(:theirs)", DENIED),
        ("SELECT door.close_attempt(:theirs, 'SUBMITTED')", DENIED),
        ("SELECT door.give_up_quizzes(:them)", DENIED),
        ("UPDATE app.quiz_round SET draws = 1, version = 2, changed_by = :me, changed_at = app.clock()", DENIED),
        # A draw of one's own choice: questions that are not in the pool, the same one twice, too few.
        (
            "SELECT * FROM door.start_attempt(gen_random_uuid(), :round, 1, ARRAY[:me, :me]::uuid[], 'x', 1::smallint)",
            DENIED,
        ),
    ):
        said = {"me": me, "them": them, "theirs": theirs, "round": round}
        assert await attempt(city.db, me, statement, **said) == outcome, statement
    for statement in (
        "SELECT 1 FROM app.quiz_attempt",
        "SELECT 1 FROM app.quiz_answer",
        "SELECT 1 FROM app.quiz_entrant",
    ):
        assert await attempt(city.worker, "", statement) == DENIED
