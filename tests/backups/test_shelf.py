"""A folder of backups: what counts as one, for how long, and what damage is seen."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import AsyncMock

import pytest

from app.core.ids import new_id
from app.vault.actions.storing import WHOLE, kept
from scripts.backup import check
from scripts.backups import files, settling
from scripts.backups.files import Pool
from scripts.backups.shelf import SEGMENT, Backup, Shelf, keep_apart
from scripts.hindrance import Hindrance

pytestmark = pytest.mark.anyio
WINDOW = timedelta(days=35)
NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)


def made(folder: Path, began: datetime, *points: datetime, life: str = "first") -> Backup:
    """As if one had been made then."""
    backup = Backup(folder / f"{began:%Y%m%dT%H%M%SZ}")
    backup.wal.mkdir(parents=True)
    backup.base.mkdir()
    (backup.base / "base.tar.gz").write_bytes(b"all of it")
    for point in points or (began,):
        backup.add(point)
    backup.finish("demo data", life, 18, files=True)
    return backup


def test_half_a_backup_is_none_and_goes_with_the_next(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.claim()
    half = shelf.begin()
    half.add(NOW)
    with pytest.raises(Hindrance, match="no whole backup"):
        shelf.at(None)
    shelf.release()
    shelf.claim()
    assert not half.path.exists()
    shelf.release()


def test_two_are_not_made_at_once(tmp_path: Path) -> None:
    first = Shelf(tmp_path)
    first.claim()
    with pytest.raises(Hindrance, match="in use by another"):
        Shelf(tmp_path).claim()
    first.release()
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_the_last_moment_that_is_not_too_late_is_found(tmp_path: Path) -> None:
    hour = timedelta(hours=1)
    first = made(tmp_path, NOW, NOW, NOW + hour, NOW + 25 * hour)
    second = made(tmp_path, NOW + 24 * hour, NOW + 24 * hour)
    shelf = Shelf(tmp_path)
    assert shelf.at(None) == (second, NOW + 24 * hour)
    assert shelf.at(NOW + 23 * hour) == (first, NOW + hour)
    with (first.path / "points").open("a") as cut_short:
        cut_short.write("2026-11-30T09")
    assert shelf.at(NOW + hour) == (first, NOW + hour)
    with pytest.raises(Hindrance, match="as old as that"):
        shelf.at(NOW - hour)


def test_a_city_that_was_brought_back_goes_another_way(tmp_path: Path) -> None:
    day = timedelta(days=1)
    lives = ("first", "first", "second", "second")
    old, last, _, newest = (made(tmp_path, NOW + number * day, life=life) for number, life in enumerate(lives))
    assert Shelf(tmp_path).later(old) == [last, newest]
    assert Shelf(tmp_path).later(newest) == [newest]


def test_a_backup_goes_before_its_time_is_over_but_never_the_newest(tmp_path: Path) -> None:
    old, newer = made(tmp_path, NOW), made(tmp_path, NOW + timedelta(days=1))
    shelf = Shelf(tmp_path)
    assert shelf.expire(NOW + timedelta(days=33), WINDOW) == 0
    assert shelf.expire(NOW + timedelta(days=34), WINDOW) == 1
    assert not old.path.exists()
    assert shelf.expire(NOW + timedelta(days=90), WINDOW) == 0
    assert shelf.backups() == [newer]


def test_damage_is_seen(tmp_path: Path) -> None:
    backup = made(tmp_path, NOW)
    backup.check()
    names = ["0000000100000000000000FE", "0000000100000000000000FF", "000000010000000100000000.partial"]
    for name in names:
        (backup.wal / name).write_bytes(bytes(SEGMENT))
    backup.compress()
    assert [name for name, _ in backup.segments()] == [name[:24] for name in names]
    (backup.wal / f"{names[1]}.gz").rename(backup.wal / "away")
    with pytest.raises(Hindrance, match=f"{names[1]} is missing"):
        list(backup.segments())
    packed = backup.wal / f"{names[0]}.gz"
    content = bytearray(packed.read_bytes())
    content[len(content) // 2] ^= 1
    packed.write_bytes(content)
    with pytest.raises(Hindrance, match="damaged"):
        list(backup.segments())
    (backup.base / "base.tar.gz").write_bytes(b"all of iT")
    with pytest.raises(Hindrance, match="damaged"):
        backup.check()


def test_what_goes_on_while_it_is_looked_through_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The receiver finishes a segment, the keeper compresses it, and puts aside what the city has no more."""
    now = datetime.now(UTC)
    backup, city = made(tmp_path / "shelf", now), tmp_path / "city"
    names = [f"0000000100000000000000{number:02X}" for number in range(3)]
    for name in (*names[:2], f"{names[2]}.partial"):
        (backup.wal / name).write_bytes(bytes(SEGMENT))
    looking = backup.segments()
    assert next(looking)[0] == names[0]
    (backup.wal / f"{names[2]}.partial").rename(backup.wal / names[2])
    backup.compress()
    assert [name for name, _ in looking] == names[1:]

    (city / "kept").mkdir(parents=True)
    for name in ("one", "two", "three"):
        (city / "kept" / name).write_bytes(name.encode())
    pool = Pool(tmp_path / "shelf", city)
    pool.copy()
    (city / "kept" / "one").unlink()
    pool.copy()
    before = files.stored(tmp_path / "shelf")
    (city / "kept" / "two").unlink()
    pool.copy()
    (tmp_path / "shelf" / "gone" / "kept" / "one").unlink()
    with monkeypatch.context() as then:
        then.setattr(files, "stored", lambda shelf: before)
        check(tmp_path / "shelf")
    assert capsys.readouterr().out.startswith("Whole.")
    (tmp_path / "shelf" / "gone" / "kept" / "two").write_bytes(b"twO")
    with pytest.raises(Hindrance, match="damaged"):
        check(tmp_path / "shelf")


