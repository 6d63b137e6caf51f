"""Who sees what is a minor's, decided."""

from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.models import Duty, MinorData
from app.accounts.rules.minors import (
    APPROVER_NEEDED,
    MINOR_ACCESS_NEEDED,
    MINOR_ACCESS_OVER,
    OWN_REQUEST,
    against_approving,
    against_opening,
    office_for,
    who_answers,
)
from app.core.access import Role

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("minor", "crisis", "until", "why"),
    [
        (False, False, None, None),
        (True, False, None, MINOR_ACCESS_NEEDED),
        (True, False, LATER, None),
        (True, False, NOW, MINOR_ACCESS_NEEDED),
        (True, True, None, None),
    ],
)
def test_what_is_a_minors_opens_by_anothers_yes_while_it_holds_or_in_danger(
    minor: bool, crisis: bool, until: datetime | None, why: object
) -> None:
    assert against_opening(minor=minor, crisis=crisis, approved_until=until, now=NOW) == why


@pytest.mark.parametrize("office", [Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR])
def test_another_of_the_same_office_approves_or_a_security_officer(office: Role) -> None:
    answers = who_answers(MinorData.TASK, office)
    for role in Role:
        why = against_approving(answers=answers, roles={Role.RESIDENT, role}, own=False, over=False)
        assert why is (None if role in (office, Role.SECURITY_OFFICER) else APPROVER_NEEDED), role
    roles = {office, Role.SECURITY_OFFICER}
    assert against_approving(answers=answers, roles=roles, own=True, over=False) is OWN_REQUEST
    assert against_approving(answers=answers, roles=roles, own=False, over=True) is MINOR_ACCESS_OVER


def test_who_may_ask_for_what() -> None:
    for role in Role:
        assert office_for(MinorData.TASK, {role}, None) == (role if role is Role.SUPERVISOR else None)
        assert office_for(MinorData.FILE, {role}, None) == (role if role in (Role.ADMIN, Role.AUDITOR) else None)
        assert office_for(MinorData.APPOINTMENT, {role}, None) is None
    assert office_for(MinorData.APPOINTMENT, {Role.OFFICER}, Duty.SUPERVISOR) is Role.OFFICER
    staff = {Role.OFFICER, Role.WINDOW_STAFF, Role.MEDIATOR, Role.NOTARY, Role.SECURITY_OFFICER}
    assert who_answers(MinorData.APPOINTMENT, Role.WINDOW_STAFF) == staff
