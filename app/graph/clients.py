"""Which installed program is asking. It says so itself: good for counting who still uses what, and for nothing else."""

import re
from collections.abc import Mapping
from typing import NamedTuple

HEADER = "x-client"
APOLLO = ("apollographql-client-name", "apollographql-client-version")
"""What Apollo's clients send when they are given a name and a version."""

_SAID = re.compile(r"([a-z0-9-]{1,32})/([0-9A-Za-z.+-]{1,32})")


class Client(NamedTuple):
    name: str
    version: str


UNKNOWN = Client("(unknown)", "")
"""Whoever says nothing, or something else than a name and a version; no client can call itself so."""


def client_of(said: object) -> Client:
    """`miniprogram/1.4.2`, from a header or from the payload of connection_init. Anything else is UNKNOWN."""
    found = _SAID.fullmatch(said) if isinstance(said, str) else None
    return Client(found[1], found[2]) if found else UNKNOWN


def client_of_headers(headers: Mapping[str, str]) -> Client:
    """By `x-client`, or by Apollo's two headers where that is not sent. The names of `headers` are in lower case."""
    if (said := headers.get(HEADER)) is not None:
        return client_of(said)
    return client_of("/".join(headers.get(name, "") for name in APOLLO))
