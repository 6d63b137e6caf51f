"""Every village has one adviser at a time: the staff say who, everybody sees it, and gaps are seen by the staff."""

import asyncio
from datetime import date, timedelta

import pytest

from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.advisers.hall import APPOINT as APPOINT_ADVISER
from tests.advisers.hall import (
    COMMUNITY,
    MINE,
    NEIGHBOUR,
    SEEN,
    VILLAGE,
    WHY,
    appoint,
    appointed,
    end,
    grassroots_worker,
    in_register,
    lives_in,
    said,
    today,
)
from tests.city import City, codes
from tests.directory.desk import change_legal_worker, enter_worker
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

TERMS = (
    "query ($code: String!) { adviserTerms(divisionCode: $code, first: 2) { nodes { id } pageInfo { hasNextPage } } }"
)
COVERAGE = """query ($code: String!, $days: Int! = 30, $first: Int, $after: String) {
  adviserCoverage(divisionCode: $code, withinDays: $days) {
    villages covered expiring
    lacking(first: $first, after: $after) {
      nodes { division { code } state term { id } } pageInfo { hasNextPage endCursor } } } }"""
OF_A_TOWN = '{ divisions(within: "419001100") { code adviser { adviser { name workplace } } } }'


@pytest.fixture
async def officer(city: City) -> Viewer:
    return await city.person(Role.OFFICER)


async def test_an_adviser_is_seen_by_everybody_and_her_contract_by_the_staff(city: City, officer: Viewer) -> None:
    lawyer, resident = await city.lawyer(name="李晓（示例）"), await city.resident()
    assert await city.one(resident, MINE) == {"state": "NO_VILLAGE", "village": None, "term": None}
    assert (await lives_in(city, resident))["village"] == {"code": VILLAGE}
    assert (await city.one(resident, MINE))["state"] == "NO_ADVISER"
    made = await appoint(city, officer, await in_register(city, lawyer))
    assert (made["adviser"]["name"], made["contract"], made["version"]) == ("李晓（示例）", "示例合同〔2026〕1号", 1)
    assert (made["history"][0]["reason"], made["history"][0]["editorId"]) == (WHY, global_id("PersonFile", officer.id))
    mine = await city.one(resident, MINE)
    assert (mine["state"], mine["term"]["id"]) == ("APPOINTED", made["id"])
    for viewer in (None, resident, lawyer):
        seen = await city.one(viewer, SEEN, id=made["id"])
        assert made | {"contract": "", "source": "", "history": []} == seen | {"__typename": "AdviserTerm"}
    with city.statements() as statements:
        shown = await city.one(None, OF_A_TOWN)
    assert {one["code"]: one["adviser"] for one in shown}[VILLAGE]["adviser"]["name"] == "李晓（示例）"
    assert sum(one["adviser"] is not None for one in shown) == 1
    assert len(statements) == 2  # the terms of all villages, and who they are
    assert [term["id"] for term in await city.one(lawyer, "{ myAdviserTerms { id } }")] == [made["id"]]
    assert await city.one(resident, "{ myAdviserTerms { id } }") == []
    # Who no longer practises advises nobody.
    await city.sql("UPDATE app.legal_worker SET standing = 'LEFT', version = 2, changed_at = now()")
    assert (await city.one(resident, MINE))["state"] == "NO_ADVISER"
    assert (await lives_in(city, resident, None))["village"] is None
    assert (await city.one(resident, MINE))["state"] == "NO_VILLAGE"
    assert codes(await lives_in(city, resident, "419001100")) == ["NOT_A_VILLAGE"]


