"""GraphiQL in a real browser, with the network cut: whoever signs in asks, and sees news arrive."""

import asyncio
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import pyotp
import pytest
from playwright.async_api import Page, expect

from app.accounts.actions.appointing import appoint, equip
from app.core.access import Role
from app.core.db import NOBODY
from app.core.sealing import KeyProvider
from scripts import build_pages
from tests.accounts.hall import CONFIRM
from tests.city import City
from tests.pages.browser import browsing
from tests.sockets import served, token

pytestmark = [pytest.mark.anyio, pytest.mark.full]

PICTURES = os.environ.get("PICTURES")
"""A folder that the README's picture is put into, where it is to be taken anew."""


async def run(page: Page, operation: str) -> None:
    await page.get_by_role("button", name=re.compile(rf"^{operation}\b")).click()
    await expect(page.locator(".graphiql-query-editor")).to_contain_text(operation)
    await page.get_by_role("button", name="Execute query").click()


async def test_whoever_signs_in_asks_and_sees_news_arrive(city: City) -> None:
    await asyncio.to_thread(build_pages.build)
    login, password, secret = await hired(city)
    city.settings = city.settings.model_copy(update={"demo": False})
    resident, lawyer = await city.resident(), await city.lawyer()
    await city.asked(resident)
    await city.settle()
    async with served(city) as url, browsing(url.replace("/graphql", "/graphiql")) as (page, seen):
        await page.locator(".graphiql-query-editor .view-lines").wait_for()
        answer = page.locator(".graphiql-response")
        # Nobody is signed in: what is public can be asked for, the schema cannot.
        await run(page, "Categories")
        await expect(answer).to_contain_text("劳动")
        await page.get_by_role("button", name="Show Documentation Explorer").click()
        await expect(page.locator(".graphiql-doc-explorer")).to_contain_text("No GraphQL schema")
        # One of the staff, by name, password and code.
        await page.get_by_role("button", name="登录 Sign in", exact=True).click()
        await page.get_by_label("登录名或手机号").fill(login)
        await page.get_by_label("密码").fill(f"{password}?")
        await page.get_by_label("动态验证码").fill("000000")
        await page.get_by_role("button", name="Sign in as staff").click()
        await expect(page.locator(".sign-in [role=alert]")).not_to_be_empty()
        await city.turn(timedelta(minutes=20))
        await page.get_by_label("密码").fill(password)
        await page.get_by_label("动态验证码").fill(pyotp.TOTP(secret).at(await city.now()))
        await page.get_by_role("button", name="Sign in as staff").click()
        await expect(page.get_by_test_id("signed-in")).to_contain_text("督导 Supervisor")
        await page.get_by_role("button", name="Show Documentation Explorer").click()
        await expect(page.locator(".graphiql-doc-explorer")).to_contain_text("AskQuestionInput")
        await page.get_by_role("button", name="Show 已存操作").click()
        await run(page, "Tasks")
        await expect(answer).to_contain_text('"tasks"')
        await page.get_by_role("button", name="退出登录 Sign out", exact=True).click()
        # A resident, by her token: the news of an answer comes by itself.
        await page.get_by_role("button", name="登录 Sign in", exact=True).click()
        await page.get_by_label("令牌 Token").fill(token(city, resident, 3600))
        await page.get_by_role("button", name="Use the token").click()
        await expect(page.get_by_test_id("signed-in")).to_contain_text("居民 Resident")
        await run(page, "NoticeNews")
        await expect(answer).to_contain_text('"unread"')
        before = await answer.inner_text()
        seat = await city.claim(lawyer)
        assert (await city.answer(lawyer, seat["id"]))["__typename"] == "Answer"
        await city.settle()
        await expect(answer).to_contain_text("NEW_ANSWER")
        assert await answer.inner_text() != before
        if PICTURES:
            await page.screenshot(path=Path(PICTURES) / "graphiql.png")
        kept = await page.evaluate(
            "[...Object.values(localStorage), ...Object.values(sessionStorage), document.cookie]"
        )
        assert "".join(kept) == ""
    assert seen.complaints == []
    here = urlsplit(url).netloc
    assert seen.hosts() == {here}
    assert f"ws://{here}/graphql" in seen.requests


async def hired(city: City) -> tuple[str, str, str]:
    """A supervisor's name, password and the secret of her authenticator app, whose first code she has shown."""
    keys = city.doors[KeyProvider]
    async with city.owner.acting(NOBODY) as session:
        person = await appoint(session, keys, "13800000009", [Role.SUPERVISOR])
        made = await equip(session, keys, person, "supervisor.wang", anew=False)
    assert made
    login, secret = made.enrolment.login, made.enrolment.secret
    said = {"login": login, "password": made.password, "code": pyotp.TOTP(secret).at(await city.now())}
    assert (await city.one(None, CONFIRM, input=said))["__typename"] == "TotpConfirmed"
    return login, made.password, secret


def test_a_wheel_has_the_built_page_and_the_operations(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=build_pages.PAGES.parents[1], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(ZipFile(wheel).namelist())
    assert {"app/pages/built/stamp", "app/operations/anyone/Home.graphql"} <= names
    for site in build_pages.SITES:
        files = [path for path in (build_pages.BUILT / site).rglob("*") if path.is_file()]
        assert len(files) > 3
        assert {f"app/pages/built/{path.relative_to(build_pages.BUILT)}" for path in files} <= names
    assert not any("node_modules" in name or name.startswith("tests/") for name in names)
    assert ZipFile(wheel).read("app/pages/built/stamp").decode() == build_pages.digest()
