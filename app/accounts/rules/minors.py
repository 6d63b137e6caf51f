"""When the staff see what is a minor's: only once a second person has said yes, and it is written down.

After 未成年人网络保护条例 36 (staff access to minors' personal information is approved first and recorded).
Nobody in danger waits for it (PIPL 13(4)): the callback of a question in the crisis lane opens at once, and is
recorded as that. An appeal is no such case: it asks whether a question may be sent again.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from app.accounts.models import Duty, MinorData
from app.accounts.rules.offices import OFFICE
from app.core.access import Role
from app.core.errors import Code, code

HOLDS: Final = timedelta(hours=24)
"""For so long a request may be approved, and what was approved may be seen."""

READERS: Final = frozenset({Role.SUPERVISOR, Role.ADMIN, Role.SECURITY_OFFICER, Role.AUDITOR})
"""Who sees what was asked for, approved and opened."""

MINOR_ACCESS_NEEDED = code(
    "MINOR_ACCESS_NEEDED",
    zh="涉及未成年人个人信息，须经另一名工作人员批准后方可查看。",
    en="This is a minor's personal information: a second person has to approve that you see it.",
    remedy="Call requestMinorAccess, and again for the thing itself once another has called approveMinorAccess.",
)
MINOR_ACCESS_NOT_NEEDED = code(
    "MINOR_ACCESS_NOT_NEEDED",
    zh="无需批准即可查看。",
    en="You need no approval for this.",
    remedy="Open it as any other.",
)
OWN_REQUEST = code(
    "OWN_REQUEST",
    zh="不能批准本人的申请。",
    en="Nobody approves her own request.",
    remedy="Ask another holder of your office, or a security officer.",
)
APPROVER_NEEDED = code(
    "APPROVER_NEEDED",
    zh="须由申请人的同岗位人员、同机构人员或安全管理员批准。",
    en="Another holder of the requester's office, a colleague of hers or a security officer has to approve this.",
    remedy="Leave it to one of them.",
)
MINOR_ACCESS_OVER = code(
    "MINOR_ACCESS_OVER",
    zh="该申请已失效，请重新申请。",
    en="This request is over; it has to be made anew.",
    remedy="The requester calls requestMinorAccess again, once she has the task.",
)


_OFFICES: Final = {
    MinorData.TASK: (Role.SUPERVISOR,),
    MinorData.FILE: (Role.ADMIN, Role.AUDITOR),
    MinorData.REPORT: (Role.MODERATOR,),
}


def office_for(kind: MinorData, roles: Collection[Role], duty: Duty | None) -> Role | None:
    """As what she may ask, None where she may not; `duty`: of her post. Nobody is administrator and auditor in one."""
    if kind is MinorData.APPOINTMENT:
        return OFFICE[duty] if duty else None
    return next((office for office in _OFFICES[kind] if office in roles), None)


def who_answers(kind: MinorData, office: Role) -> frozenset[Role]:
    """Holders of which offices may approve what was asked for as that. Of an appointment those at the institution: that
    they work there, the wall asks."""
    own = frozenset(OFFICE.values()) if kind is MinorData.APPOINTMENT else frozenset({office})
    return own | {Role.SECURITY_OFFICER}


def against_opening(*, minor: bool, crisis: bool, approved_until: datetime | None, now: datetime) -> Code | None:
    """Whether she may see it. `approved_until`: until when another's approval holds, None where there is none."""
    if not minor or crisis or (approved_until is not None and now < approved_until):
        return None
    return MINOR_ACCESS_NEEDED


def against_approving(*, answers: Collection[Role], roles: Collection[Role], own: bool, over: bool) -> Code | None:
    """Her own kind knows what the work needs, and so do colleagues at an institution, whatever their duty; a security
    officer answers where there is no second one. `answers`: the offices of which she must hold one."""
    if own:
        return OWN_REQUEST
    if not set(answers) & set(roles):
        return APPROVER_NEEDED
    return MINOR_ACCESS_OVER if over else None
