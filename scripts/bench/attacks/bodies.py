"""Bodies, addresses and headers that are no request."""

import json
from typing import Any
from urllib.parse import quote

from app.graph.http import GRAPHQL_RESPONSE, JSON
from scripts.bench.attacks import BAD, NAME, got, nested, sent

NO_REQUEST = "400 BAD_REQUEST"


def hashed(said: Any, query: str | None = None) -> bytes:
    body = {"extensions": {"persistedQuery": said}} | ({"query": query} if query else {})
    return json.dumps(body).encode()


BODIES = [
    *(
        sent(f"the body {body[:12].decode(errors='replace')!r}", body, right)
        for body, right in (
            (b"", NO_REQUEST),
            (b"5", NO_REQUEST),
            (b"null", NO_REQUEST),
            (b"true", NO_REQUEST),
            (b'"x"', NO_REQUEST),
            (b"[]", "400 NO_BATCHES"),
            (b'[{"query": "{ __typename }"}]', "400 NO_BATCHES"),
            (b"NaN", NO_REQUEST),
            (b"\xff\xfe\x00", NO_REQUEST),
            (b'{"query": "\xc3\x28"}', NO_REQUEST),
        )
    ),
    sent("a batch of 20,000", b"[" + b",".join([b'{"query": "{ __typename }"}'] * 20_000) + b"]", "400 NO_BATCHES"),
    sent("JSON lists 100,000 deep", nested("[", "", "]", 100_000).encode(), NO_REQUEST),
    sent("JSON objects 100,000 deep", nested('{"a":', "1", "}", 100_000).encode(), NO_REQUEST),
    sent("450,000 small values", b'{"query": "{ __typename }", "extensions": [' + b"0," * 449_000 + b"0]}", NO_REQUEST),
    sent(
        "huge extensions",
        json.dumps({"query": NAME, "extensions": {f"e{n}": {} for n in range(60_000)}}).encode(),
        "200",
    ),
    sent("a hash that is not known", hashed({"version": 1, "sha256Hash": "0" * 64}), "400 PERSISTED_QUERY_NOT_FOUND"),
    sent("a hash that is wrong", hashed({"version": 1, "sha256Hash": "0" * 64}, NAME), "400 BAD_HASH"),
    sent("a hash of 900 kB", hashed({"version": 1, "sha256Hash": "0" * 900_000}, NAME), "400 BAD_HASH"),
    sent("a hash that is no text", hashed({"version": 1, "sha256Hash": [{}]}), "400 BAD_HASH"),
    sent("a hash that is absent", hashed({"version": 1}), "400 BAD_HASH"),
    sent(
        "a body that is a form",
        b"query=x",
        "415 UNSUPPORTED_MEDIA_TYPE",
        headers={"content-type": "multipart/form-data"},
    ),
    got("an address of 60 kB", "query=" + quote("{ " + "viewer { id } " * 2_400 + "}"), "400 DOCUMENT_TOO_LONG"),
    got("15,000 parameters", "a=1&" * 15_000 + "query=" + quote(NAME), "200"),
    got("a mutation by GET", "query=" + quote("mutation { signOut { __typename } }"), "405 METHOD_NOT_ALLOWED"),
    got("a NUL in an address", "query=%00", BAD),
    got("a surrogate in an address", "query=%ED%A0%80", BAD),
    got("no UTF-8 in an address", "query=%FF&variables=%FF", NO_REQUEST),
    *(
        sent(f"the header {name} full of rubbish", b'{"query": "{ __typename }"}', *right, headers={name: said})
        for name, said, right in (
            ("accept", "," * 30_000, ("406 NOT_ACCEPTABLE",)),
            ("accept", f"{GRAPHQL_RESPONSE};q=1e999", ("406 NOT_ACCEPTABLE",)),
            ("accept-language", "en;q=nan," * 3_000, ("200",)),
            ("authorization", "Bearer " + "a." * 15_000, ("200",)),
            ("authorization", "Bearer \xff\xfe.\xff.\xff", ("200",)),
            ("content-type", JSON + "; charset=\xff", ("415 UNSUPPORTED_MEDIA_TYPE",)),
            ("x-client", "\xff/" * 10_000, ("200",)),
            ("x-forwarded-for", "\xff," * 10_000, ("200",)),
            ("traceparent", "00-" + "f" * 30_000, ("200",)),
        )
    ),
    got("an origin that is no address", "query=" + quote(NAME), "403 CROSS_SITE", headers={"origin": "http://["}),
]
