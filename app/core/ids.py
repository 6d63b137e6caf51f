"""Keys that sort by the moment they were made, and cannot be guessed."""

import os
import time
from binascii import b2a_base64
from functools import lru_cache
from uuid import UUID

_FOR_ADDRESSES = bytes.maketrans(b"+/", b"-_")
"""base64url (RFC 4648, 5), without the padding."""


def new_id() -> UUID:
    """A version 7 UUID (RFC 9562): 48 bits of milliseconds, then chance. Made here: PostgreSQL 15 has no uuidv7()."""
    value = int(time.time() * 1000) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


@lru_cache(maxsize=4096)
def public_id(kind: str, key: UUID | str) -> str:
    """How the graph calls it: opaque to clients. Pages have hundreds, mostly of the same lawyers, firms and offices."""
    return opaque(f"{kind}:{key}")


def opaque(said: str) -> str:
    """In letters that stand in any address; clients do not read it."""
    return b2a_base64(said.encode(), newline=False).translate(_FOR_ADDRESSES, b"=").decode()
