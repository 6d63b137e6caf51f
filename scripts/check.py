"""`scripts/check`: everything that must hold before a commit, in the order in which it fails soonest.

`--full` adds the tests marked `full`: what needs more than Python (a browser), and what takes long. Nothing may be
skipped: a test that cannot run is a test that fails.
"""

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CODE = ("app", "workers", "scripts", "tests")

STEPS: dict[str, list[str]] = {
    "ruff check": [str(BIN / "ruff"), "check", "."],
    "ruff format": [str(BIN / "ruff"), "format", "--check", "."],
    "mypy": [str(BIN / "mypy"), *CODE],
    "import-linter": [str(BIN / "lint-imports")],
    "schema.graphql": [sys.executable, "-m", "scripts.export_schema", "--check"],
}

FULL = (
    "add drills (processes killed, Redis frozen), races, whole lives of questions, searches among 200,000 records, "
    "the simulation's hard settings and what needs a browser"
)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/check", description="Stops at the first thing that is wrong.")
    parser.add_argument("--full", action="store_true", help=FULL)
    full = parser.parse_args(arguments).full
    if full and shutil.which("chromium") is None:
        _say("scripts/check --full needs a browser: apt-get install chromium")
        return 1
    for name, command in STEPS.items():
        began = time.monotonic()
        # What a tool says is of interest only if it complains.
        done = subprocess.run(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if done.returncode != 0:
            _say(done.stdout.rstrip())
            _say(f"scripts/check stopped: {name} failed.")
            return 1
        _say(f"{name:<16}{time.monotonic() - began:6.1f} s")
    # pytest's closing line stays the last one, and tells its time itself.
    quick = "not full and not short" if full else "not full"
    worst = subprocess.run(tests(quick, *SIDE_BY_SIDE), cwd=ROOT, check=False).returncode
    if full and worst == 0:
        worst = subprocess.run(tests("full", f"--ignore={DRILLS}", *LONG_ONES), cwd=ROOT, check=False).returncode
    if full and worst == 0:
        # Drills measure how late things are: nothing runs beside them.
        worst = subprocess.run(tests("full", DRILLS), cwd=ROOT, check=False).returncode
    return worst


DRILLS = "tests/workers"
SIDE_BY_SIDE = ("--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder")
"""Each of the two with servers of its own; a file is one's alone, since some share a city. Reordered, files of
few tests come last, and the longest tests are alone in theirs: one process would wait minutes for the other."""
LONG_ONES = ("--numprocesses=2", "--dist=load", "--maxschedchunk=1")
"""A few that take minutes each: whoever is free takes the next."""


def tests(marked: str, *how: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-p", "scripts.no_skips", "-m", marked, "--durations=5", *how]


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
