"""The closed list of what a question can be about."""

import re

import pytest

from app.directory.rules.taxonomy import CATEGORIES, SPECIALTIES, VERSION, kin_of, specialty_of


def test_fourteen_specialties_each_have_two_to_five_narrower_categories() -> None:
    assert VERSION >= 1
    assert len(SPECIALTIES) == 14
    for first in SPECIALTIES:
        narrower = [one for one in CATEGORIES.values() if one.parent == first]
        assert 2 <= len(narrower) <= 5, first


def test_codes_are_plain_and_say_their_parent() -> None:
    for code, category in CATEGORIES.items():
        assert category.code == code
        assert re.fullmatch(r"[a-z]+(\.[a-z]+)?", code)
        assert category.parent == (code.split(".")[0] if "." in code else None)
        assert category.parent is None or category.parent in SPECIALTIES


def test_names_differ_in_either_language() -> None:
    assert len({category.zh for category in CATEGORIES.values()}) == len(CATEGORIES)
    assert len({category.en for category in CATEGORIES.values()}) == len(CATEGORIES)
    assert all(category.zh.strip() and category.en.isascii() for category in CATEGORIES.values())


def test_a_tag_is_a_short_chinese_word_of_one_category() -> None:
    tags = [tag for category in CATEGORIES.values() for tag in category.tags]
    assert len(set(tags)) == len(tags)
    assert all(re.fullmatch(r"[一-鿿]{2,6}", tag) for tag in tags)
    assert all(category.tags for category in CATEGORIES.values() if category.parent)


def test_a_specialty_is_the_first_level() -> None:
    assert specialty_of("labour.wages") == "labour"
    assert specialty_of("labour") == "labour"
    with pytest.raises(KeyError):
        specialty_of("astrology")


def test_kin_begins_with_the_category_itself() -> None:
    kin = [one.code for one in kin_of("labour.injury")]
    assert kin[0] == "labour.injury"
    assert "labour" in kin
    assert "labour.wages" in kin
    assert {specialty_of(code) for code in kin} == {"labour"}
    assert len(kin) == len(set(kin))
