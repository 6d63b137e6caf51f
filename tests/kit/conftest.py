"""The kit, written once for all tests of it; and the telephones of one test alone."""

from pathlib import Path

import pytest

from scripts import client_kit
from tests.accounts.conftest import doors, providers, town

__all__ = ["doors", "providers", "town"]


@pytest.fixture(scope="session")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("client") / "kit"
    client_kit.write(folder)
    return folder
