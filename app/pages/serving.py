"""How a built page and its files are sent."""

import secrets
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

PLAIN = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
NOT_BUILT = (
    "此页面尚未构建。请在服务器上运行 python -m scripts.build_pages（需要能访问 npm 软件源一次），然后刷新。\n"
    "This page is not built yet. Run python -m scripts.build_pages on the server (it needs npm's registry once), and "
    "reload.\n"
)


@dataclass(frozen=True)
class Page:
    """One HTML file, with a policy of its own each time."""

    file: Path
    policy: str
    """Content-Security-Policy; `{nonce}` is new each time, and stands for `__NONCE__` in the file."""
    demo: bool
    """Whether people of a demonstration may be chosen: `__DEMO__` in the file."""

    async def show(self, _: Request) -> Response:
        try:
            page = self.file.read_text("utf-8")
        except FileNotFoundError:
            return PlainTextResponse(NOT_BUILT, 503, PLAIN | {"cache-control": "no-store"})
        nonce = secrets.token_urlsafe(16)
        said = page.replace("__NONCE__", nonce).replace("__DEMO__", "true" if self.demo else "false")
        policy = self.policy.format(nonce=nonce)
        return HTMLResponse(said, headers=PLAIN | {"content-security-policy": policy, "cache-control": "no-store"})


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
