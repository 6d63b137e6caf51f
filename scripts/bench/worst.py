"""What the worst that may be sent costs: python -m scripts.bench.worst

Starts a throw-away house (PostgreSQL, Valkey and the API in processes of their own, as a demonstration: everybody may
ask for the schema, and validation makes suggestions) without limits on how often one may ask, and strikes it with
everything of scripts/bench/attacks. For each it prints what was answered, the CPU time of the API per request or
message, and how long somebody else's `{ __typename }` took meanwhile, as a multiple of the same with nobody else there.
Exits 1 where an answer is not the right one, or the CPU time is beyond `MOST`. Linux only.
"""

import argparse
import asyncio
import math
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
import uvloop
from graphql import parse, validate
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert
from strawberry.extensions.query_depth_limiter import create_validator

from app.accounts.models import Person, Standing
from app.core.access import Role
from app.core.db import NOBODY, Database, connect, now
from app.core.ids import new_id
from app.graph.documents import admit
from app.graph.limits import RESIDENT
from app.outside import fakes
from app.outside.keys import FileKeys
from app.schema import schema
from scripts.bench.attacks import NAME, PATIENCE, Attack, Target, asked, is_well
from scripts.bench.attacks.bodies import BODIES
from scripts.bench.attacks.documents import DOCUMENTS, doubling, introspections
from scripts.bench.attacks.lines import LINES
from scripts.bench.attacks.sockets import SOCKETS
from scripts.bench.attacks.values import VALUES
from scripts.database import Urls
from scripts.embedded import Embedded
from scripts.seed import tokens_for
from tests.conftest import Servers, make_template
from tests.operation.processes import serving

MOST = 0.100
"""Seconds of CPU."""
LOOK = 1.0
"""Seconds for which the neighbour is watched, where an attack does not last longer by itself."""
RESIDENTS = 1000
"""Each asks in her turn: what is measured is no single person's."""
PEER_LINKS = (12, 14, 16)

out = Console(width=120)
ALL = ([*DOCUMENTS, introspections(100, 10)], VALUES, BODIES, LINES, SOCKETS)


Tell = Callable[[bool], list[float]]
"""Tells the neighbour whether to ask from now on; returns what each of her requests since took, in seconds."""


@dataclass(frozen=True)
class Found:
    attack: Attack
    answers: set[str]
    cpu: float
    """Seconds per request or message."""
    typical: float
    """The neighbour's median against the calm, and the longest she waited, in seconds."""
    longest: float

    def faults(self) -> Iterator[str]:
        if wrong := self.answers - set(self.attack.right):
            yield f"{self.attack.name}: answered {', '.join(sorted(wrong))}"
        if self.cpu > MOST:
            yield f"{self.attack.name}: {self.cpu * 1000:.0f} ms of CPU, more than {MOST * 1000:.0f}"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.worst", description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", help="attacks whose name holds this")
    only = parser.parse_args(arguments).only
    with tempfile.TemporaryDirectory(prefix="worst-") as name:
        found = _play(Path(name), only)
    _print_peer()
    faults = [fault for one in found for fault in one.faults()]
    for fault in faults:
        out.print(fault, style="red", markup=False)
    return 1 if faults else 0


def _play(folder: Path, only: str) -> list[Found]:
    folder.chmod(0o711)  # for the account that the servers run as
    keys = folder / "keys"
    keys.mkdir()
    FileKeys.make(keys)
    with Embedded(folder / "servers", throwaway=True) as bundled:
        servers = Servers(bundled.admin_url, bundled.redis_url)
        urls = make_template(servers)
        environment = {
            **{name: value for name, value in os.environ.items() if "DATABASE_URL" not in name},
            **fakes.settings("http://127.0.0.1:9"),
            "API_DATABASE_URL": urls.api,
            "REDIS_URL": servers.redis_url,
            "KEYS_DIR": str(keys),
            "FILES_DIR": str(keys / "files"),
            "DEMO": "1",
            "REQUESTS_A_PERSON": "0",
            "REQUESTS_AN_ADDRESS": "0",
        }
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            tokens = runner.run(_residents(urls, FileKeys(keys)))
            return runner.run(_serve(environment, folder, cycle(tokens).__next__, only))


async def _residents(urls: Urls, keys: FileKeys) -> list[str]:
    """Tokens of as many people as ask at once."""
    owner, api = Database(connect(urls.owner, pool=1)), Database(connect(urls.api, pool=1))
    people = [new_id() for _ in range(RESIDENTS)]
    async with owner.acting(NOBODY) as session:
        rows = [{"id": person, "standing": Standing.ACTIVE, "created_at": now(session)} for person in people]
        await session.rows(insert(Person).inline(), rows)
    tokens = await tokens_for(api, keys, Role.RESIDENT, people)
    for database in (owner, api):
        await database.engine.dispose()
    return tokens


