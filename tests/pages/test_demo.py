"""The demo page in a real browser: somebody asks on the left, lawyers answer on the right, by keys alone where it says
so; and what a person needs who sees, hears or hits less well."""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Locator, Page, expect

from app.core.access import Viewer
from scripts import build_pages
from scripts.client_kit import write
from tests.city import City
from tests.pages.browser import browsing
from tests.pages.line import line_to
from tests.sockets import served, token

pytestmark = [pytest.mark.anyio, pytest.mark.full]

CHECKS = Path(__file__).parent / "axe"
PICTURES = os.environ.get("PICTURES")
"""A folder that the README's pictures are put into, where they are to be taken anew."""
NAMES = "王静", "李志强", "陈晓雯"
TOO_SMALL = """(least) => [...document.querySelectorAll('button, select, input, textarea, summary, a[href^="tel:"]')]
  .filter((one) => one.checkVisibility({visibilityProperty: true}))
  .map((one) => [one.closest('.van-field, label.check') ?? one, one])
  .filter(([box]) => box.getBoundingClientRect().height < least)
  .map(([, one]) => `${one.outerHTML.slice(0, 80)} ${one.getBoundingClientRect().height}`)"""
WIDER = "document.documentElement.scrollWidth - innerWidth"
TARGET, ELDER_TARGET = 44, 60
"""Pixels."""
MOST_STEPS = 80


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """axe-core, and what the page's types are checked with, as the lock beside them names them."""
    folder = tmp_path_factory.mktemp("checks")
    shutil.copytree(CHECKS, folder, dirs_exist_ok=True)
    node, npm = build_pages.node_and_npm()
    subprocess.run([node, npm, "ci", "--ignore-scripts", "--loglevel=error"], cwd=folder, check=True)
    return folder / "node_modules"


async def test_a_newcomer_asks_on_the_left_and_answers_on_the_right(city: City, tmp_path: Path, checks: Path) -> None:
    await asyncio.to_thread(build_pages.build)
    axe = (checks / "axe-core" / "axe.min.js").read_text("utf-8")
    async with staged(city, tmp_path) as stage, line_to(urlsplit(stage.url).port or 0) as (line, origin):
        async with browsing(origin, 1120, 820) as (page, seen):
            left, right = page.get_by_role("region", name="居民"), page.get_by_role("region", name="律师", exact=True)
            english = page.get_by_role("region", name="Resident")
            # By keys alone: she enters, agrees, says her age, asks.
            await press(page, left.get_by_role("button", name="以演示居民身份进入"))
            await press(page, right.get_by_role("button", name="以三位演示律师身份进入"))
            await expect(right.get_by_role("tab")).to_contain_text(NAMES)
            await press(page, left.get_by_role("button", name="同意").first)
            await press(page, left.get_by_role("button", name="已满 18 周岁"))
            await expect(left.get_by_text("只有您和接下您问题的律师能读到正文")).to_be_visible()
            assert await faults(page, axe) == []
            # What is refused is said in her language, and read out.
            await reach(page, left.get_by_label("您的问题"))
            await page.keyboard.type("老板？？")
            await left.get_by_label("类别").select_option(index=1)
            await left.get_by_label("所在乡镇").select_option(index=1)
            await press(page, left.get_by_role("button", name="提交咨询"))
            await expect(left.get_by_role("alert").filter(has_text="5")).to_be_visible()
            await left.get_by_label("您的问题").fill("")
            await press(page, left.get_by_role("button", name="填入示例"))
            await expect(left.get_by_text("看起来属于")).to_be_visible()
            await press(page, left.get_by_role("button", name="提交咨询"))
            # Clock, seats, news: all by themselves.
            await expect(left.get_by_role("heading", name="咨询", exact=True)).to_be_focused()
            await expect(left.get_by_text("已收到 0 / 3 份解答，0 位律师正在写")).to_be_visible()
            clock = left.get_by_role("timer", name="承诺时钟")
            before = await clock.inner_text()
            await expect(clock).not_to_have_text(before)
            await press(page, right.get_by_role("button", name="接单"))
            await expect(left.get_by_text("已收到 0 / 3 份解答，1 位律师正在写")).to_be_visible()
            await expect(right.get_by_role("heading", name="解答席位")).to_be_focused()
            await press(page, right.get_by_role("button", name="填入示例"))
            assert await faults(page, axe) == []
            await picture(page, "demo.png")
            await press(page, right.get_by_role("button", name="提交解答"))
            await expect(left.get_by_role("article", name=f"{NAMES[0]}的解答")).to_be_visible()
            await expect(left.get_by_text("已收到 1 / 3 份解答")).to_be_visible()
            # In a tunnel: meanwhile another answers, and it is there when the line is.
            line.cut()
            await expect(left.locator("[data-how=waiting]")).to_be_visible()
            seat = await city.claim(stage.lawyers[1])
            assert (await city.answer(stage.lawyers[1], seat["id"]))["__typename"] == "Answer"
            line.mend()
            await expect(left.get_by_text("已收到 2 / 3 份解答")).to_be_visible()
            await expect(left.locator("[data-how=socket]")).to_be_visible()
            # The third one, by the tab's arrows.
            await press(page, right.get_by_role("tab", name=NAMES[0]), "ArrowLeft")
            await expect(right.get_by_role("tab", name=NAMES[2])).to_be_focused()
            await right.get_by_role("button", name="接单").click()
            await right.get_by_role("button", name="填入示例").locator("visible=true").click()
            await right.get_by_role("button", name="提交解答").locator("visible=true").click()
            await expect(left.get_by_text("已收到 3 / 3 份解答")).to_be_visible()
            # She asks back, is answered, rates, and is satisfied.
            await reach(page, left.get_by_label("您想追问什么"))
            await page.keyboard.type("公司说没有钱怎么办？")
            await press(page, left.get_by_role("button", name="发送追问"))
            reply = right.get_by_label("回复追问").locator("visible=true")
            await reply.fill("可以在申请仲裁的同时申请财产保全，请提供公司的账户线索。")
            await right.get_by_role("button", name="发送回复").locator("visible=true").click()
            await expect(left.get_by_role("listitem").filter(has_text="请提供公司的账户线索")).to_be_visible()
            best = left.get_by_role("article", name=f"{NAMES[0]}的解答")
            await press(page, best.get_by_role("button", name="5 星"))
            await expect(best.get_by_text("已评价：5 星")).to_be_visible()
            # The other language and the larger type, at once and for what is there already.
            await press(page, page.get_by_role("button", name="长辈模式"))
            await expect(page.locator("html.elder")).to_be_attached()
            assert await page.evaluate(TOO_SMALL, ELDER_TARGET) == []
            assert await faults(page, axe) == []
            await press(page, page.get_by_role("button", name="English"))
            await expect(english.get_by_text("3 of 3 answers are here")).to_be_visible()
            assert await page.evaluate("document.documentElement.lang") == "en"
            await press(page, english.get_by_role("button", name="I am satisfied: resolved"))
            await expect(english.get_by_text("Resolved. Asking back within 30 days")).to_be_visible()
            assert await faults(page, axe) == []
            # On the smallest telephone the views are tabs, and nothing is cut off.
            await page.set_viewport_size({"width": 320, "height": 640})
            await expect(page.get_by_role("tab", name="Resident")).to_have_attribute("aria-selected", "true")
            await expect(page.get_by_role("tabpanel", name="Lawyer", exact=True)).to_be_hidden()
            assert await page.evaluate(WIDER) <= 0
            await page.get_by_role("button", name="Larger type").click()
            assert await page.evaluate(WIDER) <= 0
            assert await page.evaluate(TOO_SMALL, TARGET) == []
            await press(page, page.get_by_role("tab", name="Resident"), "ArrowRight")
            await expect(page.get_by_role("tabpanel", name="Lawyer", exact=True)).to_be_visible()
            assert await page.evaluate(WIDER) <= 0
            assert await faults(page, axe) == []
            await page.get_by_role("button", name="中文").click()
            await picture(page, "demo_small.png")
            kept = await page.evaluate(
                "[...Object.values(localStorage), ...Object.values(sessionStorage), document.cookie]"
            )
            assert "".join(kept) == ""
        here = urlsplit(origin).netloc
        assert seen.hosts() == {here}
        assert f"ws://{here}/graphql" in seen.requests
        # A browser says so itself where a line breaks, and nothing else.
        assert [one for one in seen.complaints if "ERR_" not in one] == []


