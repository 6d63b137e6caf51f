"""Editors fill the bank, a second person approves, and what is approved stays as it is."""

import asyncio
import base64
import io
import zipfile

import pytest
from sqlalchemy import text

from app.core.access import Role
from app.core.ids import new_id
from app.quizzes.rules.sheets import COLUMNS
from tests.city import City, codes
from tests.quizzes.bank import BANK, REPORT, approved, creates, does, mutation, reviews, table, words
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio


async def test_what_one_writes_another_approves(city: City) -> None:
    author, other = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    supervisor, resident = await city.person(Role.SUPERVISOR), await city.resident()
    key = str(new_id())
    made = await creates(city, author, idempotencyKey=key)
    assert (made["state"], made["version"], made["topic"]) == ("IN_REVIEW", 1, {"code": "labour"})
    assert await creates(city, author, idempotencyKey=key) == made
    assert codes(await creates(city, author, idempotencyKey=key, stem="换了题干的另一道题")) == ["KEY_REUSED"]
    assert codes(await creates(city, other)) == ["KNOWN_IN_BANK"]
    assert codes(await creates(city, other, stem="一", answer=[7])) == ["TOO_SHORT", "QUIZ_ANSWER"]

    assert codes(await reviews(city, author, made)) == ["OWN_WORK"]
    assert codes(await reviews(city, other, made, False, reason="差")) == ["TOO_SHORT"]
    sent = await reviews(city, supervisor, made, False, reason="解析应写明例外。")
    assert (sent["state"], sent["reason"]) == ("REJECTED", "解析应写明例外。")
    said = words() | {"questionId": made["id"], "version": sent["version"], "explanation": "应当自用工之日起一个月内。"}
    assert codes(await does(city, other, "changeQuizQuestion", **said)) == ["NOT_THE_AUTHOR"]
    assert codes(await does(city, author, "changeQuizQuestion", **(said | {"version": 1}))) == ["QUIZ_QUESTION_STATE"]
    mended = await does(city, author, "changeQuizQuestion", **said)
    assert (mended["state"], mended["reviewerId"], mended["version"]) == ("IN_REVIEW", None, 3)

    # Of fifty who decide at once one does.
    both = [reviews(city, (other, supervisor)[n % 2], mended, reason="看过了，可以。") for n in range(50)]
    done = [codes(one) for one in await asyncio.gather(*both)]
    assert sorted(map(tuple, done)) == [(), *[("QUIZ_QUESTION_STATE",)] * 49]
    (now,) = (await city.one(other, BANK, state="APPROVED"))["nodes"]
    assert now["reviewerId"] != now["authorId"]
    again = said | {"version": now["version"]}
    assert codes(await does(city, author, "changeQuizQuestion", **again)) == ["QUIZ_QUESTION_STATE"]
    assert (await does(city, author, "retireQuizQuestion", questionId=made["id"]))["state"] == "RETIRED"
    assert (await does(city, other, "retireQuizQuestion", questionId=made["id"]))["state"] == "RETIRED"
    assert (await creates(city, other))["state"] == "IN_REVIEW"  # its words are free again

    for who, code in ((resident, "FORBIDDEN"), (None, "UNAUTHENTICATED")):
        for document, values in (
            (BANK, {}),
            (mutation("createQuizQuestion"), {"input": words() | {"idempotencyKey": key}}),
            (mutation("retireQuizQuestion"), {"input": {"questionId": made["id"]}}),
        ):
            (error,) = await city.errors(who, document, **values)
            assert error["extensions"]["code"] == code
    for who in (resident, None):
        assert await city.one(who, "query ($id: ID!) { node(id: $id) { id } }", id=made["id"]) is None


async def test_the_tables_hold_it_without_the_house(city: City) -> None:
    author, other = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    resident = await city.resident()
    await approved(city, author, other, 1)
    await creates(city, author)
    state, approve = "SELECT 1 FROM app.quiz_question WHERE state = '{}'", "reviewed_at = app.clock(), reviewer = :me"
    for who, statement, outcome in (
        (resident, "SELECT 1 FROM app.quiz_question", "rows=0"),
        (resident, "UPDATE app.quiz_question SET law = law", "rows=0"),
        (other, state.format("APPROVED"), "rows=1"),
        (author, "UPDATE app.quiz_question SET author = :me", DENIED),
        (author, "DELETE FROM app.quiz_question", DENIED),
        # Nobody approves her own, nor changes what is approved, nor writes into what is another's.
        (author, f"UPDATE app.quiz_question SET state = 'APPROVED', version = 2, {approve} WHERE version = 1", "23514"),
        (author, "UPDATE app.quiz_question SET answer = '{1}', version = version + 1 WHERE state = 'APPROVED'", DENIED),
        (author, "UPDATE app.quiz_question SET state = 'IN_REVIEW', version = 3, reviewer = NULL", DENIED),
        (other, "UPDATE app.quiz_question SET law = '刑法', version = version + 1 WHERE version = 1", DENIED),
        (
            other,
            f"UPDATE app.quiz_question SET state = 'APPROVED', law = '刑法', version = 2, {approve} WHERE version = 1",
            DENIED,
        ),
        (
            other,
            "INSERT INTO app.quiz_question SELECT gen_random_uuid(), kind, topic, difficulty, '别的题干', options,"
            " answer, explanation, law, article, 'IN_REVIEW', :them, NULL, '', app.clock(), app.clock(), NULL, 1"
            " FROM app.quiz_question LIMIT 1",
            DENIED,
        ),
    ):
        assert await attempt(city.db, who.id, statement, me=who.id, them=author.id) == outcome, statement
    assert await attempt(city.worker, "", "SELECT 1 FROM app.quiz_question") == DENIED


