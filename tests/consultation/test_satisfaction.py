"""What the city publishes of its askers' satisfaction: whole months, of ten people or more, once and for all."""

import calendar
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.consultation.reactions import REACTIONS
from app.consultation.reactions.rating import publish
from app.consultation.rules.rating import wilson
from app.core.db import NOBODY, now
from app.core.ids import new_id
from app.core.retention import NightCame
from tests.city import City
from tests.consultation.opinions import answered, rate

pytestmark = pytest.mark.anyio

SATISFACTION = """query ($from: Date!, $to: Date!) { satisfaction(from: $from, to: $to) {
  from to rated eligible satisfied share low high stars { stars answers } solved { yes of } } }"""
NOTHING = dict.fromkeys(("from", "to", "satisfied", "share", "low", "high", "solved")) | {
    "rated": 0,
    "eligible": 0,
    "stars": [],
}
DAY = timedelta(days=1)


async def published(city: City, first: date, last: date | None = None) -> Any:
    return await city.one(None, SATISFACTION, **{"from": first.isoformat(), "to": (last or first).isoformat()})


async def night(city: City) -> None:
    assert publish in REACTIONS[NightCame]
    async with city.worker.acting(NOBODY) as session:
        await publish(session, NightCame(), now(session))


def months_before(day: date, many: int) -> date:
    """The first day of a month."""
    for _ in range(many):
        day = day.replace(day=1) - DAY
    return day.replace(day=1)


def end_of(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


class Said(NamedTuple):
    """What somebody said of an answer that was delivered on that day, so many days later."""

    rater: UUID
    day: date
    stars: int
    solved: bool | None = None
    later: float = 1


async def happened(city: City, *many: Said | date) -> None:
    """Answers of the past, at noon: those that nobody rated are told by their days."""
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("SET LOCAL session_replication_role = replica"))
        for one in many:
            day = one if isinstance(one, date) else one.day
            ids = {"answer": new_id(), "question": new_id(), "lawyer": new_id()}
            at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
            answer = """INSERT INTO app.answer (id, question, lawyer, delivered_at, counts, content)
                VALUES (:answer, :question, :lawyer, :at, true, '')"""
            await session.rows(text(answer), ids | {"at": at})
            if isinstance(one, Said):
                rating = """INSERT INTO app.rating (answer, round, question, lawyer, rater, stars, solved, rated_at,
                    changed_at) VALUES (:answer, 0, :question, :lawyer, :rater, :stars, :solved, :at, :at)"""
                said = {"rater": one.rater, "stars": one.stars, "solved": one.solved, "at": at + one.later * DAY}
                await session.rows(text(rating), ids | said)


async def test_of_nothing_nothing_is_concluded(city: City) -> None:
    await night(city)
    today = await city.today()
    assert await published(city, today - 99 * DAY, today) == NOTHING


async def test_a_share_comes_with_its_numbers_and_how_far_to_trust_it(city: City) -> None:
    lawyers, today = await city.lawyers(2), await city.today()
    month = months_before(today, 2)
    for number in range(10):
        story = await answered(city, lawyers)
        await rate(city, story.asker, story.answers[0], 5 if number < 7 else 2, solved=number < 6)
    then = f"date '{month}' + interval '9 days'"
    await city.sql(f"UPDATE app.answer SET delivered_at = {then}")
    await city.sql(f"UPDATE app.rating SET rated_at = {then}")
    assert await published(city, month, today) == NOTHING, "nothing is told before it is published"
    await night(city)
    with city.statements() as sent:
        found = await published(city, month, today)
    assert len(sent) == 1
    assert (found["from"], found["to"]) == (str(month), str(end_of(month)))
    assert (found["rated"], found["eligible"], found["satisfied"]) == (10, 20, 7)
    assert found["share"] == pytest.approx(7 / 10)
    assert (found["low"], found["high"]) == pytest.approx(wilson(7, 10))
    assert [count["answers"] for count in found["stars"]] == [0, 3, 0, 0, 7]
    assert found["solved"] == {"yes": 6, "of": 10}
    # Of days that are not the whole month nothing is told, and the days around it add nothing.
    assert await published(city, month + DAY, today) == NOTHING
    assert await published(city, month, end_of(month) - DAY) == NOTHING
    assert await published(city, month - 9 * DAY, end_of(month) + 3 * DAY) == found


async def test_a_month_of_few_waits_for_the_next_and_what_was_told_stays(city: City) -> None:
    today = await city.today()
    months = [months_before(today, many) for many in (4, 3, 2)]
    people = [new_id() for _ in range(12)]
    await happened(city, *[Said(who, months[0] + 3 * DAY, 5, True) for who in people[:9] * 2])
    await happened(city, *[Said(who, months[1], 1) for who in people[9:11]], end_of(months[1]))
    await happened(city, *[Said(who, months[2] + DAY, 4, False) for who in people])
    await night(city)
    both, third = await published(city, months[0], end_of(months[1])), await published(city, months[2], today)
    assert (both["rated"], both["eligible"], both["solved"]) == (20, 21, None)  # nine said whether it was solved
    assert (third["rated"], third["satisfied"], third["solved"]) == (12, 12, {"yes": 0, "of": 12})
    for first, last in ((months[0], end_of(months[0])), (months[1], end_of(months[1]))):
        assert await published(city, first, last) == NOTHING
    whole = await published(city, months[0], today)
    assert (whole["from"], whole["to"], whole["rated"]) == (str(months[0]), str(end_of(months[2])), 32)
    assert whole["solved"] == {"yes": 0, "of": 12}

    await happened(city, *[Said(new_id(), months[1], 1) for _ in range(30)])
    await city.sql("UPDATE app.rating SET stars = 1, rater = NULL")
    await night(city)
    assert await published(city, months[0], today) == whole, "what was told once is corrected by nobody"


