"""Fixtures only: the servers once, a database made from a template for each test."""

import asyncio
import gc
import os
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import uvicorn

from app.accounts.rules.consenting import Operator
from app.core.sealing import KeyProvider
from app.outside import fakes
from app.outside.fakes.server import create_app
from app.outside.inspecting import Inspector
from app.outside.keys import FileKeys
from app.outside.post import TemplateIds
from app.outside.press import Press
from app.outside.sms import AlibabaSms, SmsGateway
from app.outside.storage import Address, Storage
from app.outside.wechat import WeChat
from app.outside.wechat.mini_program import MiniProgram
from app.outside.wechat.official_account import OfficialAccount
from app.papers.rules.contents import TEMPLATES
from app.schema import schema
from app.settings import Settings
from scripts.database import Urls, migrate, prepare
from scripts.embedded import Embedded, free_port
from tests.city import City
from tests.ears import EARS
from tests.memory import kept_in_memory
from tests.outside.world import PATIENT

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
"""Which of the processes side by side this is, such as gw1; empty for one alone. It keeps them apart on a server."""
TEMPLATE = f"city_template_{WORKER or 'alone'}"
SECRET = b"a secret for the passwords of test databases"
_numbers = count()

TURNED_CLOCK = """
CREATE SCHEMA turned;
CREATE TABLE turned.clock (shift interval NOT NULL);
INSERT INTO turned.clock VALUES ('0');
GRANT USAGE ON SCHEMA turned TO app_door, app_api, app_worker;
GRANT SELECT ON turned.clock TO app_door, app_api, app_worker;
CREATE OR REPLACE FUNCTION app.clock() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    RETURN now() + (SELECT shift FROM turned.clock);
"""


@dataclass(frozen=True)
class Servers:
    admin_url: str
    redis_url: str


def pytest_collection_finish() -> None:
    """What was imported stays: the collector of garbage need not go through it again and again."""
    gc.freeze()


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def _ears() -> Iterator[None]:
    with EARS.open():
        yield
    EARS.heard_nothing()


@pytest.fixture(autouse=True)
def _no_log_repeats_what_was_said(_ears: None) -> Iterator[None]:
    """In no test, of no process of the house."""
    yield
    EARS.heard_nothing()


@pytest.fixture(scope="session", autouse=True)
def _executor() -> None:
    """EXECUTOR=graphql-core runs every test on the other one."""
    schema.compiles(Settings().executor == "compiled")


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The bundled ones, unless DATABASE_URL (a login that may create roles and databases) and REDIS_URL name others."""
    database, redis = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
    with ExitStack() as stack:
        if not (database and redis):
            home = stack.enter_context(kept_in_memory(tmp_path_factory.mktemp("servers")))
            bundled = stack.enter_context(Embedded(home / "servers", throwaway=True))
            database, redis = database or bundled.admin_url, redis or bundled.redis_url
        else:
            redis = urlunsplit(urlsplit(redis)._replace(path=f"/{WORKER[2:] or 0}"))
        yield Servers(database, redis)


@pytest.fixture(scope="session")
def template(servers: Servers) -> Urls:
    return make_template(servers)


def make_template(servers: Servers) -> Urls:
    """A migrated database with a clock that can be turned, to be copied."""

    async def execute(url: str, *statements: str) -> None:
        connection = await asyncpg.connect(url)
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    anew = f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 ENCODING 'UTF8'"
    asyncio.run(execute(servers.admin_url, f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)", anew))
    urls = asyncio.run(prepare(named(servers.admin_url, TEMPLATE), SECRET))
    migrate(urls.owner)
    asyncio.run(execute(urls.owner, TURNED_CLOCK))
    return urls


async def copy(servers: Servers, template: Urls) -> Urls:
    name = f"city_{os.getpid()}_{next(_numbers)}"
    admin = await asyncpg.connect(servers.admin_url)
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {urlsplit(template.api).path[1:]} STRATEGY file_copy")
    # As roles.sql says them: of what may be done with its template a copy knows nothing.
    await admin.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    await admin.execute(f"GRANT CONNECT ON DATABASE {name} TO app_owner, app_api, app_worker")
    await admin.execute(f"GRANT CREATE ON DATABASE {name} TO app_owner")
    # Fifty at one lock on a machine that does other things too, and stands still for seconds: what waits there is not
    # what tests are about.
    for role in ("app_api", "app_worker"):
        for what in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            await admin.execute(f"ALTER ROLE {role} IN DATABASE {name} SET {what} = '60s'")
    await admin.close()
    return Urls(*(named(url, name) for url in (template.owner, template.api, template.worker)))


async def drop(servers: Servers, urls: Urls) -> None:
    admin = await asyncpg.connect(servers.admin_url)
    await admin.execute(f"DROP DATABASE {urlsplit(urls.api).path[1:]} WITH (FORCE)")
    await admin.close()


def named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@pytest.fixture(scope="session")
def world() -> Iterator[str]:
    """The fake WeChat and SMS servers, over real HTTP; yields their address."""
    port = free_port()
    # uvicorn's own configuration would keep its words from our ears.
    config = uvicorn.Config(create_app(), host="127.0.0.1", port=port, log_level="warning", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        threading.Event().wait(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    FileKeys.make(folder)
    return folder


def filing(folder: Path) -> dict[type[Any], Any]:
    """What files need, and papers."""
    own = {Storage: Storage.folder(folder / "files"), Inspector: Inspector(), Address: Address("http://city")}
    return {**own, Press: press(), Operator: Operator("济源市司法局", "0391-6633148")}


@cache
def press() -> Press:
    return Press(TEMPLATES)


@pytest.fixture
async def doors(world: str, keys_folder: Path, tmp_path: Path) -> AsyncIterator[dict[type[Any], Any]]:
    app = (world, fakes.WECHAT_APP_ID, fakes.WECHAT_SECRET)
    wechat, mini = WeChat(*app, patience=PATIENT), MiniProgram(*app, {}, patience=PATIENT)
    line = (world, fakes.SMS_KEY_ID, fakes.SMS_KEY_SECRET, fakes.SMS_SIGN_NAME)
    sms = AlibabaSms(*line, *fakes.SMS_CODES, patience=PATIENT)
    ids = {TemplateIds: TemplateIds(fakes.WECHAT_TEMPLATES)}
    official = OfficialAccount(world, fakes.OFFICIAL_APP_ID, fakes.OFFICIAL_SECRET, {}, patience=PATIENT)
    clients = {WeChat: wechat, SmsGateway: sms, OfficialAccount: official, MiniProgram: mini}
    yield {KeyProvider: FileKeys(keys_folder), **clients, **ids, **filing(tmp_path)}
    await official.aclose()
    await mini.aclose()
    await wechat.aclose()
    await sms.aclose()


@pytest.fixture
async def city(servers: Servers, template: Urls, doors: dict[type[Any], Any]) -> AsyncIterator[City]:
    urls = await copy(servers, template)
    admin = named(servers.admin_url, urlsplit(urls.api).path[1:])
    async with City.open(urls, admin, servers.redis_url, doors, pool=30) as city:
        yield city
    await drop(servers, urls)
