"""Who is asking, and as what."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a signed-in person may be. Everybody is a resident; the rest is granted."""

    RESIDENT = "RESIDENT"
    LAWYER = "LAWYER"
    SUPERVISOR = "SUPERVISOR"
    ADMIN = "ADMIN"


@dataclass(frozen=True)
class Viewer:
    """A person with a valid access token, on the device that `sign_in` names."""

    id: UUID
    sign_in: UUID
    roles: frozenset[Role]
