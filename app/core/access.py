"""Who is asking, and as what."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a signed-in person may be. Everybody is a resident; the rest is granted."""

    RESIDENT = "RESIDENT"
    LAWYER = "LAWYER"
    OFFICER = "OFFICER"
    WINDOW_STAFF = "WINDOW_STAFF"
    MEDIATOR = "MEDIATOR"
    NOTARY = "NOTARY"
    EDITOR = "EDITOR"
    MODERATOR = "MODERATOR"
    ANALYST = "ANALYST"
    SUPERVISOR = "SUPERVISOR"
    ADMIN = "ADMIN"
    SECURITY_OFFICER = "SECURITY_OFFICER"
    AUDITOR = "AUDITOR"


OFFICES = frozenset(Role) - {Role.RESIDENT, Role.LAWYER}
"""What the staff are."""

FILE_KEEPERS = frozenset({Role.ADMIN, Role.AUDITOR})
"""Who sees how other people stand: who decides it, and who looks at what was decided."""


@dataclass(frozen=True)
class Viewer:
    """A person with a valid access token, on the device that `sign_in` names."""

    id: UUID
    sign_in: UUID
    roles: frozenset[Role]
