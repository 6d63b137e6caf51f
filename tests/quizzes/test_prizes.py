"""Prizes: no more are given than there are, each is fetched once and in time, and nobody learns who won."""

import asyncio
import hashlib
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.core.access import Role
from app.core.db import NOBODY, now
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from app.papers.rules.codes import code_of, printed
from app.quizzes.actions import ending as actions
from app.quizzes.rules.prizes import KINDS, MOST, Prize, against_prizes, claim_code
from tests.activities.hall import draft
from tests.city import City, codes
from tests.directory.desk import enter_institution, set_post
from tests.quizzes.taking import open_quiz, set_up
from tests.quizzes.winning import FIRST, SECOND, claim, my_prize, prizes, told
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio


@given(st.uuids(), st.binary(min_size=32, max_size=32))
def test_a_code_is_typed_in_any_way_and_never_by_guessing(award: Any, secret: bytes) -> None:
    code = claim_code(secret, award)
    assert code == claim_code(secret, award) == code_of(f" {printed(code).lower()} ")
    assert code != claim_code(hashlib.sha256(secret).digest(), award)
    letter = next(one for one in "23" if one != code[3])
    assert code_of(code[:3] + letter + code[4:]) is None


@given(st.lists(st.integers(-1, MOST + 1), max_size=KINDS + 1))
def test_prizes_are_a_few_kinds_and_not_without_number(stocks: list[int]) -> None:
    fine = len(stocks) <= KINDS and sum(stocks) <= MOST and all(stock >= 1 for stock in stocks)
    assert (list(against_prizes([Prize(name="普法图书", stock=stock) for stock in stocks])) == []) == fine