async def _serve(environment: dict[str, str], folder: Path, resident: Callable[[], str], only: str) -> list[Found]:
    async with serving(environment, folder) as (api, client), httpx.AsyncClient(timeout=60, trust_env=False) as own:
        assert api.process
        url = f"{str(client.base_url).rstrip('/')}/graphql"
        with neighbour(url) as tell:
            return await Bench(Target(url, resident, own), api.process.pid, tell).run(only)


class Bench:
    def __init__(self, target: Target, pid: int, tell: Tell) -> None:
        self._target, self._pid, self._tell = target, pid, tell
        self._calm = 1.0

    async def run(self, only: str) -> list[Found]:
        floor = asked("nothing of the kind", NAME, "200")
        for _ in range(200):
            await floor.strike(self._target)
        memory = _memory(self._pid)
        self._tell(True)
        await asyncio.sleep(3 * LOOK)
        self._calm = statistics.median(self._tell(False))
        out.print(f"The neighbour's `{NAME}`, alone: {self._calm * 1000:.1f} ms", style="dim", markup=False)
        found = []
        table = Table("attack", "answer", title="The worst", title_justify="left")
        for heading in ("CPU ms", "neighbour x", "longest ms"):
            table.add_column(heading, justify="right")
        for attacks in ([floor], *ALL):
            for attack in attacks:
                if only not in attack.name:
                    continue
                one = await self._try(attack)
                found.append(one)
                figures = (f"{one.cpu * 1000:.2f}", f"{one.typical:.1f}", f"{one.longest * 1000:.0f}")
                style = "red" if any(one.faults()) else None
                table.add_row(attack.name, ", ".join(sorted(one.answers)), *figures, style=style)
            table.add_section()
        out.print(table)
        out.print(f"Memory of the API: {memory:.0f} MB before, {_memory(self._pid):.0f} MB after.", style="dim")
        return found

    async def _try(self, attack: Attack) -> Found:
        answers = {await attack.strike(self._target)} if attack.times > 1 else set()  # what is looked up once, is
        cpu = cpu_seconds(self._pid)
        for _ in range(attack.times):
            answers.add(await attack.strike(self._target))
        cpu = (cpu_seconds(self._pid) - cpu) / (attack.times * attack.messages)
        self._tell(True)
        began = time.monotonic()
        while (now := time.monotonic()) - began < LOOK or now == began:
            answers.add(await attack.strike(self._target))
        took = self._tell(False)
        if not await is_well(self._target):
            answers.add("and then nothing")
        longest = max(took, default=math.inf)
        return Found(attack, answers, cpu, statistics.median(took or [math.inf]) / self._calm, longest)


# Whom it disturbs ---------------------------------------------------------------------------------------------------


@contextmanager
def neighbour(url: str) -> Iterator[Tell]:
    """Somebody in a process of her own who asks for her name, again and again."""
    fresh = multiprocessing.get_context("spawn")
    ours, hers = fresh.Pipe()
    process = fresh.Process(target=_ask_again_and_again, args=(url, hers), daemon=True)
    process.start()

    def tell(ask: bool) -> list[float]:
        ours.send(ask)
        took: list[float] = ours.recv()
        return took

    try:
        yield tell
    finally:
        ours.send(None)
        process.join(PATIENCE)


def _ask_again_and_again(url: str, line: Connection) -> None:
    """Asks from True to False; None is goodbye. Tells the seconds of each request, endless where it failed."""
    took: list[float] = []
    asking = False
    with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
        while True:
            if line.poll(0.01 if asking else None):
                asking = line.recv()
                if asking is None:
                    return
                line.send(took)
                took = []
                continue
            began = time.perf_counter()
            try:
                well = client.post(url, json={"query": NAME}).status_code == httpx.codes.OK
            except httpx.HTTPError:
                well = False
            took.append(time.perf_counter() - began if well else math.inf)


# What the machine says ----------------------------------------------------------------------------------------------


def cpu_seconds(pid: int) -> float:
    """Of all threads of a process, to the nanosecond; the number of its clock as clock_getcpuclockid(3) makes it."""
    return time.clock_gettime((~pid << 3) | 2)


def _memory(pid: int) -> float:
    """Megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _print_peer() -> None:
    """Stock Strawberry's limit on depth walks every path through the fragments, ours every selection once."""
    graph = schema._schema
    for links in PEER_LINKS:
        text = doubling(links)
        document = parse(text)
        took = []
        for judge in (
            lambda document=document: validate(graph, document, [create_validator(10, None, None)]),
            lambda text=text: admit(graph, text, None, {}, RESIDENT),
        ):
            began = time.process_time()
            judge()
            took.append(time.process_time() - began)
        stock, ours = took
        out.print(
            f"{links} fragments, each spreading the next twice: QueryDepthLimiter {stock * 1000:.1f} ms, "
            f"the house's whole admission {ours * 1000:.1f} ms ({stock / ours:.1f} x)"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
