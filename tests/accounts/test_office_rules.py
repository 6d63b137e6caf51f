"""Which offices go together, and which reasons are reasons."""

from itertools import combinations

import pytest

from app.accounts.rules.offices import APART, against_reason, against_roles
from app.core.access import OFFICES, Role


def told(roles: list[Role]) -> list[str]:
    return [reason.code.name for reason in against_roles(roles)]


def test_nobody_is_two_of_the_three_who_watch_each_other() -> None:
    assert {Role.ADMIN, Role.SECURITY_OFFICER, Role.AUDITOR} == APART
    for pair in combinations(APART, 2):
        assert told([*pair, Role.EDITOR]) == ["ROLES_APART"]
    for one in APART:
        assert told([one, *(OFFICES - APART)]) == []


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.LAWYER])
def test_residents_and_lawyers_are_not_appointed(role: Role) -> None:
    assert told([role]) == ["BAD_VALUE"]


def test_an_office_is_named_once() -> None:
    assert told([Role.EDITOR, Role.EDITOR]) == ["BAD_VALUE"]
    assert told([]) == []


@pytest.mark.parametrize(
    ("reason", "code"), [("", "BLANK"), ("离职", "TOO_SHORT"), ("字" * 301, "TOO_LONG"), ("离职了\x00", "BAD_TEXT")]
)
def test_a_reason_says_something(reason: str, code: str) -> None:
    assert [found.code.name for found in against_reason(reason)] == [code]
    assert list(against_reason("已调往外地工作")) == []
