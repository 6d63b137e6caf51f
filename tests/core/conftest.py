from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from scripts.database import Urls
from tests.city import City
from tests.conftest import Servers
from tests.house.one_city import one_city


@pytest.fixture(scope="module")
async def city(servers: Servers, template: Urls, keys_folder: Path) -> AsyncIterator[City]:
    """These tests ask about people and things of their own."""
    async with one_city(servers, template, keys_folder, pool=30) as city:
        yield city