async def test_the_best_win_while_the_stock_reaches_and_each_is_fetched_once(city: City) -> None:
    admin = await city.person(Role.ADMIN)
    bureau = await enter_institution(city, await city.person(Role.EDITOR), name="示例法律援助中心")
    clerk, stranger = await city.person(Role.WINDOW_STAFF), await city.person(Role.WINDOW_STAFF)
    assert not codes(await set_post(city, admin, clerk, bureau["id"], duty="WINDOW_STAFF"))
    quiz = await open_quiz(city, institution=bureau["id"], passMark=2, prizes=[FIRST, SECOND])
    assert await prizes(city, quiz) == [("民法典一套", 1, 0), ("普法文创袋", 2, 0)]
    best, quick, slow, late, failed = people = [await city.resident() for _ in range(5)]
    for who, right, seconds in ((slow, 3, 90), (failed, 1, 1), (quick, 3, 10), (best, 4, 200), (late, 2, 5)):
        await quiz.takes(who, right, seconds)
    running = await quiz.start(await city.resident())  # somebody takes it still while it is closed
    assert running["state"] == "STARTED"
    round = uuid_of(quiz.id, "Activity")
    for what in ("CLOSED", "SCORING", "ANNOUNCED"):  # an editor tells the results before that
        await city.sql("ALTER TABLE app.activity DISABLE TRIGGER activity_moves")
        await city.sql(
            "UPDATE app.activity SET state = :what, state_at = app.clock() WHERE id = :id", what=what, id=round
        )
        await city.sql("ALTER TABLE app.activity ENABLE TRIGGER activity_moves")

    async def given_out() -> None:
        async with city.worker.acting(NOBODY) as session:
            await actions.told(session, round, now(session))

    await given_out()
    assert [await my_prize(quiz, who) for who in people] == [None] * 5
    await city.turn_seconds(700)
    await city.settle()
    # Fifty at once give what is given once.
    await city.sql("UPDATE app.quiz_prize SET awarded_at = NULL, taken = 0")
    await city.sql("DELETE FROM app.quiz_award")
    await asyncio.gather(*[given_out() for _ in range(50)])
    await city.settle()
    assert await prizes(city, quiz) == [("民法典一套", 1, 1), ("普法文创袋", 2, 2)]
    won = [await my_prize(quiz, who) for who in people]
    assert [one and (one["prize"], one["place"], one["state"]) for one in won] == [
        ("民法典一套", 1, "WON"),
        ("普法文创袋", 2, "WON"),
        ("普法文创袋", 3, "WON"),
        None,
        None,
    ]
    assert [await told(city, who) for who in people] == [["CERTIFICATE_READY", "PRIZE_WON"]] * 3 + [
        ["CERTIFICATE_READY"],
        [],
    ]
    assert won[0]["codeQr"].startswith("data:image/svg+xml")
    assert len({one["code"] for one in won[:3]}) == 3
    for other in (None, quick, clerk, quiz.editor):  # nobody else learns who won, by no way
        node = "query ($id: ID!) { node(id: $id) { id } }"
        assert await city.one(other, node, id=won[0]["id"]) is None
    assert await my_prize(quiz, clerk) is None
    with city.statements() as statements:
        await my_prize(quiz, best)
    assert len(statements) == 2  # the activity, her prize

    # Handed out by who may, to whoever shows the code, once: whoever else scans it, and however often.
    code = won[0]["code"]
    for said, who, refused in (
        ("x", clerk, "PRIZE_CODE_WRONG"),
        ("", clerk, "PRIZE_CODE_WRONG"),
        ("\x00" + code, clerk, "PRIZE_CODE_WRONG"),
        ("\ud800", clerk, "PRIZE_CODE_WRONG"),
        (printed(claim_code(b"x" * 32, new_id())), clerk, "PRIZE_CODE_WRONG"),
        (code, stranger, "PRIZE_CODE_WRONG"),  # she works elsewhere
    ):
        assert codes(await claim(city, who, said)) == [refused]
    refusal = 'mutation { claimPrize(input: {code: "x", idempotencyKey: "of-a-resident"}) { __typename } }'
    assert (await city.errors(best, refusal))[0]["extensions"]["code"] == "FORBIDDEN"
    mine = "of-the-first-prize"
    many = await asyncio.gather(
        *[claim(city, clerk, code.lower(), mine) for _ in range(10)],
        *[claim(city, (clerk, quiz.editor)[n % 2], code) for n in range(40)],
    )
    counted = Counter(one["__typename"] if one["__typename"] != "Refused" else codes(one)[0] for one in many)
    assert counted["PRIZE_CLAIMED"] + counted["PrizeHandedOut"] == 50
    assert counted["PrizeHandedOut"] in (1, 10)  # the ten are one request
    handed = next(one for one in many if one["__typename"] == "PrizeHandedOut")
    assert (handed["prize"], handed["activity"]["title"]) == ("民法典一套", "宪法知识竞赛")
    await city.settle()
    hers = await my_prize(quiz, best)
    assert (hers["state"], hers["code"], hers["endedAt"]) == ("CLAIMED", None, handed["at"])
    assert await told(city, best) == ["CERTIFICATE_READY", "PRIZE_HANDED_OUT", "PRIZE_WON"]

    # Nobody hands out her own.
    await city.sql("UPDATE app.quiz_award SET person = :me WHERE place = 3", me=quiz.editor.id)
    own = await my_prize(quiz, quiz.editor)
    assert codes(await claim(city, quiz.editor, own["code"])) == ["OWN_PRIZE"]
    assert codes(await claim(city, quiz.second, code)) == ["PRIZE_CLAIMED"]

    # What nobody may do, whatever she sends; a prize does not go beyond its stock, whoever writes.
    award = uuid_of(hers["id"], "QuizAward")
    for statement in (
        "UPDATE app.quiz_award SET person = :me",
        "UPDATE app.quiz_prize SET stock = 9",
        "UPDATE app.quiz_prize SET taken = 0",
        "INSERT INTO app.quiz_prize VALUES (gen_random_uuid(), :round, 1, 9, '奖品', 1, 0, NULL)",
        "INSERT INTO app.quiz_award SELECT gen_random_uuid(), id, round, :me, 9, '\\x01', 'WON', now(),"
        " 'infinity' FROM app.quiz_prize",
        "SELECT door.award_prizes(:round, '{}', '{}', interval '1 day')",
        "SELECT door.lapse_these_prizes(ARRAY[CAST(:award AS uuid)])",
        "SELECT door.prize_holders(:round)",
    ):
        said = {"me": quick.id, "round": round, "award": award}
        for name in ("me", "round", "award"):
            if f":{name}" not in statement:
                del said[name]
        assert await attempt(city.db, quick.id, statement, **said) == DENIED, statement
    assert await attempt(city.db, quick.id, "SELECT 1 FROM app.quiz_award WHERE person <> :me", me=quick.id) == "rows=0"
    assert await attempt(city.worker, "", "SELECT 1 FROM app.quiz_award") == DENIED
    async with city.super.acting(NOBODY) as session:
        with pytest.raises(Exception, match="quiz_prize_check"):
            await session.rows(text("UPDATE app.quiz_prize SET taken = stock + 1"))

    # A week before it is too late she is told once more; then it is on the shelf again.
    await city.pass_time(timedelta(days=23))
    await city.settle()
    assert await told(city, quick) == ["CERTIFICATE_READY", "PRIZE_WAITS", "PRIZE_WON"]
    assert "PRIZE_WAITS" not in await told(city, best)
    unfetched = (await my_prize(quiz, quick))["code"]
    await city.turn(timedelta(days=7, seconds=1))
    assert codes(await claim(city, clerk, unfetched)) == ["PRIZE_LAPSED"]
    await city.settle()
    assert await prizes(city, quiz) == [("民法典一套", 1, 1), ("普法文创袋", 2, 0)]
    lapsed = await my_prize(quiz, quick)
    assert (lapsed["state"], lapsed["code"]) == ("LAPSED", None)
    assert codes(await claim(city, clerk, unfetched)) == ["PRIZE_LAPSED"]


