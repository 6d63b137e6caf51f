"""GraphQL over HTTP to the letter: what a request must look like, and how its answer is sent.

After https://graphql.github.io/graphql-over-http/draft/.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope
from strawberry.http import GraphQLRequestData

from app.core.errors import Code, Language, code
from app.graph.persisted import extensions_of

BODY = 1_000_000
"""Bytes."""
BODY_WAIT = 10.0
"""Seconds for a body of that size: 100 kB/s at its largest, and a small one comes at once even on a bad network."""
SAYINGS = 256
"""Values of a header whose meaning is remembered: clients say the same few again and again."""
GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"

BAD_REQUEST = code(
    "BAD_REQUEST",
    zh="请求格式无效。",
    en="The request is not a GraphQL request.",
    remedy="Send a JSON object with `query` or `documentId` (strings), `variables`, `operationName` and `extensions`.",
    status=400,
)
NO_BATCHES = code(
    "NO_BATCHES",
    zh="不支持批量请求。",
    en="Batches are not taken.",
    remedy="Send each operation as a request of its own.",
    status=400,
)
BODY_TOO_LARGE = code(
    "BODY_TOO_LARGE",
    zh="请求过大。",
    en="The request is too large: at most 1 MB.",
    remedy="Send less; files go to their own address.",
    status=413,
)
BODY_TOO_SLOW = code(
    "BODY_TOO_SLOW",
    zh="请求传输超时，请重试。",
    en="The request did not arrive in time.",
    remedy="Send it again.",
    status=408,
)
UNSUPPORTED_MEDIA_TYPE = code(
    "UNSUPPORTED_MEDIA_TYPE",
    zh="请以 application/json 发送请求。",
    en="Send the request as application/json, in UTF-8.",
    remedy="Set Content-Type: application/json.",
    status=415,
)
NOT_ACCEPTABLE = code(
    "NOT_ACCEPTABLE",
    zh="仅提供 JSON 格式的响应。",
    en="Answers are application/graphql-response+json or application/json.",
    remedy="Accept one of them.",
    status=406,
)
METHOD_NOT_ALLOWED = code(
    "METHOD_NOT_ALLOWED",
    zh="请使用 POST；GET 仅用于查询。",
    en="Use POST; GET is for queries alone.",
    remedy="Send mutations by POST, subscriptions over graphql-transport-ws.",
    status=405,
)
CROSS_SITE = code(
    "CROSS_SITE",
    zh="不接受来自其他网站的此类请求。",
    en="A page of another site may not ask like this.",
    remedy="Send the header `x-client` or `authorization`, so that the browser asks first whether it may.",
    status=403,
)
TIMED_OUT = code(
    "TIMED_OUT",
    zh="处理超时，请稍后再试。",
    en="This took too long, please try again.",
    remedy="Try again, with the same idempotency key; ask for less.",
    status=503,
)


class TurnedAway(Exception):
    """The request ends here, before anything of the graph was run."""

    def __init__(self, code: Code, *, retry_after: int | None = None) -> None:
        super().__init__(code.name)
        self.code, self.retry_after = code, retry_after

    def response(self, language: Language, media: str) -> Response:
        extensions: dict[str, Any] = {"code": self.code.name}
        headers = {}
        if self.retry_after is not None:
            extensions["retryAfter"] = self.retry_after
            headers["retry-after"] = str(self.retry_after)
        if self.code is METHOD_NOT_ALLOWED:
            headers["allow"] = "GET, POST"
        values: dict[str, object] = {"seconds": self.retry_after}
        body = {"errors": [{"message": self.code.message(language, values), "extensions": extensions}]}
        return Response(orjson.dumps(body), self.code.status or 400, headers, media_type=media)


def headers_of(scope: Scope) -> dict[str, str]:
    """By name in lower case; of one that was sent twice, the first. (Starlette looks through all of them each time.)"""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}


async def request_of(request: Request, headers: Mapping[str, str]) -> GraphQLRequestData:
    """The GraphQL request in an HTTP request."""
    if request.method == "GET":
        params: dict[str, Any] = dict(request.query_params)
        for name in ("variables", "extensions"):
            params[name] = decoded(params[name]) if params.get(name) else None
        return _shaped(params)
    if not _is_json(headers.get("content-type", "")):
        raise TurnedAway(UNSUPPORTED_MEDIA_TYPE)
    body = decoded(await _body(request.receive, headers.get("content-length", "")))
    if isinstance(body, list):
        raise TurnedAway(NO_BATCHES)
    return _shaped(body)


async def _body(receive: Receive, length: str) -> bytes:
    """Read only as far, and waited for only as long, as is reasonable."""
    if length.isdecimal() and int(length[:20]) > BODY:
        raise TurnedAway(BODY_TOO_LARGE)
    body, more = b"", True
    try:
        async with asyncio.timeout(BODY_WAIT):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise TurnedAway(BAD_REQUEST)
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > BODY:
                    raise TurnedAway(BODY_TOO_LARGE)
    except TimeoutError as error:
        raise TurnedAway(BODY_TOO_SLOW) from error
    return body


def decoded(text: bytes | str) -> Any:
    """JSON, strictly: no NaN, no broken UTF-8 or surrogates, no nesting beyond reason."""
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        raise TurnedAway(BAD_REQUEST) from error


T = TypeVar("T")


def _one(said: dict[str, Any], name: str, kind: type[T]) -> T | None:
    value = said.get(name)
    if value is not None and not isinstance(value, kind):
        raise TurnedAway(BAD_REQUEST)
    return value


def _shaped(said: Any) -> GraphQLRequestData:
    if not isinstance(said, dict):
        raise TurnedAway(BAD_REQUEST)

    data = GraphQLRequestData(
        query=_one(said, "query", str),
        variables=_one(said, "variables", dict),
        operation_name=_one(said, "operationName", str),
        extensions=extensions_of(
            {"extensions": _one(said, "extensions", dict), "documentId": _one(said, "documentId", str)}
        ),
    )
    if not data.query and not (data.extensions or {}).get("persistedQuery"):
        raise TurnedAway(BAD_REQUEST)
    return data


@lru_cache(maxsize=SAYINGS)
def _is_json(content_type: str) -> bool:
    media, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charset = next((p.partition("=")[2].strip('" ') for p in parameters if p.startswith("charset=")), "utf-8")
    return media == JSON and charset in ("utf-8", "utf8")


@lru_cache(maxsize=SAYINGS)
def negotiated(accept: str | None) -> str | None:
    """The media type of the answer, None where nothing we have is acceptable (RFC 9110, 12.5.1)."""
    if not accept:
        return JSON
    wanted: dict[str, float] = {}
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality, charset = 1.0, "utf-8"
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name == "q":
                quality = float(value) if re.fullmatch(r"[01](\.\d{0,3})?", value) else 0.0
            elif name == "charset":
                charset = value.strip('"')
        if charset in ("utf-8", "utf8"):
            wanted[media] = max(quality, wanted.get(media, 0.0))

    def liking(media: str) -> float:
        return next((wanted[said] for said in (media, "application/*", "*/*") if said in wanted), 0.0)

    # Whoever does not name the newer type is an older client.
    order = (GRAPHQL_RESPONSE, JSON) if GRAPHQL_RESPONSE in wanted else (JSON, GRAPHQL_RESPONSE)
    best = max(order, key=liking)
    return best if liking(best) > 0 else None


ASKS_FIRST = ("authorization", "x-client", "apollo-require-preflight", "x-apollo-operation-name", "traceparent")
"""Headers that no page can send to another site before the browser has asked that site."""


def from_elsewhere(headers: Mapping[str, str], allowed: Callable[[str], bool]) -> bool:
    """Whether a page of another site sent this in a way that needs no preflight: a bare GET, as an image makes it.

    A POST is JSON, which needs one. No cookie is ever read, so nobody's rights could be misused either way; but what
    a page can trigger it can also time.
    """
    if any(name in headers for name in ASKS_FIRST):
        return False
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None:
        return origin.partition("://")[2] != headers.get("host") and not allowed(origin)
    return site in ("cross-site", "same-site")
