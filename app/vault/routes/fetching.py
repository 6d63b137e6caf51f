"""Giving the bytes of a file to the one person a link was signed for, as long as she may still read it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.core.db import Database, now
from app.core.errors import refuse
from app.core.links import SECRET, Link, Way, link_of
from app.core.sealing import KeyProvider
from app.outside.inspecting.kinds import SUFFIX
from app.outside.storage import Missing, Storage
from app.vault.actions import storing
from app.vault.actions.files import key_of
from app.vault.models import FileState
from app.vault.reads.files import files
from app.vault.routes.answers import answering
from app.vault.routes.whose import acting, viewer_of
from app.vault.rules.files import LINK_GONE
from app.vault.rules.ranges import Part, asked_for

GUARDED = {
    "accept-ranges": "bytes",
    "cache-control": "private, no-store",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-site",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
"""A browser saves it, guesses nothing about it, runs nothing in it and keeps no copy; nor does a proxy."""


class Fetching:
    def __init__(self, db: Database, keys: KeyProvider, storage: Storage) -> None:
        self._db, self._keys, self._storage = db, keys, storage

    @answering
    async def get(self, request: Request) -> Response:
        """Whatever is wrong with a link, the answer is the same."""
        link = link_of(self._keys.secret(SECRET), request.path_params["link"])
        if link is None or link.way is Way.SEND:
            raise refuse(LINK_GONE)
        row, key = await self._opened(link)
        small = link.way is Way.THUMBNAIL
        size = row.thumbnail if small else row.size
        content_type = "image/jpeg" if small else row.content_type
        name = f"{storing.kept(row.id)}/{storing.THUMBNAIL if small else storing.WHOLE}"
        headers = GUARDED | {
            "content-type": content_type,
            "content-disposition": f'attachment; filename="{str(row.id)[-12:]}.{SUFFIX[content_type]}"',
        }
        ranged = request.headers.get("range") if "if-range" not in request.headers else None
        wanted = asked_for(ranged, size)
        if wanted is None:
            return Response(status_code=416, headers=GUARDED | {"content-range": f"bytes */{size}"})
        status = 200
        if wanted != Part(0, size) or (ranged and ranged.startswith("bytes=0-")):
            status = 206
            headers["content-range"] = f"bytes {wanted.start}-{wanted.end - 1}/{size}"
        headers["content-length"] = str(wanted.end - wanted.start)
        if request.method == "HEAD":
            return Response(status_code=status, headers=headers)
        pieces = storing.part(self._storage, name, key, size, wanted)
        try:
            first = await anext(pieces)  # before the status is said: what does not lie there is not found
        except Missing as error:
            raise refuse(LINK_GONE) from error
        return StreamingResponse(storing.following(first, pieces), status, headers)

    async def _opened(self, link: Link) -> tuple[Any, bytes]:
        """The file and its key. A lawyer's opening is written to the ledger."""
        viewer = viewer_of(link)
        async with acting(self._db, link) as session:
            if link.until < now(session):
                raise refuse(LINK_GONE)
            rows = await files(session, viewer, [link.thing])
            if not rows or rows[0].state != FileState.READY or (link.way is Way.THUMBNAIL and not rows[0].thumbnail):
                raise refuse(LINK_GONE)
            key = await key_of(session, self._keys, viewer, rows[0])
        if key is None:
            raise refuse(LINK_GONE)
        return rows[0], key
