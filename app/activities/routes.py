"""An activity for anybody: `GET|HEAD /e/ID` is its page, `/e/ID/poster.svg`, `.png` and `.pdf` a poster of it (A4) with
a QR code that leads to the page. What has not passed review is not there, and what was cancelled has no poster (404). A
link that ends with `?c=CODE` is counted for that channel, and so is who comes by a poster that was fetched with it.
Posters are printed one at a time; an address for which too many had to be is told to wait (429).
"""

import asyncio
import base64
import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.activities import reads
from app.activities.models import ActivityState
from app.activities.rules import sharing
from app.core.db import NOBODY, Database
from app.core.html import POLICY
from app.core.qr import qr
from app.core.sealing import KeyProvider
from app.directory.reads.register import I, offered
from app.graph.addresses import Addresses
from app.graph.pictures import gone, known, told
from app.outreach.reads import codes
from app.outreach.routes import Arrivals
from app.outreach.rules.links import PARAMETER, code_of
from app.outside.press import Press
from app.outside.storage import Address, Missing, Storage
from app.vault.actions.pictures import drawing
from app.vault.reads.pictures import pictures

TEMPLATE: Final = "poster.typ"
TYPES: Final = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
DOTS: Final = 150
"""An inch of the PNG: 1240 by 1754."""
KEPT: Final = 16
"""Posters that are kept as they were printed, by each process."""


class Sharing:
    def __init__(self, db: Database, doors: Mapping[type[Any], Any], arrivals: Arrivals, addresses: Addresses) -> None:
        self._db, self._arrivals, self._addresses = db, arrivals, addresses
        self._home: str = doors[Address].url
        self._press: Press = doors[Press]
        self._keys: KeyProvider = doors[KeyProvider]
        self._storage: Storage = doors[Storage]
        self._printed: OrderedDict[str, bytes] = OrderedDict()
        self._printing = asyncio.Lock()

    async def page(self, request: Request) -> Response:
        async with self._db.acting(NOBODY) as session:
            rows = await reads.activities(session, None, [request.path_params["id"]])
            if not rows:
                return gone()
            institution = await offered(session, I, rows[0].institution) if rows[0].institution else None
            covers = await pictures(session, None, [rows[0].cover]) if rows[0].cover else ()
        await self._arrivals.note(request, request.query_params.get(PARAMETER))
        cover = covers[0].id if covers else None
        page = sharing.page(rows[0], institution.name if institution else "", cover, self._home)
        return told(request, page.encode(), "text/html; charset=utf-8", age=60, policy=POLICY)

    async def poster(self, request: Request) -> Response:
        id, kind = request.path_params["id"], request.path_params["kind"]
        code = code_of(request.query_params.get(PARAMETER))
        async with self._db.acting(NOBODY) as session:
            rows = await reads.activities(session, None, [id])
            if kind not in TYPES or not rows or rows[0].state == ActivityState.CANCELLED:
                return gone()
            institution = await offered(session, I, rows[0].institution) if rows[0].institution else None
            covers = await pictures(session, None, [rows[0].cover]) if rows[0].cover else ()
            if code and not await codes(session, [code]):
                code = None  # nobody makes up posters without end
        scan = qr(sharing.path_of(self._home, id, code), "svg").decode()
        said = sharing.poster(rows[0], institution.name if institution else "", None, scan)
        tag = hashlib.sha256(orjson.dumps([kind, said, [str(row.id) for row in covers]])).hexdigest()[:32]
        if known(request, tag):
            return told(request, b"", TYPES[kind], tag=tag)
        if (printed := self._printed.get(tag)) is None:
            if wait := await self._addresses.must_wait(self._addresses.of(request)):
                return Response(status_code=429, headers={"retry-after": str(wait)})
            async with self._printing:  # whoever asked for the same meanwhile finds it printed
                printed = self._printed.get(tag) or await self._print(kind, said, rows[0].published_at, covers)
            self._printed[tag] = printed
            while len(self._printed) > KEPT:
                self._printed.popitem(last=False)
        return told(request, printed, TYPES[kind], tag=tag)

    async def _print(self, kind: str, said: dict[str, Any], at: Any, covers: Sequence[Any]) -> bytes:
        if covers:
            said["cover"] = await self._cover(covers[0])
        if kind == "pdf":
            return (await self._press.print(TEMPLATE, said, at)).pdf
        dots = DOTS if kind == "png" else None
        return (await self._press.draw(TEMPLATE, said, dots))[0]

    async def _cover(self, row: Any) -> str | None:
        """As an SVG, in which a picture of any kind lies; None where its bytes are lost."""
        try:
            body = await drawing(self._keys, self._storage, row)
        except Missing:
            return None
        size = f'width="{row.width}" height="{row.height}"'
        data = f"data:{row.content_type};base64,{base64.b64encode(body).decode()}"
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="{data}"/></svg>'


def activity_routes(
    db: Database, doors: Mapping[type[Any], Any], arrivals: Arrivals, addresses: Addresses
) -> list[Route]:
    sharing = Sharing(db, doors, arrivals, addresses)
    return [Route("/e/{id:uuid}", sharing.page), Route("/e/{id:uuid}/poster.{kind}", sharing.poster)]
