"""An adviser logs what she did: by where she is, or by a code that somebody of the village made."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.advisers.hall import (
    MINE,
    NEIGHBOUR,
    VILLAGE,
    appointed,
    code_of,
    end,
    grassroots_worker,
    lives_in,
    log,
    place_village,
)
from tests.advisers.hall import appoint as appoint_adviser
from tests.city import City, codes
from tests.directory.desk import enter_institution, place_institution
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

MIDDLE = {"longitude": 112.57, "latitude": 35.16, "system": "WGS84"}
NEAR = MIDDLE | {"latitude": 35.1644}
FAR = MIDDLE | {"latitude": 35.1646}
"""489 and 511 m to the north."""
SERVICES = "query ($id: ID!) { adviserServices(termId: $id, first: 9) { nodes { id kind people metres at } } }"
POINT = f'{{ division(code: "{VILLAGE}") {{ point {{ source version coordinates(system: WGS84) {{ latitude }} }} }} }}'
AROUND = f'{{ nearestPoints(divisionCode: "{VILLAGE}") {{ example around(system: WGS84) {{ latitude }} }} }}'


@pytest.fixture
async def officer(city: City) -> Viewer:
    return await city.person(Role.OFFICER)


async def test_who_is_within_500_m_of_the_village_logs_what_she_did_there(city: City, officer: Viewer) -> None:
    lawyer = await city.lawyer()
    term = await appointed(city, officer, lawyer)
    assert codes(await log(city, lawyer, coordinates=MIDDLE)) == ["NO_VILLAGE_POINT"]
    assert (await city.one(None, AROUND))["example"]
    placed = await place_village(city, officer, MIDDLE)
    assert (placed["version"], placed["history"][0]["version"]) == (1, 1)
    assert await city.one(None, AROUND) == {"example": False, "around": {"latitude": 35.16}}
    assert (await city.one(None, POINT))["point"]["version"] == 1
    made = await log(city, lawyer, coordinates=NEAR, people=12)
    assert (made["__typename"], made["kind"], made["people"], made["metres"]) == ("AdviserService", "VISIT", 12, 489)
    far = await log(city, lawyer, coordinates=FAR)
    assert codes(far) == ["TOO_FAR"]
    assert "512 米" in far["reasons"][0]["message"] or "511 米" in far["reasons"][0]["message"]
    # An institution in the village is as good as its middle, if one knows where it is.
    office = (await enter_institution(city, officer, divisionCode=VILLAGE))["id"]
    await place_institution(city, officer, office, 1, latitude=35.17, longitude=112.57, precision="STREET")
    assert codes(await log(city, lawyer, coordinates=MIDDLE | {"latitude": 35.17})) == ["TOO_FAR"]
    await place_institution(city, officer, office, 2, latitude=35.17, longitude=112.57, precision="ENTRANCE")
    talk = await log(city, lawyer, kind="TALK", coordinates=MIDDLE | {"latitude": 35.17}, people=40)
    assert talk["metres"] == 0
    for viewer, seen in ((lawyer, 2), (officer, 2), (await city.lawyer(), 0), (await city.person(Role.SUPERVISOR), 0)):
        nodes = (await city.one(viewer, SERVICES, id=term))["nodes"]
        assert len(nodes) == seen
        node = await city.one(viewer, "query ($id: ID!) { node(id: $id) { id } }", id=made["id"])
        assert (node is not None) == bool(seen)
    # Where she was is kept nowhere: only how far.
    ((columns,),) = await city.sql("SELECT to_jsonb(s) FROM app.adviser_service s LIMIT 1")
    assert set(columns) == {"id", "term", "adviser", "kind", "at", "people", "metres", "code", "logged_at"}
    same = str(new_id())
    at = (await city.now()).isoformat()
    again = await asyncio.gather(*(log(city, lawyer, coordinates=NEAR, at=at, idempotencyKey=same) for _ in range(50)))
    assert len({one["id"] for one in again}) == 1
    assert len(await city.sql("SELECT 1 FROM app.adviser_service")) == 3
    # A point that is said again is the same; another is the next version.
    assert (await place_village(city, officer, MIDDLE, 1))["version"] == 1
    assert codes(await place_village(city, officer, FAR, 0)) == ["CHANGED_MEANWHILE"]
    moved = await asyncio.gather(*(place_village(city, officer, FAR, 1) for _ in range(50)))
    assert [codes(one) for one in moved].count([]) >= 1
    assert (await city.one(None, POINT))["point"]["version"] == 2
    assert codes(await place_village(city, officer, {**MIDDLE, "longitude": 0, "latitude": 0}, 2)) == [
        "COORDINATES_ZERO"
    ]
    assert codes(await place_village(city, officer, MIDDLE, 0, divisionCode="419001")) == ["BAD_VALUE"]


async def test_a_code_of_somebody_in_the_village_is_good_once_and_for_half_an_hour(city: City, officer: Viewer) -> None:
    lawyer, villager = await city.lawyer(), await city.resident()
    await appointed(city, officer, lawyer)
    await appointed(city, officer, lawyer, divisionCode=NEIGHBOUR)
    assert codes(await code_of(city, villager)) == ["NO_VILLAGE_SAID"]
    await lives_in(city, villager)
    made = await code_of(city, villager)
    assert (len(made["digits"]), made["division"]["code"]) == (6, VILLAGE)
    ((kept,),) = await city.sql("SELECT code FROM app.visit_code")
    assert made["digits"].encode() not in bytes(kept)
    # It is that village's alone.
    assert codes(await log(city, lawyer, divisionCode=NEIGHBOUR, code=made["digits"])) == ["VISIT_CODE_WRONG"]
    done = await asyncio.gather(*(log(city, lawyer, code=made["digits"], people=n + 1) for n in range(50)))
    assert [one["__typename"] for one in done].count("AdviserService") == 1
    assert {code for one in done for code in codes(one)} <= {"VISIT_CODE_USED", "TRY_LATER"}
    assert len(await city.sql("SELECT 1 FROM app.adviser_service WHERE metres IS NULL")) == 1
    await city.turn(timedelta(hours=25))
    assert codes(await log(city, lawyer, code=made["digits"])) == ["VISIT_CODE_USED"]
    second = await code_of(city, villager)
    await city.turn(timedelta(minutes=30))
    assert codes(await log(city, lawyer, code=second["digits"])) == ["VISIT_CODE_EXPIRED"]
    # Her own is none, and the same key gives the same again.
    await lives_in(city, lawyer)
    own = await asyncio.gather(*(code_of(city, lawyer, "of-the-adviser") for _ in range(50)))
    assert len({one["digits"] for one in own}) == 1
    assert codes(await log(city, lawyer, code=own[0]["digits"])) == ["VISIT_CODE_OWN"]
    several = await asyncio.gather(*(code_of(city, villager) for _ in range(50)))
    assert sum(not codes(one) for one in several) == 4  # five a day, one of which was made before
    assert {code for one in several for code in codes(one)} == {"CODES_FULL"}


async def test_who_guesses_codes_waits_ever_longer(city: City, officer: Viewer) -> None:
    lawyer = await city.lawyer()
    await appointed(city, officer, lawyer)
    tried = [codes(await log(city, lawyer, code=f"{number:06}")) for number in range(7)]
    assert tried == [["VISIT_CODE_WRONG"]] * 5 + [["TRY_LATER"]] * 2


async def test_what_cannot_be_logged_is_refused_by_name(city: City, officer: Viewer) -> None:
    lawyer, other = await city.lawyer(), await city.lawyer()
    term = await appointed(city, officer, lawyer)
    await place_village(city, officer, MIDDLE)
    now = await city.now()
    for wrong, expected in (
        ({"divisionCode": NEIGHBOUR}, ["NOT_YOUR_VILLAGE"]),
        ({"divisionCode": "\x00"}, ["NOT_YOUR_VILLAGE"]),
        ({"at": (now + timedelta(minutes=1)).isoformat()}, ["IN_THE_FUTURE"]),
        ({"at": (now - timedelta(hours=73)).isoformat()}, ["TOO_OLD"]),
        ({"at": (now - timedelta(hours=48)).isoformat()}, ["OUTSIDE_TERM"]),
        ({"people": 0}, ["BAD_VALUE"]),
        ({"people": 10_001}, ["BAD_VALUE"]),
        ({"coordinates": None}, ["NO_PROOF"]),
        ({"code": "123456"}, ["NO_PROOF"]),
        ({"coordinates": None, "code": "12345"}, ["VISIT_CODE_WRONG"]),
        ({"coordinates": None, "code": "１２３４５６"}, ["VISIT_CODE_WRONG"]),
        ({"coordinates": {"longitude": 35.16, "latitude": 112.57, "system": "WGS84"}}, ["COORDINATES_SWAPPED"]),
        ({"coordinates": {"longitude": 0, "latitude": 0, "system": "GCJ02"}}, ["COORDINATES_ZERO"]),
        ({"idempotencyKey": "x"}, ["BAD_KEY"]),
    ):
        assert codes(await log(city, lawyer, **({"coordinates": MIDDLE} | wrong))) == expected, wrong
    for who in (other, await city.resident(), officer):
        assert codes(await log(city, who, coordinates=MIDDLE)) == ["NOT_YOUR_VILLAGE"]
    assert await city.sql("SELECT 1 FROM app.adviser_service") == []
    await end(city, officer, term)
    assert not codes(await log(city, lawyer, coordinates=MIDDLE))
    await city.turn(timedelta(days=1))
    assert codes(await log(city, lawyer, coordinates=MIDDLE)) == ["OUTSIDE_TERM"]


async def test_a_grassroots_legal_worker_logs_by_the_account_that_she_showed(city: City, officer: Viewer) -> None:
    worker, her = await grassroots_worker(city, officer), await city.resident()
    made = await appoint_adviser(city, officer, worker, accountId=global_id("Viewer", her.id))
    await place_village(city, officer, MIDDLE)
    assert not codes(await log(city, her, coordinates=MIDDLE))
    assert len((await city.one(her, SERVICES, id=made["id"]))["nodes"]) == 1
    await lives_in(city, her)
    assert (await city.one(her, MINE))["term"]["id"] == made["id"]


async def test_raw_sql_logs_nothing_that_is_not_hers(city: City, officer: Viewer) -> None:
    lawyer, other, villager = await city.lawyer(), await city.lawyer(), await city.resident()
    term = uuid_of(await appointed(city, officer, lawyer), "AdviserTerm")
    elsewhere = uuid_of(await appointed(city, officer, other, divisionCode=NEIGHBOUR), "AdviserTerm")
    await lives_in(city, villager)
    await code_of(city, villager)
    ((code,),) = await city.sql("SELECT id FROM app.visit_code")
    said: dict[str, Any] = {"me": lawyer.id, "them": other.id, "t": term, "u": elsewhere, "c": code}
    entry = """INSERT INTO app.adviser_service (id, term, adviser, kind, at, people, metres, code, logged_at)
        VALUES (gen_random_uuid(), {term}, {who}, 'VISIT', {at}, 1, {metres}, {code}, app.clock())"""
    good = {"term": ":t", "who": ":me", "at": "app.clock()", "metres": "1", "code": "NULL"}
    for wrong, outcome in (
        ({"who": ":them"}, DENIED),
        ({"term": ":u"}, DENIED),
        ({"at": "app.clock() - interval '2 days'"}, DENIED),
        ({"at": "app.clock() + interval '1 minute'"}, "23514"),
        ({"metres": "501"}, "23514"),
        ({"metres": "NULL"}, "23514"),
        ({"metres": "NULL", "code": "gen_random_uuid()"}, DENIED),
        ({}, "rows=1"),
        ({"metres": "NULL", "code": ":c"}, "rows=1"),
        ({"metres": "NULL", "code": ":c"}, "23505"),
    ):
        assert await attempt(city.db, lawyer.id, entry.format(**(good | wrong)), **said) == outcome, wrong
    theirs = entry.format(**(good | {"term": ":u", "who": ":them", "metres": "NULL", "code": ":c"}))
    assert await attempt(city.db, other.id, theirs, **said) == DENIED  # a code of another village
    make = """INSERT INTO app.visit_code (id, division, maker, code, made_at, expires_at)
        VALUES (gen_random_uuid(), '419001100201', {maker}, '\\x02', app.clock(), app.clock() + interval '{life}')"""
    assert await attempt(city.db, other.id, make.format(maker=":me", life="1 minute"), **said) == DENIED
    assert await attempt(city.db, other.id, make.format(maker=":them", life="1 hour"), **said) == DENIED
    for statement in (
        "UPDATE app.adviser_service SET people = 99",
        "DELETE FROM app.adviser_service",
        "UPDATE app.visit_code SET used_at = NULL",
        "DELETE FROM app.visit_code",
    ):
        assert await attempt(city.db, lawyer.id, statement) == DENIED, statement
    assert await attempt(city.db, other.id, "SELECT 1 FROM app.adviser_service") == "rows=0"
    assert await attempt(city.db, other.id, "SELECT 1 FROM app.visit_code") == "rows=0"
