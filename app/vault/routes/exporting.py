"""Giving somebody the copy of all that is kept about her: put together as it is sent, under her own rights."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.accounts.models import ExportState
from app.accounts.reads import exporting as reads
from app.accounts.rules.exporting import INTRODUCTION
from app.core.copies import copied
from app.core.db import Database, now
from app.core.errors import refuse
from app.core.links import SECRET, Link, Way, link_of
from app.core.portable import Part, Source
from app.core.sealing import KeyProvider
from app.places.rules.workdays import CITY_TIME
from app.vault.routes.answers import answering
from app.vault.routes.fetching import GUARDED
from app.vault.routes.whose import acting, viewer_of
from app.vault.rules.files import LINK_GONE


class Exporting:
    def __init__(self, db: Database, doors: Mapping[type[Any], Any], parts: Sequence[Part]) -> None:
        self._db, self._doors, self._parts = db, doors, parts
        self._keys: KeyProvider = doors[KeyProvider]

    @answering
    async def get(self, request: Request) -> Response:
        """Whatever is wrong with a link, the answer is the same. In one piece: what comes a second time is put
        together anew, and may be another."""
        link = link_of(self._keys.secret(SECRET), request.path_params["link"])
        if link is None or link.way is not Way.EXPORT:
            raise refuse(LINK_GONE)
        listed, at = await self._listed(link)
        headers = GUARDED | {
            "accept-ranges": "none",
            "content-type": "application/zip",
            "content-disposition": f'attachment; filename="export-{at.astimezone(CITY_TIME):%Y%m%d}.zip"',
        }
        if request.method == "HEAD":
            return Response(headers=headers)
        source = Source(self._db, viewer_of(link), self._keys, self._doors, listed)
        return StreamingResponse(copied(source, self._parts, INTRODUCTION, at, CITY_TIME), headers=headers)

    async def _listed(self, link: Link) -> tuple[Mapping[str, Sequence[Any]], Any]:
        """What is on the list, and what time it is."""
        viewer = viewer_of(link)
        async with acting(self._db, link) as session:
            at = now(session)
            rows = await reads.exports(session, viewer, [link.thing])
            if link.until < at or not rows or rows[0].state != ExportState.READY or rows[0].until <= at:
                raise refuse(LINK_GONE)
            return await reads.listed(session, viewer, link.thing), at
