"""The inspector's own process: a file on standard input, what is kept of it on standard output.

One line of JSON (what it is, or its fault), then the body and the thumbnail, as long as that line says. It has no
secret, writes no file and is given limits before it looks at the first byte.
"""

import json
import resource
import sys
from dataclasses import asdict

from app.outside.inspecting.found import Fault, Found, Rejected
from app.outside.inspecting.kinds import TYPES, Kind, known_as

MEMORY = 1 << 30
SECONDS = 15


def limit() -> None:
    """Of this process, for good."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (most, most))


def inspect(kind: Kind, content_type: str, data: bytes) -> Found:
    """Raises Rejected, and whatever else a hostile file makes a decoder raise."""
    import filetype  # noqa: PLC0415  (after the limits)

    guess = filetype.guess(data[:8192])
    if content_type not in TYPES[kind] or guess is None or known_as(guess.mime) != content_type:
        raise Rejected(Fault.WRONG_TYPE)
    match kind:
        case Kind.PICTURE:
            from app.outside.inspecting.pictures import picture  # noqa: PLC0415

            return picture(data, content_type)
        case Kind.VOICE:
            from app.outside.inspecting.sounds import sound  # noqa: PLC0415

            return sound(data, content_type)
        case Kind.DOCUMENT:
            from app.outside.inspecting.documents import document  # noqa: PLC0415

            return document(data, content_type)


def main(kind: str, content_type: str) -> None:
    limit()
    out = sys.stdout.buffer
    try:
        found = inspect(Kind(kind), content_type, sys.stdin.buffer.read())
    except Rejected as rejected:
        head: dict[str, object] = {"fault": rejected.fault}
        body = thumbnail = b""
    except Exception:  # a decoder met what it was not made for: that is the file's fault
        head, body, thumbnail = {"fault": Fault.UNREADABLE}, b"", b""
    else:
        body, thumbnail = found.body, found.thumbnail
        head = asdict(found) | {"body": len(body), "thumbnail": len(thumbnail)}
    out.write(json.dumps(head).encode() + b"\n")
    out.write(body)
    out.write(thumbnail)
    out.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
