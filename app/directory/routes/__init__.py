"""An institution's page, and the code that leads to it: open to everybody, and the same for everybody.

`GET|HEAD /i/ID` is the page, `/i/ID/qr.svg` and `/i/ID/qr.png` a QR code (ISO/IEC 18004) of its address. ID is the
UUID of the record. Who does not stand in the register as working and verified has none: 404. A link to the page that
ends with `?c=CODE` is counted for that channel.
"""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.core.db import NOBODY, Database
from app.core.html import POLICY
from app.core.qr import TYPES, qr
from app.directory.reads.register import I, offered
from app.directory.rules.sharing import page, path_of
from app.graph.pictures import gone, told
from app.outreach.routes import Arrivals
from app.outreach.rules.links import PARAMETER
from app.outside.storage import Address


class Sharing:
    def __init__(self, db: Database, address: Address, arrivals: Arrivals) -> None:
        self._db, self._address, self._arrivals = db, address, arrivals

    async def page(self, request: Request) -> Response:
        async with self._db.acting(NOBODY) as session:
            row = await offered(session, I, request.path_params["id"])
        if row is not None:
            await self._arrivals.note(request, request.query_params.get(PARAMETER))
        if row is None:
            return gone()
        return told(request, page(row, self._address.url).encode(), "text/html; charset=utf-8", policy=POLICY)

    async def code(self, request: Request) -> Response:
        async with self._db.acting(NOBODY) as session:
            row = await offered(session, I, request.path_params["id"])
        kind = request.path_params["kind"]
        if row is None or kind not in TYPES:
            return gone()
        return told(request, qr(f"{self._address.url}{path_of(row.id)}", kind), TYPES[kind])


def share_routes(db: Database, doors: Mapping[type[Any], Any], arrivals: Arrivals) -> list[Route]:
    sharing = Sharing(db, doors[Address], arrivals)
    return [Route("/i/{id:uuid}", sharing.page), Route("/i/{id:uuid}/qr.{kind}", sharing.code)]
