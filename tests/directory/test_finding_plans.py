"""The search reads what its indexes find, however many there are: twenty thousand records, and two hundred thousand."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.core.keyset import Page
from app.directory.reads.finding import Wanted, search
from app.directory.rules import finding
from scripts.database import Urls
from tests.city import City
from tests.conftest import Servers
from tests.core.explaining import Plan, explain, explain_for_any, sent
from tests.directory.full_register import fill
from tests.house.one_city import one_city

pytestmark = pytest.mark.anyio

MANY, A_COUNTRY = 20_000, 200_000
FIRST = Page(20, False, None, None)
BY_WORDS = ["单雅静", "單雅靜", "shanyajing", "清明律师事务所", "沁园司法所", "原型-77"]
ALIKE = ["示粒清明事务", "wangxueyiing"]
LISTS = ["", "律师", "公证处"]


@pytest.fixture(scope="module")
async def many(servers: Servers, template: Urls, keys_folder: Path) -> AsyncIterator[City]:
    async with one_city(servers, template, keys_folder, pool=2) as city:
        await fill(city, MANY)
        yield city


async def plans(city: City, said: str, codes: str = "") -> list[Plan]:
    """Of each statement that the search sends, planned for its values and for any."""
    wanted = Wanted(finding.sought(said), codes=codes)
    with sent(city.db) as statements:
        async with city.db.acting("") as session:
            await search(session, None, wanted, FIRST)
    found = []
    for statement in statements:
        async with city.db.acting("") as session:
            found += [await explain(session, *statement), await explain_for_any(session, *statement)]
    return found


async def looks_it_up(city: City, said: str, index: str) -> None:
    for plan in (await plans(city, said))[-2:]:  # the last statement's: what holds the words is looked for first
        assert "Seq Scan" not in plan, (said, plan)
        assert index in " ".join(plan.nodes), (said, plan)


@pytest.mark.parametrize("said", BY_WORDS)
async def test_words_are_looked_up(many: City, said: str) -> None:
    await looks_it_up(many, said, "_terms")


@pytest.mark.parametrize("said", LISTS)
async def test_a_list_is_read_in_its_order(many: City, said: str) -> None:
    for plan in (await plans(many, said))[:1]:
        assert "Seq Scan" not in plan, (said, plan)


@pytest.mark.full
async def test_in_a_whole_country_too(servers: Servers, template: Urls, keys_folder: Path) -> None:
    async with one_city(servers, template, keys_folder, pool=2) as city:
        await fill(city, A_COUNTRY)
        for said in BY_WORDS:
            await looks_it_up(city, said, "_terms")
        for said in ALIKE:
            await looks_it_up(city, said, "_label")
        for said in (*BY_WORDS, *ALIKE, *LISTS, "离婚律师", "王律师"):
            wanted = Wanted(finding.sought(said))
            async with city.db.acting("") as session:
                began = time.perf_counter()
                found = await search(session, None, wanted, FIRST)
            print(f"{said or 'a list':<12}{len(found):>4}{(time.perf_counter() - began) * 1000:>9.1f} ms")
