"""Coordinates: there and back within a metre, and what cannot be right by its name."""

from math import cos, hypot, inf, nan, radians

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.places.rules import CITY
from app.places.rules.coordinates import COUNTRY, Spot, against_spot, to_gcj02, to_wgs84

SPOTS = st.builds(Spot, st.floats(COUNTRY.west, COUNTRY.east), st.floats(COUNTRY.south, COUNTRY.north))
ANYWHERE = st.builds(Spot, st.floats(-180, 180), st.floats(-90, 90))


def metres(one: Spot, other: Spot) -> float:
    """Good for places that are near each other."""
    east = (one.longitude - other.longitude) * cos(radians(one.latitude))
    return hypot(east, one.latitude - other.latitude) * 111_320


@settings(max_examples=2_000)
@given(SPOTS)
def test_there_and_back_is_the_same_place(spot: Spot) -> None:
    assert metres(to_wgs84(to_gcj02(spot)), spot) < 0.001
    assert metres(to_gcj02(to_wgs84(spot)), spot) < 0.001


@settings(max_examples=500)
@given(SPOTS)
def test_maps_shift_a_place_by_less_than_a_kilometre(spot: Spot) -> None:
    assert metres(to_gcj02(spot), spot) < 1_000


@settings(max_examples=500)
@given(ANYWHERE)
def test_there_and_back_anywhere_and_abroad_nothing_moves(spot: Spot) -> None:
    assert metres(to_wgs84(to_gcj02(spot)), spot) < 1_000
    if not (72 <= spot.longitude <= 138 and 0.8 <= spot.latitude <= 56):
        assert to_gcj02(spot) == to_wgs84(spot) == spot


@pytest.mark.parametrize(
    ("kept", "drawn"),
    [  # the test values of eviltransform: Shanghai, Shenzhen, Beijing
        (Spot(121.5272106, 31.1774276), Spot(121.531541859215, 31.17530398364597)),
        (Spot(113.912316, 22.543847), Spot(113.9171764808363, 22.540796131694766)),
        (Spot(116.377817, 39.911954), Spot(116.38404722455657, 39.91334545536069)),
    ],
)
def test_a_place_is_where_maps_draw_it(kept: Spot, drawn: Spot) -> None:
    assert metres(to_gcj02(kept), drawn) < 0.5
    assert metres(to_wgs84(drawn), kept) < 0.5


def test_the_city_is_in_the_country() -> None:
    assert COUNTRY.hold(Spot(CITY.west, CITY.south))
    assert COUNTRY.hold(Spot(CITY.east, CITY.north))


@pytest.mark.parametrize(
    ("spot", "wrong"),
    [
        (Spot(112.59, 35.07), None),
        (Spot(35.07, 112.59), "COORDINATES_SWAPPED"),
        (Spot(0, 0), "COORDINATES_ZERO"),
        (Spot(-0.0, 0.0), "COORDINATES_ZERO"),
        (Spot(200, 35), "COORDINATES_OUT_OF_RANGE"),
        (Spot(112, -91), "COORDINATES_OUT_OF_RANGE"),
        (Spot(nan, 35), "COORDINATES_OUT_OF_RANGE"),
        (Spot(112, inf), "COORDINATES_OUT_OF_RANGE"),
        (Spot(2.35, 48.86), "COORDINATES_ABROAD"),
        (Spot(116.39, 39.91), "COORDINATES_OUTSIDE_CITY"),
    ],
)
def test_what_cannot_be_right_is_refused_by_name(spot: Spot, wrong: str | None) -> None:
    assert [reason.code.name for reason in against_spot(spot, "at", CITY)] == ([wrong] if wrong else [])


@given(st.builds(Spot, st.floats(allow_nan=True, allow_infinity=True), st.floats(allow_nan=True)))
def test_whatever_is_said_is_taken_or_refused_once(spot: Spot) -> None:
    wrong = list(against_spot(spot, "at"))
    assert (wrong == []) == COUNTRY.hold(spot)
    assert len(wrong) <= 1
