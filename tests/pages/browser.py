"""Debian's chromium with the network cut, and what it did beside showing a page."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import Page, ViewportSize, async_playwright, expect

CUT_OFF = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
TELL = (
    "addEventListener('securitypolicyviolation', e => console.error('POLICY ' + e.effectiveDirective + e.blockedURI))"
)
expect.set_options(timeout=120_000)


@dataclass
class Seen:
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def hosts(self) -> set[str]:
        return {urlsplit(one).netloc for one in self.requests if urlsplit(one).scheme not in ("data", "blob")}


@asynccontextmanager
async def browsing(url: str, width: int = 1280, height: int = 760) -> AsyncIterator[tuple[Page, Seen]]:
    path = shutil.which("chromium")
    assert path, "chromium is missing: apt-get install chromium fonts-noto-cjk"
    seen = Seen()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*QUIET, CUT_OFF])
        size: ViewportSize = {"width": width, "height": height}
        page = await browser.new_page(viewport=size, locale="zh-CN")
        page.set_default_timeout(120_000)
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("websocket", lambda socket: seen.requests.append(socket.url))
        page.on("console", lambda line: seen.complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        await page.add_init_script(TELL)
        await page.goto(url)
        yield page, seen
        await browser.close()
