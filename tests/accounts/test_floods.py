"""Somebody floods the city with requests for codes, and Redis is emptied while she does: every cap holds all the same.

The caps are counted in PostgreSQL. Through the graph, over HTTP, from as many addresses as the flood has.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from tests.accounts.town import ASK_CODE, Town, new_phone
from tests.sockets import served

pytestmark = pytest.mark.anyio

CALLERS = 50


@asynccontextmanager
async def emptied(town: Town) -> AsyncIterator[None]:
    """Redis forgets everything, again and again."""

    async def empty() -> None:
        while True:
            await town.city.redis.flushall()
            await asyncio.sleep(0.005)

    emptying = asyncio.create_task(empty())
    try:
        yield
    finally:
        emptying.cancel()
        with suppress(asyncio.CancelledError):
            await emptying


@asynccontextmanager
async def door(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    town.city.settings = town.city.settings.model_copy(update={"trust_proxy": True})
    async with served(town.city) as url, httpx.AsyncClient(base_url=url.removesuffix("/graphql"), timeout=60) as client:
        yield client


async def ask(client: httpx.AsyncClient, phone: str, address: str) -> str:
    """What comes of it: CodeSent, or the code of the refusal. Who is told that too much is going on asks again."""
    said = {"query": ASK_CODE, "variables": {"phone": phone}}
    while True:
        answer = (await client.post("/graphql", json=said, headers={"X-Forwarded-For": address})).json()
        if made := answer["data"]["requestSmsCode"]:
            return made["__typename"] if made["__typename"] == "CodeSent" else str(made["reasons"][0]["code"])
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BUSY"]


async def flood(town: Town, client: httpx.AsyncClient, calls: Iterable[tuple[str, str]]) -> list[str]:
    async with emptied(town):
        return await asyncio.gather(*(ask(client, phone, address) for phone, address in calls))


def address(number: int) -> str:
    return f"198.51.{number // 250}.{number % 250 + 1}"


async def test_one_number_gets_no_more_than_its_share(town: Town) -> None:
    """One a minute, five an hour, ten a day, and five more callers at a time than there is need of."""
    phone, sent, callers = new_phone(), [], iter(range(10_000))
    async with door(town) as client:
        said = await flood(town, client, [(phone, address(next(callers))) for _ in range(CALLERS)])
        assert (said.count("CodeSent"), said.count("CODE_TOO_SOON")) == (1, CALLERS - 1)
        for hour in range(3):
            for _ in range(7):
                await town.pass_time(minutes=1)
                sent += await flood(town, client, [(phone, address(next(callers))) for _ in range(5)])
            assert len(town.providers.sms.arrived(phone)) == min(5 * (hour + 1), 10)
            await town.pass_time(hours=1)
    assert set(sent) == {"CodeSent", "CODE_TOO_SOON", "CODE_LIMIT"}


async def test_one_address_gets_no_more_than_its_share(town: Town) -> None:
    phones = [new_phone() for _ in range(CALLERS)]
    async with door(town) as client:
        said = await flood(town, client, [(phone, address(1)) for phone in phones])
        assert (said.count("CodeSent"), said.count("ADDRESS_LIMIT")) == (20, CALLERS - 20)
        assert sum(len(town.providers.sms.arrived(phone)) for phone in phones) == 20
        assert await ask(client, new_phone(), address(2)) == "CodeSent"


async def test_the_city_sends_no_more_than_its_budget(town: Town) -> None:
    """Every number and every address is another's: nothing but the city's own count stands against that."""
    await town.pass_time(minutes=(70 - (await town.city.now()).minute) % 60)  # well within an hour
    await town.city.sql("UPDATE app.sms_budget SET most = 30")
    phones = [new_phone() for _ in range(CALLERS)]
    async with door(town) as client:
        said = await flood(town, client, [(phone, address(number)) for number, phone in enumerate(phones)])
        assert (said.count("CodeSent"), said.count("SMS_BUDGET_SPENT")) == (30, CALLERS - 30)
        assert sum(len(town.providers.sms.arrived(phone)) for phone in phones) == 30
        # Who was refused used up nothing of her own, and the next hour has a budget of its own.
        waiting = [phone for phone, told in zip(phones, said, strict=True) if told == "SMS_BUDGET_SPENT"]
        await town.pass_time(hours=1)
        assert await flood(town, client, [(phone, address(7)) for phone in waiting]) == ["CodeSent"] * len(waiting)
    ((counted,),) = await town.city.sql("SELECT codes FROM app.sms_budget")
    assert counted == len(waiting)


async def test_a_city_without_a_purse_sends_none(town: Town) -> None:
    await town.city.sql("UPDATE app.sms_budget SET most = 0")
    async with door(town) as client:
        for _ in range(2):
            assert await ask(client, new_phone(), address(1)) == "SMS_BUDGET_SPENT"
            await town.pass_time(hours=1)
