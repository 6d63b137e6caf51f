"""Backs up a running city that lives on the bundled PostgreSQL, without stopping it:

    python -m scripts.backup --to DIR --keys-to OTHER_DIR             once: all of it, as it is now
    python -m scripts.backup --to DIR --keys-to OTHER_DIR --follow    and then, until it is stopped, what happens
    python -m scripts.backup --to DIR --check                         whether it is whole, and how old

Database and sealed files go to DIR, which holds nothing that could be read; the keys go to OTHER_DIR, and never beside
it: whoever has both has every text. `--follow` writes down a moment that can be brought back every ten seconds, and
makes all of it anew every day; `scripts/start` does it by itself where BACKUP_DIR says where to (and BACKUP_KEYS_DIR).
What is older than `app.retention_policy` allows (`backup`), or than `--keep` days, is removed: that is what makes an
erasure reach the backups. A legal hold needs none of them: what it keeps is kept in the city itself.

Bring it back with `python -m scripts.restore`, and try that before you need it: `python -m scripts.drill_restore`.
"""

import argparse
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scripts.backups import files
from scripts.backups.keeper import Keeper
from scripts.backups.shelf import Shelf, damaged, keep_apart, sum_of
from scripts.backups.source import Source
from scripts.bell import Bell, Closing
from scripts.folder import VAR
from scripts.hindrance import Hindrance

PROMISED = timedelta(minutes=5)
"""So much may be lost at most."""


def back_up(to: Path, keys_to: Path | None, data: Path, *, follow: bool, keep_days: int | None) -> None:
    """Raises Hindrance, and Closing when it is told to end."""
    keep_apart(to, keys_to, data)
    os.umask(0o077)
    bell, shelf = Bell(), Shelf(to)
    shelf.claim()
    try:
        keeper = Keeper(Source(data), shelf, keys_to, keep_days, bell.heed)
        try:
            if follow:
                keeper.follow(lambda words: print(f"{datetime.now(UTC):%F %T}Z {words}", flush=True))
            began = datetime.now(UTC)
            backup = keeper.begin()
            size = sum(file.stat().st_size for file in backup.path.rglob("*") if file.is_file())
            print(f"{backup.path}: {size / 1e6:.0f} MB in {(datetime.now(UTC) - began).total_seconds():.1f} s")
        finally:
            keeper.end(go_on=follow)
        if keys_to is None:
            print("The keys are not in it, and without them it opens nothing: copy keys.json too, or say --keys-to.")
    finally:
        shelf.release()


def check(to: Path) -> None:
    """Looks through all of the newest backup. Raises Hindrance where it is damaged, or too old."""
    backup, point = Shelf(to).at(None)
    backup.check()
    for _ in backup.segments():
        pass
    found, sums = files.stored(to)
    for file, path in found.items():
        for place in files.later_too(to, file, path):
            try:
                digest = sum_of(place)
            except FileNotFoundError:
                continue
            if digest != sums.get(file):
                raise damaged(place)
            break
    age = datetime.now(UTC) - point
    print(f"Whole. The newest moment that can be brought back is {point:%F %T}Z, {age.total_seconds():.0f} s ago.")
    if age > PROMISED:
        raise Hindrance("That is longer ago than five minutes: does scripts.backup --follow run?")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.backup", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    to, keys_to = os.environ.get("BACKUP_DIR"), os.environ.get("BACKUP_KEYS_DIR") or None
    parser.add_argument("--to", type=Path, default=to, required=to is None, metavar="DIR", help="the folder of backups")
    parser.add_argument("--keys-to", type=Path, default=keys_to, metavar="OTHER_DIR", help="for the copy of keys.json")
    parser.add_argument("--data", type=Path, default=VAR, help="the city's data folder (default: var)")
    days = os.environ.get("BACKUP_DAYS") or None
    parser.add_argument("--keep", type=int, default=days, metavar="DAYS", help="for fewer days than the policy allows")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--follow", action="store_true", help="go on until it is stopped")
    what.add_argument("--check", action="store_true", help="look through the newest backup")
    asked = parser.parse_args(arguments)
    if asked.keep is not None and asked.keep < 1:
        parser.error("--keep (BACKUP_DAYS) is at least one day")
    try:
        if asked.check:
            check(asked.to)
        else:
            back_up(asked.to, asked.keys_to, asked.data, follow=asked.follow, keep_days=asked.keep)
    except Closing:
        return 0
    except Hindrance as hindrance:
        print(hindrance, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The backup was not made: {error.strerror}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
