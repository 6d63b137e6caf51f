"""Which bytes are asked for (RFC 9110, section 14), and which are sent."""

import re
from dataclasses import dataclass

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_CONTENT = re.compile(r"bytes (?:(\d{1,15})-(\d{1,15})|\*)/(\d{1,15})")


@dataclass(frozen=True)
class Part:
    """Bytes from `start` to before `end`."""

    start: int
    end: int


def asked_for(header: str | None, size: int) -> Part | None:
    """What of a file is wanted; the whole of it where nothing is said, or several parts at once, or in other units.

    None where the range lies beyond its end: 416.
    """
    found = _RANGE.fullmatch(header.replace(" ", "")) if header else None
    if found is None or not (found[1] or found[2]):
        return Part(0, size)
    if not found[1]:
        return Part(max(0, size - int(found[2])), size) if int(found[2]) else None
    start = int(found[1])
    end = min(int(found[2]) + 1, size) if found[2] else size
    if found[2] and int(found[2]) < start:
        return Part(0, size)  # no range at all: ignored
    return Part(start, end) if start < size else None


@dataclass(frozen=True)
class Sent:
    """`bytes 0-4/10`; without `part` (`bytes */10`) nothing is sent, and the question is how far it came."""

    part: Part | None
    total: int


def sent(header: str) -> Sent | None:
    """None for what is no Content-Range."""
    found = _CONTENT.fullmatch(header.strip())
    if found is None:
        return None
    if not found[1]:
        return Sent(None, int(found[3]))
    start, last, total = int(found[1]), int(found[2]), int(found[3])
    return Sent(Part(start, last + 1), total) if start <= last < total else None
