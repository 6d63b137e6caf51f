"""Processes that start something, so that tests can kill them; and a look at what they leave behind."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scripts.children import Account

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def launcher(program: str, *arguments: str, account: Account | None = None) -> Iterator[subprocess.Popen[str]]:
    """A Python program in a process of its own; killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    with process:
        yield process
        with suppress(ProcessLookupError):
            process.kill()


def says(process: subprocess.Popen[str]) -> list[str]:
    """The words of the next line that a launcher prints."""
    assert process.stdout
    words = process.stdout.readline().split()
    assert words, "the launcher ended without a word"
    return words


def wait_until_gone(trace: str, patience: float = 10) -> None:
    """Until no process has `trace` in its command line. (One that is dead but not yet collected has none.)"""
    deadline = time.monotonic() + patience
    while left := _commands_with(trace):
        assert time.monotonic() < deadline, left
        time.sleep(0.02)


def _commands_with(trace: str) -> list[str]:
    commands = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            commands.append((process / "cmdline").read_text().replace("\0", " "))
    return [command for command in commands if trace in command]