async def test_a_village_has_one_adviser_at_a_time_however_many_are_appointed_at_once(
    city: City, officer: Viewer
) -> None:
    first, second = [await in_register(city, one) for one in await city.lawyers(2)]
    made = await asyncio.gather(*(appoint(city, officer, first) for _ in range(50)))
    assert [one["__typename"] for one in made].count("AdviserTerm") == 1
    assert {code for one in made for code in codes(one)} == {"VILLAGE_HAS_ADVISER"}
    (term,) = [one for one in made if not codes(one)]
    day = await today(city)
    assert codes(await appoint(city, officer, second, since=day + timedelta(days=364), until=day + timedelta(days=400)))
    assert not codes(await appoint(city, officer, second, divisionCode=NEIGHBOUR))
    later = await appoint(city, officer, second, since=day + timedelta(days=365), until=day + timedelta(days=400))
    assert not codes(later)
    # Said twice it is one.
    input = await said(city, first, divisionCode=COMMUNITY)
    same = await asyncio.gather(*(city.one(officer, APPOINT_ADVISER, input=input) for _ in range(50)))
    assert len({one["id"] for one in same}) == 1
    # What ends today makes room from tomorrow on; what has not begun never does.
    assert codes(await end(city, officer, term["id"], lastDay=str(day - timedelta(days=1)))) == ["BAD_VALUE"]
    assert codes(await end(city, officer, term["id"], lastDay=str(day + timedelta(days=999)))) == ["BAD_VALUE"]
    done = await asyncio.gather(*(end(city, officer, term["id"]) for _ in range(50)))
    assert sorted({code for one in done for code in codes(one)}) == ["CHANGED_MEANWHILE"]
    ended = next(one for one in done if not codes(one))
    assert (ended["until"], ended["version"], ended["history"][0]["reason"]) == (str(day), 2, "律师调离本市")
    again = await end(city, officer, term["id"], version=2)
    assert (again["version"], again["until"]) == (2, str(day))
    never = await end(city, officer, later["id"])
    assert never["until"] == str(day + timedelta(days=364)) < never["since"]
    assert codes(await end(city, officer, later["id"], version=2)) == ["TERM_OVER"]
    fresh = await appoint(city, officer, second, since=day + timedelta(days=1))
    assert not codes(fresh)
    page = await city.one(officer, TERMS, code=VILLAGE)
    assert {node["id"] for node in page["nodes"]} == {later["id"], fresh["id"]}
    assert page["pageInfo"]["hasNextPage"]
    await city.turn(timedelta(days=1))
    assert codes(await end(city, officer, term["id"], version=2)) == ["TERM_OVER"]


