"""Pictures and pages that are open to everybody and the same for everybody: kept by whoever is on the way."""

import hashlib
from enum import Enum
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from app.graph.enums import explain


class QrFormat(Enum):
    SVG = "svg"
    PNG = "png"


explain(QrFormat, "How a picture is drawn.", SVG="Lines, of any size.", PNG="Pixels, about 300 a side.")

KEPT: Final = {
    "cache-control": "public, max-age=3600",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
}


def told(request: Request, body: bytes, kind: str) -> Response:
    """`body`, or that it is what the asker has already (RFC 9110, 13.1.2)."""
    headers = KEPT | {"etag": f'"{hashlib.sha256(body).hexdigest()[:32]}"', "content-type": kind}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if known & {headers["etag"], "*"}:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers)


def gone() -> Response:
    return Response(status_code=404, headers={"cache-control": "public, max-age=60"})
