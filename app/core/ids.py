"""Keys that sort by the moment they were made, and cannot be guessed."""

import base64
import os
import time
from uuid import UUID


def new_id() -> UUID:
    """A version 7 UUID (RFC 9562): 48 bits of milliseconds, then chance. Made here: PostgreSQL 15 has no uuidv7()."""
    value = int(time.time() * 1000) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def public_id(kind: str, key: UUID | str) -> str:
    """How the graph calls it: opaque to clients."""
    return base64.urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")
