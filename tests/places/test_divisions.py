"""Anybody looks up the towns and villages of the city."""

import pytest

from tests.city import City

pytestmark = pytest.mark.anyio

LISTED = "query ($within: String) { divisions(within: $within) { code name kind parentCode } }"
ONE = "query ($code: String!) { division(code: $code) { code name kind parentCode } }"


async def test_the_city_has_sixteen_towns_and_they_have_its_villages(city: City) -> None:
    towns = await city.one(None, LISTED)
    assert len(towns) == 16
    assert towns == await city.one(None, LISTED, within="419001")
    assert {town["kind"] for town in towns} == {"SUBDISTRICT", "TOWN"}
    villages = [one for town in towns for one in await city.one(None, LISTED, within=town["code"])]
    assert len({village["code"] for village in villages}) == 557
    assert {village["kind"] for village in villages} == {"VILLAGE", "COMMUNITY"}
    assert await city.one(None, LISTED, within=villages[0]["code"]) == []


async def test_one_is_found_by_its_code(city: City) -> None:
    with city.statements() as sent:
        found = await city.one(None, ONE, code="419001001001")
    assert found == {
        "code": "419001001001",
        "name": "东马蓬居民委员会",
        "kind": "COMMUNITY",
        "parentCode": "419001001",
    }
    assert sent == []
    assert (await city.one(None, ONE, code="419001"))["parentCode"] is None
    assert await city.one(None, ONE, code="110101") is None
    (error,) = await city.errors(None, LISTED, within="110101")
    assert error["extensions"]["reasons"][0]["field"] == "within"
