"""Addresses of single files, of exports and of figures, for one person, on one device, for a short while.

Nobody can make or change one without the house's secret; whoever steals one has what its person has, until it ends or
she is signed out.
"""

import base64
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final
from uuid import UUID

SECRET = "file links"
"""For KeyProvider.secret."""
LINK: Final = timedelta(minutes=5)
"""How long something may be fetched by one."""
_SHAPE = struct.Struct(">c16s16s16sQ")
_MAC = 32


class Way(Enum):
    """What the address is good for."""

    SEND = b"s"
    WHOLE = b"w"
    THUMBNAIL = b"t"
    EXPORT = b"e"
    CALENDAR = b"c"
    FIGURES = b"f"


@dataclass(frozen=True)
class Link:
    way: Way
    thing: UUID
    """The file, the export, the appointment, or what was recorded of figures."""
    person: UUID
    sign_in: UUID
    until: datetime

    def signed(self, secret: bytes) -> str:
        """For the path of an address, 119 characters."""
        said = _SHAPE.pack(
            self.way.value, self.thing.bytes, self.person.bytes, self.sign_in.bytes, int(self.until.timestamp())
        )
        return base64.urlsafe_b64encode(said + _mac(secret, said)).decode().rstrip("=")


def link_of(secret: bytes, token: str) -> Link | None:
    """None for what this house has not signed, to the letter. Whether it has ended, the database's clock decides."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        way, thing, person, sign_in, until = _SHAPE.unpack(raw[:-_MAC])
        thing, person, sign_in = (UUID(bytes=each) for each in (thing, person, sign_in))
        link = Link(Way(way), thing, person, sign_in, datetime.fromtimestamp(until, UTC))
    except (ValueError, OverflowError, OSError, struct.error):  # binascii's error is a ValueError
        return None
    return link if hmac.compare_digest(link.signed(secret).encode(), token.encode()) else None


def _mac(secret: bytes, said: bytes) -> bytes:
    return hmac.digest(secret, said, hashlib.sha256)
