"""What a launcher that was killed may have left behind."""

import contextlib
import os
import time
from pathlib import Path
from signal import Signals

from scripts.hindrance import Hindrance


def take_over(folder: Path, pid_file: Path, farewell: Signals) -> None:
    """Wait until no server lives in `folder` any more, asking its leader to go.

    Going on with an orphan would leave a server that is nobody's child: no one would restart it, or end it.
    The kernel has told it already that its launcher died: this seldom takes longer than a checkpoint.
    """
    for sign, patience in ((farewell, 60.0), (Signals.SIGKILL, 10.0)):
        if _leaves(folder, pid_file, sign, patience):
            return
    raise Hindrance(f"A server that nobody looks after still uses {folder} and does not end. End it by hand.")


def _leaves(folder: Path, pid_file: Path, sign: Signals, patience: float) -> bool:
    dwellers = _dwellers(folder, pid_file)
    # Only the leader: to the others the signal may mean something else.
    for leader in dwellers & {_pid_in(pid_file)}:
        with contextlib.suppress(ProcessLookupError):
            os.kill(leader, sign)
    deadline = time.monotonic() + patience
    while dwellers and time.monotonic() < deadline:
        time.sleep(0.02)
        dwellers = _dwellers(folder, pid_file)
    return not dwellers


def _dwellers(folder: Path, pid_file: Path) -> set[int]:
    """The processes that work in `folder`: both servers move into their data. A number proves nothing."""
    processes = Path("/proc")
    if not (processes / "self" / "cwd").exists():
        pid = _pid_in(pid_file)
        return {pid} if pid and _lives(pid) else set()
    dwellers = set()
    for process in processes.iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdigit() and (process / "cwd").readlink() == folder:
                dwellers.add(int(process.name))
    return dwellers


def _pid_in(file: Path) -> int:
    """0 where there is none."""
    try:
        return int(file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return 0


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
