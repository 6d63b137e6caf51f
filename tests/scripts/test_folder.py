"""A data folder is known as our own before anything in it is deleted."""

from pathlib import Path

import pytest

from scripts.folder import DataFolder
from scripts.hindrance import Hindrance


def test_a_folder_with_something_in_it_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()
    with pytest.raises(Hindrance, match="was not made by scripts/start"):
        DataFolder(tmp_path, holds="demo data").claim()
    assert [entry.name for entry in tmp_path.iterdir()] == ["letter.txt"]


def test_real_data_is_not_taken_for_demo_data(tmp_path: Path) -> None:
    real = DataFolder(tmp_path, holds="real data")
    real.claim()
    real.release()
    with pytest.raises(Hindrance, match="holds real data, not demo data"):
        DataFolder(tmp_path, holds="demo data").claim()
    real.claim()
    real.release()


def test_a_wiped_folder_is_empty_and_still_ours(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path, holds="demo data")
    folder.claim()
    first = folder.secret("roles")
    assert folder.secret("roles") == first
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "api.log").touch()
    folder.wipe()
    assert folder.secret("roles") != first
    assert not (tmp_path / "logs").exists()
    folder.release()
    folder.claim()
    folder.release()
