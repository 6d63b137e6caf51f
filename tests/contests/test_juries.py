"""A jury judges by a fixed rubric, each for herself, none whom she is near; what comes of it follows by rule."""

import asyncio

import pytest

from app.core.access import Role
from app.graph.ids import uuid_of
from tests.activities.hall import move, told
from tests.city import City, codes
from tests.contests import bench
from tests.contests.bench import answer_jury, declare, end, juror, name_juror, on_sheet, release, score, set_jury
from tests.contests.gallery import ENTERED, SHOWN, contest, enter, say, shown, take, vote
from tests.contests.gallery import check as looked_at
from tests.vault.scene import DENIED, attempt
from tests.vault.sending import house

pytestmark = pytest.mark.anyio
SCHOOL = "济源市沁园实验小学"


async def test_a_contest_is_judged_by_its_rubric(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    id = await contest(city, editor, second)
    painters = [await city.resident() for _ in range(4)]
    one, two, three, guardian, voter = [await city.resident() for _ in range(5)]
    # The rubric, until judging begins.
    assert codes(await name_juror(city, editor, id, one)) == ["JURY_NEEDED"]
    uneven = [{"name": "主题", "weight": 60, "scale": 10}]
    assert codes(await set_jury(city, editor, id, criteria=uneven)) == ["WEIGHTS_UNEVEN"]
    many = {"first": 2, "second": 2, "third": 0, "encouragement": 0}
    assert codes(await set_jury(city, editor, id, prizes=many, shortlist=0)) == ["BAD_VALUE", "PRIZES_TOO_MANY"]
    made = await asyncio.gather(*(set_jury(city, editor, id, shortlist=1 + n % 2 * 2) for n in range(8)))
    assert {code for each in made for code in codes(each)} <= {"CHANGED_MEANWHILE", "PRIZES_TOO_MANY"}
    assert (await set_jury(city, editor, id, version=1, scoresNeeded=2))["jury"]["version"] == 2
    assert codes(await set_jury(city, editor, id, version=1)) == ["CHANGED_MEANWHILE"]
    # Jurors: grown-ups, each of whom says yes for herself.
    child = await city.resident()
    await city.sql("INSERT INTO app.age_said VALUES (:me, 2, 'UNDER_14', now())", me=child.id)
    for nobody in (child, editor):
        assert codes(await name_juror(city, editor, id, nobody)) == ["NO_JUROR"]
    named = await asyncio.gather(*(name_juror(city, editor, id, one) for _ in range(50)))
    assert len({each["id"] for each in named}) == 1
    first = named[0]["id"]
    await city.settle()
    assert await told(city, one) == ["JURY_INVITED"]
    assert codes(await answer_jury(city, two, first)) == ["NOT_FOUND"]
    assert codes(await answer_jury(city, one, first, False, SCHOOL)) == ["BAD_VALUE"]
    assert (await answer_jury(city, one, first))["state"] == "ACCEPTED"
    assert [node["id"] for node in (await city.one(one, bench.MY_JURIES))["nodes"]] == [first]
    teacher = await juror(city, editor, id, two, f" {SCHOOL} ")
    mother = await juror(city, editor, id, guardian)
    also = await juror(city, editor, id, painters[3])
    await city.sql(
        "INSERT INTO app.guardianship (id, minor, guardian, version, names, granted_at)"
        " VALUES (gen_random_uuid(), :minor, :guardian, 1, '', now())",
        minor=painters[0].id,
        guardian=guardian.id,
    )
    async with house(city) as client:
        hung = [(await shown(city, client, who, id, second))["exhibit"]["id"] for who in painters[:2]]
        of_school = await enter(city, client, painters[2], id, school=SCHOOL)
        await take(city, second, of_school["id"])
        hung.append((await looked_at(city, second, of_school["id"]))["exhibit"]["id"])
        hung.append((await shown(city, client, painters[3], id, second))["exhibit"]["id"])
    assert (await vote(city, voter, hung[2]))["votes"] == 1
    assert await on_sheet(city, one, id) == []
    assert codes(await score(city, one, hung[0], 5, 5)) == ["JUDGING_CLOSED"]
    await move(city, editor, id, "CLOSE")
    assert (await move(city, editor, id, "SCORE"))["state"] == "SCORING"
    assert codes(await set_jury(city, editor, id, version=2)) == ["JURY_FIXED"]
    assert codes(await move(city, editor, id, "ANNOUNCE")) == ["RESULTS_DUE"]

    # Each has before her what she may judge, and nobody else is told what that is.
    assert await on_sheet(city, one, id) == hung
    assert await on_sheet(city, two, id) == [hung[0], hung[1], hung[3]]  # not of her school
    assert await on_sheet(city, guardian, id) == hung[1:]  # not her ward's
    assert await on_sheet(city, painters[3], id) == hung[:3]  # not her own
    assert await on_sheet(city, three, id) == []
    with city.statements() as statements:
        assert len((await city.one(one, bench.SHEET, id=id, first=50, after=None))["nodes"]) == 4
    assert len(statements) <= 3, statements  # the sheet, the pictures, the rubric
    for who, what in ((two, hung[2]), (guardian, hung[0]), (painters[3], hung[3])):
        assert codes(await score(city, who, what, 5, 5)) == ["MAY_NOT_JUDGE"]
    for points in ((5,), (11, 5), (5, 6), (-1, 5), (5, 5, 5), ()):
        assert codes(await score(city, one, hung[0], *points)) == ["POINTS_OUT_OF_SCALE"]
    assert codes(await score(city, three, hung[0], 5, 5)) == ["NOT_FOUND"]

    # Fifty at once of one juror leave one score; what comes last stands.
    await asyncio.gather(*(score(city, one, hung[0], n % 11, 5) for n in range(50)))
    given = await score(city, one, hung[0], 10, 5)
    assert (given["points"], given["score"]) == ([10, 5], "100.00")
    ((scores,),) = await city.sql("SELECT count(*) FROM app.jury_score")
    assert scores == 1
    assert (await declare(city, guardian, hung[3]))["id"] == hung[3]
    assert codes(await declare(city, guardian, hung[3], "FOUND")) == ["BAD_VALUE"]
    assert await on_sheet(city, guardian, id) == hung[1:3]
    plan = {
        one: {1: (5, 0), 2: (8, 4), 3: (1, 1)},
        two: {0: (8, 5), 1: (5, 5), 3: (2, 2)},
        guardian: {1: (10, 5), 2: (10, 5)},
        painters[3]: {0: (0, 0), 1: (10, 5), 2: (9, 5)},
    }
    for who, marks in plan.items():
        for n, points in marks.items():
            assert not codes(await score(city, who, hung[n], *points))
    # Sealed from one another, from editors and from everybody, until it ends.
    assert (await city.one(editor, bench.RESULTS, id=id, first=9))["nodes"] == []
    for who, seen in ((one, 4), (two, 3), (editor, 0), (voter, 0)):
        assert await attempt(city.db, who.id, "SELECT 1 FROM app.jury_score") == f"rows={seen}"
    forged = "INSERT INTO app.jury_result VALUES (:e, :a, 9, 1, 1, 0, 1, 'FIRST')"
    told_early = {"a": uuid_of(id, "Activity"), "e": uuid_of(hung[1], "Exhibit")}
    assert await attempt(city.db, editor.id, forged, **told_early) == DENIED
    # The owner of the last is a juror: what she gave does not count.
    assert (await release(city, second, also))["state"] == "RELEASED"
    assert codes(await answer_jury(city, painters[3], also)) == ["JUDGING_CLOSED"]
    (forbidden,) = await city.errors(
        one, "mutation ($i: EndJudgingInput!) { endJudging(input: $i) { __typename } }", i={"activityId": id}
    )
    assert forbidden["extensions"]["code"] == "FORBIDDEN"
    helper = await juror(city, editor, id, three)
    assert (await answer_jury(city, three, helper, False))["state"] == "DECLINED"
    assert (await declare(city, one, hung[3], "OTHER"))["id"] == hung[3]
    assert codes(await end(city, editor, id)) == ["SCORES_MISSING"]  # of the last only one is left
    assert (await city.sql("SELECT ended_at FROM app.jury"))[0][0] is None
    helper = (await name_juror(city, editor, id, three))["id"]
    assert (await answer_jury(city, three, helper))["state"] == "ACCEPTED"
    assert not codes(await score(city, three, hung[3], 3, 1))
    ended = await asyncio.gather(*(end(city, editor, id) for _ in range(5)))
    assert {each["__typename"] for each in ended} == {"Activity"}
    for late in (await score(city, three, hung[3], 9, 5), await declare(city, three, hung[3])):
        assert codes(late) == ["JUDGING_CLOSED"]

    # By hand: 100 and 88; 30, 70 and 100; 80 and 100 with the only vote; 28 and 26.
    results = (await city.one(editor, bench.RESULTS, id=id, first=9))["nodes"]
    found = [(one["exhibit"]["id"], one["points"], one["votes"], one["total"], one["prize"]) for one in results]
    assert found == [
        (hung[2], "90.00", 1, "92.00", "FIRST"),
        (hung[0], "94.00", 0, "75.20", "ENCOURAGEMENT"),
        (hung[1], "66.67", 0, "53.33", None),
        (hung[3], "27.00", 0, "21.60", None),
    ]
    assert [one["exhibit"]["state"] for one in results] == ["SHORTLISTED"] * 3 + ["DISPLAYED"]
    assert [one["place"] for one in results] == [1, 2, 3, 4]
    assert [each["counts"] for each in results[1]["given"]].count(False) == 1
    assert (await city.one(one, bench.RESULTS, id=id, first=1))["nodes"][0]["place"] == 1
    for who in (voter, painters[3]):
        assert (await city.one(who, bench.RESULTS, id=id, first=9))["nodes"] == []
    # Who was kept from what is written down, and of what the house found it does not say why.
    kept = (await city.one(second, bench.CONFLICTS, id=id))["nodes"]
    assert {(each["jurorId"], each["kind"], each["exhibit"]["id"]) for each in kept} == {
        (teacher, "FOUND", hung[2]),
        (mother, "FOUND", hung[0]),
        (mother, "TEACHER", hung[3]),
        (first, "OTHER", hung[3]),
    }
    # What was awarded everybody sees with the announcement; of what is taken down before nobody has its prize.
    assert {node["award"] for node in (await city.one(None, SHOWN, id=id))["nodes"]} == {""}
    assert (await move(city, editor, id, "ANNOUNCE"))["state"] == "ANNOUNCED"
    await city.settle()
    awards = {node["id"]: (node["state"], node["award"]) for node in (await city.one(None, SHOWN, id=id))["nodes"]}
    assert awards == {
        hung[2]: ("AWARDED", "一等奖"),
        hung[0]: ("AWARDED", "优秀奖"),
        hung[1]: ("SHORTLISTED", ""),
        hung[3]: ("DISPLAYED", ""),
    }
    assert await told(city, painters[2]) == ["ENTRY_AWARDED", "ENTRY_DECIDED"]
    heard = (await city.one(painters[2], "{ notices(first: 9) { nodes { kind text } } }"))["nodes"]
    (won,) = [one["text"] for one in heard if one["kind"] == "ENTRY_AWARDED"]
    assert "活动有主办机构的，还可领取电子证书" in won  # this one has none, and gives no certificates
    assert await told(city, painters[1]) == ["ENTRY_DECIDED"]
    down = {"entryId": hung[2], "verdict": "NOT_OWN"}
    assert (await say(city, editor, "takeDownEntry", "TakeDownEntryInput", ENTERED, **down))["state"] == "TAKEN_DOWN"
    assert hung[2] not in {node["id"] for node in (await city.one(None, SHOWN, id=id))["nodes"]}
    # Raw SQL gives nobody a prize, a seat or a look.
    what = {"a": uuid_of(id, "Activity"), "e": uuid_of(hung[1], "Exhibit"), "j": uuid_of(teacher, "Juror")}
    for who, statement, outcome in (
        (one, "UPDATE app.jury_score SET points = '{10,5}'", DENIED),
        (one, "INSERT INTO app.jury_score VALUES (:j, :e, :a, app.person(), '{10,5}', now(), true, true)", DENIED),
        (one, "UPDATE app.juror SET state = 'ACCEPTED' WHERE id = :j", DENIED),
        (two, "SELECT schools FROM app.juror", DENIED),
        (editor, "UPDATE app.jury SET ended_at = now()", DENIED),
        (editor, "UPDATE app.jury SET needed = 1, set_by = app.person(), set_at = app.clock()", DENIED),
        (one, "SELECT door.juror_says(:j, 'RELEASED', '{}') IS NULL AS so", "rows=1"),
        (voter, "SELECT 1 FROM app.juror", "rows=0"),
        (voter, "SELECT 1 FROM app.jury_result", "rows=0"),
        (voter, "SELECT 1 FROM app.jury_conflict", "rows=0"),
        (voter, "SELECT 1 FROM door.judging_sheet(:a)", "rows=0"),
    ):
        assert await attempt(city.db, who.id, statement, **what) == outcome, statement
    # Who leaves judges nothing any more, and nothing says who she was.
    await city.one(two, "mutation { closeAccount(input: {understood: true}) { __typename } }")
    await city.settle()
    ((person, called, schools, state),) = await city.sql(
        "SELECT person, called, schools, state FROM app.juror WHERE id = :id", id=what["j"]
    )
    assert (person, called, list(schools), state) == (None, "", [], "ACCEPTED")
    gone = [node for node in (await city.one(editor, bench.JURORS, id=id))["nodes"] if node["personId"] is None]
    assert [node["id"] for node in gone] == [teacher]
