"""A month in which a village was not visited is said on the 25th, once, to its adviser and to the officers."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.advisers.rules import months
from app.core.access import Role, Viewer
from app.graph.ids import global_id
from app.places.rules.workdays import CITY_TIME
from tests.advisers.hall import APPOINT as APPOINT_ADVISER
from tests.advisers.hall import VILLAGE, appointed, code_of, end, in_register, lives_in, log, said
from tests.city import City, codes


def test_a_month_is_owed_by_who_is_there_from_the_tenth_to_the_twenty_fifth() -> None:
    march = date(2026, 3, 1)
    for since, until, owed in (
        (date(2026, 3, 10), date(2026, 3, 25), True),
        (date(2026, 3, 11), date(2026, 12, 31), False),
        (date(2026, 1, 1), date(2026, 3, 24), False),
        (date(2025, 1, 1), date(2027, 1, 1), True),
        (date(2026, 3, 1), date(2026, 2, 28), False),  # never began
    ):
        assert months.owed(march, since, until) is owed, (since, until)


def test_alerts_go_month_by_month_to_the_end_of_the_term() -> None:
    """For every first day of two years: each owed month once, in order, and none besides."""
    for shift in range(0, 730, 3):
        since = date(2026, 1, 1) + timedelta(days=shift)
        until = since + timedelta(days=shift % 200)
        found, month = [], months.next_alert(since, until, datetime(2025, 1, 1, tzinfo=UTC))
        while month is not None:
            found.append(month)
            month = months.next_alert(since, until, months.alert_at(month))
        every = {date(since.year + n // 12, n % 12 + 1, 1) for n in range(36)}
        assert found == sorted(one for one in every if months.owed(one, since, until))
    assert months.alert_at(date(2026, 2, 1)) == datetime(2026, 2, 25, 1, tzinfo=UTC)
    assert [one.astimezone(UTC) for one in months.bounds(date(2026, 12, 1))] == [
        datetime(2026, 11, 30, 16, tzinfo=UTC),
        datetime(2026, 12, 31, 16, tzinfo=UTC),
    ]
    assert months.read(months.said(date(2026, 12, 1))) == date(2026, 12, 1)


async def told(city: City, who: Viewer) -> list[tuple[str, str]]:
    page = await city.one(who, "{ notices(first: 20) { nodes { kind aboutId } } }")
    return [(notice["kind"], notice["aboutId"]) for notice in page["nodes"]]


async def to_the(city: City, day: int, hour: int = 9) -> None:
    """To that day of a month, next time it comes, by the city's clock."""
    now = (await city.now()).astimezone(CITY_TIME)
    then = now.replace(day=day, hour=hour, minute=0, second=1, microsecond=0)
    if then <= now:
        then = (then.replace(day=1) + timedelta(days=32)).replace(day=day)
    await city.pass_time(then - now)


@pytest.mark.anyio
async def test_a_month_without_a_visit_is_told_once_and_a_visit_silences_it(city: City) -> None:
    officer, supervisor = await city.person(Role.OFFICER), await city.person(Role.SUPERVISOR)
    lawyer, villager = await city.lawyer(), await city.resident()
    await to_the(city, 1, 1)  # whatever the day on which this runs: a month begins
    term = await appointed(city, officer, lawyer)
    await lives_in(city, villager)
    await to_the(city, 25, 8)
    assert await told(city, lawyer) == []
    await city.pass_time(timedelta(hours=2))
    assert await told(city, lawyer) == [("VISIT_DUE", term)]
    assert await told(city, officer) == [("VISIT_MISSED", term)]
    assert await told(city, supervisor) == []
    await city.pass_time(timedelta(days=4))
    # Told is told, however often the relay hands it over.
    await city.sql(
        "UPDATE app.outbox SET done_at = NULL, reacted = '{}', next_at = due_at WHERE kind = 'VisitDue'"
        " AND done_at IS NOT NULL"
    )
    await city.settle()
    assert await told(city, lawyer) == [("VISIT_DUE", term)]
    # The next month she comes: a talk is no visit, a visit is.
    await to_the(city, 3)
    code = await code_of(city, villager)
    assert not codes(await log(city, lawyer, kind="VISIT", code=code["digits"]))
    await to_the(city, 26)
    assert await told(city, lawyer) == [("VISIT_DUE", term)]
    await to_the(city, 4)
    code = await code_of(city, villager)
    assert not codes(await log(city, lawyer, kind="TALK", code=code["digits"]))
    await to_the(city, 26)
    assert await told(city, lawyer) == [("VISIT_DUE", term)] * 2
    assert await told(city, officer) == [("VISIT_MISSED", term)] * 2
    # A term that ended owes nothing more.
    assert not codes(await end(city, officer, term))
    await to_the(city, 26)
    assert await told(city, lawyer) == [("VISIT_DUE", term)] * 2
    waiting = await city.sql("SELECT 1 FROM app.outbox WHERE kind = 'VisitDue' AND done_at IS NULL")
    assert waiting == []


@pytest.mark.anyio
async def test_who_begins_late_in_a_month_owes_the_next_one(city: City) -> None:
    officer, lawyer = await city.person(Role.OFFICER), await city.lawyer()
    worker = await in_register(city, lawyer)
    await to_the(city, 11, 1)
    made = await city.one(officer, APPOINT_ADVISER, input=await said(city, worker))
    await to_the(city, 26)
    assert await told(city, lawyer) == []
    await to_the(city, 26)
    assert await told(city, lawyer) == [("VISIT_DUE", made["id"])]
    assert made["division"]["code"] == VILLAGE
    assert made["id"].startswith(global_id("AdviserTerm", "")[:10])
