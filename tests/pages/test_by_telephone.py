"""The page outside a demonstration: somebody comes in by a code on her telephone, and mends what was not sent."""

import asyncio
from contextlib import suppress

import pytest
from playwright.async_api import Route, expect

from scripts import build_pages
from tests.accounts.conftest import doors, providers, town
from tests.accounts.town import Town, new_phone
from tests.pages.browser import browsing
from tests.sockets import served

__all__ = ["doors", "providers", "town"]
pytestmark = [pytest.mark.anyio, pytest.mark.full]
EMPTY, MENDED = "哈哈哈哈哈哈", "老板拖欠我三个月工资，没有签劳动合同，我该怎么办？"


async def test_she_signs_in_by_sms_and_sends_again_what_was_not_sent(town: Town) -> None:
    await asyncio.to_thread(build_pages.build)
    city, phone = town.city, new_phone()
    city.settings = city.settings.model_copy(update={"demo_page": True})
    living = asyncio.create_task(_live(town))
    try:
        async with served(city) as url, browsing(url.removesuffix("/graphql"), 1120, 820) as (page, seen):
            left = page.get_by_role("region", name="居民")
            await left.get_by_label("手机号").fill("12")
            await left.get_by_role("button", name="获取验证码").click()
            await expect(left.get_by_role("alert").filter(has_text="手机号")).to_be_visible()
            await left.get_by_label("手机号").fill(phone)
            await left.get_by_role("button", name="获取验证码").click()
            await expect(left.get_by_text("验证码已发送")).to_be_visible()
            right = town.newest_code(phone)
            await left.get_by_label("短信验证码").fill(f"{(int(right) + 1) % 1_000_000:06}")
            await left.get_by_role("button", name="登录").click()
            await expect(left.get_by_role("alert").filter(has_text="验证码")).to_be_visible()
            await left.get_by_label("短信验证码").fill(right)
            # What she is shown comes late: both of her clicks fall into one reading.
            await page.route("**/graphql", _late)
            await left.get_by_role("button", name="登录").click()
            await left.get_by_role("button", name="同意").first.click()
            await left.get_by_role("button", name="已满 18 周岁").click()

            await left.get_by_label("您的问题").fill(EMPTY)
            await left.get_by_label("类别").select_option(index=1)
            await left.get_by_label("所在乡镇").select_option(index=1)
            await left.get_by_role("button", name="提交咨询").click()
            await expect(left.get_by_role("alert").filter(has_text="看不出您想问什么")).to_be_visible()
            mend = left.get_by_role("form", name="修改问题")
            await expect(mend.get_by_label("修改问题")).to_have_value(EMPTY)
            await mend.get_by_role("button", name="重新提交").click()
            await expect(left.get_by_role("alert").filter(has_text="看不出您想问什么")).to_be_visible()
            await mend.get_by_label("修改问题").fill(MENDED)
            await mend.get_by_role("button", name="重新提交").click()
            await expect(left.get_by_text("已收到 0 / 3 份解答，0 位律师正在写")).to_be_visible()
            await expect(mend).to_have_count(0)
            await expect(left.get_by_role("alert").filter(has_text="看不出您想问什么")).to_have_count(0)
            await left.get_by_role("button", name="退出").click()
            await expect(left.get_by_label("手机号")).to_be_visible()
        assert seen.complaints == []
    finally:
        living.cancel()
        with suppress(asyncio.CancelledError):
            await living


async def _late(route: Route) -> None:
    asked = route.request.post_data_json or {}
    answer = await route.fetch()
    if asked.get("operationName") == "Me":
        await asyncio.sleep(1)
    await route.fulfill(response=answer)


async def _live(town: Town) -> None:
    while True:
        await town.city.settle()
        await asyncio.sleep(0.05)
