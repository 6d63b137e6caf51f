"""An article as a page for anybody: `GET|HEAD /a/ID`. What is not published is not there (404). `?c=CODE`
counts the opening for a channel.

`GET|HEAD /stop/PUSH` is a page with one button, `POST` what the button does: pushes to whose it is are stopped.
"""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.core.db import NOBODY, Database
from app.core.html import NEVER_KEPT, POLICY
from app.education import reads
from app.education.actions.pushing import stop
from app.education.rules.sharing import page, stop_page
from app.graph.pictures import gone, told
from app.outreach.routes import Arrivals
from app.outreach.rules.links import PARAMETER
from app.outside.storage import Address
from app.vault.reads.pictures import pictures


class Sharing:
    def __init__(self, db: Database, address: Address, arrivals: Arrivals) -> None:
        self._db, self._address, self._arrivals = db, address, arrivals

    async def page(self, request: Request) -> Response:
        id = request.path_params["id"]
        async with self._db.acting(NOBODY) as session:
            rows = await reads.articles(session, None, [id])
            if not rows:
                return gone()
            versions = await reads.versions(session, None, [id])
            covers = await pictures(session, None, [rows[0].cover]) if rows[0].cover else ()
        await self._arrivals.note(request, request.query_params.get(PARAMETER))
        cover = f"{self._address.url}/pictures/{covers[0].id}" if covers else None
        made = page(rows[0], cover, [one for one in versions if one.correction], self._address.url)
        return told(request, made.encode(), "text/html; charset=utf-8", age=300, policy=POLICY)


class Stopping:
    """Whoever holds the link, signed in or not; of a link that is none the answer is the same."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def look(self, request: Request) -> Response:
        return HTMLResponse(stop_page(stopped=False), headers=NEVER_KEPT)

    async def stop(self, request: Request) -> Response:
        async with self._db.acting(NOBODY) as session:
            await stop(session, request.path_params["push"])
        return HTMLResponse(stop_page(stopped=True), headers=NEVER_KEPT)


def article_routes(db: Database, doors: Mapping[type[Any], Any], arrivals: Arrivals) -> list[Route]:
    stopping = Stopping(db)
    return [
        Route("/a/{id:uuid}", Sharing(db, doors[Address], arrivals).page),
        Route("/stop/{push:uuid}", stopping.look, methods=["GET", "HEAD"]),
        Route("/stop/{push:uuid}", stopping.stop, methods=["POST"]),
    ]
