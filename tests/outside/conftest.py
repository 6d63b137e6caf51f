from collections.abc import AsyncIterator

import pytest

from tests.outside.world import Street, World, a_street


@pytest.fixture(scope="module")
async def street() -> AsyncIterator[Street]:
    async with a_street() as street:
        yield street


@pytest.fixture
def world(street: Street) -> World:
    return street.new_world()
