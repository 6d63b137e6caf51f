"""The house that the demo plays in: one that runs already, or one of its own on data that is thrown away."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import Signals

import httpx

from scripts.children import Child
from scripts.embedded import Embedded, free_port
from scripts.hindrance import Hindrance
from scripts.house import OPERATORS_OWN, ROLE_URLS, ROOT
from scripts.playing.wire import Address, Failed

PATIENCE = 180
"""Seconds for a house to open: a slow machine makes a database first."""
# A throw-away house has its own servers and keys, whatever the environment says.
OTHERS = {*OPERATORS_OWN, *ROLE_URLS, "REDIS_URL", "KEYS_DIR", "PUBLIC_URL"}


def running(data: Path, url: str | None) -> Address:
    """The house whose demo.json lies in `data`. Raises Hindrance where there is none, or it does not answer."""
    try:
        address = Address.of(json.loads((data / "demo.json").read_text()), url)
    except (OSError, ValueError, KeyError) as error:
        raise Hindrance(f"{data} holds no demo.json that scripts/start has written: {error}") from error
    if not _answers(address):
        raise Hindrance(f"No house answers at {address.url}. Open one with scripts/start.")
    return address


@contextmanager
def throwaway(*, lawyers: int, residents: int, speed: float) -> Iterator[Address]:
    """A house of our own with exactly so many people, closed and deleted afterwards. Raises Hindrance."""
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        # As root the servers run as somebody else, who must be able to pass through.
        Path(folder).chmod(0o711)
        data = Path(folder) / "var"
        house = house_in(data, lawyers, residents, speed)
        house.start()
        try:
            yield opened(house, data / "demo.json")
        except Failed as failure:
            raise Failed(f"{failure}\n{_complaints(data / 'logs')}") from failure
        finally:
            house.stop()
            if (servers := data / "servers").exists():
                Embedded(servers).discard()


def _complaints(logs: Path) -> str:
    """What the house logged as errors: its folder is gone when somebody asks."""
    lines = [line for log in sorted(logs.glob("*.log")) for line in log.read_text(errors="replace").splitlines()]
    return "\n".join(line for line in lines if '"level":"error"' in line)[-2000:]


def house_in(data: Path, lawyers: int, residents: int, speed: float) -> Child:
    environment = {name: value for name, value in os.environ.items() if name not in OTHERS}
    # Everybody lives so many times faster, and all from one address.
    environment |= {"REQUESTS_A_PERSON": "0", "REQUESTS_AN_ADDRESS": "0"}
    environment |= {"DEMO_LAWYERS": str(lawyers), "DEMO_RESIDENTS": str(residents), "DEMO_SPEED": str(speed)}
    command = [sys.executable, "-m", "scripts.serve", "--data", str(data), "--port", str(free_port()), "--no-pages"]
    return Child(
        "house",
        command,
        data.parent / "house.log",
        environment,
        ROOT,
        farewell=Signals.SIGINT,
        patience=60,
        orphaned=Signals.SIGTERM,
    )


def opened(house: Child, demo: Path) -> Address:
    deadline = time.monotonic() + PATIENCE
    while not demo.exists():
        if house.ended() is not None:
            raise Hindrance(f"The demo's house did not open:\n{house.last_words()}")
        if time.monotonic() > deadline:
            raise Hindrance(f"The demo's house did not open within {PATIENCE} s:\n{house.last_words()}")
        time.sleep(0.05)
    return Address.of(json.loads(demo.read_text()))


def _answers(address: Address) -> bool:
    said = {"query": "{ __typename }"}
    try:
        answer = httpx.post(address.url, json=said, timeout=10, trust_env=not address.is_here)
    except httpx.HTTPError:
        return False
    return answer.is_success
