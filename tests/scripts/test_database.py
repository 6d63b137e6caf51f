"""A database is made ready, and an unfit one is refused in plain words."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from scripts import database
from scripts.embedded import Embedded
from scripts.hindrance import Hindrance


@pytest.fixture(scope="module")
def admin_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with Embedded(tmp_path_factory.mktemp("servers"), throwaway=True, valkey=False) as servers:
        yield servers.admin_url


def test_the_roles_are_made_once_and_keep_their_passwords(admin_url: str) -> None:
    async def story() -> None:
        first = await database.prepare(admin_url, b"one secret")
        assert await database.prepare(admin_url, b"one secret") == first

        async with database.connected(first.api) as api:
            assert await api.fetchval("SELECT current_user") == "app_api"
            assert await api.fetchval("SHOW statement_timeout") == "4s"
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await api.execute("CREATE TEMPORARY TABLE shadow ()")
        async with database.connected(first.owner) as owner:
            await owner.execute("CREATE SCHEMA behind AUTHORIZATION app_door")

    asyncio.run(story())


def test_another_secret_locks_the_former_passwords_out(admin_url: str) -> None:
    async def story() -> None:
        former = await database.prepare(admin_url, b"one secret")
        await database.prepare(admin_url, b"another secret")
        with pytest.raises(Hindrance, match="password authentication failed"):
            async with database.connected(former.worker):
                pass

    asyncio.run(story())


def test_a_login_that_may_not_make_roles_is_told_what_to_do(admin_url: str) -> None:
    async def story() -> None:
        urls = await database.prepare(admin_url, b"one secret")
        with pytest.raises(Hindrance, match=r"roles\.sql and set OWNER_DATABASE_URL"):
            await database.prepare(urls.owner, b"one secret")

    asyncio.run(story())


def test_demonstrations_and_people_never_share_a_database(admin_url: str) -> None:
    async def story() -> None:
        owner_url = (await database.prepare(admin_url, b"one secret")).owner
        await database.dedicate(owner_url, "real data")
        await database.dedicate(owner_url, "real data")
        with pytest.raises(Hindrance, match="holds real data, not demo data"):
            await database.dedicate(owner_url, "demo data")

        async with database.connected(owner_url) as owner:
            await owner.execute("COMMENT ON SCHEMA app IS NULL")
        with pytest.raises(Hindrance, match="holds real data, not demo data"):
            await database.dedicate(owner_url, "demo data")

    asyncio.run(story())


@pytest.mark.parametrize(
    ("name", "options", "complaint"),
    [
        ("latin", "ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc", "holds text as LATIN1"),
        ("letterless", "LOCALE 'C' LOCALE_PROVIDER libc", "Chinese characters are no letters"),
    ],
)
def test_an_unfit_database_is_refused(admin_url: str, name: str, options: str, complaint: str) -> None:
    async def story() -> None:
        await database.check_server(admin_url)
        async with database.connected(admin_url) as admin:
            await admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 {options}")
        with pytest.raises(Hindrance, match=complaint):
            await database.check_server(admin_url.rpartition("/")[0] + f"/{name}")

    asyncio.run(story())


def test_a_server_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(Hindrance) as refusal:
        asyncio.run(database.check_server("postgresql://boss:secret@127.0.0.1:1/house"))
    assert "127.0.0.1" in str(refusal.value)
    assert "secret" not in str(refusal.value)
    with pytest.raises(Hindrance, match="REDIS_URL"):
        asyncio.run(database.check_redis("redis://:secret@127.0.0.1:1/0"))
