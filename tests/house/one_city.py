"""One city for a whole file, where tests only look or do not mind each other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from app.core.sealing import KeyProvider
from app.outside.keys import FileKeys
from scripts.database import Urls
from tests.city import City
from tests.conftest import Servers, copy, drop, named


@asynccontextmanager
async def one_city(servers: Servers, template: Urls, keys_folder: Path, pool: int = 10) -> AsyncIterator[City]:
    """Without WeChat and SMS: nobody telephones here."""
    urls = await copy(servers, template)
    admin = named(servers.admin_url, urlsplit(urls.api).path[1:])
    async with City.open(urls, admin, servers.redis_url, {KeyProvider: FileKeys(keys_folder)}, pool) as city:
        yield city
    await drop(servers, urls)
