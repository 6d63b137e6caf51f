"""Makes a database ready for the house (roles, passwords, tables), and tells whether servers are fit for it."""

import base64
import hashlib
import hmac
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
from alembic import command
from alembic.config import Config
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.core.db import address
from scripts.hindrance import Hindrance

ROLES = Path(__file__).with_name("roles.sql")
MIGRATIONS = Path(__file__).parent.parent / "app" / "migrations"
SCRAM_ROUNDS = 1
"""Rounds slow down whoever guesses a password that people chose. Ours are random, 192 bits at least, and PostgreSQL's
4096 would cost a client some 20 ms of processor for each connection."""


@dataclass(frozen=True)
class Urls:
    """One address a role, `postgresql://`. The running house gets `api` and `worker` alone."""

    owner: str
    api: str
    worker: str


async def prepare(admin_url: str, secret: bytes) -> Urls:
    """Make the roles of roles.sql and set their passwords, the same at every start with this secret.

    `admin_url` signs in as a superuser, or as the database's owner with CREATEROLE. Raises Hindrance where
    that login may not create roles.
    """
    passwords = {role: _password(secret, role) for role in ("app_owner", "app_api", "app_worker")}
    async with connected(admin_url) as connection:
        if not await connection.fetchval(
            "SELECT rolsuper OR rolcreaterole FROM pg_catalog.pg_roles WHERE rolname = current_user"
        ):
            raise Hindrance(
                f"The login of DATABASE_URL may not create roles. Let an operator run {ROLES} and set "
                "OWNER_DATABASE_URL, API_DATABASE_URL and WORKER_DATABASE_URL instead."
            )
        async with connection.transaction():
            try:
                await connection.execute(ROLES.read_text())
                for role, password in passwords.items():
                    await connection.execute(f"ALTER ROLE {role} PASSWORD '{verifier(password)}'")
            except (asyncpg.InsufficientPrivilegeError, asyncpg.RaiseError) as error:
                raise Hindrance(f"The roles of the house could not be made. {error}") from error
    owner, api, worker = (_as_role(admin_url, role, password) for role, password in passwords.items())
    return Urls(owner, api, worker)


def owner_url(admin_url: str, secret: bytes) -> str:
    """Where the owner of the tables signs in whom `prepare` gave a password by this secret."""
    return _as_role(admin_url, "app_owner", _password(secret, "app_owner"))


async def dedicate(owner_url: str, holds: str) -> None:
    """Say once, in the database itself, what it holds ("demo data", "real data"); to be called before `migrate`.

    Raises Hindrance where it holds something else. One whose tables were made without a word holds real data.
    """
    async with connected(owner_url) as connection, connection.transaction():
        if await connection.fetchval("SELECT to_regnamespace('app') IS NULL"):
            await connection.execute("CREATE SCHEMA app")
            await connection.execute(f"COMMENT ON SCHEMA app IS '{holds}'")
        said = await connection.fetchval("SELECT obj_description(to_regnamespace('app'), 'pg_namespace')")
    if (found := said or "real data") != holds:
        raise Hindrance(f"The database holds {found}, not {holds}. Choose another one.")


def migrate(owner_url: str) -> None:
    """Bring the tables up to date. Not to be called from a running event loop."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = address(owner_url)
    command.upgrade(config, "head")


async def check_server(url: str) -> None:
    """Raises Hindrance where the house cannot live on this PostgreSQL, and says why."""
    async with connected(url) as connection:
        version = connection.get_server_version()
        if version.major < 15:
            raise Hindrance(f"PostgreSQL 15 or newer is needed; this is {version.major}.{version.minor}.")
        encoding = await connection.fetchval("SHOW server_encoding")
        if encoding != "UTF8":
            raise Hindrance(
                f"The database holds text as {encoding}; UTF8 is needed. Create it anew: "
                "CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0."
            )
        if await _finds_no_chinese(connection):
            raise Hindrance(
                "Searching would find nothing: in this database's locale Chinese characters are no letters. "
                "Create it anew: CREATE DATABASE ... LC_CTYPE 'C.UTF-8' TEMPLATE template0."
            )


async def check_redis(url: str) -> None:
    """Raises Hindrance where this is older than Redis 6.2, or a cluster, which arq cannot use."""
    client = Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5)
    try:
        facts = await client.info("server")
    except (RedisError, OSError) as error:
        raise Hindrance(f"Redis does not answer at REDIS_URL: {error}") from error
    finally:
        await client.aclose()
    version = str(facts["redis_version"])
    if tuple(int(part) for part in version.split(".")[:2]) < (6, 2):
        raise Hindrance(f"Redis 6.2 or newer, or Valkey, is needed; this is {version}.")
    if facts.get("redis_mode") == "cluster":
        raise Hindrance("REDIS_URL leads to a Redis cluster; a single server or Sentinel is needed.")


@asynccontextmanager
async def connected(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """Raises Hindrance, without the password, where the server cannot be reached or refuses the login."""
    try:
        connection = await asyncpg.connect(url.replace("+asyncpg", "", 1), timeout=15)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise Hindrance(f"PostgreSQL at {urlsplit(url).hostname}: {error or 'no answer'}") from error
    try:
        yield connection
    finally:
        await connection.close()


async def _finds_no_chinese(connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
    """False also where it cannot be tried: the migrations will say so if they need the extension."""
    trial = connection.transaction()
    await trial.start()
    try:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        schema = await connection.fetchval(
            "SELECT extnamespace::regnamespace::text FROM pg_catalog.pg_extension WHERE extname = 'pg_trgm'"
        )
        return not await connection.fetchval(f"SELECT cardinality({schema}.show_trgm('拆迁补偿'))")
    except (asyncpg.InsufficientPrivilegeError, asyncpg.FeatureNotSupportedError, asyncpg.UndefinedFileError):
        return False
    finally:
        await trial.rollback()


def _password(secret: bytes, role: str) -> str:
    return hmac.new(secret, f"role|{role}".encode(), hashlib.sha256).hexdigest()


def verifier(password: str) -> str:
    """What PostgreSQL keeps of a password (RFC 5803), so that the password itself reaches no server log."""
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, SCRAM_ROUNDS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    salt64, stored64, server64 = (base64.b64encode(part).decode() for part in (salt, stored, server))
    return f"SCRAM-SHA-256${SCRAM_ROUNDS}:{salt64}${stored64}:{server64}"


def _as_role(url: str, role: str, password: str) -> str:
    parts = urlsplit(url)
    hosts = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(scheme="postgresql", netloc=f"{role}:{quote(password)}@{hosts}"))
