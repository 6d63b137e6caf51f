"""The map: counts as a brute force makes them, distances in their true order, one index scan for the nearest."""

import random
from collections import Counter
from math import asin, cos, radians, sin, sqrt
from typing import Any

import pytest

from app.core.access import Role
from app.core.db import NOBODY, now
from app.directory.reads.placing import cells, clusters, nearest
from app.directory.rules.grid import MOST, cell_of, grid_over
from app.places.rules.coordinates import EARTH, Bounds, Spot, System, to_gcj02
from tests.advisers.hall import place_village
from tests.city import TOWN, City
from tests.directory.desk import change_institution, enter_institution, place_institution
from tests.plans import plan_of

pytestmark = pytest.mark.anyio

MAP = """query ($bounds: BoundsInput!, $zoom: Int!, $kinds: [RegisterKind!]) {
  mapPoints(bounds: $bounds, zoom: $zoom, kinds: $kinds) {
    key count coordinates(system: WGS84) { longitude latitude } institutions { name } } }"""
NEAREST = """
query ($at: CoordinatesInput, $town: String, $kinds: [RegisterKind!], $service: String, $first: Int! = 10) {
  nearestPoints(at: $at, divisionCode: $town, kinds: $kinds, service: $service, first: $first) {
    example around(system: WGS84) { longitude latitude } points { metres institution { name } } } }"""
HERE = {"longitude": 112.6, "latitude": 35.07, "system": "WGS84"}
KINDS = ("NOTARY_OFFICE", "LAW_FIRM", "JUDICIAL_OFFICE")
FILL = """INSERT INTO app.institution (id, kind, number, name, division, province, phones, specialties, standing,
  source, verified_at, example, version, changed_at, reason, label, terms, aliases, address, longitude, latitude,
  place_source, place_precision)
  SELECT gen_random_uuid(), kind, 'N' || n, '示例机构' || n, '', '41', '{}', '{family}', 'ACTIVE', '示例',
    app.clock(), true, 1, app.clock(), '示例', '|', '', '{}', '', longitude, latitude, '示例', 'BUILDING'
  FROM unnest(CAST(:kinds AS text[]), CAST(:east AS float8[]), CAST(:north AS float8[]))
    WITH ORDINALITY AS given(kind, longitude, latitude, n)"""


async def fill(city: City, many: int, seed: int = 7) -> list[tuple[str, Spot]]:
    """Examples all over the city, and far around it."""
    dice = random.Random(seed)
    made = [
        (dice.choice(KINDS), Spot(dice.gauss(112.5, spread), dice.gauss(35.1, spread / 2)))
        for spread in (dice.choice((0.1, 0.1, 2.0)) for _ in range(many))
    ]
    given = {"kinds": [kind for kind, _ in made], "east": [spot.longitude for _, spot in made]}
    await city.sql("ALTER TABLE app.institution DISABLE TRIGGER register_changes")
    await city.sql(FILL, **given, north=[spot.latitude for _, spot in made])
    return made


