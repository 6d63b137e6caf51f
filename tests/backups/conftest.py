import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from app.outside.keys import FileKeys
from scripts.backups.shelf import Shelf
from scripts.database import migrate, prepare
from scripts.embedded import Embedded
from scripts.folder import DataFolder
from tests.backups.place import Place


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o711)
        data = DataFolder(home / "city", "real data")
        data.claim()
        FileKeys.make(data.path / "keys")
        with Embedded(data.path / "servers", throwaway=True) as servers:
            urls = asyncio.run(prepare(servers.admin_url, data.secret("roles").encode()))
            migrate(urls.owner)
            yield Place(home, urls, servers)
        data.release()


@pytest.fixture
def shelf(place: Place, tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path / "backups")
    shelf.claim()
    yield shelf
    shelf.release()


@pytest.fixture
def back(place: Place) -> Iterator[Path]:
    with TemporaryDirectory(dir=place.home) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "back"
