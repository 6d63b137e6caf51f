"""Who takes turns with whom at what: each operation is asked of all, one after the other, again and again."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import cycle, islice
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any, Final

import orjson

from app.accounts.rules.tokens import sign
from app.core.access import Viewer
from app.outside.keys import FileKeys
from scripts.bench.race.city import World
from scripts.bench.race.contestants import (
    HOUSE,
    MERC,
    OPEN,
    PG,
    STOCK,
    STOCK_OPEN,
    Contestant,
    Grounds,
    all_of,
    apart,
    floor,
    house,
    peer,
)
from scripts.bench.race.load import Taken, opened, turn
from scripts.bench.race.news import streams
from scripts.bench.race.operations import READS, WRITES, Variables, only, reads, writes
from scripts.bench.race.pgbench import alone
from scripts.bench.race.streams import Heard

PUBLIC: Final = ("directory", "map")
"""Where nobody has to be kept out, so that walls make no difference; but all ask the same there, and may share it."""
DIFFERENT: Final = 200
"""Requests of an operation before the first one comes again."""
WARM: Final = 48
AT_A_TURN: Final = 40
"""Writes: each can be sent once."""


@dataclass(frozen=True)
class Plan:
    rounds: int
    seconds: float
    sockets: tuple[int, ...]
    only: tuple[str, ...]
    ends: float = inf
    """When everything shall be over, on the monotonic clock; each operation has one round all the same."""

    def has(self, what: str) -> bool:
        return not self.only or what in self.only

    def share(self, part: int, of: int) -> float:
        """Until when one of the parts that are left may take."""
        return monotonic() + max(0.0, self.ends - monotonic()) * part / of


STREAMS_WEIGH: Final = 4
"""Operations' shares that the live sockets have of the time."""


@dataclass
class Figures:
    """By operation and contestant, the turns; by kind of stream, contestant and way, what was heard."""

    turns: dict[str, dict[str, list[Taken]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    heard: dict[str, dict[str, dict[str, Heard]]] = field(default_factory=dict)
    processes: dict[str, dict[str, float]] = field(default_factory=dict)
    """Seconds to start, megabytes idle, and kilobytes of an idle socket."""
    statements: dict[str, float] = field(default_factory=dict)
    """Of this house: statements of one request, by operation."""
    alone: dict[str, dict[str, float]] = field(default_factory=dict)
    """What PostgreSQL takes for the one statement alone, by operation."""


def race(
    runner: asyncio.Runner, world: World, grounds: Grounds, home: Path, plan: Plan, say: Callable[[str], None]
) -> Figures:
    figures, keys = Figures(), FileKeys(grounds.keys)

    @cache
    def token(viewer: Viewer) -> str:
        now = datetime.now(UTC)
        return sign(keys.signing(), viewer, now, now + timedelta(hours=3))

    makers = [partial(house, grounds, name, token) for name in (HOUSE, OPEN, STOCK, STOCK_OPEN)]
    makers += [partial(peer, grounds, name, home) for name in (PG, MERC)]
    with all_of([*makers, partial(floor, grounds)]) as running:
        for one in running.values():
            figures.processes[one.name] = {"start": one.start, "idle": one.idle}
        asked = [one for one in (*READS, *WRITES) if plan.has(one)]
        live = plan.sockets if plan.has("streams") else ()
        for number, operation in enumerate(asked):
            say(f"{operation} ...")
            ends = plan.share(1, len(asked) - number + (STREAMS_WEIGH if live else 0))
            if operation in READS:
                runner.run(_read(world, operation, running, plan, figures, ends))
                figures.alone[operation] = alone(grounds.open, operation, world, plan.seconds)
            else:
                runner.run(_write(world, operation, running, plan, figures, ends))
        if live:
            say("live sockets ...")
            runner.run(streams(world, grounds, running, token, live, figures, say, plan.share))
    figures.statements = _statements(grounds.logs / f"{HOUSE}.log")
    return figures


async def _read(
    world: World, operation: str, running: dict[str, Contestant], plan: Plan, figures: Figures, ends: float
) -> None:
    asked = list(reads(world, operation, DIFFERENT))
    contestants = list(running.values())
    if operation in PUBLIC:
        contestants = [one for one in contestants if one.name not in (OPEN, STOCK_OPEN)] + [apart(running[HOUSE])]
    await _agree(contestants, operation, asked)
    said = {one.name: [one.ask(operation, each) for each in asked] for one in contestants}
    for number in range(-1, plan.rounds):
        # The order turns round: whoever follows a busy one is not always the same.
        for one in contestants if number % 2 else reversed(contestants):
            requests: Iterator[bytes] = cycle(said[one.name])
            if number < 0:
                await turn(one.port, islice(requests, WARM), process=one.process)
            else:
                taken = await turn(one.port, requests, seconds=plan.seconds, process=one.process)
                figures.turns[operation][one.name].append(taken)
        if number >= 0 and monotonic() > ends:
            break


async def _write(
    world: World, operation: str, running: dict[str, Contestant], plan: Plan, figures: Figures, ends: float
) -> None:
    """Two houses share each database: each has variables of its own."""
    contestants = list(running.values())
    fresh = {walls: writes(world, operation) for walls in (True, False)}
    for number in range(-1, plan.rounds):
        for one in contestants if number % 2 else reversed(contestants):
            said = [one.ask(operation, each) for each in islice(fresh[one.walls], AT_A_TURN)]
            taken = await turn(one.port, iter(said), process=one.process)
            if number >= 0:
                figures.turns[operation][one.name].append(taken)
        if number >= 0 and monotonic() > ends:
            break


async def _agree(contestants: list[Contestant], operation: str, asked: list[Variables]) -> None:
    """All say the same, field by field. Raises AssertionError for the first who does not."""
    for each in asked[:5]:
        answers: dict[str, Any] = {}
        for one in contestants:
            connection = await opened(one.port)
            answers[one.name] = only(await connection.ask(one.ask(operation, each)))
            connection.close()
        first = next(iter(answers.values()))
        assert first, operation
        for name, answer in answers.items():
            assert answer == first, f"{operation}: {name} says\n{str(answer)[:1500]}\nand others\n{str(first)[:1500]}"


def _statements(log: Path) -> dict[str, float]:
    """Of the last request of each operation, as its line in the log tells."""
    found: dict[str, float] = {}
    for line in log.read_text().splitlines():
        if '"operation"' in line and line.startswith("{"):
            told = orjson.loads(line)
            found[str(told.get("operation")).lower()] = told.get("statements", 0)
    return found
