"""An adviser's year is computed from what she logged and answered; she contests a line, and another decides."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from app.advisers.models import Line
from app.advisers.rules.appraisal import VERSION, WEIGHTS, Counted, appraised, total
from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.advisers.hall import NEIGHBOUR, appointed, code_of, contest, decide, end, lives_in, log, today
from tests.city import City, codes
from tests.vault.scene import DENIED, attempt

APPRAISAL = """query ($id: ID!, $year: Int!) { adviserAppraisal(termId: $id, year: $year) {
  year points possible lines { line done due credited weight points contests { id state credited } } } }"""
CONTESTS = "query ($open: Boolean! = true) { appraisalContests(open: $open, first: 5) { nodes { id state } } }"
SEEN = "query ($id: ID!) { node(id: $id) { ... on AppraisalContest { reason answer state } } }"


def of(year: int, counted: Counted, since: date, until: date, day: date) -> dict[Line, tuple[Any, Any, Any]]:
    return {item.line: (item.done, item.due, item.points) for item in appraised(counted, year, since, until, day)}


def test_a_whole_year_is_counted_line_by_line() -> None:
    assert (VERSION, sum(WEIGHTS.values())) == (1, 100)
    visited = frozenset(date(2026, month, 1) for month in range(1, 10))
    counted = Counted(visited, talks=6, mediations=1, offered=10, answered=8)
    whole = (date(2025, 6, 1), date(2027, 5, 31), date(2027, 1, 20))
    assert of(2026, counted, *whole) == {
        Line.VISITS: (9, 12, 30.0),
        Line.TALKS: (6, 4, 20.0),  # more than is due is worth no more
        Line.MEDIATIONS: (1, 4, 5.0),
        Line.QUESTIONS: (8, 10, 16.0),
    }
    assert total(appraised(counted, 2026, *whole)) == (71.0, 100)
    credited = Counted(visited, 6, 1, 10, 8, {Line.VISITS: 2, Line.MEDIATIONS: 1})
    assert of(2026, credited, *whole)[Line.VISITS] == (11, 12, 36.7)
    assert of(2026, credited, *whole)[Line.MEDIATIONS] == (2, 4, 10.0)
    # Fewer than five questions say nothing, and are left out of what is possible.
    few = Counted(visited, 6, 1, offered=4, answered=0)
    assert of(2026, few, *whole)[Line.QUESTIONS] == (None, None, None)
    assert total(appraised(few, 2026, *whole)) == (55.0, 80)


def test_only_what_has_come_is_due() -> None:
    since, until = date(2026, 3, 11), date(2027, 3, 10)
    # From the 11th on: nothing is owed for March, and April is not over yet.
    assert of(2026, Counted(frozenset()), since, until, date(2026, 4, 20))[Line.VISITS] == (None, None, None)
    seen = Counted(frozenset({date(2026, 4, 1)}))
    assert of(2026, seen, since, until, date(2026, 4, 20))[Line.VISITS] == (1, 1, 40.0)
    assert of(2026, Counted(frozenset()), since, until, date(2026, 5, 1))[Line.VISITS] == (0, 1, 0.0)
    for year, day in ((2025, date(2026, 4, 20)), (2028, date(2028, 4, 20)), (2026, date(2026, 3, 1))):
        assert set(of(year, seen, since, until, day).values()) == {(None, None, None)}
    assert total(appraised(seen, 2025, since, until, date(2026, 4, 20))) == (0.0, 0)
    # More is never worth less, and points stay within the weight.
    for talks in range(9):
        fewer, more = (
            of(2026, Counted(frozenset(), n), since, until, date(2027, 1, 1))[Line.TALKS][2] for n in (talks, talks + 1)
        )
        assert 0 <= fewer <= more <= WEIGHTS[Line.TALKS]


async def worked(city: City, officer: Viewer) -> tuple[Viewer, str, int]:
    """An adviser who gave a talk half a year into her term, its id, and the year in which that was."""
    lawyer, villager = await city.lawyer(), await city.resident()
    day = await today(city)
    await city.turn(timedelta(days=(date(day.year + 1, 1, 2) - day).days))  # a year begins
    term = await appointed(city, officer, lawyer)
    await lives_in(city, villager)
    await city.turn(timedelta(days=180))
    code = await code_of(city, villager)
    assert not codes(await log(city, lawyer, kind="TALK", code=code["digits"]))
    return lawyer, term, day.year + 1


@pytest.mark.anyio
async def test_a_line_is_contested_once_at_a_time_and_decided_by_another(city: City) -> None:
    officer, resident = await city.person(Role.OFFICER), await city.resident()
    lawyer, term, year = await worked(city, officer)
    before = await city.one(lawyer, APPRAISAL, id=term, year=year)
    lines = {line["line"]: line for line in before["lines"]}
    assert (lines["TALKS"]["done"], lines["TALKS"]["due"], lines["TALKS"]["points"]) == (1, 2, 10.0)
    assert (lines["VISITS"]["done"], lines["QUESTIONS"]["done"]) == (0, None)
    assert (before["points"], before["possible"]) == (10.0, 80)
    with city.statements() as statements:
        assert await city.one(officer, APPRAISAL, id=term, year=year) == before
    assert len(statements) == 5
    for other in (resident, await city.lawyer(), await city.person(Role.SUPERVISOR)):
        assert await city.one(other, APPRAISAL, id=term, year=year) is None
        assert codes(await contest(city, other, term, year)) == ["NOT_FOUND"]
    for wrong, expected in (
        ({"year": 1}, ["BAD_VALUE"]),
        ({"reason": "因"}, ["TOO_SHORT"]),
        ({"reason": "a\x00bcd"}, ["BAD_TEXT"]),
        ({"line": "QUESTIONS"}, ["LINE_NOT_COUNTED"]),
        ({"year": year + 1}, ["LINE_NOT_COUNTED"]),
        ({"termId": global_id("AdviserTerm", new_id())}, ["NOT_FOUND"]),
    ):
        assert codes(await contest(city, lawyer, term, **({"year": year} | wrong))) == expected, wrong
    made = await asyncio.gather(*(contest(city, lawyer, term, year) for _ in range(50)))
    assert [one["__typename"] for one in made].count("AppraisalContest") == 1
    assert {code for one in made for code in codes(one)} == {"CONTEST_OPEN"}
    (id,) = [one["id"] for one in made if not codes(one)]
    await city.settle()
    assert ("CONTEST_NEW", id) in await told(city, officer)
    ((kept,),) = await city.sql("SELECT reason FROM app.appraisal_contest")
    assert "停电".encode() not in bytes(kept)
    # Seen by her and by who keeps the register; by nobody else.
    for viewer, seen in ((lawyer, True), (officer, True), (resident, False)):
        shown = await city.one(viewer, SEEN, id=id)
        assert (shown == {"reason": "六月的讲座因停电未能登记", "answer": None, "state": "OPEN"}) is seen
    for unfit, expected in (
        ({"credited": 0}, ["BAD_VALUE"]),
        ({"credited": 101}, ["BAD_VALUE"]),
        ({"uphold": False}, ["BAD_VALUE"]),
        ({"reason": ""}, ["BLANK"]),
        ({"contestId": global_id("AppraisalContest", new_id())}, ["NOT_FOUND"]),
    ):
        assert codes(await decide(city, officer, id, **unfit)) == expected, unfit
    done = await asyncio.gather(*(decide(city, officer, id) for _ in range(50)))
    assert [one["__typename"] for one in done].count("AppraisalContest") == 1
    assert {code for one in done for code in codes(one)} == {"CONTEST_DECIDED"}
    await city.settle()
    assert ("CONTEST_DECIDED", id) in await told(city, lawyer)
    after = {line["line"]: line for line in (await city.one(lawyer, APPRAISAL, id=term, year=year))["lines"]}
    assert (after["TALKS"]["done"], after["TALKS"]["credited"], after["TALKS"]["points"]) == (2, 1, 20.0)
    assert after["TALKS"]["contests"] == [{"id": id, "state": "UPHELD", "credited": 1}]
    assert (await city.one(officer, CONTESTS))["nodes"] == []
    assert (await city.one(officer, CONTESTS, open=False))["nodes"] == [{"id": id, "state": "UPHELD"}]
    # The same line may be contested anew, and is dismissed.
    second = await contest(city, lawyer, term, year)
    dismissed = await decide(city, officer, second["id"], uphold=False, credited=0)
    assert (dismissed["state"], dismissed["credited"]) == ("DISMISSED", 0)
    assert await end(city, officer, term)


async def told(city: City, who: Viewer) -> list[tuple[str, str]]:
    page = await city.one(who, "{ notices(first: 20) { nodes { kind aboutId } } }")
    return [(notice["kind"], notice["aboutId"]) for notice in page["nodes"]]


@pytest.mark.anyio
async def test_raw_sql_contests_and_decides_nothing_of_others(city: City) -> None:
    officer = await city.person(Role.OFFICER)
    lawyer, term, year = await worked(city, officer)
    other = await city.lawyer()
    theirs = uuid_of(await appointed(city, officer, other, divisionCode=NEIGHBOUR), "AdviserTerm")
    id = uuid_of((await contest(city, lawyer, term, year))["id"], "AppraisalContest")
    said = {"me": other.id, "them": lawyer.id, "t": uuid_of(term, "AdviserTerm"), "u": theirs, "id": id}
    entry = """INSERT INTO app.appraisal_contest (id, term, adviser, year, line, state, reason, made_at, credited)
        VALUES (gen_random_uuid(), {term}, {who}, 2027, 'TALKS', '{state}', '', app.clock(), {credited})"""
    good = {"term": ":u", "who": ":me", "state": "OPEN", "credited": "0"}
    for wrong, outcome in (
        ({"who": ":them"}, DENIED),
        ({"term": ":t"}, DENIED),
        ({"state": "UPHELD"}, DENIED),
        ({"credited": "9"}, "23514"),
        ({}, "rows=1"),
    ):
        assert await attempt(city.db, other.id, entry.format(**(good | wrong)), **said) == outcome, wrong
    upheld = """UPDATE app.appraisal_contest SET state = 'UPHELD', credited = 9, answer = '', decided_by = :me,
        decided_at = app.clock() WHERE id = :id"""
    assert await attempt(city.db, other.id, upheld, **said) == "rows=0"
    assert await attempt(city.db, lawyer.id, upheld, **(said | {"me": lawyer.id})) == "rows=0"
    assert await attempt(city.db, officer.id, upheld, **(said | {"me": lawyer.id})) == DENIED
    assert await attempt(city.db, other.id, "SELECT 1 FROM app.appraisal_contest WHERE id = :id", **said) == "rows=0"
    for statement in ("UPDATE app.appraisal_contest SET reason = ''", "DELETE FROM app.appraisal_contest"):
        assert await attempt(city.db, officer.id, statement) == DENIED, statement
