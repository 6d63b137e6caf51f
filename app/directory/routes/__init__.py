"""An institution's page, and the code that leads to it: open to everybody, and the same for everybody.

`GET|HEAD /i/ID` is the page, `/i/ID/qr.svg` and `/i/ID/qr.png` a QR code (ISO/IEC 18004) of its address. ID is the
UUID of the record. Who does not stand in the register as working and verified has none: 404.
"""

import hashlib
import io
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import segno
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.core.db import NOBODY, Database
from app.directory.reads.register import I, offered
from app.directory.rules.sharing import page, path_of
from app.outside.storage import Address

TYPES: Final = {"svg": "image/svg+xml", "png": "image/png"}
_KEPT: Final = {
    "cache-control": "public, max-age=3600",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
}
_DOTS: Final = 8
"""Pixels a module: a code of about 300 a side, with its quiet zone."""


@lru_cache(maxsize=1_000)
def code_of(address: str, kind: str) -> bytes:
    """With error correction M: a printed one may be a little dirty."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind=kind, scale=_DOTS, border=4)
    return drawn.getvalue()


class Sharing:
    def __init__(self, db: Database, address: Address) -> None:
        self._db, self._address = db, address

    async def page(self, request: Request) -> Response:
        row = await self._offered(request)
        return _gone() if row is None else _told(request, page(row).encode(), "text/html; charset=utf-8")

    async def code(self, request: Request) -> Response:
        row, kind = await self._offered(request), request.path_params["kind"]
        if row is None or kind not in TYPES:
            return _gone()
        return _told(request, code_of(f"{self._address.url}{path_of(row.id)}", kind), TYPES[kind])

    async def _offered(self, request: Request) -> Any | None:
        async with self._db.acting(NOBODY) as session:
            return await offered(session, I, request.path_params["id"])


def _told(request: Request, body: bytes, kind: str) -> Response:
    headers = _KEPT | {"etag": f'"{hashlib.sha256(body).hexdigest()[:32]}"', "content-type": kind}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if known & {headers["etag"], "*"}:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers)


def _gone() -> Response:
    return Response(status_code=404, headers={"cache-control": "public, max-age=60"})


def share_routes(db: Database, doors: Mapping[type[Any], Any]) -> list[Route]:
    sharing = Sharing(db, doors[Address])
    return [Route("/i/{id:uuid}", sharing.page), Route("/i/{id:uuid}/qr.{kind}", sharing.code)]
