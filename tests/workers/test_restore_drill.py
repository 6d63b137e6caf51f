"""A city that is killed comes back from its backups, at length and from outside: `python -m scripts.drill_restore`."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from scripts.drill_restore import RPO, RTO, drill

pytestmark = pytest.mark.full


def test_a_city_that_is_killed_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BACKUP_DIR", "BACKUP_KEYS_DIR"):
        monkeypatch.setenv(name, "")  # the drill sets them
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        report = drill(Path(folder), questions=3, seconds=5)
    print(report)
    assert report.lost_seconds <= RPO
    assert report.restore_seconds + report.open_seconds <= RTO
    assert report.stays_erased
    # What is due while it comes back is done as well.
    assert report.rows_back >= report.rows * 0.99
    assert (report.keys > 0, report.texts > 0, report.files > 0) == (True, True, True)