async def test_what_there_is_to_win_is_said_in_a_draft_and_who_leaves_gives_it_back(city: City) -> None:
    open = await open_quiz(city, prizes=[FIRST])
    bank: list[Any] = [global_id("QuizQuestion", row.id) for row in await city.sql("SELECT id FROM app.quiz_question")]
    editor = open.editor
    quiz = await draft(city, editor, "QUIZ")

    async def sets(version: int, *said: dict[str, Any], **other: Any) -> Any:
        return await set_up(city, editor, quiz["id"], bank, version, prizes=list(said), **other)

    for bad, why in (
        ({"name": "奖", "stock": 1}, "TOO_SHORT"),
        ({"name": "普法图书", "stock": 0}, "BAD_VALUE"),
        ({"name": "普法图书", "stock": 10_001}, "BAD_VALUE"),
        ({"name": "普法\x00图书", "stock": 1}, "BAD_TEXT"),
    ):
        assert codes(await sets(0, bad)) == [why]
    assert (await sets(0, FIRST))["quiz"]["version"] == 1
    assert (await sets(1, FIRST))["quiz"]["version"] == 1  # nothing is different
    assert (await sets(1, SECOND, FIRST))["quiz"]["version"] == 2
    said = "SELECT version, n, name FROM app.quiz_prize WHERE round = :id ORDER BY 1, 2"
    rows = await city.sql(said, id=uuid_of(quiz["id"], "Activity"))
    assert [tuple(row) for row in rows] == [(1, 1, "民法典一套"), (2, 1, "普法文创袋"), (2, 2, "民法典一套")]

    winner = await city.resident()
    await open.takes(winner, 4)
    await city.pass_time(timedelta(days=2))
    await city.pass_time(60)
    assert await prizes(city, open) == [("民法典一套", 1, 1)]
    code = (await my_prize(open, winner))["code"]
    await city.one(winner, "mutation { closeAccount(input: {understood: true}) { __typename } }")
    await city.settle()
    assert await prizes(city, open) == [("民法典一套", 1, 0)]
    ((person, state),) = await city.sql("SELECT person, state FROM app.quiz_award")
    assert (person, state) == (None, "LAPSED")
    assert codes(await claim(city, open.editor, code)) == ["PRIZE_LAPSED"]
