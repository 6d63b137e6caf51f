"""`/graphiql/`: GraphiQL with a sign-in of its own, from files of this house alone.

The page asks for nothing but what its policy allows. Whoever opens it sees no more than the graph shows her: it is
there in production too.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from app.graph.saved import saved

BUILT = Path(__file__).parent / "built"
POLICY = (
    "default-src 'none'; script-src 'self'; "
    # The editor (Monaco) gives its lines their places by style attributes; its style elements carry the nonce.
    "style-src-elem 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; "
    # Its wavy lines under mistakes are data: pictures, its languages are workers from files of ours.
    "img-src 'self' data:; worker-src 'self'; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PLAIN = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
NOT_BUILT = (
    "GraphiQL 页面尚未构建。请在服务器上运行 python -m scripts.build_pages（需要能访问 npm 软件源一次），然后刷新。\n"
    "GraphiQL is not built yet. Run python -m scripts.build_pages on the server (it needs npm's registry once), and "
    "reload.\n"
)
OF_EACH_ROLE = 5
"""People of the demo that the page offers."""


class Assets(StaticFiles):
    """Files whose names change with what is in them; compressed once, when they were built."""

    async def get_response(self, path: str, scope: Any) -> Response:
        headers = PLAIN | {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
        # A worker takes its policy from its own response.
        headers["content-security-policy"] = "default-src 'none'; script-src 'self'"
        if "gzip" in Request(scope).headers.get("accept-encoding", ""):
            try:
                response = await super().get_response(f"{path}.gz", scope)
            except HTTPException:
                response = await super().get_response(path, scope)
            else:
                headers |= {"content-encoding": "gzip", "content-type": guess_type(path)[0] or "text/plain"}
        else:
            response = await super().get_response(path, scope)
        response.headers.update(headers)
        return response


@dataclass(frozen=True)
class GraphiQL:
    people: Path | None
    """In a demonstration: the file with tokens of its people (scripts/start writes it)."""
    built: Path = BUILT

    async def slash(self, _: Request) -> Response:
        """The page names its files from where it lies."""
        return RedirectResponse("graphiql/", 308)

    async def page(self, _: Request) -> Response:
        try:
            page = (self.built / "index.html").read_text("utf-8")
        except FileNotFoundError:
            return PlainTextResponse(NOT_BUILT, 503, PLAIN | {"cache-control": "no-store"})
        nonce = secrets.token_urlsafe(16)
        said = page.replace("__NONCE__", nonce).replace("__DEMO__", "true" if self.people else "false")
        policy = POLICY.format(nonce=nonce)
        return HTMLResponse(said, headers=PLAIN | {"content-security-policy": policy, "cache-control": "no-store"})

    async def operations(self, request: Request) -> Response:
        body = json.dumps([one.told() for one in saved()], ensure_ascii=False).encode()
        headers = PLAIN | {"etag": f'"{sha256(body).hexdigest()[:32]}"', "cache-control": "no-cache"}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type="application/json")

    async def persons(self, _: Request) -> Response:
        """Some of each role, with their tokens: demo mode alone."""
        assert self.people
        try:
            demo = json.loads(self.people.read_text("utf-8"))
        except FileNotFoundError:
            demo = {}
        return JSONResponse(list(_offered(demo)), headers=PLAIN | {"cache-control": "no-store"})


def _offered(demo: Mapping[str, Any]) -> Any:
    for role, tokens in demo.items():
        if isinstance(tokens, list):
            posts = demo.get("posts", {}).get(role, [])
            for number, token in enumerate(tokens[:OF_EACH_ROLE], 1):
                post = posts[number - 1] if number <= len(posts) else ""
                yield {"role": role.upper(), "number": number, "post": post, "token": token}


def page_routes(people: Path | None = None, built: Path = BUILT) -> list[BaseRoute]:
    """`people`: see GraphiQL; None outside a demonstration."""
    graphiql = GraphiQL(people, built)
    return [
        Route("/graphiql", graphiql.slash),
        Route("/graphiql/", graphiql.page),
        Route("/graphiql/operations.json", graphiql.operations),
        *([Route("/graphiql/people.json", graphiql.persons)] if people else []),
        Mount("/graphiql/assets", Assets(directory=built / "assets", check_dir=False)),
    ]
