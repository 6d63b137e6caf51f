"""A contest is judged by saved operations alone, each sent as its role."""

import pytest

from app.core.access import Role
from app.graph.ids import global_id
from tests.activities.hall import move
from tests.city import City
from tests.contests.gallery import contest, shown
from tests.directory.desk import enter_institution
from tests.operations.living import Living
from tests.vault.sending import house

pytestmark = [pytest.mark.anyio, pytest.mark.full]

NAMES = """
    SetContestJury NameJuror ReleaseJuror EndJudging AnswerJury ScoreEntry DeclareConflict MyJuries JudgingSheet
    JuryDesk OrderEntryCertificate
"""
OF_JURIES = frozenset(NAMES.split())
"""What is sent here and by nobody else."""


async def test_a_contest_is_judged_by_saved_operations(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    painter, other, judge, leaves = [await city.resident() for _ in range(4)]
    bureau = await enter_institution(city, editor, name="示例普法办公室")
    id = await contest(city, editor, second, institutionId=bureau["id"])
    life = Living(city, {"<Activity>": id})
    assert (await life.does(editor, "SetContestJury"))["jury"]["version"] == 1
    for who in (leaves, judge):
        life.stands_for["<PersonFile>"] = global_id("PersonFile", who.id)
        named = await life.does(editor, "NameJuror")
        life.stands_for["<Juror>"] = named["id"]
        assert (await life.does(who, "AnswerJury"))["state"] == "ACCEPTED"
        if who is leaves:
            assert (await life.does(editor, "ReleaseJuror"))["state"] == "RELEASED"
    async with house(city) as client:
        entries = [await shown(city, client, who, id, second) for who in (painter, other)]
    hung = [one["exhibit"]["id"] for one in entries]
    await move(city, editor, id, "CLOSE")
    await move(city, editor, id, "SCORE")
    assert len((await life.asks(judge, "MyJuries"))["myJuries"]["nodes"]) == 1
    life.stands_for["<Exhibit>"] = hung[0]
    assert (await life.does(judge, "ScoreEntry"))["score"] == "84.00"
    await life.does(judge, "DeclareConflict", exhibitId=hung[1])
    sheet = (await life.asks(judge, "JudgingSheet"))["judgingSheet"]["nodes"]
    assert [(one["exhibit"]["id"], one["score"]) for one in sheet] == [(hung[0], "84.00")]
    assert (await life.tries(editor, "EndJudging"))["reasons"][0]["code"] == "SCORES_MISSING"
    life.stands_for["<PersonFile>"] = global_id("PersonFile", painter.id)
    life.stands_for["<Juror>"] = (await life.does(editor, "NameJuror"))["id"]
    assert (await life.does(painter, "AnswerJury"))["state"] == "ACCEPTED"
    assert (await life.does(painter, "ScoreEntry", exhibitId=hung[1]))["points"] == [8, 9]
    assert (await life.does(editor, "EndJudging"))["jury"]["endedAt"]
    desk = await life.asks(editor, "JuryDesk")
    assert [one["total"] for one in desk["contestResults"]["nodes"]] == ["67.20", "67.20"]
    assert {one["kind"] for one in desk["juryConflicts"]["nodes"]} == {"TEACHER", "FOUND"}
    await move(city, editor, id, "ANNOUNCE")
    life.stands_for["<ContestEntry>"] = entries[0]["id"]  # the first shown, of two with the same total
    assert (await life.does(painter, "OrderEntryCertificate"))["certificate"]["standing"] == "VALID"
    assert life.done >= OF_JURIES, OF_JURIES - life.done
