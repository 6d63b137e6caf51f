"""The page that confirms a paper: open to everybody, and the same for everybody.

`GET|HEAD /v/CODE` is where a paper's QR code leads, `/v` asks for the code that is printed beside it. It says which
institution's paper it is, of which kind and day, whether it still stands, and its file's SHA-256; and nothing else.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from app.core.db import NOBODY, Database
from app.core.errors import Language
from app.core.html import NEVER_KEPT
from app.graph.addresses import Addresses
from app.graph.rates import RATE_LIMITED
from app.papers import reads
from app.papers.rules.codes import code_of
from app.papers.rules.proving import BAD_PAPER_CODE, PAPER_UNKNOWN, asking, page, path_of


class Proving:
    def __init__(self, db: Database, addresses: Addresses) -> None:
        self._db, self._addresses = db, addresses

    async def ask(self, request: Request) -> Response:
        """Where a code is typed; one that was typed leads to its page."""
        typed = request.query_params.get("code")
        if typed is None:
            return _told(asking())
        if (code := code_of(typed)) is None:
            return _told(asking(BAD_PAPER_CODE.message(Language.ZH, {})), 400)
        return RedirectResponse(path_of(code), 303, headers=NEVER_KEPT)

    async def show(self, request: Request) -> Response:
        if wait := await self._addresses.must_wait(self._addresses.of(request)):
            said = RATE_LIMITED.message(Language.ZH, {"seconds": wait})
            return _told(asking(said), 429, {"retry-after": str(wait)})
        if (code := code_of(request.path_params["code"])) is None:
            return _told(asking(BAD_PAPER_CODE.message(Language.ZH, {})), 404)
        async with self._db.acting(NOBODY) as session:
            row: Any = await reads.verified(session, code, None)
        if row is None:
            return _told(asking(PAPER_UNKNOWN.message(Language.ZH, {})), 404)
        return _told(page(row))


def _told(body: str, status: int = 200, more: dict[str, str] | None = None) -> Response:
    return HTMLResponse(body, status, NEVER_KEPT | (more or {}))


def proof_routes(db: Database, addresses: Addresses) -> list[Route]:
    proving = Proving(db, addresses)
    return [Route("/v", proving.ask), Route("/v/{code}", proving.show)]
