"""The worst that may be sent to the graph, each with the answers that are right.

Played against a served house by `python -m scripts.bench.worst`, which takes the time, and by
tests/graph/test_worst.py, which does not.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx

from app.graph.http import GRAPHQL_RESPONSE, JSON

HEADERS = {"content-type": JSON, "accept": GRAPHQL_RESPONSE, "accept-language": "en"}
MEGABYTE = 1_000_000
NAME = "{ __typename }"
BAD = "400 BAD_DOCUMENT"
PATIENCE = 30.0
"""Seconds until an attacker gives up."""


@dataclass(frozen=True)
class Target:
    """A served house, and whom the attacker can be."""

    url: str
    """Of the graph."""
    resident: Callable[[], str]
    """A valid token of somebody new."""
    client: httpx.AsyncClient


@dataclass(frozen=True)
class Attack:
    name: str
    strike: Callable[[Target], Awaitable[str]]
    """Returns what became of it: a status and a code ("400 TOO_DEEP"), a close code and its reason."""
    right: tuple[str, ...]
    """What may become of it."""
    messages: int = 1
    """How many requests or messages a strike is made of."""
    times: int = 20
    """How often to strike for a figure; once for what waits for a time-out."""


def verdict(answer: httpx.Response) -> str:
    """The status, and the code of the first error, or of the refusal that stands in its place."""
    try:
        said = answer.json()
    except ValueError:
        return str(answer.status_code)
    if errors := said.get("errors"):
        return f"{answer.status_code} {errors[0]['extensions']['code']}"
    for value in (said.get("data") or {}).values():
        if isinstance(value, dict) and value.get("reasons"):
            return f"{answer.status_code} {value['reasons'][0]['code']}"
    return str(answer.status_code)


async def is_well(target: Target) -> bool:
    answer = await target.client.post(target.url, json={"query": "{ __typename }"}, headers=HEADERS)
    return answer.status_code == 200 and answer.json()["data"] == {"__typename": "Query"}


# What is sent -------------------------------------------------------------------------------------------------------


def sent(name: str, content: bytes, *right: str, headers: dict[str, str] | None = None) -> Attack:
    bare = {key.encode(): value.encode("latin-1") for key, value in (HEADERS | (headers or {})).items()}

    async def strike(target: Target) -> str:
        return verdict(await target.client.post(target.url, content=content, headers=bare))

    return Attack(name, strike, right)


def asked(name: str, query: str, *right: str, signed_in: bool = False, **more: Any) -> Attack:
    """A document. It is another each time: what is known of one that was sent before is no figure."""
    counting = iter(range(10**9))

    async def strike(target: Target) -> str:
        body = json.dumps({"query": f"{query} #{next(counting)}"} | more, ensure_ascii=False).encode()
        headers = {"authorization": f"Bearer {target.resident()}"} if signed_in else {}
        return verdict(await target.client.post(target.url, content=body, headers=HEADERS | headers))

    return Attack(name, strike, right)


def got(name: str, query_string: str, *right: str, headers: dict[str, str] | None = None) -> Attack:
    said = {"accept": GRAPHQL_RESPONSE} | (headers or {})

    async def strike(target: Target) -> str:
        return verdict(await target.client.get(f"{target.url}?{query_string}", headers=said))

    return Attack(name, strike, right)


def repeated(part: str, times: int) -> str:
    return " ".join(part.replace("%", str(number)) for number in range(times))


def nested(opening: str, inner: str, closing: str, times: int) -> str:
    return opening * times + inner + closing * times
