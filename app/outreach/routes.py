"""Where a channel's code leads. Nobody who comes is asked for anything, and nothing is kept of who came.

`GET /c/CODE` counts one opening and leads on: to LANDING_URL with `?c=CODE`, which the page hands to its sign-in, or to
a page of our own. A browser is counted once a day (a cookie that says nothing but that). `POST /c/CODE` counts for a
client that was opened by a code itself, as the mini-program is.
`/c/CODE/to` leads on to the partner whose code it is, and counts that as an opening is counted. `/c/CODE/qr.svg` and
`.png` are the code; `official.svg` and `.png`, `mini-program` and `sheet.pdf` beside them are what WeChat and the press
made of it. A code that is unknown, closed or over leads on all the same.
"""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from app.core.db import NOBODY, Database
from app.core.html import NEVER_KEPT
from app.core.qr import TYPES, qr
from app.graph.addresses import Addresses
from app.graph.pictures import gone, told
from app.outreach.actions.scanning import arrived, sent_on
from app.outreach.models import CodeKind
from app.outreach.reads import drawn
from app.outreach.rules.landing import page
from app.outreach.rules.links import code_of, path_of, share
from app.outside.storage import Address

COUNTED: Final = "counted"
SENT_ON: Final = "sent"
A_DAY: Final = 86_400


class Arrivals:
    """Counts who opens a page by a channel's code. Who comes too often from one address is not counted."""

    def __init__(self, db: Database, addresses: Addresses) -> None:
        self._db, self._addresses = db, addresses

    async def note(self, request: Request, said: str | None) -> bool:
        """Whether it was counted: not a look at the headers alone, nor what is no channel's code."""
        code = code_of(said)
        if code is None or not await self.counts(request):
            return False
        async with self._db.acting(NOBODY) as session:
            return await arrived(session, code)

    async def counts(self, request: Request) -> bool:
        return request.method != "HEAD" and not await self._addresses.must_wait(self._addresses.of(request))


class Landing:
    def __init__(self, db: Database, doors: Mapping[type[Any], Any], arrivals: Arrivals, onward: str) -> None:
        """`onward`: the page to which everybody is led; empty for our own."""
        self._db, self._arrivals, self._onward = db, arrivals, onward
        self._home: str = doors[Address].url

    async def come(self, request: Request) -> Response:
        code = code_of(request.path_params["code"])
        counted = COUNTED not in request.cookies and await self._arrivals.note(request, code)
        if self._onward:
            answer: Response = RedirectResponse(share(self._onward, code), 302, headers=NEVER_KEPT)
        else:
            answer = HTMLResponse(page("公共法律服务", []), headers=NEVER_KEPT)
        if counted and code:
            self._remember(answer, COUNTED, code)
        return answer

    async def count(self, request: Request) -> Response:
        await self._arrivals.note(request, request.path_params["code"])
        return Response(status_code=204, headers=NEVER_KEPT)

    async def send_on(self, request: Request) -> Response:
        counts = SENT_ON not in request.cookies and await self._arrivals.counts(request)
        code = code_of(request.path_params["code"])
        async with self._db.acting(NOBODY) as session:
            link = await sent_on(session, code, counts=counts) if code else None
        if not link or not code:
            return gone()
        answer = RedirectResponse(link, 302, headers=NEVER_KEPT)
        if counts:
            self._remember(answer, SENT_ON, code)
        return answer

    def _remember(self, answer: Response, what: str, code: str) -> None:
        """A browser is counted once a day."""
        safe = self._home.startswith("https:")
        answer.set_cookie(what, "1", max_age=A_DAY, path=path_of(code), httponly=True, samesite="lax", secure=safe)

    async def code(self, request: Request) -> Response:
        code, kind = code_of(request.path_params["code"]), request.path_params["kind"]
        if code is None or kind not in TYPES:
            return gone()
        return told(request, qr(self._home + path_of(code), kind), TYPES[kind])

    async def official(self, request: Request) -> Response:
        row, kind = await self._drawn(request, CodeKind.OFFICIAL_ACCOUNT), request.path_params["kind"]
        return told(request, qr(row.said, kind), TYPES[kind]) if row and kind in TYPES else gone()

    async def mini_program(self, request: Request) -> Response:
        row = await self._drawn(request, CodeKind.MINI_PROGRAM)
        if row is None:
            return gone()
        return told(request, row.body, TYPES["png"] if row.body.startswith(b"\x89PNG") else "image/jpeg")

    async def sheet(self, request: Request) -> Response:
        row = await self._drawn(request, CodeKind.SHEET)
        return told(request, row.body, "application/pdf") if row else gone()

    async def _drawn(self, request: Request, kind: CodeKind) -> Any | None:
        if (code := code_of(request.path_params["code"])) is None:
            return None
        async with self._db.acting(NOBODY) as session:
            return await drawn(session, code, kind)


def landing_routes(db: Database, doors: Mapping[type[Any], Any], arrivals: Arrivals, onward: str) -> list[Route]:
    landing = Landing(db, doors, arrivals, onward)
    return [
        Route("/c/{code}", landing.come),
        Route("/c/{code}", landing.count, methods=["POST"]),
        Route("/c/{code}/to", landing.send_on),
        Route("/c/{code}/qr.{kind}", landing.code),
        Route("/c/{code}/official.{kind}", landing.official),
        Route("/c/{code}/mini-program", landing.mini_program),
        Route("/c/{code}/sheet.pdf", landing.sheet),
    ]
