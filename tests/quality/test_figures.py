"""What the checks of a month came to is told in numbers, never of fewer than five; and nobody reads past the door."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.core.access import Role
from app.core.db import NOBODY
from app.core.ids import new_id
from app.graph.ids import uuid_of
from app.quality.rules import month_of
from tests.city import City, codes
from tests.exporting.copies import copied
from tests.quality.panel import DAY, FIGURES, MARKED, MARKS, act, agreeing, checks, complete, night, reviewer, settled
from tests.vault.scene import DENIED, attempt
from tests.vault.sending import house

pytestmark = pytest.mark.anyio


async def last_month(city: City) -> date:
    return (await city.today()).replace(day=1) - DAY


async def figures(city: City, day: date, *, who: Role = Role.ANALYST) -> Any:
    return await city.one(await city.person(who), FIGURES, month=str(day))


async def test_a_month_that_is_over_is_told_with_its_numbers(city: City) -> None:
    day = await last_month(city)
    at = await city.now() - timedelta(days=(await city.today() - day).days)
    await city.sql("INSERT INTO app.quality_day VALUES (:day, 40, 8)", day=day)
    await city.sql(MARKED, at=at, many=6, conclusion="YES")
    await city.sql(MARKED, at=at, many=2, conclusion="PARTLY")
    told = await figures(city, day)
    low, high = told.pop("low"), told.pop("high")
    first, _ = month_of(day)
    counts = {"eligible": 40, "drawn": 8, "checked": 8, "answers": 8, "faultless": 6, "share": 0.75}
    assert told == {"month": str(first)} | counts
    assert (round(low, 3), round(high, 3)) == (0.409, 0.929)
    assert (await figures(city, day, who=Role.SUPERVISOR))["answers"] == 8
    assert await figures(city, await city.today()) is None, "this month is not over"


async def test_of_fewer_than_five_nothing_is_told(city: City) -> None:
    day = await last_month(city)
    at = await city.now() - timedelta(days=(await city.today() - day).days)
    await city.sql("INSERT INTO app.quality_day VALUES (:day, 4, 4)", day=day)
    await city.sql(MARKED, at=at, many=4, conclusion="YES")
    told = await figures(city, day)
    assert set(told.values()) == {str(month_of(day)[0]), None}
    empty = await figures(city, date(2020, 1, 1))
    assert empty["answers"] is None


async def test_a_lawyers_copy_has_her_marks_and_nobody_elses(city: City) -> None:
    asker, lawyer, checker = await agreeing(city), await city.lawyer(), await reviewer(city)
    await settled(city, asker, [lawyer])
    await night(city)
    (check,) = await checks(city, checker)
    assert not codes(await complete(city, checker, check, A={"note": "结论清楚，步骤可行。"}))
    (mark,) = (await city.one(lawyer, MARKS))["nodes"]
    said = {"markId": mark["id"], "text": "谢谢，会继续努力。", "idempotencyKey": str(new_id())}
    assert not codes(await act(city, lawyer, "replyToQualityMark", **said))
    async with house(city) as client:
        copy = (await copied(city, client, lawyer)).said()
        for words in ("结论清楚，步骤可行。", "谢谢，会继续努力。", str(uuid_of(mark["id"], "QualityMark"))):
            assert words in copy
        assert str(checker.id) not in copy, "who marked it is not told"
        hers = (await copied(city, client, asker)).said()
        assert "quality_check" in hers
        assert "结论清楚" not in hers


async def test_the_walls_hold_against_raw_sql(city: City) -> None:
    asker, lawyer, checker = await agreeing(city), await city.lawyer(), await reviewer(city)
    other = await reviewer(city)
    question = uuid_of(await settled(city, asker, [lawyer]), "Question")
    await night(city)
    (check,) = await checks(city, checker) or await checks(city, other)
    ((holder, id),) = await city.sql("SELECT reviewer, id FROM app.quality_check")
    peer = other.id if holder == checker.id else checker.id
    read = "SELECT 1 FROM door.check_readings(ARRAY[CAST(:id AS uuid)])"
    assert await attempt(city.db, holder, read, id=id) == "rows=2"
    for person in (peer, lawyer.id, asker.id, NOBODY):
        assert await attempt(city.db, person, read, id=id) == "rows=0"
        assert await attempt(city.db, person, "SELECT id FROM app.quality_check") == "rows=0"
    for table in ("question", "answer", "key"):
        where = "subject = :q" if table == "key" else "id = :q" if table == "question" else "question = :q"
        assert await attempt(city.db, holder, f"SELECT 1 FROM app.{table} WHERE {where}", q=question) == "rows=0"
    for statement in (
        "SELECT question FROM app.quality_check",
        "SELECT had FROM app.quality_check",
        "SELECT lawyer FROM app.quality_mark",
        "UPDATE app.quality_check SET due_at = 'infinity'",
        "UPDATE app.quality_check SET reviewer = app.person()",
        "INSERT INTO app.quality_mark (id) VALUES (gen_random_uuid())",
        "SELECT door.checkable(gen_random_uuid(), 1)",
        "SELECT 1 FROM door.checks_at_hand('{}')",
    ):
        assert await attempt(city.db, holder, statement) == DENIED, statement
    assert await attempt(city.worker, NOBODY, read, id=id) == DENIED
    assert await attempt(city.worker, NOBODY, "SELECT note FROM app.quality_mark") == DENIED
    assert check["reading"]
