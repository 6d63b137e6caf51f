from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from scripts.database import Urls
from tests.city import City
from tests.conftest import Servers
from tests.house.one_city import one_city
from tests.vault.scene import Scene, play


@pytest.fixture(scope="module")
async def shared_city(servers: Servers, template: Urls, keys_folder: Path) -> AsyncIterator[City]:
    async with one_city(servers, template, keys_folder) as city:
        yield city


@pytest.fixture(scope="module")
async def scene(shared_city: City) -> Scene:
    """Nothing that these tests try may change it."""
    return await play(shared_city)
