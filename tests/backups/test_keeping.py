"""How a backup is begun, kept and given up, and what of it cannot be brought back."""

import asyncio
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.outside.keys import FileKeys
from scripts import backup, restore
from scripts.backups import cluster
from scripts.backups.shelf import Shelf
from scripts.backups.source import Source, release, reserve
from scripts.hindrance import Hindrance
from tests.backups.place import Place
from tests.city import City


def test_what_cannot_be_brought_back_is_said(
    place: Place, shelf: Shelf, tmp_path: Path, back: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask(city: City) -> str:
        return await city.asked(await city.resident())

    place.live(ask)
    keeper = place.keeper(shelf)
    backup = keeper.begin()
    keeper.end(go_on=False)
    with pytest.raises(Hindrance, match="not empty"):
        restore.restore(shelf.path, place.data, place.keys, None)
    with pytest.raises(Hindrance, match="no whole backup"):
        restore.restore(tmp_path / "nothing", back, place.keys, None)
    with pytest.raises(Hindrance, match=r"no keys\.json"):
        restore.restore(shelf.path, back, tmp_path, None)
    assert not back.exists()
    with monkeypatch.context() as older:
        older.setattr(cluster, "postgres_major", lambda programs: 17)
        with pytest.raises(Hindrance, match="made by PostgreSQL 18; this is 17"):
            restore.restore(shelf.path, back / "17", place.keys, None)
    FileKeys.make(tmp_path / "another city's")
    with pytest.raises(Hindrance, match=r"kek-1 .* another city's"):
        restore.restore(shelf.path, back / "other", tmp_path / "another city's", None)
    assert (back / "other" / ".house").read_text().startswith("an unfinished restore")
    base = backup.base / "base.tar.gz"
    base.write_bytes(base.read_bytes()[:-1] + b"x")
    with pytest.raises(Hindrance, match="damaged"):
        restore.restore(shelf.path, back / "damaged", place.keys, None)


def test_a_backup_that_is_killed_or_finds_the_disk_full_leaves_none(place: Place, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "backups")
    command = [sys.executable, "-m", "scripts.backup", "--to", str(shelf.path), "--data", str(place.data)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as killed:
        while not list(shelf.path.glob("*/base")):
            assert killed.poll() is None
            time.sleep(0.005)
        killed.kill()
    full = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=_small_disk)
    assert full.returncode == 1
    assert "failed" in full.stderr
    assert shelf.backups() == []
    assert [path.name for path in shelf.path.iterdir() if path.name.startswith("2")] == []
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "The keys are not in it" in done.stdout
    assert {path.stat().st_mode & 0o077 for path in (shelf.path, *shelf.path.rglob("*"))} == {0}
    check = subprocess.run([*command, "--check"], capture_output=True, text=True, check=True)
    assert check.stdout.startswith("Whole.")
    slots = place.live(lambda city: city.sql("SELECT slot_name FROM pg_replication_slots"))
    assert slots == []


def test_a_backup_begins_within_the_second_of_one_that_was_killed(place: Place) -> None:
    async def twice() -> None:
        async with Source(place.data).connected() as connection:
            for _ in range(2):
                await reserve(connection, "backup_20261130t014512z")
            await release(connection, "backup_20261130t014512z")

    asyncio.run(twice())


@pytest.mark.parametrize("days", ["0", "-5"])
def test_backups_are_kept_a_day_at_least(
    days: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BACKUP_DAYS", days)
    with pytest.raises(SystemExit):
        backup.main(["--to", str(tmp_path / "backups")])
    assert "at least one day" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def _small_disk() -> None:
    """A file of more than a megabyte does not fit."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
