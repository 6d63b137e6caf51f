"""Brings a city back from its backups, into a folder that is empty:

    python -m scripts.restore FROM --data NEW_DIR --keys DIR [--until 2026-11-30T09:00:00+08:00]
    scripts/start --no-demo --data NEW_DIR

FROM is the folder that scripts.backup writes to; DIR holds the copy of keys.json. Nobody is let in before it is done,
and nothing in FROM is changed. Without `--until` all comes back that the log tells, to the last second. With it all is
as it was at that moment (or up to ten seconds before), and what was done afterwards is lost, but for what nobody may
lose: what was erased since stays erased, closed accounts stay closed, consents taken back (that to a delegate or to a
child's asking too) and devices signed out are so, and legal holds stand. No message that went out goes out again;
clients that were connected begin anew by themselves.
"""

import argparse
import asyncio
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from app.core.db import Database, connect
from app.core.logs import set_up_logs
from app.outside.keys import FileKeys
from app.settings import Settings
from scripts import database
from scripts.backups import settling
from scripts.backups.cluster import bring_back
from scripts.backups.keeper import TICK
from scripts.backups.shelf import Shelf
from scripts.backups.since import Since, do_again, last_news, read
from scripts.bell import Bell, Closing
from scripts.embedded import Embedded
from scripts.folder import DataFolder
from scripts.hindrance import Hindrance

UNFINISHED = "an unfinished restore"


@dataclass
class Restored:
    at: datetime
    """The last moment that is known of it."""
    seconds: float = 0.0
    files_lost: int = 0
    """Sent or deleted in the seconds before that moment: they are shown as gone."""
    unsent: int = 0
    """Messages that may have gone out and do not again."""
    done_again: Counter[str] = field(default_factory=Counter)


def restore(
    come_from: Path, data: Path, keys: Path, until: datetime | None, heed: Callable[[], None] = lambda: None
) -> Restored:
    """Raises Hindrance where it cannot be done; `data` is left as an unfinished restore then, to be deleted."""
    began = time.monotonic()
    shelf = Shelf(come_from)
    chosen, point = shelf.at(until)
    if not (keys / "keys.json").exists():
        raise Hindrance(f"There is no keys.json in {keys}: without its keys a backup opens nothing. Say --keys.")
    folder = _empty(data)
    try:
        logs, servers = folder.path / "logs", folder.path / "servers"
        kept = folder.path / "keys"
        kept.mkdir(mode=0o700)
        shutil.copyfile(keys / "keys.json", kept / "keys.json")
        (kept / "keys.json").chmod(0o600)
        later = []
        for backup in shelf.later(chosen) if until else []:
            bring_back(backup, None, servers, logs, heed)
            later.append(asyncio.run(_look_back(Embedded(servers, logs=logs, valkey=False, heed=heed), folder)))
            Embedded(servers).discard()
            shutil.rmtree(servers)
        bring_back(chosen, point if until else None, servers, logs, heed)
        done = Restored(point)
        with Embedded(servers, logs=logs, heed=heed) as running:
            urls = asyncio.run(database.prepare(running.admin_url, folder.secret("roles").encode()))
            database.migrate(urls.owner)
            settings = Settings(
                api_database_url=SecretStr(urls.api),
                worker_database_url=SecretStr(urls.worker),
                redis_url=SecretStr(running.redis_url),
                keys_dir=kept,
                files_dir=folder.path / "files",
                worker_metrics_port=0,
            )
            files = shelf.path if chosen.manifest.files else None
            asyncio.run(_settle(running.admin_url, settings, files, later, done))
        folder.becomes(chosen.manifest.holds)
    finally:
        folder.release()
    done.seconds = time.monotonic() - began
    return done


def _empty(data: Path) -> DataFolder:
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise Hindrance(f"{data} is not empty. A city comes back into an empty folder alone: name another one.")
    folder = DataFolder(data, UNFINISHED)
    folder.claim()
    return folder


async def _look_back(servers: Embedded, folder: DataFolder) -> Since:
    with servers:
        urls = await database.prepare(servers.admin_url, folder.secret("roles").encode())
        await asyncio.to_thread(database.migrate, urls.owner)
        async with database.connected(servers.admin_url) as connection:
            return await read(connection)


async def _settle(admin_url: str, settings: Settings, files: Path | None, later: list[Since], done: Restored) -> None:
    """`files`: the folder of backups, where the city's files are in it. `later`: of the same life first."""
    async with database.connected(admin_url) as connection:
        await settling.check_keys(connection, settings.keys_dir)
        if not later:
            done.at = max(done.at, await last_news(connection))
        lived_until = max([done.at, *(since.at for since in later)])
        await settling.skip_transactions(connection, max([0, *(since.xid for since in later)]))
        if later:
            urls = settings.api_database_url, settings.worker_database_url
            api, worker = (Database(connect(url.get_secret_value(), pool=1)) for url in urls)
            try:
                for number, known in enumerate(later):
                    keys = FileKeys(settings.keys_dir)
                    done.done_again += await do_again(known, connection, api, worker, keys, destroy=number == 0)
            finally:
                await api.engine.dispose()
                await worker.engine.dispose()
        if files:
            done.files_lost = await settling.place_files(connection, files, settings.files_dir)
        done.unsent = await settling.send_nothing_again(connection, settings, lived_until + timedelta(seconds=TICK))


def _moment(said: str) -> datetime:
    moment = datetime.fromisoformat(said)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.restore", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    keys = os.environ.get("KEYS_DIR")
    parser.add_argument("come_from", type=Path, metavar="FROM", help="the folder of backups")
    parser.add_argument("--data", type=Path, required=True, metavar="NEW_DIR", help="an empty folder for the city")
    parser.add_argument("--keys", type=Path, default=keys, required=keys is None, help="the folder of keys.json's copy")
    parser.add_argument("--until", type=_moment, metavar="TIMESTAMP", help="ISO 8601 with its zone")
    asked = parser.parse_args(arguments)
    set_up_logs()
    bell = Bell()
    try:
        done = restore(asked.come_from, asked.data, asked.keys, asked.until, bell.heed)
    except Closing:
        print(f"Not finished. Delete {asked.data} before you begin anew.", file=sys.stderr)
        return 1
    except Hindrance as hindrance:
        print(hindrance, file=sys.stderr)
        return 1
    finally:
        bell.take_down()
    print(f"The city is as it was at {done.at.astimezone(UTC):%F %T}Z; it took {done.seconds:.0f} s.")
    for what, many in sorted(done.done_again.items()):
        print(f"  done again since: {what}, {many}")
    if done.files_lost:
        print(f"  {done.files_lost} files were sent or deleted in the seconds before it, and are shown as gone.")
    if done.unsent:
        print(f"  {done.unsent} messages may have gone out before, and do not again.")
    print(f"Open it with: scripts/start --data {asked.data}   (and --no-demo for real data)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
