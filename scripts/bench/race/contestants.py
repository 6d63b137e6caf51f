"""The servers that race, each a process of its own on loopback, and how each is asked."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final

import orjson

from scripts.bench.race.load import Process, request
from scripts.bench.race.operations import MERCURIUS, OURS, POSTGRAPHILE, Token, Variables, arguments
from scripts.build_pages import node_and_npm
from scripts.children import Child
from scripts.embedded import free_port

ROOT: Final = Path(__file__).resolve().parents[3]
PEERS: Final = Path(__file__).with_name("peers")
NO_LIMIT: Final = "1000000000"
"""Requests a minute: the limiter is asked as ever, and never says no."""
HOUSE, OPEN, STOCK, STOCK_OPEN = "house", "house, walls off", "stock Strawberry", "stock Strawberry, walls off"
APART = "house, each by itself"
"""The same house, asked so that no two ask the same: nothing is found out in common."""
PG, MERC, FLOOR = "PostGraphile", "Mercurius + jit", "floor"

Ask = Callable[[str, Variables], bytes]


@dataclass
class Contestant:
    name: str
    port: int
    ask: Ask
    """The bytes of a request: of which operation, with which variables."""
    child: Child
    process: Process
    walls: bool = False
    start: float = 0.0
    """Seconds until it answered."""
    idle: float = 0.0
    """Megabytes then."""


@dataclass(frozen=True)
class Grounds:
    """What the servers stand on."""

    walled: str
    """The addresses of the databases: as the house's own role, and as the superuser, to whom no policy applies."""
    open: str
    redis: str
    keys: Path
    postmaster: int
    logs: Path


def house(grounds: Grounds, name: str, token: Token) -> Contestant:
    walls, port = name in (HOUSE, STOCK), free_port()
    flags = [*([] if walls else ["--open"]), *(["--stock"] if name in (STOCK, STOCK_OPEN) else [])]
    environment = _bare() | {
        "API_DATABASE_URL": grounds.walled if walls else grounds.open,
        "REDIS_URL": grounds.redis,
        "KEYS_DIR": str(grounds.keys),
        "FILES_DIR": str(grounds.keys),
        "REQUESTS_A_PERSON": NO_LIMIT,
        "REQUESTS_AN_ADDRESS": NO_LIMIT,
    }
    command = [sys.executable, "-m", "scripts.bench.race.served", "--port", str(port), *flags]

    def ask(operation: str, said: Variables) -> bytes:
        body = orjson.dumps({"query": OURS[operation], "variables": said.ours})
        return request("/graphql", body, token(said.viewer) if said.viewer else None)

    return _started(grounds, name, port, ask, command, environment, ROOT, walls=walls)


def apart(one: Contestant) -> Contestant:
    """It, where each request has a variable more, which nobody looks at."""
    numbers = count()

    def ask(operation: str, said: Variables) -> bytes:
        return one.ask(operation, replace(said, ours=said.ours | {"apart": next(numbers)}))

    return replace(one, name=APART, ask=ask)


def floor(grounds: Grounds) -> Contestant:
    port = free_port()

    def ask(operation: str, said: Variables) -> bytes:
        return request(f"/{operation}", orjson.dumps(arguments(operation, said.plain)), None)

    command = [sys.executable, "-m", "scripts.bench.race.floor", "--port", str(port)]
    return _started(grounds, FLOOR, port, ask, command, _bare() | {"DATABASE_URL": grounds.open}, ROOT)


def peer(grounds: Grounds, name: str, home: Path) -> Contestant:
    port = free_port()
    documents = POSTGRAPHILE if name == PG else MERCURIUS

    def ask(operation: str, said: Variables) -> bytes:
        variables = said.postgraphile if name == PG else said.plain
        return request("/graphql", orjson.dumps({"query": documents[operation], "variables": variables}), None)

    script = "postgraphile.mjs" if name == PG else "mercurius.mjs"
    environment = _bare() | {"DATABASE_URL": grounds.open, "NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    command = [node_and_npm()[0], str(home / script), str(port)]
    return _started(grounds, name, port, ask, command, environment, home)


def install_peers(cache: Path) -> Path:
    """The peers' folder with what they need, out of npm's registry by the lock file; kept for the next race."""
    home = cache / "peers"
    shutil.copytree(PEERS, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    lock, stamp = (home / "package-lock.json").read_text(), home / "node_modules" / ".stamp"
    if not stamp.exists() or stamp.read_text() != lock:
        node, npm = node_and_npm()
        path = f"{Path(node).parent}:{os.environ.get('PATH', '')}"
        install = [node, npm, "ci", "--ignore-scripts", "--loglevel=error", "--no-audit", "--no-fund"]
        subprocess.run(install, cwd=home, env=_bare() | {"PATH": path}, check=True, timeout=300)
        stamp.write_text(lock)
    return home


def warm_up() -> None:
    """A start is measured with byte code at hand, as a house has it that has started once."""
    written = {name: value for name, value in _bare().items() if name != "PYTHONDONTWRITEBYTECODE"}
    for module in ("served", "floor"):
        subprocess.run([sys.executable, "-c", f"import scripts.bench.race.{module}"], cwd=ROOT, env=written, check=True)


def _bare() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"PYTHONUNBUFFERED": "1"}


def _started(
    grounds: Grounds,
    name: str,
    port: int,
    ask: Ask,
    command: list[str],
    environment: dict[str, str],
    where: Path,
    *,
    walls: bool = False,
) -> Contestant:
    child = Child(name, command, grounds.logs / f"{name}.log", environment, where, patience=3)
    began = time.monotonic()
    child.start()
    while not _listens(port):
        if child.ended() is not None or time.monotonic() - began > 60:
            child.stop()
            raise RuntimeError(f"{name} did not start:\n{child.last_words()}")
        time.sleep(0.02)
    assert child.process is not None
    process = Process(child.process.pid, grounds.postmaster)
    return Contestant(name, port, ask, child, process, walls, start=time.monotonic() - began, idle=process.resident())


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def all_of(makers: list[Callable[[], Contestant]]) -> Iterator[dict[str, Contestant]]:
    running: dict[str, Contestant] = {}
    try:
        for make in makers:
            one = make()
            running[one.name] = one
        yield running
    finally:
        for one in running.values():
            one.child.stop()
