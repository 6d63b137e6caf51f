"""The city's divisions, as the National Bureau of Statistics lists them."""

import os
import subprocess
import sys
from pathlib import Path

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


OTHER = Path(__file__).parent / "other_city.json"
IN_THE_OTHER_CITY = """
from datetime import UTC, datetime
from app.directory.rules.finding import sought
from app.directory.rules.licence import HOME, licence_of
from app.directory.rules.placing import against_placed
from app.directory.rules.register import against_record
from app.places.rules.divisions import below, reference_point, town_of
import app.schema
from scripts.playing import people
from scripts.playing.institutions import institutions

assert below() == ["449999001", "449999100"] and town_of("449999100201").name == "示例西镇"
assert reference_point("449999100201").longitude == 113.6
assert HOME == "44" and "=449999100" in sought("示例西镇司法所").terms
now = datetime(2026, 11, 28, tzinfo=UTC)
made = institutions(people.firms_of(people.lawyers(50)), now)
assert len(made) > 10
for one in made:
    assert against_record(one.office, now) == [] and not list(against_placed(one.place, one.office.division))
"""


def test_another_city_is_another_file() -> None:
    """The whole house with another file: its towns, its bounds, its province, and a demo city of its own."""
    assert len(divisions_of(OTHER)) == 5
    with pytest.raises(FileNotFoundError):
        divisions_of(OTHER.with_name("nowhere.json"))
    done = subprocess.run(
        [sys.executable, "-c", IN_THE_OTHER_CITY],
        env=os.environ | {"CITY_FILE": str(OTHER)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