async def test_a_month_is_told_a_fortnight_after_it_with_what_was_said_by_then(city: City) -> None:
    today = await city.today()
    month = months_before(today - 14 * DAY, 1)
    last = end_of(month)
    many = [Said(new_id(), last, 5) for _ in range(9)]
    # At noon of the last day: the fourteenth day after it is over twelve hours later.
    await happened(city, *many, Said(new_id(), last, 5, later=14.6))
    await night(city)
    assert await published(city, month, today) == NOTHING
    await happened(city, Said(new_id(), last, 5, later=14.4))
    await night(city)
    assert (await published(city, month, today))["rated"] == 10
    assert (await published(city, month, today))["eligible"] == 11


async def test_the_month_that_has_just_passed_is_not_told_yet(city: City) -> None:
    today = await city.today()
    ripe = months_before(today - 14 * DAY, 1)
    for month in (ripe, months_before(today - 14 * DAY, 0)):
        await happened(city, *[Said(new_id(), month, 5) for _ in range(10)])
    await night(city)
    found = await published(city, ripe, today)
    assert (found["from"], found["to"], found["rated"]) == (str(ripe), str(end_of(ripe)), 10)


async def test_an_answer_counts_once_by_its_last_word_and_in_the_month_of_its_delivery(city: City) -> None:
    today = await city.today()
    months = [months_before(today, many) for many in (3, 2)]
    for month, stars in zip(months, (5, 4), strict=True):
        await happened(city, *[Said(new_id(), end_of(month), stars) for _ in range(10)])
    again = """INSERT INTO app.rating (answer, round, question, lawyer, rater, stars, rated_at, changed_at)
        SELECT answer, 1, question, lawyer, rater, 1, rated_at + interval '2 days', changed_at
        FROM app.rating ORDER BY stars DESC LIMIT 1"""
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("SET LOCAL session_replication_role = replica"))
        await session.rows(text(again))
    await night(city)
    found = [await published(city, month, end_of(month)) for month in months]
    assert [[count["answers"] for count in one["stars"]] for one in found] == [[1, 0, 0, 0, 9], [0, 0, 0, 10, 0]]


@pytest.mark.parametrize(("utc", "month"), [("15:59:59.900", 1), ("16:00:00", 2)])
async def test_a_day_is_a_day_of_the_city(city: City, utc: str, month: int) -> None:
    await happened(city, *[Said(new_id(), date(2026, 2, 9), 5) for _ in range(10)])
    at = datetime.fromisoformat(f"2026-01-31T{utc}+00:00")
    await city.sql("UPDATE app.answer SET delivered_at = :at", at=at)
    await city.sql("UPDATE app.rating SET rated_at = :at", at=at)
    await night(city)
    told = [(await published(city, date(2026, n, 1), end_of(date(2026, n, 1))))["rated"] for n in (1, 2)]
    assert told == [10 * (month == 1), 10 * (month == 2)]


async def test_whoever_asks_for_all_ranges_learns_nothing_of_fewer_than_ten(city: City) -> None:
    """Everything that is answered is subtracted from everything else."""
    dice, today = Random(11), await city.today()
    begin = months_before(today, 9)
    people = [new_id() for _ in range(40)]
    days = [begin + dice.randrange((today - begin).days) * DAY for _ in range(160)]
    said = [Said(dice.choice(people), day, dice.randint(1, 5), dice.choice([True, False, None])) for day in days]
    await happened(city, *said)
    await night(city)
    edges = {months_before(today, many) + off * DAY for many in range(10) for off in (-1, 0, 1)} | {*days[:6], today}
    answers: dict[str, Any] = {}
    for first, last in combinations(sorted(edges), 2):
        if last <= today:
            answers |= {str(found): found for found in [await published(city, first, last)]}

    def behind(found: Any) -> set[Said]:
        if found["from"] is None:
            return set()
        first, last = (date.fromisoformat(found[name]) for name in ("from", "to"))
        return {one for one in said if first <= one.day <= last}

    assert len(answers) > 6
    for one, other in combinations(answers.values(), 2):
        apart = behind(one) ^ behind(other)
        assert len({rating.rater for rating in apart}) >= 10, (one, other)
        if apart in (behind(one) - behind(other), behind(other) - behind(one)):
            told = [found["solved"]["of"] if found["solved"] else 0 for found in (one, other)]
            assert told[0] == told[1] or abs(told[0] - told[1]) >= 10


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
    for who, statement in (
        (city.db, "SELECT * FROM door.rated('ANSWERS', '2020-01-01', '2099-01-01', 'infinity')"),
        (city.db, "SELECT door.publish_satisfaction()"),
        (city.worker, "SELECT comment FROM app.rating"),
        (city.worker, "SELECT * FROM door.rated('ANSWERS', '2020-01-01', '2099-01-01', 'infinity')"),
        (city.worker, "SELECT * FROM app.satisfaction_cell"),
    ):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with who.acting(NOBODY) as session:
                await session.rows(text(statement))


async def test_cells_overlap_never(city: City) -> None:
    cell = "INSERT INTO app.satisfaction_cell VALUES ('ANSWERS', :first, :last, 30, 12, 10, '{0,0,0,2,10}')"
    await city.sql(cell, first=date(2025, 1, 1), last=date(2025, 3, 31))
    for first, last in ((date(2025, 3, 1), date(2025, 3, 31)), (date(2024, 12, 1), date(2025, 1, 31))):
        with pytest.raises(DBAPIError, match="satisfaction_cell"):
            await city.sql(cell, first=first, last=last)