def test_its_types_fit_the_kit(checks: Path) -> None:
    folder = checks.parent
    shutil.copytree(build_pages.SOURCES / "demo", folder / "demo")
    write(folder / "kit")
    page, here = (json.loads((one / "package.json").read_text()) for one in (build_pages.SOURCES, folder))
    assert {name: page["dependencies"][name] for name in ("vue", "vant")}.items() <= here["devDependencies"].items()
    node, _ = build_pages.node_and_npm()
    compiler = [node, "node_modules/vue-tsc/bin/vue-tsc.js", "--project", "demo/tsconfig.json"]
    done = subprocess.run(compiler, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@dataclass(frozen=True)
class Stage:
    url: str
    lawyers: list[Viewer]


@asynccontextmanager
async def staged(city: City, folder: Path) -> AsyncIterator[Stage]:
    """A house of a resident who was never here before and three lawyers, in which what is due happens by itself."""
    lawyers = [await city.lawyer(name=name, requestable=True) for name in NAMES]
    resident = await city.resident()
    for table in ("consent", "age_said"):
        await city.sql(f"DELETE FROM app.{table} WHERE person = :person", person=resident.id)
    people = folder / "demo.json"
    tokens = {"resident": [token(city, resident)], "lawyer": [token(city, one) for one in lawyers]}
    people.write_text(json.dumps(tokens))
    city.settings = city.settings.model_copy(update={"demo_people": people})
    living = asyncio.create_task(_live(city))
    try:
        async with served(city) as url:
            yield Stage(url, lawyers)
    finally:
        living.cancel()
        with suppress(asyncio.CancelledError):
            await living


async def _live(city: City) -> None:
    while True:
        await city.settle()
        await asyncio.sleep(0.05)


async def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Goes on by Tab until this has the focus, as who has no mouse does; then presses that key."""
    await reach(page, wanted)
    await page.keyboard.press(key)


async def reach(page: Page, wanted: Locator) -> None:
    await wanted.wait_for()
    for _ in range(MOST_STEPS):
        if await wanted.evaluate("one => one === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"no key leads to {wanted}")


async def faults(page: Page, axe: str) -> list[Any]:
    """What axe-core finds: WCAG 2.2 A and AA, contrasts among it, and its best practices."""
    await page.evaluate(axe)
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]


async def picture(page: Page, name: str) -> None:
    if PICTURES:
        await page.evaluate("scrollTo(0, 0)")
        await page.screenshot(path=Path(PICTURES) / name)
