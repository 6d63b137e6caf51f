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


def told(
    request: Request, body: bytes, kind: str, *, tag: str = "", age: int = 3_600, policy: str | None = None
) -> Response:
    """`body`, or that it is what the asker has already (RFC 9110, 13.1.2). `tag`: by which it is known, else by what it
    is; `age`: seconds for which whoever is on the way keeps it."""
    tag = tag or hashlib.sha256(body).hexdigest()[:32]
    headers = KEPT | {"etag": f'"{tag}"', "content-type": kind, "cache-control": f"public, max-age={age}"}
    headers |= {"content-security-policy": policy, "referrer-policy": "no-referrer"} if policy else {}
    if known(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers)


def known(request: Request, tag: str) -> bool:
    """Whether it is what the asker has already."""
    said = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    return bool(said & {f'"{tag}"', "*"})


def gone() -> Response:
    return Response(status_code=404, headers={"cache-control": "public, max-age=60"})
