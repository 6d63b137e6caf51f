"""The staff say where an institution is; everybody is shown it as maps draw it, or as GPS tells it."""

import asyncio
from typing import Any

import pytest

from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from app.places.rules.coordinates import Spot, to_gcj02
from tests.city import TOWN, City, codes
from tests.directory.desk import PLACE_OFFICE, SEEN, SPOT, WHY, change_institution, enter_institution, place_institution

pytestmark = pytest.mark.anyio

WHERE = """query ($id: ID!) { node(id: $id) { ... on Institution {
  drawn: coordinates { longitude latitude system }
  kept: coordinates(system: WGS84) { longitude latitude system } } } }"""


@pytest.fixture
async def editor(city: City) -> Viewer:
    return await city.person(Role.EDITOR)


@pytest.fixture
async def id(city: City, editor: Viewer) -> str:
    made = await enter_institution(city, editor)
    assert (made["coordinates"], made["placeSource"], made["placePrecision"]) == (None, "", None)
    assert made["openLocation"] is None
    return str(made["id"])


async def test_a_place_is_shown_as_maps_draw_it_and_as_it_is_kept(city: City, editor: Viewer, id: str) -> None:
    placed = await place_institution(city, editor, id, 1)
    drawn = to_gcj02(Spot(112.6, 35.07))
    seen = await city.one(None, WHERE, id=id)
    assert seen["kept"] == SPOT
    assert seen["drawn"] == {
        "longitude": pytest.approx(drawn.longitude, abs=1e-7),
        "latitude": pytest.approx(drawn.latitude, abs=1e-7),
        "system": "GCJ02",
    }
    numbers = {name: seen["drawn"][name] for name in ("longitude", "latitude")}
    assert placed["openLocation"] == numbers | {
        "name": placed["name"],
        "address": placed["address"],
        "scale": 17,
        "infoUrl": placed["shareUrl"],
    }
    assert (placed["placeSource"], placed["placePrecision"], placed["version"]) == ("示例坐标", "BUILDING", 2)


async def test_what_is_said_as_maps_draw_it_is_kept_as_gps_tells_it(city: City, editor: Viewer, id: str) -> None:
    drawn = to_gcj02(Spot(112.6, 35.07))
    await place_institution(city, editor, id, 1, longitude=drawn.longitude, latitude=drawn.latitude, system="GCJ02")
    ((longitude, latitude),) = await city.sql("SELECT longitude, latitude FROM app.institution")
    assert (longitude, latitude) == (pytest.approx(112.6, abs=1e-9), pytest.approx(35.07, abs=1e-9))


async def test_each_move_stays_in_the_history_and_the_place_can_be_forgotten(
    city: City, editor: Viewer, id: str
) -> None:
    await place_institution(city, editor, id, 1)
    same = await place_institution(city, editor, id, 2)
    assert same["version"] == 2
    changed = await change_institution(city, editor, id, 2, address="示例路8号")
    assert changed["coordinates"] is not None
    gone = await city.one(editor, PLACE_OFFICE, input={"institutionId": id, "version": 3, "reason": WHY})
    assert (gone["coordinates"], gone["placePrecision"], gone["version"]) == (None, None, 4)
    newest, _, moved, _ = gone["history"]
    told = {field["field"]: (field["before"], field["after"]) for field in newest["fields"]}
    assert told["longitude"] == ("112.6", "null")
    assert {field["field"] for field in moved["fields"]} == {
        "longitude",
        "latitude",
        "place_source",
        "place_precision",
    }


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"longitude": 35.07, "latitude": 112.6}, ("COORDINATES_SWAPPED", "place.coordinates")),
        ({"longitude": 0, "latitude": 0}, ("COORDINATES_ZERO", "place.coordinates")),
        ({"longitude": 0, "latitude": 0, "system": "GCJ02"}, ("COORDINATES_ZERO", "place.coordinates")),
        ({"longitude": 1000}, ("COORDINATES_OUT_OF_RANGE", "place.coordinates")),
        ({"longitude": 2.35, "latitude": 48.86}, ("COORDINATES_ABROAD", "place.coordinates")),
        ({"longitude": 116.39, "latitude": 39.91}, ("COORDINATES_OUTSIDE_CITY", "place.coordinates")),
        ({"source": " "}, ("BLANK", "place.source")),
        ({"source": "某" * 61}, ("TOO_LONG", "place.source")),
        ({"source": "某\x00某"}, ("BAD_TEXT", "place.source")),
        ({"reason": "改"}, ("TOO_SHORT", "reason")),
        ({"version": 7}, ("CHANGED_MEANWHILE", "version")),
        ({"institutionId": global_id("Institution", new_id())}, ("NOT_FOUND", "institutionId")),
        ({"institutionId": global_id("Lawyer", new_id())}, ("BAD_ID", "institutionId")),
    ],
)
async def test_a_place_that_cannot_be_right_is_refused_by_name(
    city: City, editor: Viewer, id: str, said: dict[str, Any], wrong: tuple[str, str]
) -> None:
    refused = await place_institution(city, editor, id, said.pop("version", 1), **said)
    assert [(reason["code"], reason["field"]) for reason in refused["reasons"]] == [wrong]
    assert await city.sql("SELECT 1 FROM app.institution WHERE longitude IS NOT NULL") == []


async def test_an_institution_outside_the_city_may_be_anywhere_in_the_country(city: City, editor: Viewer) -> None:
    made = await enter_institution(city, editor, divisionCode="", number="示例-G-0009")
    placed = await place_institution(city, editor, made["id"], 1, longitude=116.39, latitude=39.91)
    assert placed["version"] == 2


async def test_what_comes_into_the_city_brings_no_place_from_elsewhere(city: City, editor: Viewer) -> None:
    made = await enter_institution(city, editor, divisionCode="", province="11")
    there = await place_institution(city, editor, made["id"], 1, longitude=116.39, latitude=39.91)
    assert there["version"] == 2
    moved = {"divisionCode": TOWN, "province": "41"}
    refused = await change_institution(city, editor, made["id"], 2, **moved)
    assert [(reason["code"], reason["field"]) for reason in refused["reasons"]] == [
        ("COORDINATES_OUTSIDE_CITY", "divisionCode")
    ]
    forgotten = await city.one(editor, PLACE_OFFICE, input={"institutionId": made["id"], "version": 2, "reason": WHY})
    assert forgotten["coordinates"] is None
    assert (await change_institution(city, editor, made["id"], 3, **moved))["division"]["code"] == TOWN


async def test_who_does_not_keep_the_register_places_nothing(city: City, id: str) -> None:
    for viewer in (None, await city.resident(), await city.person(Role.SUPERVISOR)):
        said = {"institutionId": id, "version": 1, "reason": WHY}
        (error,) = await city.errors(viewer, PLACE_OFFICE, input=said)
        assert error["extensions"]["code"] == ("FORBIDDEN" if viewer else "UNAUTHENTICATED")


async def test_of_fifty_places_at_once_one_is_taken(city: City, editor: Viewer, id: str) -> None:
    said = [place_institution(city, editor, id, 1, latitude=35.05 + number / 1000) for number in range(50)]
    done = await asyncio.gather(*said)
    assert sorted(codes(one) != [] for one in done) == [False] + [True] * 49
    assert {code for one in done for code in codes(one)} == {"CHANGED_MEANWHILE"}
    assert len((await city.one(editor, SEEN, id=id))["history"]) == 2
