"""A resident looks for a lawyer."""

from datetime import date, timedelta
from typing import Any

import pytest
from strawberry.types.base import get_object_definition

from app.core.access import Viewer
from app.core.db import NOBODY, now
from app.core.ids import new_id
from app.core.keyset import Page, encode
from app.directory.actions.presence import saw
from app.directory.models import Gender, Pool
from app.directory.reads import SORTINGS, LawyerOrder, Wanted, lawyer_listing, lawyer_page
from app.directory.rules.areas import areas_of
from app.directory.types import Lawyer
from app.graph.ids import global_id
from tests.city import City
from tests.plans import plan_of

pytestmark = pytest.mark.anyio

LAWYERS = """
query ($filter: LawyerFilter, $orderBy: LawyerOrder! = NAME, $first: Int, $after: String, $last: Int, $before: String) {
  lawyers(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
    nodes {
      id name title licence pool languages gender introduction standing availability online yearsPractising replySeconds
      firm { id name province division { code name } }
      specialties { code name } divisions { code name } leaseKept { ended kept share }
      requestable rating { n liked share lower }
    }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


async def names(city: City, filter: dict[str, Any] | None = None, order: str = "NAME") -> str:
    page = await city.one(None, LAWYERS, filter=filter, orderBy=order, first=60)
    return "".join(lawyer["name"] for lawyer in page["nodes"])


async def seen(city: City, lawyer: Viewer) -> None:
    async with city.db.acting(lawyer.id) as session:
        await saw(session, lawyer)


async def test_anybody_sees_what_a_lawyer_is_and_where_she_practises(city: City) -> None:
    firm = await city.firm("济源正大律师事务所")
    lawyer = await city.lawyer(
        "labour", firm=firm, introduction="劳动争议", seats_ended=8, seats_kept=6, reply_seconds=190
    )
    with city.statements() as sent:
        page = await city.one(None, LAWYERS, first=10)
    assert len(sent) == 1
    (found,) = page["nodes"]
    assert found["id"] == global_id("Lawyer", lawyer.id)
    assert found["specialties"] == [{"code": "labour", "name": "劳动社保"}]
    assert found["divisions"] == [{"code": "419001001", "name": "沁园街道"}]
    assert found["leaseKept"] == {"ended": 8, "kept": 6, "share": 0.75}
    assert found["yearsPractising"] >= 11
    assert found["replySeconds"] == 190
    assert not found["online"]
    assert found["firm"] == {
        "id": global_id("Firm", firm),
        "name": "济源正大律师事务所",
        "province": "41",
        "division": {"code": "419001001", "name": "沁园街道"},
    }


async def test_a_page_reads_the_columns_that_are_asked_for_and_says_the_same(city: City) -> None:
    await city.lawyer(
        "labour", introduction="劳动争议", seats_ended=8, seats_kept=6, reply_seconds=190, rated=9, liked=8
    )
    fields = ["id", "firm { id name province division { code name } }", "specialties { code name }"]
    fields += ["divisions { code name }", "leaseKept { ended kept share }", "rating { n liked share lower }"]
    fields += ["name", "title", "licence", "pool", "languages", "gender", "introduction", "standing", "availability"]
    fields += ["online", "yearsPractising", "replySeconds", "requestable", "snoozedUntil"]
    (whole,) = (await city.one(None, f"{{ lawyers {{ nodes {{ {' '.join(fields)} }} }} }}"))["nodes"]
    assert len(whole) == len(fields) == len(get_object_definition(Lawyer, strict=True).fields)
    for field in fields:
        for order in LawyerOrder:
            asked = f"{{ lawyers(orderBy: {order.name}) {{ nodes {{ {field} }} pageInfo {{ endCursor }} }} }}"
            with city.statements() as sent:
                (one,) = (await city.one(None, asked))["nodes"]
            assert one.items() <= whole.items()
            assert ("lawyer.licence" in sent[0]) == (field == "licence")


async def test_a_lawyer_and_a_firm_are_found_by_their_ids(city: City) -> None:
    lawyer = global_id("Lawyer", (await city.lawyer(name="王律师")).id)
    page = await city.one(None, LAWYERS, first=1)
    firm = page["nodes"][0]["firm"]["id"]
    assert await city.one(None, "query ($id: ID!) { lawyer(id: $id) { name } }", id=lawyer) == {"name": "王律师"}
    node = "query ($id: ID!) { node(id: $id) { __typename id } }"
    assert await city.one(None, node, id=lawyer) == {"__typename": "Lawyer", "id": lawyer}
    assert await city.one(None, node, id=firm) == {"__typename": "Firm", "id": firm}
    assert await city.one(None, node, id=global_id("Firm", new_id())) is None
    (error,) = await city.errors(None, "query ($id: ID!) { lawyer(id: $id) { name } }", id=firm)
    assert error["extensions"]["code"] == "BAD_ID"


async def test_who_left_or_is_suspended_is_not_found(city: City) -> None:
    lawyer = "query ($id: ID!) { lawyer(id: $id) { name } node(id: $id) { id } }"
    nowhere = {"lawyer": None, "node": None}
    for standing in ("SUSPENDED", "LEFT"):
        gone = await city.lawyer(standing=standing)
        with city.statements() as for_gone:
            assert await city.run(None, lawyer, id=global_id("Lawyer", gone.id)) == nowhere
        with city.statements() as for_unknown:
            assert await city.run(None, lawyer, id=global_id("Lawyer", new_id())) == nowhere
        assert for_gone == for_unknown
        assert await city.one(gone, "{ viewerLawyer { standing } }") == {"standing": standing}
    assert await names(city) == ""


async def test_a_filter_asks_for_a_specialty_a_place_a_pool_and_words(city: City) -> None:
    firm = await city.firm("百分之100%律师事务所")
    await city.lawyer("labour", name="甲", divisions=["419001"], firm=firm)
    await city.lawyer("family", name="乙", divisions=["419001001"], pool="PROVINCE")
    await city.lawyer("labour", name="丙", divisions=["419001002"], pool="NATION", introduction="wages_and more")

    assert await names(city) == "丙乙甲"
    assert await names(city, {"specialty": "labour"}) == "丙甲"
    assert await names(city, {"specialty": "labour.wages"}) == "丙甲"
    assert await names(city, {"divisionCode": "419001001"}) == "乙甲"
    assert await names(city, {"divisionCode": "419001001001"}) == "乙甲"
    assert await names(city, {"divisionCode": "419001"}) == "甲"
    assert await names(city, {"pool": "NATION"}) == "丙"
    assert await names(city, {"specialty": "labour", "divisionCode": "419001002"}) == "丙甲"
    assert await names(city, {"query": "乙"}) == "乙"
    assert await names(city, {"query": "WAGES_"}) == "丙"
    assert await names(city, {"query": "100%"}) == "甲"
    assert await names(city, {"query": "%律"}) == "甲"
    assert await names(city, {"query": "a%d"}) == ""
    assert await names(city, {"query": " "}) == "丙乙甲"


async def test_a_filter_asks_for_what_a_lawyer_is_and_how_she_does(city: City) -> None:
    await city.lawyer(name="甲", gender="MALE", languages=["普通话", "济源话"], reply_seconds=120, requestable=True)
    await city.lawyer(name="乙", practising_since=date(1999, 1, 1), rated=20, liked=19, rating_lower=0.7639)
    await city.lawyer(name="丙", reply_seconds=121, rated=4, liked=4)

    assert await names(city, {"language": "济源话"}) == "甲"
    assert await names(city, {"language": " 普通话 "}) == "丙乙甲"
    assert await names(city, {"language": "济源"}) == ""
    assert await names(city, {"gender": "MALE"}) == "甲"
    assert await names(city, {"replySecondsMax": 120}) == "甲"
    assert await names(city, {"replySecondsMax": 121}) == "丙甲"
    assert await names(city, {"requestable": True}) == "甲"
    assert await names(city, {"requestable": False}) == "丙乙"
    assert await names(city, {"yearsMin": 20}) == "乙"
    assert await names(city, {"ratingMin": 0.76}) == "乙"
    assert await names(city, {"ratingMin": 0}) == "乙"
    assert await names(city, {"ratingMin": 0.77}) == ""
    assert await names(city, {"language": "普通话", "gender": "FEMALE", "replySecondsMax": 600}) == "丙"


async def test_years_are_counted_by_the_clock_of_the_city(city: City) -> None:
    today = await city.today()
    await city.lawyer(name="甲", practising_since=today.replace(year=today.year - 5, day=1) + timedelta(days=62))
    assert await names(city, {"yearsMin": 5}) == ""
    await city.turn(timedelta(days=70))
    assert await names(city, {"yearsMin": 5}) == "甲"


async def test_a_rating_is_shown_with_its_number_and_its_lower_bound_or_not_at_all(city: City) -> None:
    await city.lawyer(name="甲", rated=4, liked=4)
    await city.lawyer(name="乙", rated=8, liked=6, rating_lower=0.4093)
    shown = {lawyer["name"]: lawyer["rating"] for lawyer in (await city.one(None, LAWYERS, first=9))["nodes"]}
    assert shown["甲"] is None
    assert shown["乙"] == {"n": 8, "liked": 6, "share": 0.75, "lower": pytest.approx(0.4093, abs=1e-6)}


async def test_by_rating_who_has_none_yet_comes_last(city: City) -> None:
    for name, lower in {"甲": 0.2, "乙": None, "丙": 0.9, "丁": 0.0}.items():
        await city.lawyer(name=name, rated=9, liked=5, rating_lower=lower)
    assert await names(city, order="RATING") == "丙甲丁乙"


@pytest.mark.parametrize(
    ("filter", "field", "code"),
    [
        ({"specialty": "astrology"}, "filter.specialty", "BAD_VALUE"),
        ({"divisionCode": "1"}, "filter.divisionCode", "BAD_VALUE"),
        ({"query": "字" * 51}, "filter.query", "TOO_LONG"),
        ({"query": "a\x00"}, "filter.query", "BAD_TEXT"),
        ({"language": " "}, "filter.language", "BAD_VALUE"),
        ({"language": "字" * 21}, "filter.language", "BAD_VALUE"),
        ({"language": "a\x00"}, "filter.language", "BAD_VALUE"),
        ({"yearsMin": -1}, "filter.yearsMin", "BAD_VALUE"),
        ({"yearsMin": 81}, "filter.yearsMin", "BAD_VALUE"),
        ({"replySecondsMax": 0}, "filter.replySecondsMax", "BAD_VALUE"),
        ({"ratingMin": 1.01}, "filter.ratingMin", "BAD_VALUE"),
        ({"ratingMin": -0.1}, "filter.ratingMin", "BAD_VALUE"),
    ],
)
async def test_a_filter_that_means_nothing_is_refused(
    city: City, filter: dict[str, Any], field: str, code: str
) -> None:
    (error,) = await city.errors(None, LAWYERS, filter=filter, first=1)
    (reason,) = error["extensions"]["reasons"]
    assert (reason["code"], reason["field"]) == (code, field)


async def test_presence_orders_and_leaves_nobody_out(city: City) -> None:
    await city.lawyer(name="甲")
    here, gone, away = [await city.lawyer(name=name) for name in "乙丙丁"]
    await seen(city, gone)
    await city.turn(timedelta(seconds=91))
    await seen(city, here)
    await seen(city, away)
    await city.one(away, "mutation { setAvailability(input: {availability: AWAY}) { __typename } }")

    assert (await names(city, order="PRESENCE"))[:2] == "乙丙"
    assert set(await names(city, order="PRESENCE")) == set("甲乙丙丁")
    assert await names(city, {"online": True}, "PRESENCE") == "乙"
    assert set(await names(city, {"online": False}, "PRESENCE")) == set("甲丙丁")
    assert [lawyer["name"] for lawyer in (await city.one(None, LAWYERS, first=9))["nodes"] if lawyer["online"]] == [
        "乙"
    ]


async def test_every_order_can_be_walked_both_ways(city: City) -> None:
    for number in range(7):
        lawyer = await city.lawyer(
            name=f"{number % 3}",
            practising_since=date(2000 + number % 2, 1, 1),
            reply_seconds=None if number % 3 == 0 else 60 * (number % 2),
            rating_lower=None if number % 3 == 1 else number % 2 / 3,
        )
        if number % 2:
            await seen(city, lawyer)
    for order in LawyerOrder:
        whole = await city.one(None, LAWYERS, orderBy=order, first=60)
        assert not whole["pageInfo"]["hasNextPage"]
        everyone = [lawyer["id"] for lawyer in whole["nodes"]]
        assert len(everyone) == 7

        forth: list[str] = []
        after = None
        while True:
            page = await city.one(None, LAWYERS, orderBy=order, first=2, after=after)
            forth += [lawyer["id"] for lawyer in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert forth == everyone

        back: list[str] = []
        before = None
        while True:
            page = await city.one(None, LAWYERS, orderBy=order, last=3, before=before)
            back = [lawyer["id"] for lawyer in page["nodes"]] + back
            before = page["pageInfo"]["startCursor"]
            if not page["pageInfo"]["hasPreviousPage"]:
                break
        assert back == everyone


async def test_a_cursor_of_another_order_is_refused_not_a_fault(city: City) -> None:
    await city.lawyer(name="甲")
    cursors = {
        order: (await city.one(None, LAWYERS, orderBy=order, first=1))["pageInfo"]["endCursor"] for order in LawyerOrder
    }
    for order in set(LawyerOrder) - {LawyerOrder.NAME}:
        (error,) = await city.errors(None, LAWYERS, orderBy=order, first=1, after=cursors[LawyerOrder.NAME])
        assert error["extensions"]["code"] == "BAD_CURSOR"
    for said in ("nan", "inf", "1.5", "-0.5", "-0.0001"):
        (error,) = await city.errors(None, LAWYERS, orderBy="RATING", first=1, after=encode(said, new_id()))
        assert error["extensions"]["code"] == "BAD_CURSOR"
    (error,) = await city.errors(None, LAWYERS, first=1, last=1)
    assert error["extensions"]["code"] == "BAD_PAGE"


async def test_specialties_are_counted_in_one_statement(city: City) -> None:
    await city.lawyers(2, specialty="labour")
    await city.lawyer("family")
    await city.lawyer("family", standing="LEFT")
    with city.statements() as sent:
        found = await city.one(None, "{ specialties { code name activeLawyers } }")
    assert len(sent) == 1
    counts = {specialty["code"]: specialty["activeLawyers"] for specialty in found}
    assert len(counts) == 14
    assert counts["labour"] == 2
    assert counts["family"] == 1
    assert sum(counts.values()) == 3


CROWD = """
WITH people AS (
    INSERT INTO app.person (id, created_at) SELECT gen_random_uuid(), now() FROM generate_series(1, 5000) RETURNING id
), numbered AS (SELECT id, row_number() OVER () AS n FROM people)
INSERT INTO app.lawyer (id, licence, title, name, firm, pool, specialties, divisions, languages, gender,
                        practising_since, seen_at, reply_seconds, rating_lower, requestable, standing)
