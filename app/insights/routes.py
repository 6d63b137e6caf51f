"""`GET|HEAD /figures/LINK` gives somebody of the staff the figures that she takes along, as spreadsheets
or programs open them."""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts.reads import standing
from app.core.access import Viewer
from app.core.db import Database, now
from app.core.errors import refuse
from app.core.links import SECRET, Link, Way, link_of
from app.core.sealing import KeyProvider
from app.insights import reads
from app.insights.actions.exporting import made
from app.insights.models import FigureFormat
from app.places.rules.workdays import CITY_TIME
from app.vault.routes.answers import answering
from app.vault.routes.fetching import GUARDED
from app.vault.routes.whose import acting
from app.vault.rules.files import LINK_GONE

_MEDIA = {FigureFormat.CSV: "text/csv; charset=utf-8", FigureFormat.JSON: "application/json"}


class FigureFiles:
    def __init__(self, db: Database, keys: KeyProvider) -> None:
        self._db, self._keys = db, keys

    @answering
    async def get(self, request: Request) -> Response:
        """Whatever is wrong with a link, the answer is the same."""
        link = link_of(self._keys.secret(SECRET), request.path_params["link"])
        if link is None or link.way is not Way.FIGURES:
            raise refuse(LINK_GONE)
        file, export, at = await self._made(link)
        named = f"{export.figures}-{at.astimezone(CITY_TIME):%Y%m%d}.{export.format}".lower()
        name = f'attachment; filename="{named}"'
        headers = GUARDED | {"accept-ranges": "none", "content-disposition": name}
        return Response(file, headers=headers, media_type=_MEDIA[FigureFormat(export.format)])

    async def _made(self, link: Link) -> tuple[bytes, Any, datetime]:
        """Under her own rights, as they are now: a link outlives no office."""
        async with acting(self._db, link) as session:
            at = now(session)
            _, roles = await standing(session, link.person)
            viewer = Viewer(link.person, link.sign_in, roles)
            rows = [row for row in await reads.exports(session, viewer, [link.thing]) if row.person == link.person]
            if link.until < at or not rows or roles.isdisjoint(reads.LOOKERS):
                raise refuse(LINK_GONE)
            return await made(session, viewer, rows[0], at), rows[0], at


def figure_routes(db: Database, keys: KeyProvider) -> list[Route]:
    return [Route("/figures/{link}", FigureFiles(db, keys).get, methods=["GET", "HEAD"])]