def distance(one: Spot, other: Spot) -> float:
    """The haversine, in metres."""
    up, across = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    middle = sin(up / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(across / 2) ** 2
    return 2 * EARTH * asin(sqrt(middle))


def view(west: float, south: float, east: float, north: float, system: str = "WGS84") -> dict[str, Any]:
    return {"west": west, "south": south, "east": east, "north": north, "system": system}


async def test_marks_count_what_a_brute_force_counts_at_every_zoom(city: City) -> None:
    made = await fill(city, 3_000)
    for zoom in range(4, 20, 3):
        half = 90 / 2**zoom * 2
        for middle in (112.5, 112.61):
            window = Bounds(middle - half, 35.1 - half / 2, middle + half, 35.1 + half / 2)
            for kinds in (None, ["LAW_FIRM"]):
                said = view(window.west, window.south, window.east, window.north)
                marks = await city.one(None, MAP, bounds=said, zoom=zoom, kinds=kinds)
                grid = grid_over(window, System.WGS84, zoom)
                wanted = [cell_of(spot, grid.level) for kind, spot in made if not kinds or kind in kinds]
                brute = Counter(f"{grid.level}/{x}/{y}" for x, y in wanted if grid.has(x, y))
                assert {mark["key"]: mark["count"] for mark in marks} == brute
                assert len(marks) <= MOST
                assert all(len(mark["institutions"]) == min(mark["count"], 5) for mark in marks)


async def test_panning_keeps_each_mark_that_stays_in_sight(city: City) -> None:
    await fill(city, 3_000)
    for system in ("WGS84", "GCJ02"):
        seen: dict[str, Any] = {}
        for step in range(12):
            said = view(112.3 + step * 0.013, 35.0, 112.6 + step * 0.013, 35.2, system)
            marks = await city.one(None, MAP, bounds=said, zoom=11)
            assert all(seen.setdefault(mark["key"], mark) == mark for mark in marks)
        assert len(seen) > 20


async def test_one_institution_is_a_mark_where_it_stands_and_what_left_is_none(city: City) -> None:
    editor = await city.person(Role.EDITOR)
    made = await enter_institution(city, editor)
    around = {"bounds": view(112.5, 35.0, 112.7, 35.2), "zoom": 12}
    assert await city.one(None, MAP, **around) == []
    await place_institution(city, editor, made["id"], 1)
    (mark,) = await city.one(None, MAP, **around)
    assert (mark["count"], mark["institutions"]) == (1, [{"name": made["name"]}])
    assert mark["coordinates"] == {"longitude": 112.6, "latitude": 35.07}
    await change_institution(city, editor, made["id"], 2, standing="LEFT")
    for viewer in (None, editor):
        assert await city.one(viewer, MAP, **around) == []
        assert (await city.one(viewer, NEAREST, at=HERE))["points"] == []


async def test_the_nearest_come_in_the_order_of_true_distances(city: City) -> None:
    made = await fill(city, 3_000)
    for around in (Spot(112.6, 35.07), Spot(109.0, 38.0), Spot(125.0, 50.0)):
        for kinds in (None, ["NOTARY_OFFICE", "JUDICIAL_OFFICE"]):
            ranked = [(distance(around, spot), f"示例机构{n}", kind) for n, (kind, spot) in enumerate(made, 1)]
            ranked = sorted(one for one in ranked if not kinds or one[2] in kinds)[:50]
            at = {"longitude": around.longitude, "latitude": around.latitude, "system": "WGS84"}
            told = await city.one(None, NEAREST, at=at, kinds=kinds, first=50)
            assert [one["institution"]["name"] for one in told["points"]] == [name for _, name, _ in ranked]
            assert [one["metres"] for one in told["points"]] == [pytest.approx(far, abs=1) for far, _, _ in ranked]
            assert not told["example"]


async def test_a_division_will_do_and_is_said_to_be_an_example(city: City) -> None:
    editor = await city.person(Role.EDITOR)
    made = await enter_institution(city, editor, specialties=["family"])
    await place_institution(city, editor, made["id"], 1)
    told = await city.one(None, NEAREST, town=TOWN, service="family")
    assert told["example"]
    assert [one["institution"]["name"] for one in told["points"]] == [made["name"]]
    assert 0 < told["points"][0]["metres"] < 40_000
    assert (await city.one(None, NEAREST, town=TOWN, service="labour"))["points"] == []
    confirmed = HERE | {"longitude": 112.61}
    await place_village(city, editor, confirmed, divisionCode=TOWN)
    for code in (TOWN, f"{TOWN}001"):  # the town, and a village of it that has no point of its own
        told = await city.one(None, NEAREST, town=code)
        assert (told["example"], told["around"]) == (False, {"longitude": 112.61, "latitude": 35.07})
    assert (await city.one(None, NEAREST, town="419001002"))["example"]
    drawn = to_gcj02(Spot(112.6, 35.07))
    at = {"longitude": drawn.longitude, "latitude": drawn.latitude, "system": "GCJ02"}
    assert (await city.one(None, NEAREST, at=at))["points"][0]["metres"] == 0


async def test_what_nobody_verified_is_on_the_map_and_not_among_the_nearest(city: City) -> None:
    editor = await city.person(Role.EDITOR)
    made = await enter_institution(city, editor, verifiedAt=None)
    await place_institution(city, editor, made["id"], 1)
    assert len(await city.one(None, MAP, bounds=view(112.5, 35.0, 112.7, 35.2), zoom=12)) == 1
    assert (await city.one(None, NEAREST, at=HERE))["points"] == []


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"bounds": view(113, 35, 112, 36)}, ["BOUNDS_INVERTED"]),
        ({"bounds": view(112, 36, 113, 35)}, ["BOUNDS_INVERTED"]),
        ({"bounds": view(112, 35, 112, 36)}, ["BOUNDS_INVERTED"]),
        ({"bounds": view(-181, 35, 112, 36)}, ["COORDINATES_OUT_OF_RANGE"]),
        ({"bounds": view(112, 35, 113, 89)}, ["COORDINATES_OUT_OF_RANGE"]),
        ({"zoom": 23}, ["BAD_VALUE"]),
        ({"zoom": -1}, ["BAD_VALUE"]),
        ({"kinds": ["LAWYER"]}, ["BAD_VALUE"]),
    ],
)
async def test_a_window_that_cannot_be_is_refused(city: City, said: dict[str, Any], wrong: list[str]) -> None:
    (error,) = await city.errors(None, MAP, **{"bounds": view(112, 35, 113, 36), "zoom": 10} | said)
    assert [reason["code"] for reason in error["extensions"]["reasons"]] == wrong


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, ("BAD_VALUE", "at")),
        ({"at": HERE, "town": TOWN}, ("BAD_VALUE", "at")),
        ({"at": {**HERE, "longitude": 35.07, "latitude": 112.6}}, ("COORDINATES_SWAPPED", "at")),
        ({"at": {**HERE, "longitude": 0, "latitude": 0}}, ("COORDINATES_ZERO", "at")),
        ({"town": ""}, ("BAD_VALUE", "divisionCode")),
        ({"town": "110101"}, ("BAD_VALUE", "divisionCode")),
        ({"town": TOWN, "service": "magic"}, ("BAD_VALUE", "service")),
        ({"town": TOWN, "kinds": ["NOTARY"]}, ("BAD_VALUE", "kinds")),
        ({"town": TOWN, "first": 51}, ("BAD_VALUE", "first")),
        ({"town": TOWN, "first": 0}, ("BAD_VALUE", "first")),
    ],
)
async def test_a_place_that_cannot_be_is_refused(city: City, said: dict[str, Any], wrong: tuple[str, str]) -> None:
    (error,) = await city.errors(None, NEAREST, **said)
    assert [(reason["code"], reason["field"]) for reason in error["extensions"]["reasons"]] == [wrong]


async def test_of_fifty_thousand_the_nearest_fifty_are_one_index_scan(city: City) -> None:
    await fill(city, 50_000)
    await city.sql("ANALYZE app.institution")
    async with city.db.acting(NOBODY) as session:
        for open in (None, now(session)):
            plan = await plan_of(session, nearest(None, Spot(112.6, 35.07), (), None, 50, open))
            assert "Index Scan using institution_nearest" in plan
            assert "Sort" not in plan
        street = Bounds(112.59, 35.06, 112.60, 35.07)
        plan = await plan_of(session, clusters(None, ()).params(cells(grid_over(street, System.WGS84, 16))))
        assert "institution_within" in plan
