"""The code of a channel: twelve characters by chance (59 bits), of which nothing can be told. It fits WeChat's scenes
(32 characters of the mini-program's codes, 64 of the official account's) and can be read to somebody by telephone."""

import re
import secrets
import unicodedata
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without what is mistaken for something else in print."""
LENGTH: Final = 12
_SAID: Final = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
PARAMETER: Final = "c"


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def code_of(said: str | None) -> str | None:
    """As it is kept, of what came from outside; None for what is no code at all."""
    plain = unicodedata.normalize("NFKC", (said or "")[:64]).strip().upper()
    return plain if _SAID.fullmatch(plain) else None


def share(address: str, code: str | None) -> str:
    """A link by which who opens it is counted for the channel (`scanning.arrived` on the route that it leads to); the
    address alone where there is no such code."""
    if (known := code_of(code)) is None:
        return address
    parts = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != PARAMETER]
    return urlunsplit(parts._replace(query=urlencode([*query, (PARAMETER, known)])))


def path_of(code: str) -> str:
    """Where its printed code leads, under the house's own address."""
    return f"/c/{code}"
