"""The city's divisions, as the National Bureau of Statistics lists them."""

import pytest

from app.places.rules import DIVISIONS, Kind, divisions_of, is_division, town_of


def test_the_city_has_its_towns_and_villages() -> None:
    kinds = [division.kind for division in DIVISIONS.values()]
    assert kinds.count(Kind.CITY) == 1
    assert kinds.count(Kind.SUBDISTRICT) == 5
    assert kinds.count(Kind.TOWN) == 11
    assert kinds.count(Kind.VILLAGE) + kinds.count(Kind.COMMUNITY) == 557


def test_codes_have_the_length_of_their_kind() -> None:
    digits = {Kind.CITY: 6, Kind.SUBDISTRICT: 9, Kind.TOWN: 9, Kind.VILLAGE: 12, Kind.COMMUNITY: 12}
    for code, division in DIVISIONS.items():
        assert code == division.code
        assert code.isdecimal()
        assert len(code) == digits[division.kind]
        assert division.name.strip()


def test_a_village_lies_in_its_town() -> None:
    assert town_of("419001001001").name == "沁园街道"
    assert town_of("419001100").name == "克井镇"
    for division in DIVISIONS.values():
        town = town_of(division.code)
        assert division.code.startswith(town.code)
        assert town.kind in ((Kind.CITY,) if division.kind is Kind.CITY else (Kind.TOWN, Kind.SUBDISTRICT))


def test_the_city_stands_for_itself() -> None:
    assert town_of("419001").name == "济源市"


@pytest.mark.parametrize("code", ["", "419", "419001999", "419001001001 ", "110101001", "四一九零零一"])
def test_what_is_not_in_the_list_is_no_division(code: str) -> None:
    assert not is_division(code)
    with pytest.raises(KeyError):
        town_of(code)


def test_another_city_is_another_file() -> None:
    assert divisions_of("divisions") == DIVISIONS
    with pytest.raises(FileNotFoundError):
        divisions_of("nowhere")
