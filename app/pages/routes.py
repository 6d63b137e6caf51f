"""`/graphiql/`, GraphiQL with a sign-in of its own, and `/`, the demo page: from files of this house alone.

The pages ask for nothing but what their policies allow. Whoever opens one sees no more than the graph shows her:
GraphiQL is there in production too, the demo page where the operator wants it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from app.graph.saved import saved
from app.pages.serving import PLAIN, Assets, Page

BUILT = Path(__file__).parent / "built"
HERE_ALONE = "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
GRAPHIQL = (
    "default-src 'none'; script-src 'self'; "
    # The editor (Monaco) gives its lines their places by style attributes; its style elements carry the nonce.
    "style-src-elem 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; "
    # Its wavy lines under mistakes are data: pictures, its languages are workers from files of ours.
    "img-src 'self' data:; worker-src 'self'; "
    f"font-src 'self'; {HERE_ALONE}"
)
DEMO = f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; {HERE_ALONE}"
OF_EACH_ROLE = 5
"""People of the demo that the pages offer."""


@dataclass(frozen=True)
class People:
    """Some of each role, with their tokens: in a demonstration alone."""

    file: Path
    """scripts/start writes it."""

    async def tell(self, _: Request) -> Response:
        try:
            demo = json.loads(self.file.read_text("utf-8"))
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


async def slash(_: Request) -> Response:
    """The page names its files from where it lies."""
    return RedirectResponse("graphiql/", 308)


async def operations(request: Request) -> Response:
    body = json.dumps([one.told() for one in saved()], ensure_ascii=False).encode()
    headers = PLAIN | {"etag": f'"{sha256(body).hexdigest()[:32]}"', "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def page_routes(people: Path | None = None, *, demo_page: bool = False, built: Path = BUILT) -> list[BaseRoute]:
    """`people`: see People; None outside a demonstration. `demo_page`: whether there is a page at `/`."""
    # A page names its files from where it lies: those of `/` are in a folder of their own all the same.
    shown = [("graphiql", "/graphiql/", GRAPHIQL, "assets")]
    if demo_page:
        shown.append(("demo", "/", DEMO, "demo/assets"))
    routes: list[BaseRoute] = [
        Route("/graphiql", slash),
        Route("/graphiql/operations.json", operations),
    ]
    for name, path, policy, assets in shown:
        routes.append(Route(path, Page(built / name / "index.html", policy, people is not None).show))
        if people:
            routes.append(Route(f"/{name}/people.json", People(people).tell))
        routes.append(Mount(f"/{name}/assets", Assets(directory=built / name / assets, check_dir=False)))
    return routes
