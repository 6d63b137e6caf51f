"""The city's divisions, as the National Bureau of Statistics lists them."""

import pytest

from app.places.rules import DIVISIONS, DivisionKind, divisions_of, is_division, town_of


def test_the_city_has_its_towns_and_villages() -> None:
    kinds = [division.kind for division in DIVISIONS.values()]
    assert kinds.count(DivisionKind.CITY) == 1
    assert kinds.count(DivisionKind.SUBDISTRICT) == 5
    assert kinds.count(DivisionKind.TOWN) == 11
    assert kinds.count(DivisionKind.VILLAGE) + kinds.count(DivisionKind.COMMUNITY) == 557


def test_codes_have_the_length_of_their_kind() -> None:
    digits = {
        DivisionKind.CITY: 6,
        DivisionKind.SUBDISTRICT: 9,
        DivisionKind.TOWN: 9,
        DivisionKind.VILLAGE: 12,
        DivisionKind.COMMUNITY: 12,
    }
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
        assert town.kind in (
            (DivisionKind.CITY,)
            if division.kind is DivisionKind.CITY
            else (DivisionKind.TOWN, DivisionKind.SUBDISTRICT)
        )


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
