"""Makes a PostgreSQL out of a backup, as it was at one of its moments."""

import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from scripts.backups.shelf import Backup, damaged, name
from scripts.database import verifier
from scripts.embedded import DATABASE, Embedded, postgres_major, postgres_programs
from scripts.folder import DataFolder
from scripts.ground import Ground
from scripts.hindrance import Hindrance

PATIENCE = 3600.0
"""Seconds for a day's log to be gone through: the promise is an hour for all of it."""


def bring_back(
    backup: Backup, point: datetime | None, servers: Path, logs: Path, heed: Callable[[], None] = lambda: None
) -> None:
    """In the folder `servers`, which is empty, as scripts/start starts it. `point`: one of the backup's; None is the
    last thing that its log tells. Raises Hindrance for a damaged backup, and for one of another PostgreSQL."""
    folder = DataFolder(servers, holds="servers")
    folder.claim()
    try:
        place = Ground(folder.path)
        programs = postgres_programs(place)
        _fit(backup, postgres_major(programs))
        backup.check()
        room = place.room("postgres")
        draft = room / "data.draft"
        _unpack(backup, programs, draft)
        place.hand_over_all(draft)
        draft.rename(room / "data")
        password = folder.secret("postgres")
    finally:
        folder.release()
    # It goes through the log so far, and is a database of its own from then on; on the way it is not ready yet.
    goal = {"restore_command": "exit 1", "recovery_target_action": "promote", "hot_standby": "off"}
    if point:
        goal["recovery_target_name"] = name(point)
    with Embedded(servers, logs=logs, valkey=False, settings=goal, patience=PATIENCE, heed=heed):
        pass
    # The password lay beside the city's database, and in no backup: this one has its own.
    single = [str(programs / "postgres"), "--single", "-D", str(room / "data"), DATABASE]
    place.run(single, cwd=room, said=f"ALTER ROLE postgres PASSWORD '{verifier(password)}'\n")


def _fit(backup: Backup, here: int) -> None:
    made = backup.manifest.postgres
    if made != here:
        raise Hindrance(
            f"The backup was made by PostgreSQL {made}; this is {here}, which cannot read it. Restore with the release "
            f"of the house that bundled {made}, and move the database from there with pg_dump."
        )


def _unpack(backup: Backup, programs: Path, target: Path) -> None:
    try:
        with tarfile.open(backup.base / "base.tar.gz") as archive:
            # Nothing leaves the folder; Pythons before 3.11.4 cannot say so.
            archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, path: member)
            archive.extractall(target)
    except (tarfile.TarError, EOFError) as error:
        raise damaged(backup.base / "base.tar.gz") from error
    target.chmod(0o700)
    shutil.copyfile(backup.base / "backup_manifest", target / "backup_manifest")
    command = [str(programs / "pg_verifybackup"), "--no-parse-wal", str(target)]
    if subprocess.run(command, capture_output=True, env={"LC_ALL": "C"}, check=False).returncode != 0:
        raise damaged(backup.base / "base.tar.gz")
    log = target / "pg_wal"
    log.mkdir(exist_ok=True, mode=0o700)
    for history in backup.wal.glob("*.history"):
        shutil.copyfile(history, log / history.name)
    for segment, content in backup.segments():
        (log / segment).write_bytes(content)
        (log / segment).chmod(0o600)
    (target / "recovery.signal").touch(mode=0o600)
    for path in (target, log):
        _sync(path)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