async def test_a_table_goes_in_row_by_row_and_says_what_is_wrong(city: City) -> None:
    editor, other = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    await creates(city, other, stem="题库里已有的题目")
    good: list[str | None] = [
        "单选",
        "劳动社保",
        "易",
        "第{}道题目",
        "甲",
        "乙",
        None,
        None,
        None,
        None,
        None,
        None,
        "B",
    ]
    more: list[str | None] = ["因为法律如此规定。", "劳动法", "第三条"]
    rows: list[list[str | None]] = [
        [cell.format(n) if isinstance(cell, str) else cell for cell in good] + more for n in range(4)
    ]
    rows[1][12] = "AB"  # one of two answers
    rows[2][3] = "题库里已有的题目"
    rows += [[None] * 16, rows[0], ["填空", "魔法", *rows[0][2:]], ["判断", *rows[0][1:3], "=1+1等于二"]]
    rows[-1] += [*[None] * 8, "对", *more]
    file, key = table(COLUMNS, *rows), str(new_id())
    told = [
        {"row": 3, "reasons": [{"code": "QUIZ_ANSWER", "field": "answer"}]},
        {"row": 4, "reasons": [{"code": "KNOWN_IN_BANK", "field": "stem"}]},
        {"row": 7, "reasons": [{"code": "TWICE_IN_SHEET", "field": "stem"}]},
        {"row": 8, "reasons": [{"code": "BAD_VALUE", "field": "kind"}, {"code": "BAD_VALUE", "field": "topic"}]},
        {"row": 9, "reasons": [{"code": "BLANK", "field": "stem"}]},  # a formula is computed by nobody here
    ]
    for dry in (True, False, False):
        said = {"file": file, "dryRun": dry, "idempotencyKey": key}
        done = await does(city, editor, "importQuizQuestions", REPORT, **said)
        assert done == {"__typename": "QuizImport", "added": 2, "rows": told}, dry
        ((count,),) = await city.sql("SELECT count(*) FROM app.quiz_question WHERE author = :me", me=editor.id)
        assert count == (0 if dry else 2)
    assert {one["stem"] for one in (await city.one(editor, BANK))["nodes"]} == {
        "题库里已有的题目",
        "第0道题目",
        "第3道题目",
    }

    async def refused(file: str) -> list[str]:
        said = {"file": file, "idempotencyKey": str(new_id())}
        return codes(await does(city, editor, "importQuizQuestions", REPORT, **said))

    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", "0" * 11_000_000)
    entity = io.BytesIO()
    whole = io.BytesIO(base64.b64decode(table(COLUMNS, rows[0])))
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(entity, "w") as packed:
        for part in source.namelist():
            body = source.read(part)
            if part.endswith("sheet1.xml"):
                body = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet>&b;</worksheet>'
            packed.writestr(part, body)
    for packed_ in (bomb, entity):
        assert await refused(base64.b64encode(packed_.getvalue()).decode()) == ["BAD_SHEET"]
    for bad in ("", "%%%", "AAAA", "字", file[:200], file[: len(file) // 2], "A" * 900_000):
        assert await refused(bad) == ["BAD_SHEET"], bad[:9]
    assert await refused(table()) == ["BAD_SHEET"]
    assert await refused(table(COLUMNS[:5])) == ["SHEET_COLUMNS"]
    assert await refused(table(COLUMNS, *[rows[0]] * 501)) == ["SHEET_ROWS"]
    assert await refused(table(COLUMNS, *[[None]] * 2_001, rows[0])) == ["SHEET_ROWS"]


async def test_a_page_of_the_bank_is_one_statement(city: City) -> None:
    author, other = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    await approved(city, author, other, 5)
    async with city.super.acting("") as session:
        await session.rows(text("ANALYZE app.quiz_question"))
    with city.statements() as sent:
        found = (await city.one(author, BANK, state="APPROVED"))["nodes"]
    assert (len(found), len(sent)) == (5, 1)
    assert [one["answer"] for one in found][::-1] == [[2], [0, 3], [1], [0, 1, 2], [2]]
