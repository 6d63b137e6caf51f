"""What the number of a licence says, and what an application may say: pure rules."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.directory.models import Gender, Pool
from app.directory.rules.applying import Application, against_application
from app.directory.rules.licence import licence_of, pool_of, practising_since
from tests.city import TOWN
from tests.directory.counter import FIRM, NAME, licence

NOW = datetime(2026, 11, 28, 4, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "name": NAME,
    "licence": licence(),
    "firm": FIRM,
    "specialties": ["labour"],
    "division": TOWN,
    "languages": ["普通话"],
    "introduction": "",
}


def test_a_number_says_where_since_when_and_who() -> None:
    found = licence_of("1 4190 2015 1 1 800001")
    assert found is not None
    assert (found.number, found.province, found.year, found.gender) == ("14190201511800001", "41", 2015, Gender.FEMALE)
    man = licence_of("１１１０１２００４１０１２３４５６")
    assert man is not None
    assert (man.number, man.province, man.gender) == ("11101200410123456", "11", Gender.MALE)
    assert practising_since(man) == date(2004, 12, 31)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "1419020151180000",
        "141902015118000011",
        "24190201511800001",
        "10190201511800001",
        "14190188811800001",
        "14190201501800001",
        "14190201512800001",
        "1419020151180000x",
        "14190201511800001\x00",
        "1" * 5_000,
    ],
)
def test_what_is_no_number_is_none(said: str) -> None:
    assert licence_of(said) is None


def test_she_is_local_whose_firm_is_in_the_city() -> None:
    home, away = licence_of(licence()), licence_of(licence(area="1101"))
    assert home is not None
    assert away is not None
    assert (pool_of(home, TOWN), pool_of(home, None), pool_of(away, None)) == (Pool.LOCAL, Pool.PROVINCE, Pool.NATION)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({}, []),
        ({"division": None, "licence": licence(area="1101")}, []),
        ({"name": ""}, [("BLANK", "name")]),
        ({"name": "王"}, [("TOO_SHORT", "name")]),
        ({"name": "王" * 31}, [("TOO_LONG", "name")]),
        ({"name": "王\x00梅"}, [("BAD_TEXT", "name")]),
        ({"licence": "12345"}, [("BAD_LICENCE", "licence")]),
        ({"licence": licence(year=2027)}, [("BAD_LICENCE", "licence")]),
        ({"licence": licence(area="1101")}, [("LICENCE_ELSEWHERE", "divisionCode")]),
        ({"firm": "某所"}, [("TOO_SHORT", "firm")]),
        ({"specialties": []}, [("BAD_VALUE", "specialties")]),
        ({"specialties": ["labour", "labour"]}, [("BAD_VALUE", "specialties")]),
        ({"specialties": ["labour.wages"]}, [("BAD_VALUE", "specialties")]),
        ({"specialties": ["magic"]}, [("BAD_VALUE", "specialties")]),
        ({"division": "110101001"}, [("BAD_VALUE", "divisionCode")]),
        ({"languages": []}, [("BAD_VALUE", "languages")]),
        ({"languages": ["普通话", " 普通话 "]}, [("BAD_VALUE", "languages")]),
        ({"languages": ["话" * 21]}, [("BAD_VALUE", "languages")]),
        ({"introduction": "字" * 301}, [("TOO_LONG", "introduction")]),
        ({"name": "", "firm": ""}, [("BLANK", "name"), ("BLANK", "firm")]),
    ],
)
def test_what_is_wrong_with_an_application_is_said_of_each_field(
    wrong: dict[str, Any], why: list[tuple[str, str]]
) -> None:
    reasons = against_application(Application(**GOOD | wrong), NOW)
    assert [(reason.code.name, reason.field) for reason in reasons] == why


def test_what_is_kept_has_no_blanks_around_it() -> None:
    loose = {"name": f" {NAME} ", "licence": "1 4190 2015 1 1 800001", "languages": [" 普通话"]}
    kept = Application(**GOOD | loose).tidied()
    assert (kept.name, kept.licence, kept.languages) == (NAME, licence(), ["普通话"])
