"""WeChat and SMS of each test alone, as in the tests of the room below."""

import pytest

from tests.accounts.conftest import doors, providers, town
from tests.accounts.town import Town
from tests.outreach.hall import Hall, open_hall

__all__ = ["doors", "providers", "town"]


@pytest.fixture
async def hall(town: Town) -> Hall:
    return await open_hall(town)
