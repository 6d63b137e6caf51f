"""One city for a whole file, where tests only look or do not mind each other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from app.core.sealing import KeyProvider
from app.outside.keys import FileKeys
from app.outside.wechat.mini_program import MiniProgram
from app.outside.wechat.official_account import OfficialAccount
from scripts.database import Urls
from tests.city import City
from tests.conftest import Servers, copy, drop, filing, named


@asynccontextmanager
async def one_city(servers: Servers, template: Urls, keys_folder: Path, pool: int = 10) -> AsyncIterator[City]:
    """Without WeChat and SMS: nobody telephones here."""
    urls = await copy(servers, template)
    admin = named(servers.admin_url, urlsplit(urls.api).path[1:])
    with TemporaryDirectory() as folder:
        doors: dict[type[Any], Any] = {KeyProvider: FileKeys(keys_folder), **filing(Path(folder))}
        # Not set up: nobody is asked for anything.
        official, mini = OfficialAccount("http://nowhere", "", "", {}), MiniProgram("http://nowhere", "", "", {})
        doors |= {OfficialAccount: official, MiniProgram: mini}
        async with City.open(urls, admin, servers.redis_url, doors, pool) as city:
            yield city
        await official.aclose()
        await mini.aclose()
    await drop(servers, urls)
