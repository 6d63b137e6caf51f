"""Periods of the law: pure, and as somebody asks for them."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.errors import Language
from app.directory.rules.taxonomy import CATEGORIES
from app.graph.ids import global_id
from app.guidance.rules.limits import LIMITS, PeriodUnit, is_urgent, limits_of
from app.schema import schema
from tests.city import City

pytestmark = pytest.mark.anyio

ASK = """query ($category: ID, $since: Date) { statutoryLimits(categoryId: $category, since: $since) {
  code about amount unit begins article { law number } lastDay daysLeft urgent } }"""
BY_ID = {limit.id: limit for limit in LIMITS}
days = st.dates(date(1950, 1, 1), date(2100, 12, 31))
limits = st.sampled_from(LIMITS)


@pytest.mark.parametrize(
    ("id", "since", "last"),
    [
        ("general", "2024-03-01", "2027-03-01"),
        ("general", "2024-02-29", "2027-02-28"),
        ("longest", "2004-02-29", "2024-02-29"),
        ("labour-arbitration", "2025-11-30", "2026-11-30"),
        ("administrative-litigation", "2026-08-31", "2027-02-28"),
        ("administrative-litigation", "2026-06-30", "2026-12-30"),
        ("administrative-review", "2026-11-01", "2026-12-31"),
        ("appeal-judgment", "2026-12-20", "2027-01-04"),
    ],
)
def test_known_periods(id: str, since: str, last: str) -> None:
    assert BY_ID[id].last_day(date.fromisoformat(since)) == date.fromisoformat(last)


@given(limit=limits, since=days)
@example(limit=BY_ID["administrative-litigation"], since=date(2001, 2, 28))
def test_a_period_ends_on_its_day_and_never_early(limit: Any, since: date) -> None:
    last, longer = limit.last_day(since), limit.last_day(since + timedelta(days=1))
    # From 28 February to 28 August, from 1 March to 1 September: a day later is four days later at most.
    assert since < last <= longer <= last + timedelta(days=4)
    if limit.unit is PeriodUnit.DAYS:
        assert (last - since).days == limit.amount
    else:
        months = (last.year - since.year) * 12 + last.month - since.month
        assert months == limit.amount * (12 if limit.unit is PeriodUnit.YEARS else 1)
        assert last.day == since.day or (last + timedelta(days=1)).day == 1


@given(left=st.integers(-20, 40), today=days)
def test_haste_is_needed_in_the_last_seven_days(left: int, today: date) -> None:
    assert is_urgent(today + timedelta(days=left), today) is (left in range(7))


def test_every_category_has_the_general_limits_and_its_own_before_them() -> None:
    for code in CATEGORIES:
        found = [limit.id for limit in limits_of(code)]
        assert found[-2:] == ["general", "longest"]
    assert [limit.id for limit in limits_of("labour.injury")][:3] == [
        "labour-arbitration",
        "work-injury-employer",
        "work-injury-worker",
    ]
    assert limits_of("labour.wages")[0].id == "labour-arbitration"
    assert limits_of(None) == list(LIMITS)
    assert len(BY_ID) == len(LIMITS)


async def test_a_worker_learns_how_long_he_has(city: City) -> None:
    wages, ((today,),) = global_id("Category", "labour.wages"), await city.sql("SELECT app.clock()::date")
    since = (today - timedelta(days=362)).isoformat()
    found = await city.one(None, ASK, category=wages, since=since)
    assert [one["code"] for one in found] == ["labour-arbitration", "general", "longest"]
    first = found[0]
    assert (first["amount"], first["unit"]) == (1, "YEARS")
    assert first["article"] == {"law": "劳动争议调解仲裁法", "number": "27"}
    assert first["daysLeft"] in (2, 3, 4)
    assert first["urgent"]
    assert not found[1]["urgent"]
    unknown = await city.one(None, ASK, category=wages)
    assert [(one["lastDay"], one["daysLeft"], one["urgent"]) for one in unknown] == [(None, None, False)] * 3
    english = await schema.execute(ASK, context_value=city.context(None, Language.EN))
    assert english.data is not None
    assert english.data["statutoryLimits"][0]["article"]["law"] == "Civil Code"
    for said, code, field in (
        ({"category": global_id("Category", "astrology")}, "BAD_VALUE", "categoryId"),
        ({"category": "nonsense"}, "BAD_ID", "categoryId"),
        ({"since": "9999-12-31"}, "BAD_VALUE", "since"),
        ({"since": "9990-01-01"}, "BAD_VALUE", "since"),
    ):
        (error,) = await city.errors(None, ASK, **said)
        assert (error["extensions"]["code"], error["extensions"]["reasons"][0]["field"]) == (code, field)
