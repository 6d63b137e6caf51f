"""Pictures for everybody: `GET|HEAD /pictures/ID` and, of at most 320 pixels, `/pictures/ID/small`. They never change,
so that caches keep them for a day; what was taken down is gone from the house at once."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.core.db import NOBODY, Database
from app.core.sealing import KeyProvider
from app.outside.storage import Missing, Storage
from app.vault.actions import storing
from app.vault.actions.pictures import opened
from app.vault.reads.pictures import pictures

_KEPT: Final = {
    "cache-control": "public, max-age=86400",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
}


class Showing:
    def __init__(self, db: Database, keys: KeyProvider, storage: Storage) -> None:
        self._db, self._keys, self._storage = db, keys, storage

    async def whole(self, request: Request) -> Response:
        return await self._shown(request, small=False)

    async def small(self, request: Request) -> Response:
        return await self._shown(request, small=True)

    async def _shown(self, request: Request, small: bool) -> Response:
        async with self._db.acting(NOBODY) as session:
            rows = await pictures(session, None, [request.path_params["id"]])
        if not rows or (small and not rows[0].thumbnail):
            return _gone()
        row = rows[0]
        tag = f'"{row.id.hex}{"s" if small else ""}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=_KEPT | {"etag": tag})
        size = row.thumbnail if small else row.size
        headers = {"content-type": "image/jpeg" if small else row.content_type, "content-length": str(size)}
        headers |= _KEPT | {"etag": tag}
        if request.method == "HEAD":
            return Response(headers=headers)
        name = f"{storing.kept(row.file)}/{storing.THUMBNAIL if small else storing.WHOLE}"
        pieces = storing.whole(self._storage, name, opened(self._keys, row), size)
        try:
            first = await anext(pieces)
        except Missing:
            return _gone()
        return StreamingResponse(storing.following(first, pieces), headers=headers)


def _gone() -> Response:
    return Response(status_code=404, headers={"cache-control": "public, max-age=60"})