async def test_what_the_city_deletes_while_its_files_are_placed_is_placed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, city, shelf = new_id(), tmp_path / "city", tmp_path / "shelf"
    file = f"{kept(id)}/{WHOLE}"
    (city / file).parent.mkdir(parents=True)
    (city / file).write_bytes(b"sealed")
    shelf.mkdir()
    pool = Pool(shelf, city)
    pool.copy()
    before = files.stored(shelf)
    (city / file).unlink()
    pool.copy()
    monkeypatch.setattr(settling, "stored", lambda shelf: before)
    database = AsyncMock()
    database.fetch.return_value = [(id, True, 6)]
    assert await settling.place_files(database, shelf, tmp_path / "back") == 0
    assert (tmp_path / "back" / file).read_bytes() == b"sealed"
    (shelf / "gone" / file).write_bytes(b"another")
    with pytest.raises(Hindrance, match="damaged"):
        await settling.place_files(database, shelf, tmp_path / "again")


def test_files_are_copied_once_and_outlive_the_city_s_as_long_as_a_backup_may(tmp_path: Path) -> None:
    city, shelf = tmp_path / "city", tmp_path / "shelf"
    for name in ("one", "two"):
        (city / "kept" / name).mkdir(parents=True)
        (city / "kept" / name / "whole").write_bytes(name.encode())
    (city / "kept" / "two" / "whole#1").write_bytes(b"half")
    shelf.mkdir()
    pool = Pool(shelf, city)
    assert (pool.copy(), pool.copy(), Pool(shelf, city).copy()) == (2, 0, 0)
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (shelf / "files").rglob("*") if path.is_file())
    shutil.rmtree(city / "kept" / "one")
    pool.copy()
    found, sums = files.stored(shelf)
    assert {name: path.read_bytes() for name, path in found.items()} == {
        "kept/one/whole": b"one",
        "kept/two/whole": b"two",
    }
    assert set(sums) == set(found)
    os.utime(shelf / "gone" / "kept" / "one" / "whole", (NOW.timestamp(), NOW.timestamp()))
    pool.expire(NOW + timedelta(days=33), WINDOW)
    assert len(files.stored(shelf)[0]) == 2
    pool.expire(NOW + timedelta(days=34), WINDOW)
    assert [set(part) for part in files.stored(shelf)] == [{"kept/two/whole"}, {"kept/two/whole"}]


@pytest.mark.parametrize(
    ("to", "keys", "why"),
    [
        ("city/backups", "keys", "within the city"),
        (".", "keys", "within the city"),
        ("backups", "backups", "apart"),
        ("backups", "backups/keys", "apart"),
        ("safe/backups", "safe", "apart"),
    ],
)
def test_keys_backup_and_city_lie_apart(to: str, keys: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(Hindrance, match=why):
        keep_apart(tmp_path / to, tmp_path / keys, tmp_path / "city")
    keep_apart(tmp_path / "backups", tmp_path / "keys", tmp_path / "city")
