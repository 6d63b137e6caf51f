"""Where throw-away servers keep their files: in memory, where there is room.

A copy of a city is a thousand files made and deleted again; a disk may take seconds for what memory does in 0.15.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 2 * 2**30
"""Bytes: a process needs a quarter of it."""


@contextmanager
def kept_in_memory(otherwise: Path) -> Iterator[Path]:
    """A folder of this process, or `otherwise` where memory cannot be used as one, or not for programs."""
    _clear_up_after_the_dead()
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        yield otherwise
        return
    home = MEMORY / f"legal-service-tests-{os.getpid()}"
    home.mkdir()
    home.chmod(0o711)  # as root the servers run as somebody else, who must be able to pass through
    try:
        yield home
    finally:
        shutil.rmtree(home)


def _clear_up_after_the_dead() -> None:
    """Who was killed left memory behind."""
    for home in MEMORY.glob("legal-service-tests-*"):
        process = int(home.name.rpartition("-")[2])
        if process == os.getpid() or not Path(f"/proc/{process}").exists():
            shutil.rmtree(home, ignore_errors=True)
