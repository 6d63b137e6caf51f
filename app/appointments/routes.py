"""`GET|HEAD /appointments/LINK` gives one person one appointment of hers as a calendar takes it in."""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.appointments import reads
from app.appointments.models import State
from app.appointments.rules.ics import STATUS, written
from app.core.db import Database, now
from app.core.errors import refuse
from app.core.links import SECRET, Link, Way, link_of
from app.core.sealing import KeyProvider
from app.vault.routes.answers import answering
from app.vault.routes.fetching import GUARDED
from app.vault.routes.whose import acting, viewer_of
from app.vault.rules.files import LINK_GONE


class Calendars:
    def __init__(self, db: Database, keys: KeyProvider) -> None:
        self._db, self._keys = db, keys

    @answering
    async def get(self, request: Request) -> Response:
        """Whatever is wrong with a link, the answer is the same."""
        link = link_of(self._keys.secret(SECRET), request.path_params["link"])
        if link is None or link.way is not Way.CALENDAR:
            raise refuse(LINK_GONE)
        row, place, at = await self._found(link)
        spot = None if place.longitude is None else (place.longitude, place.latitude)
        file = written(row, place.name, place.address, spot, at)
        name = f'attachment; filename="appointment-{str(row.id)[-12:]}.ics"'
        headers = GUARDED | {"accept-ranges": "none", "content-disposition": name}
        return Response(file, headers=headers, media_type="text/calendar; charset=utf-8")

    async def _found(self, link: Link) -> tuple[Any, Any, datetime]:
        viewer = viewer_of(link)
        async with acting(self._db, link) as session:
            at = now(session)
            rows = await reads.appointments(session, viewer, [link.thing])
            if link.until < at or not rows or State(rows[0].state) not in STATUS:
                raise refuse(LINK_GONE)
            return rows[0], await reads.place_of(session, rows[0].institution), at


def appointment_routes(db: Database, keys: KeyProvider) -> list[Route]:
    return [Route("/appointments/{link}", Calendars(db, keys).get, methods=["GET", "HEAD"])]
