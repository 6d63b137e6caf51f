"""What a title may say, and what everybody calls an entry. Pure."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contests.rules.entering import Submission, against_submission, pseudonym_of, same_school

ID = UUID(int=7)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("天平下的家", []),
        ("我和法官爷爷", []),
        ("", ["BLANK"]),
        ("字" * 41, ["TOO_LONG"]),
        ("法\x00治", ["BAD_TEXT"]),
        ("济源市实验小学的法治梦", ["TITLE_TELLS"]),
        ("三年级2班小明", ["TITLE_TELLS"]),
        ("五（3）班作品", ["TITLE_TELLS"]),
        ("联系我13838910000", ["TITLE_TELLS"]),
    ],
)
def test_a_title_tells_nobody_who_she_is(title: str, expected: list[str]) -> None:
    said = Submission(activity=ID, picture=ID, title=title, school=None)
    assert [reason.code.name for reason in against_submission(said)] == expected


@given(st.uuids(), st.uuids())
def test_a_pseudonym_is_made_of_chance_alone(one: UUID, other: UUID) -> None:
    assert len(pseudonym_of(one)) == 8
    alike = UUID(int=other.int & ~0xFFFFFF | one.int & 0xFFFFFF)
    assert pseudonym_of(one) == pseudonym_of(alike)  # the rest of an id, its time above all, is not in it


def test_a_school_is_one_however_it_is_spaced() -> None:
    assert same_school(" 济源市 实验小学 ") == same_school("济源市实验小学")
    assert same_school("济源第1中学（东校区）") == same_school("济源第１中学(东校区)")
