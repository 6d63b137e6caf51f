"""What the city publishes of its askers' satisfaction."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.consultation.rules.rating import wilson
from app.core.db import NOBODY
from tests.city import City
from tests.consultation.opinions import answered, rate
from tests.core.explaining import explain

pytestmark = pytest.mark.anyio

SATISFACTION = """query ($from: Date!, $to: Date!) { satisfaction(from: $from, to: $to) {
  rated eligible satisfied share low high stars { stars answers } solved { yes of } } }"""


async def today(city: City) -> date:
    return await city.today()


async def published(city: City, first: date, last: date | None = None) -> Any:
    return await city.one(None, SATISFACTION, **{"from": first.isoformat(), "to": (last or first).isoformat()})


async def test_of_nothing_nothing_is_concluded(city: City) -> None:
    found = await published(city, (await today(city)) - timedelta(days=99), await today(city))
    assert found == {
        "rated": 0,
        "eligible": 0,
        "satisfied": None,
        "share": None,
        "low": None,
        "high": None,
        "stars": [],
        "solved": None,
    }


async def test_a_share_comes_with_its_numbers_and_how_far_to_trust_it(city: City) -> None:
    lawyers = await city.lawyers(3)
    day = await today(city)
    for stars, solved in ((5, True), (4, True), (2, False), (5, True), (5, False)):
        # What fewer than five people said is nobody's to read, however many answers they rated.
        hidden = await published(city, day, await today(city))
        assert [hidden[name] for name in ("satisfied", "share", "low", "stars", "solved")] == [None] * 3 + [[], None]
        story = await answered(city, lawyers)
        await rate(city, story.asker, story.answers[0], stars, solved=solved)
    with city.statements() as sent:
        found = await published(city, day, await today(city))
    assert len(sent) == 1
    assert (found["rated"], found["eligible"], found["satisfied"]) == (5, 15, 4)
    assert found["share"] == pytest.approx(4 / 5)
    assert (found["low"], found["high"]) == pytest.approx(wilson(4, 5))
    assert [count["answers"] for count in found["stars"]] == [0, 1, 0, 1, 3]
    assert found["solved"] == {"yes": 3, "of": 5}


async def test_an_answer_counts_once_by_its_last_word_and_on_the_day_of_its_delivery(city: City) -> None:
    lawyers = await city.lawyers(1)
    story = await answered(city, lawyers)
    day = await today(city)
    await rate(city, story.asker, story.answers[0], 5)
    for other in [await answered(city, lawyers) for _ in range(4)]:
        await rate(city, other.asker, other.answers[0], 5)
    await story.resolve()
    await city.turn(timedelta(days=3))
    await story.reopen()
    await rate(city, story.asker, story.answers[0], 1)
    assert [row.round for row in await city.sql("SELECT round FROM app.rating ORDER BY round")] == [0] * 5 + [1]

    found = await published(city, day)
    assert (found["rated"], found["eligible"], found["satisfied"], found["share"]) == (5, 5, 4, 0.8)
    for first, last in (
        (day + timedelta(days=1), await today(city)),
        (day - timedelta(days=9), day - timedelta(days=1)),
    ):
        assert (await published(city, first, last))["eligible"] == 0
    assert (await published(city, day - timedelta(days=300), day + timedelta(days=3)))["eligible"] == 5


@pytest.mark.parametrize(("utc", "day"), [("15:59:59.900", 1), ("16:00:00", 2)])
async def test_a_day_is_a_day_of_the_city(city: City, utc: str, day: int) -> None:
    await answered(city, await city.lawyers(1))
    await city.sql("UPDATE app.answer SET delivered_at = :at", at=datetime.fromisoformat(f"2026-03-01T{utc}+00:00"))
    assert [(await published(city, date(2026, 3, n)))["eligible"] for n in (1, 2)] == [day == 1, day == 2]


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [("2026-03-02", "2026-03-01", "TURNED_ROUND"), ("2024-01-01", "2026-03-01", "TOO_MANY_DAYS")],
)
async def test_days_are_bounded_like_those_of_the_promise(city: City, first: str, last: str, code: str) -> None:
    (error,) = await city.errors(None, SATISFACTION, **{"from": first, "to": last})
    assert [reason["code"] for reason in error["extensions"]["reasons"]] == [code]


async def test_only_numbers_pass_the_door(city: City) -> None:
    story = await answered(city, await city.lawyers(1))
    await rate(city, story.asker, story.answers[0], 5, comment="谢谢")
    async with city.db.acting(NOBODY) as session:
        assert (await session.rows(text("SELECT * FROM app.rating"))).all() == []
        row = (await session.rows(text("SELECT * FROM door.satisfaction('2020-01-01', '2099-01-01')"))).one()
    assert tuple(row) == (1, 1, None, None, None)  # of fewer than five people not even the numbers
    with pytest.raises(DBAPIError, match="permission denied"):
        async with city.worker.acting(NOBODY) as session:
            await session.rows(text("SELECT comment FROM app.rating"))


MANY = """INSERT INTO app.answer (id, question, lawyer, delivered_at, counts, content)
    SELECT md5(n::text)::uuid, md5('q' || n)::uuid, md5('l' || n)::uuid, now() - n * interval '1 hour', true,
           decode((SELECT string_agg(md5(n::text || part), '') FROM generate_series(1, 60) AS part), 'hex')
    FROM generate_series(1, 20000) AS n"""


async def test_a_day_among_years_is_read_from_an_index(city: City) -> None:
    """Anybody may ask, so it must cost what it tells of, and not what the city ever answered."""
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("SET LOCAL session_replication_role = replica"))
        await session.rows(text(MANY))
    await city.sql("ANALYZE app.answer")
    day = await today(city) - timedelta(days=300)
    async with city.db.acting(NOBODY) as session:
        asked = f"SELECT * FROM door.satisfaction('{day}', '{day}')"
        row = (await session.rows(text(asked))).one()  # once before, for what a new connection has to look up
        plan = await explain(session, asked, ())
    assert row.eligible == 24
    assert plan.buffers < 200, plan
