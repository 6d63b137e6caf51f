"""Rotates the key-encryption keys; to be run every day, by a timer:

    python -m scripts.rotate_keys

Once a month it makes a new key, under which the running house wraps from that moment on without being restarted. Then
it wraps the data keys of all that is kept under the new one, a hundred at a time, while the house goes on; stopped at
any point it goes on where it was. What nothing is wrapped under any more is destroyed once no backup is that old: from
then on no backup opens what was erased before. How long a key lasts and how long backups are kept is policy
(`app.retention_policy`: `kek`, `backup`). Keep the copy of `keys.json` as new as the newest backup.

    --check         whether every key that is needed is there; exits 1 if not. Run it after restoring anything.
    --leaked NAME   somebody else may have that key: it is replaced at once, and destroyed by the run after the next
                    minute. Whoever has it and a backup opens what that backup holds: destroy the backups made so far,
                    make a new one, and tell those concerned (个人信息保护法, article 57).

A key that is lost is lost with every text under it. Look for it in the copies of `keys.json`: put its entry back under
`keks`, and run `--check`. Nothing but a copy brings it back; what `--check` still counts then cannot be read by
anybody, and its askers must be told.
"""

import argparse
import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from app.core import retention
from app.core.db import NOBODY, Database, connect, now
from app.outside.keys import FileKeys, KeyLost, KeyRing
from app.vault.actions.keys import in_use, rewrap
from scripts.owner import as_owner

AT_ONCE = 100
SETTLED = timedelta(minutes=1)
"""Longer than any request may take: what was wrapped before there was a new key is committed by then."""


async def rotate(owner: Database, folder: Path, leaked: str | None = None) -> list[str]:
    """What was done, in words."""
    async with owner.acting(NOBODY) as session:
        kept, moment = await retention.terms(session), now(session)
    said = []
    with KeyRing.held(folder) as ring:
        if moment - ring.since >= kept.kek or leaked == ring.current:
            said.append(f"{ring.turn(moment)} is the key from now on.")
    if done := await _rewrap_all(owner, FileKeys(folder)):
        said.append(f"{done} data keys are wrapped under it.")
    async with owner.acting(NOBODY) as session:
        used, moment = await in_use(session), now(session)
    with KeyRing.held(folder) as ring:
        ring.note(used, moment)
        said += [f"{name} is destroyed." for name in _over(ring, kept.backup, moment, leaked)]
    return said or ["Nothing was to be done."]


def _over(ring: KeyRing, backup: timedelta, moment: datetime, leaked: str | None) -> list[str]:
    """Destroys what no backup needs any more."""
    gone = []
    for name in ring.names:
        unused = ring.unused(name)
        if unused is not None and moment - unused >= (SETTLED if name == leaked else backup):
            ring.destroy(name)
            gone.append(name)
    return gone


async def _rewrap_all(owner: Database, keys: FileKeys) -> int:
    total = 0
    while True:
        async with owner.acting(NOBODY) as session:
            done = await rewrap(session, keys, keys.current, AT_ONCE)
        total += done
        if not done:
            return total


async def check(owner: Database, folder: Path) -> dict[str, int]:
    """How many data keys wait for a key-encryption key that is not there."""
    async with owner.acting(NOBODY) as session:
        used = await in_use(session)
    with KeyRing.held(folder) as ring:
        return {name: count for name, count in used.items() if name not in ring.names}


async def _do(asked: argparse.Namespace) -> int:
    owner = Database(connect(asked.owner_url, pool=1))
    try:
        if asked.check:
            missing = await check(owner, asked.keys_dir)
            for name, count in missing.items():
                print(f"{name} is missing: {count} texts' keys are wrapped under it.")
            if not missing:
                print("Every key is there.")
            return 1 if missing else 0
        print("\n".join(await rotate(owner, asked.keys_dir, asked.leaked)))
        return 0
    finally:
        await owner.engine.dispose()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.rotate_keys", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="only tell whether a key is missing")
    what.add_argument("--leaked", metavar="NAME", help="replace this key at once")
    try:
        return asyncio.run(_do(as_owner(parser, arguments, keys=True)))
    except KeyLost as lost:
        print(
            f"{lost} is missing: see --check. Put it back from a copy of keys.json, and run this again.",
            file=sys.stderr,
        )
    except FileNotFoundError:
        print("There is no keys.json in that folder. Name the one that the house itself uses.", file=sys.stderr)
    except (SQLAlchemyError, OSError) as fault:
        print(f"The database refused: {type(getattr(fault, 'orig', None) or fault).__name__}.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