SELECT id, id::text, '律师', '律师' || n * 7919 % 5000, (SELECT array_agg(id) FROM app.firm)[1 + n % 20],
       (ARRAY['LOCAL', 'PROVINCE', 'NATION'])[1 + n % 3],
       ARRAY[(ARRAY['labour', 'family', 'debt', 'contract', 'injury', 'land', 'criminal'])[1 + n % 7]],
       ARRAY['41900100' || 1 + n % 5], '{普通话}', 'MALE', date '1990-01-01' + (n % 10000)::int,
       CASE WHEN n % 4 = 0 THEN now() - n % 300 * interval '1 s' END, CASE WHEN n % 3 > 0 THEN n % 1000 END,
       CASE WHEN n % 4 > 0 THEN n % 997 / 997.0 END, n % 2 = 0,
       CASE WHEN n % 50 = 0 THEN 'LEFT' ELSE 'ACTIVE' END
FROM numbered"""


async def test_no_page_of_five_thousand_lawyers_is_sorted(city: City) -> None:
    for number in range(20):
        await city.firm(f"第{number}律师事务所")
    await city.sql(CROWD)
    await city.sql("ANALYZE app.lawyer, app.firm, app.person")

    everybody = Wanted()
    some = [
        Wanted(specialty="labour"),
        Wanted(pool=Pool.LOCAL),
        Wanted(areas=areas_of("419001001001")),
        Wanted(online=False),
        Wanted(language="普通话", gender=Gender.MALE),
        Wanted(years_min=10, requestable=True),
        Wanted(rating_min=0.1, reply_seconds_max=900),
    ]
    async with city.db.acting(NOBODY) as session:
        for sorting in SORTINGS.values():
            start = Page(20, backward=False, after=None, before=None)
            last = (await lawyer_page(session, everybody, sorting, start))[-1]
            here = (sorting.of(last), last.id)
            for page in (start, Page(20, False, here, None), Page(20, True, None, None)):
                for wanted in (everybody, *some):
                    plan = await plan_of(session, lawyer_listing(wanted, sorting, page, now(session)))
                    assert "Sort" not in plan, plan
                    assert "Index Scan" in plan, plan
