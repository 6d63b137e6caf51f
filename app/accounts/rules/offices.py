"""Who may hold which offices, and who decides it."""

from collections.abc import Collection, Iterator
from typing import Final

from app.accounts.models import Duty
from app.core.access import OFFICES, Role
from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text

APART = frozenset({Role.ADMIN, Role.SECURITY_OFFICER, Role.AUDITOR})
"""Who keeps the service, who keeps it safe and who looks at both: nobody holds two of them."""

REASON = (4, 300)

ROLES_APART = code(
    "ROLES_APART",
    zh="系统管理员、安全管理员和审计员不得由同一人担任。",
    en="Nobody is two of administrator, security officer and auditor.",
    remedy="Choose one of the three for this person.",
)
OWN_FILE = code(
    "OWN_FILE",
    zh="不能对本人作出此决定，请由另一名系统管理员办理。",
    en="Nobody decides about herself. Another administrator has to do this.",
    remedy="Ask another administrator; where there is none, appoint one first.",
)
"""So the service is never without an administrator: whoever ends one's office remains one."""
REINSTATE_FIRST = code(
    "REINSTATE_FIRST",
    zh="该账号已被停用，请先恢复。",
    en="This person is suspended: reinstate her first.",
    remedy="Call reinstatePerson, then set her roles.",
)
OFFICE_NEEDED = code(
    "OFFICE_NEEDED",
    zh="此人不具备该岗位所需的职务，请先确定其职务。",
    en="This person does not hold the office that the post needs.",
    remedy="Call setRoles with that office first: OFFICER for an institution's officers and their supervisor.",
)
OFFICE: Final = {
    Duty.OFFICER: Role.OFFICER,
    Duty.SUPERVISOR: Role.OFFICER,
    Duty.WINDOW_STAFF: Role.WINDOW_STAFF,
    Duty.MEDIATOR: Role.MEDIATOR,
    Duty.NOTARY: Role.NOTARY,
}
"""Which office a post needs. Who supervises an institution's officers sees none of what the city's supervisors see."""
CALLED: Final = (1, 40)


def against_roles(roles: Collection[Role]) -> Iterator[Reason]:
    """Whether these may be somebody's offices. Residents are everybody; lawyers are admitted, not appointed."""
    if set(roles) - OFFICES or len(set(roles)) < len(roles):
        yield because(BAD_VALUE, "roles")
    elif len(APART & set(roles)) > 1:
        yield because(ROLES_APART, "roles")


def against_reason(reason: str) -> Iterator[Reason]:
    return against_text(reason, "reason", *REASON)


def against_called(called: str) -> Iterator[Reason]:
    return against_text(called, "called", *CALLED)
