"""Taking the bytes of a file: a form at once, or pieces that go on where they broke off.

`POST` multipart/form-data with one file in the field `file` (`wx.uploadFile`): all of it, from the beginning.
`PUT` with the bare bytes, all of them, or with `Content-Range: bytes FIRST-LAST/TOTAL` a part of them. A part begins
where the last one ended: `Upload-Offset`, in every answer and from `HEAD`; what came is kept in multiples of 256 KiB.
An empty `PUT` with `Content-Range: bytes */TOTAL` asks how far it came, and has a file looked at that is all there.

The answer is `{"id", "state", "received", "bytes"}`; with the last byte the file is looked at, and READY or refused.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from app.core.db import Database, now
from app.core.errors import Refused, refuse
from app.core.ids import new_id
from app.core.links import SECRET, Link, Way, link_of
from app.core.sealing import KeyProvider
from app.core.streams import regular
from app.outside.clamd import Clamd, ClamdAway
from app.outside.inspecting import Inspector
from app.outside.inspecting.found import Fault, Rejected
from app.outside.inspecting.kinds import Kind
from app.outside.storage import Storage
from app.vault.actions import files as actions
from app.vault.actions import storing
from app.vault.actions.storing import SEGMENT
from app.vault.models import FileState
from app.vault.reads.files import files
from app.vault.routes.answers import OFFSET, answering, how_far, refusal
from app.vault.routes.forms import BESIDE, boundary_of, file_in
from app.vault.routes.whose import acting, viewer_of
from app.vault.rules.files import (
    CHECK_AWAY,
    CHECKING,
    FAULTS,
    FILE_TOO_LARGE,
    LARGEST,
    LINK_GONE,
    MEGABYTE,
    UPLOAD_BUSY,
    UPLOAD_FORM,
    UPLOAD_OFFSET,
    UPLOAD_SIZE,
    UPLOAD_SLOW,
    patience,
)
from app.vault.rules.ranges import Sent, sent


class Sending:
    def __init__(
        self,
        db: Database,
        keys: KeyProvider,
        storage: Storage,
        inspector: Inspector,
        clamd: Clamd | None,
        stall: float,
    ) -> None:
        self._db, self._keys, self._storage = db, keys, storage
        self._inspector, self._clamd, self._stall = inspector, clamd, stall

    @answering
    async def head(self, request: Request) -> Response:
        row = await self._standing(self._ticket(request))
        return how_far(row.id, row.state, row.received, row.size)

    @answering
    async def post(self, request: Request) -> Response:
        ticket, boundary = self._ticket(request), boundary_of(request.headers.get("content-type", ""))
        async with self._taken(ticket) as (row, lease):
            if row.state != FileState.WAITING:
                return _ended(row)
            try:
                _check_length(request, row.kind, row.size + BESIDE)
                await self._advance(ticket, row, lease, 0)
                plain = file_in(self._paced(request, row.size), boundary)
                received = await self._receive(ticket, row, lease, 0, plain)
                if received != row.size:
                    raise refuse(UPLOAD_SIZE)
            except BaseException:  # a form begins anew: what came of this one is of no use
                await self._advance(ticket, row, lease, 0)  # unless it is another's by now
                await self._storage.remove(storing.incoming(row.id))
                raise
            return await self._look(ticket, row, lease)

    @answering
    async def put(self, request: Request) -> Response:
        ticket, part = self._ticket(request), _part(request)
        async with self._taken(ticket) as (row, lease):
            if row.state != FileState.WAITING:
                return _ended(row)
            received = row.received
            if part is not None and part.total != row.size:
                raise refuse(UPLOAD_SIZE)
            if part is None or part.part:
                start = part.part.start if part and part.part else 0
                if part is not None and start != received:
                    return _go_on(request, received)
                _check_length(request, row.kind, row.size - start)
                if part is None:
                    await self._advance(ticket, row, lease, 0)
                plain = self._paced(request, row.size - start)
                received = await self._receive(ticket, row, lease, start, plain)
                if part is None and received != row.size:
                    raise refuse(UPLOAD_SIZE)
            if received < row.size:
                return how_far(row.id, row.state, received, row.size)
            return await self._look(ticket, row, lease)

    # Whose it is ------------------------------------------------------------------------------------------------

    def _ticket(self, request: Request) -> Link:
        link = link_of(self._keys.secret(SECRET), request.path_params["ticket"])
        if link is None or link.way is not Way.SEND:
            raise refuse(LINK_GONE)
        return link

    async def _standing(self, ticket: Link) -> Any:
        async with acting(self._db, ticket) as session:
            if ticket.until < now(session):
                raise refuse(LINK_GONE)
            found = await files(session, viewer_of(ticket), [ticket.thing])
        if not found or found[0].owner != ticket.person or found[0].state == FileState.GONE:
            raise refuse(LINK_GONE)
        return found[0]

    @asynccontextmanager
    async def _taken(self, ticket: Link) -> AsyncIterator[tuple[Any, UUID]]:
        """The file, for this request alone; as it stands where nothing is to be sent any more."""
        row, lease = await self._standing(ticket), new_id()
        if row.state == FileState.WAITING:
            async with acting(self._db, ticket) as session:
                row = await actions.take(session, ticket.thing, lease, now(session))
            if row is None:
                raise refuse(UPLOAD_BUSY)
        try:
            yield row, lease
        finally:
            async with acting(self._db, ticket) as session:
                await actions.advance(session, ticket.thing, lease, now(session), hold=timedelta(0))

    async def _advance(self, ticket: Link, row: Any, lease: UUID, received: int) -> None:
        async with acting(self._db, ticket) as session:
            held = await actions.advance(session, row.id, lease, now(session), received)
        if not held:
            raise refuse(UPLOAD_BUSY)

    # The bytes --------------------------------------------------------------------------------------------------

    async def _paced(self, request: Request, size: int) -> AsyncIterator[bytes]:
        """What comes, as long as it comes fast enough."""
        loop = asyncio.get_running_loop()
        end, pieces = loop.time() + patience(size), aiter(request.stream())
        while True:
            try:
                async with asyncio.timeout(min(self._stall, end - loop.time())):
                    piece = await anext(pieces)
            except StopAsyncIteration:
                return
            except TimeoutError as error:
                raise refuse(UPLOAD_SLOW) from error
            yield piece

    async def _receive(self, ticket: Link, row: Any, lease: UUID, start: int, plain: AsyncIterator[bytes]) -> int:
        """Stores whole segments as they come; how far it has come then. What follows the last whole one comes again."""
        key = self._key(row)
        async for segment in regular(plain, SEGMENT):
            end = start + len(segment)
            if end > row.size:
                raise refuse(UPLOAD_SIZE)
            if segment and (len(segment) == SEGMENT or end == row.size):
                await storing.lay_down(self._storage, row.id, key, start // SEGMENT, segment)
                await self._advance(ticket, row, lease, end)
                start = end
        return start

    def _key(self, row: Any) -> bytes:
        return self._keys.unwrap(row.kek, row.key, str(row.id))

    # What it is -------------------------------------------------------------------------------------------------

    async def _look(self, ticket: Link, row: Any, lease: UUID) -> Response:
        """All of it is there. Of two who come here for one file, one holds the lease."""
        async with acting(self._db, ticket) as session:
            await actions.advance(session, row.id, lease, now(session), hold=CHECKING)
        try:
            found = await self._kept(row)
        except Rejected as rejected:
            async with acting(self._db, ticket) as session:
                held = await actions.reject(session, row.id, lease, rejected.fault)
            if held:
                await storing.clear(self._storage, row.id)
            raise refuse(FAULTS[rejected.fault]) from rejected
        async with acting(self._db, ticket) as session:
            if not await actions.keep(session, row.id, lease, found):
                raise refuse(UPLOAD_BUSY)
        await self._storage.remove(storing.incoming(row.id))
        return how_far(row.id, FileState.READY, row.size, row.size)

    async def _kept(self, row: Any) -> dict[str, Any]:
        """Stores what is kept of it and returns what is known of that. Raises Rejected."""
        key = self._key(row)
        if self._clamd is not None:
            try:
                if await self._clamd.is_malicious(storing.laid_down(self._storage, row, key)):
                    raise Rejected(Fault.INFECTED)
            except ClamdAway as away:
                raise refuse(CHECK_AWAY) from away
        plain = storing.laid_down(self._storage, row, key)
        try:
            async with self._inspector.inspect(Kind(row.kind), row.content_type, plain) as report:
                await storing.put(self._storage, row.id, storing.WHOLE, key, report.body)
                if report.thumbnail_size:
                    await storing.put(self._storage, row.id, storing.THUMBNAIL, key, report.thumbnail)
        except asyncio.IncompleteReadError as error:  # it was killed while it spoke
            raise Rejected(Fault.UNREADABLE) from error
        return {
            "content_type": report.content_type,
            "size": report.size,
            "thumbnail": report.thumbnail_size or None,
            "duration": report.duration,
            "width": report.width,
            "height": report.height,
        }


def _part(request: Request) -> Sent | None:
    if (header := request.headers.get("content-range")) is None:
        return None
    said = sent(header)
    if said is None:
        raise refuse(UPLOAD_FORM)
    return said


def _check_length(request: Request, kind: str, most: int) -> None:
    """Before a byte is read."""
    said = request.headers.get("content-length", "0")
    if int(said[:20]) > LARGEST[Kind(kind)] + BESIDE:
        raise refuse(FILE_TOO_LARGE, limit=LARGEST[Kind(kind)] // MEGABYTE)
    if int(said[:20]) > most:
        raise refuse(UPLOAD_SIZE)


def _ended(row: Any) -> Response:
    """A repeat hears what the first one heard."""
    if row.state == FileState.REFUSED:
        raise refuse(FAULTS[row.fault])
    return how_far(row.id, row.state, row.received, row.received)


def _go_on(request: Request, received: int) -> Response:
    refused: Refused = refuse(UPLOAD_OFFSET, received=received)
    return refusal(refused, request, {OFFSET: str(received)})
