"""Who is asking, as what, and whether still."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

from app.core.errors import Refused, because, code

SESSION_ENDED = code(
    "SESSION_ENDED",
    zh="登录已失效，请重新登录。",
    en="This session has ended. Please sign in again.",
    remedy="Forget both tokens and sign in anew; a refresh token works once, and a second use ends the session.",
    close=4403,
)


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


class SessionEnded(Refused):
    """The device that asks is no longer signed in: nothing was read or written in its name."""

    def __init__(self) -> None:
        super().__init__(because(SESSION_ENDED))


def devices_of(person: UUID) -> UUID:
    """The topic that rings when devices of a person may have been signed out."""
    return uuid5(person, "devices")