async def test_gaps_and_terms_that_are_about_to_end_are_listed_in_order(city: City, officer: Viewer) -> None:
    lawyer, day = await city.lawyer(), await today(city)
    worker = await in_register(city, lawyer)
    await appoint(city, officer, worker)
    soon = await appoint(city, officer, worker, divisionCode=NEIGHBOUR, until=day + timedelta(days=30))
    with city.statements() as statements:
        town = await city.one(officer, COVERAGE, code="419001100", first=3)
    assert len(statements) == 1
    villages = len(await city.one(None, '{ divisions(within: "419001100") { code } }'))
    assert (town["villages"], town["covered"], town["expiring"]) == (villages, 2, 1)
    nodes = town["lacking"]["nodes"]
    assert VILLAGE not in {node["division"]["code"] for node in nodes}
    found = []
    after = None
    while True:
        page = (await city.one(officer, COVERAGE, code="419001100", first=7, after=after))["lacking"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    listed = [node["division"]["code"] for node in found]
    assert (len(listed), listed) == (villages - 1, sorted(listed))
    (expiring,) = [node for node in found if node["state"] == "EXPIRING"]
    assert (expiring["division"]["code"], expiring["term"]["id"]) == (NEIGHBOUR, soon["id"])
    assert {node["state"] for node in found} == {"EXPIRING", "UNCOVERED"}
    assert (await city.one(officer, COVERAGE, code="419001100", days=29))["expiring"] == 0
    whole = await city.one(officer, COVERAGE, code="419001", first=0)
    assert (whole["villages"], whole["covered"]) == (557, 2)
    errors = await city.errors(officer, COVERAGE, code="110101")
    assert errors[0]["extensions"]["code"] == "BAD_VALUE"
    errors = await city.errors(lawyer, COVERAGE, code="419001100")
    assert errors[0]["extensions"]["code"] == "FORBIDDEN"


async def test_what_is_no_appointment_is_refused_by_name(city: City, officer: Viewer) -> None:
    worker, day = await in_register(city, await city.lawyer()), await today(city)
    notary = (await enter_worker(city, officer))["id"]
    stale = await grassroots_worker(city, officer, verifiedAt=None)
    account = global_id("Viewer", (await city.resident()).id)
    for wrong, expected in (
        ({"divisionCode": "419001100"}, ["NOT_A_VILLAGE"]),
        ({"divisionCode": "\x00"}, ["NOT_A_VILLAGE"]),
        ({"until": day - timedelta(days=1)}, ["BAD_TERM"]),
        ({"since": day - timedelta(days=9), "until": day - timedelta(days=1)}, ["BAD_TERM"]),
        ({"until": day + timedelta(days=2000)}, ["BAD_TERM"]),
        ({"since": date(9999, 12, 15), "until": date.max}, ["BAD_TERM"]),
        ({"contract": " "}, ["BLANK"]),
        ({"contract": "甲" * 61}, ["TOO_LONG"]),
        ({"source": "a\x00b"}, ["BAD_TEXT"]),
        ({"reason": "因"}, ["TOO_SHORT"]),
        ({"idempotencyKey": "x"}, ["BAD_KEY"]),
        ({"legalWorkerId": global_id("Firm", new_id())}, ["BAD_ID"]),
        ({"legalWorkerId": global_id("LegalWorker", new_id())}, ["NOT_FOUND"]),
        ({"legalWorkerId": notary}, ["NOT_AN_ADVISER"]),
        ({"legalWorkerId": stale}, ["WORKER_NOT_OFFERED"]),
        ({"accountId": account}, ["BAD_VALUE"]),
        ({"accountId": "nonsense"}, ["BAD_ID"]),
    ):
        assert codes(await appoint(city, officer, **({"worker": worker} | wrong))) == expected, wrong
    assert await city.sql("SELECT 1 FROM app.adviser_term") == []
    await change_legal_worker(city, officer, stale, 1, verifiedAt=(await city.now()).isoformat())
    made = await appoint(city, officer, stale, accountId=account)
    assert not codes(made)
    missing = global_id("AdviserTerm", new_id())
    assert codes(await end(city, officer, missing)) == ["NOT_FOUND"]
    assert codes(await end(city, officer, made["id"], version=7)) == ["CHANGED_MEANWHILE"]


async def test_raw_sql_of_others_changes_nothing(city: City, officer: Viewer) -> None:
    lawyer, other = await city.lawyer(), await city.resident()
    id = uuid_of(await appointed(city, officer, lawyer), "AdviserTerm")
    await lives_in(city, other)
    signed = "version = 2, changed_by = :me, changed_at = app.clock()"
    for who in (lawyer, other, await city.person(Role.SUPERVISOR)):
        ended = f"UPDATE app.adviser_term SET until = since, {signed}"
        assert await attempt(city.db, who.id, ended, me=who.id) == "rows=0"
        copied = f"""INSERT INTO app.adviser_term SELECT gen_random_uuid(), '{NEIGHBOUR}', worker, :me, since, until,
            'x', 'x', 1, app.clock(), :me, 'x' FROM app.adviser_term"""
        assert await attempt(city.db, who.id, copied, me=who.id) == DENIED
    for statement in (
        "UPDATE app.adviser_term SET person = :me",
        "UPDATE app.adviser_term SET worker = gen_random_uuid()",
        "SELECT reason FROM app.adviser_term",
        "DELETE FROM app.adviser_term",
    ):
        assert await attempt(city.db, officer.id, statement, me=officer.id) == DENIED, statement
    skips = "UPDATE app.adviser_term SET version = 3, changed_by = :me, changed_at = app.clock() WHERE id = :id"
    assert await attempt(city.db, officer.id, skips, me=officer.id, id=id) == DENIED
    assert await attempt(city.db, lawyer.id, "SELECT 1 FROM app.village_said") == "rows=0"
    assert await attempt(city.db, other.id, "SELECT 1 FROM app.village_said") == "rows=1"
