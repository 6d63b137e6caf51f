"""The bundled servers are as safe as real ones, and leave nothing behind."""

import asyncio
import os
from pathlib import Path

import asyncpg
import pytest
from redis import Redis

from scripts.children import Account, humble_account
from scripts.embedded import Embedded
from scripts.hindrance import Hindrance
from tests.scripts.launchers import launcher, says, wait_until_gone

LAUNCHER = """
import sys
from pathlib import Path
from scripts.embedded import Embedded
servers = Embedded(Path(sys.argv[1]))
servers.start()
print(servers.admin_url, servers.redis_url, flush=True)
sys.stdin.read()
servers.stop()
"""


def accounts() -> dict[str, Account | None]:
    """Ourselves; and if we are root, nobody too, where nobody can run this Python."""
    humble = humble_account()
    if humble and can_run_python(humble):
        return {"as ourselves": None, "as nobody": humble}
    return {"as ourselves": None}


def can_run_python(account: Account) -> bool:
    try:
        with launcher("import scripts.embedded", account=account) as trial:
            return trial.wait() == 0
    except PermissionError:
        return False


@pytest.mark.parametrize("account", accounts().values(), ids=accounts())
def test_a_killed_launcher_leaves_no_orphan_and_loses_no_row(account: Account | None, place: Path) -> None:
    home = place / "servers"
    if account:
        os.chown(place, account.uid, account.gid)

    with launcher(LAUNCHER, str(home), account=account) as first:
        database, redis = says(first)
        asyncio.run(execute(database, "CREATE TABLE kept (word text)"))
        asyncio.run(execute(database, "INSERT INTO kept VALUES ('拆迁')"))
        with Redis.from_url(redis) as client:
            client.set("word", "kept")
        first.kill()
    # The next launcher does not wait for the orphans of the first: it takes over.
    with launcher(LAUNCHER, str(home), account=account) as second:
        database, redis = says(second)
        assert asyncio.run(fetch(database, "SELECT word FROM kept")) == "拆迁"
        with Redis.from_url(redis, decode_responses=True) as client:
            assert client.get("word") == "kept"
        with launcher(LAUNCHER, str(home), account=account) as third:
            assert third.wait(10) != 0
        second.kill()
    wait_until_gone(str(home))


def test_a_folder_serves_one_launcher_at_a_time(place: Path) -> None:
    second = Embedded(place / "servers", throwaway=True, postgres=False)
    with (
        Embedded(place / "servers", throwaway=True, postgres=False),
        pytest.raises(Hindrance, match="in use by another launcher"),
    ):
        second.start()
    wait_until_gone(str(place))


def test_where_nobody_may_enter_the_servers_stand_elsewhere_and_leave_nothing_there(tmp_path: Path) -> None:
    servers = Embedded(tmp_path / "servers", throwaway=True)
    with servers:
        ground = (tmp_path / "servers" / "elsewhere").resolve()
        assert asyncio.run(fetch(servers.admin_url, "SHOW fsync")) == "off"
    assert not ground.exists()

    servers.discard()
    assert {entry.name for entry in (tmp_path / "servers").iterdir()} == {".house", "lock"}


def test_a_deletion_that_was_cut_short_is_finished_before_the_next_start(place: Path) -> None:
    servers = Embedded(place / "servers", postgres=False)
    with servers:
        former = servers.redis_url
        servers.folder.condemn()
    with servers:
        assert servers.redis_url.split("@")[0] != former.split("@")[0]
        assert not servers.folder.condemned


def test_nobody_else_reads_passwords(place: Path) -> None:
    with Embedded(place / "servers", throwaway=True, postgres=False) as servers:
        password = servers.redis_url.split("@")[0].rpartition(":")[2]
        holding = [file for file in place.rglob("*") if file.is_file() and password in file.read_text()]
        assert {file.stat().st_mode & 0o777 for file in holding} == {0o600}
        commands = [process.read_text() for process in Path("/proc").glob("[0-9]*/cmdline") if process.exists()]
        assert not any(password in command for command in commands)


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


async def fetch(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()
