"""The lines that each page of the kit begins with, run as they stand there against a real house."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.access import Role, Viewer
from scripts import kit as sources
from tests.accounts.town import Town, new_openid
from tests.city import City
from tests.directory.desk import enter_institution, set_post
from tests.kit.running import HERE, at_work, hired, node, session_of

pytestmark = pytest.mark.anyio

PAGES = {path.name: path.read_text("utf-8") for path in sources.SOURCES.glob("*.md") if path.name != "README.md"}
TOLD = ("Sign-in", "Consent for messages", "Resume", "Errors", "limits", "deprecations")
ASKER, LAWYER = "13800000001", "13800000002"


def lines_of(page: str) -> list[str]:
    """Of its start, but for imports and what is only punctuation."""
    (start,) = re.findall(r"```js\n(.*?)```", page, re.DOTALL)
    return [line for line in start.splitlines() if re.search(r"\w", line) and not line.startswith("import ")]


def test_each_client_has_a_page_with_ten_lines_to_start_from() -> None:
    assert set(PAGES) == {"resident-mini-program.md", "h5.md", "lawyer-app.md", "window.md", "analyst.md"}
    for name, page in PAGES.items():
        assert len(lines_of(page)) <= 10, name
        assert [word for word in TOLD if word.lower() not in page.lower()] == [], name
    index = (sources.SOURCES / "README.md").read_text("utf-8")
    assert all(f"({name})" in index for name in PAGES)


@pytest.mark.full
async def test_the_lines_work(town: Town, kit: Path, tmp_path: Path) -> None:
    city, files = town.city, tmp_path / "codes"
    clerk, at_window = await hired(city, Role.WINDOW_STAFF)
    _, of_figures = await hired(city, Role.ANALYST)
    centre = await enter_institution(city, await city.person(Role.ADMIN), kind="LEGAL_AID_CENTRE", number="示例-K-1")
    await set_post(city, await city.person(Role.ADMIN), clerk, centre["id"], duty="WINDOW_STAFF")
    asker, lawyer = await known_by(city, ASKER), await known_by(city, LAWYER, await city.lawyer())
    await city.turn(timedelta(minutes=2))  # the next code for a number
    await city.asked(asker)
    await city.settle()
    assert await city.offer_ids(lawyer)
    async with at_work(city) as url, codes_shown(town, files):

        async def run(page: str, lines: int, answers: dict[str, str], login: str = "") -> list[str]:
            said: dict[str, Any] = {"kit": str(kit), "page": page, "url": url, "codes": str(files)}
            said |= {"lines": lines, "answers": answers, "login": login}
            return (await node(HERE / "start.js", said)).splitlines()

        assert await run("h5.md", 1, {"手机号": ASKER}) == ["1 0"]
        assert await run("lawyer-app.md", 1, {"手机号": LAWYER}) == ["Seat"]
        login = town.providers.wechat.login(new_openid())
        assert await run("resident-mini-program.md", 1, {}, login) == ["0 0"]
        assert await run("window.md", 3, await at_window()) == ["0", "0", "NOBODY_WAITS"]
        figures = await run("analyst.md", 3, await of_figures())
    assert [line.split(",")[:3] for line in figures] == [
        ["2026-07-01", "2026-07-31", "0"],
        ["2026-08-01", "2026-08-31", "0"],
        ["2026-09-01", "2026-09-30", "0"],
    ]


async def known_by(city: City, phone: str, viewer: Viewer | None = None) -> Viewer:
    """Who signs in with this number: a new resident, unless told who."""
    resident, _ = await session_of(city, f"+86{phone}")
    if viewer is None:
        return resident
    await city.sql("UPDATE app.identity SET person = :her WHERE person = :id", her=viewer.id, id=resident.id)
    return viewer


@asynccontextmanager
async def codes_shown(town: Town, file: Path) -> AsyncIterator[None]:
    """The newest code on each telephone, in a file."""

    async def watch() -> None:
        while True:
            arrived = {phone: town.providers.sms.arrived(phone) for phone in (ASKER, LAWYER)}
            whole = file.with_suffix(".new")
            whole.write_text(json.dumps({phone: sent[-1].code for phone, sent in arrived.items() if sent}))
            whole.replace(file)
            await asyncio.sleep(0.05)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
