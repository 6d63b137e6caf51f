"""How well the promise is kept: python -m scripts.bench.simulate

Plays the settings of tests/simulation (500 questions a seed, six seeds, lawyers of whom 20, 10 and 5 % respond) on
throw-away servers, through the real graph, relay and database on a turned clock, and prints means with their spread.
Exits 1 where a required share is missed. `--terms` tries another policy before anybody has to live with it:
`--terms '{"reserved_for": 60}'`.
"""

import argparse
import asyncio
import json
import logging
import multiprocessing
import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
import uvloop
from rich.console import Console
from rich.table import Table

from app.core.sealing import KeyProvider
from app.outside.keys import FileKeys
from scripts.database import Urls
from scripts.embedded import Embedded
from tests.city import City
from tests.conftest import Servers, copy, drop, make_template, named
from tests.simulation.fixture import OFFERS, QUESTIONS, REQUIRED, SEEDS, Setting
from tests.simulation.play import play

AT_ONCE = 2

out = Console(width=110)


@dataclass(frozen=True)
class Run:
    """What a process of its own needs to play one seed of one setting."""

    setting: Setting
    servers: Servers
    urls: Urls
    keys: Path
    terms: dict[str, Any]

    def __call__(self) -> dict[str, Any]:
        # This city has no queue, which the relay would mention every second.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(self._play())

    async def _play(self) -> dict[str, Any]:
        admin = named(self.servers.admin_url, urlsplit(self.urls.api).path[1:])
        doors = {KeyProvider: FileKeys(self.keys)}
        async with City.open(self.urls, admin, self.servers.redis_url, doors) as city:
            return (await play(city, self.setting, self.terms)).summary()


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.simulate", description=__doc__.partition("\n")[0])
    parser.add_argument("--questions", type=int, default=QUESTIONS, help="a run (%(default)s)")
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="runs a setting (%(default)s)")
    parser.add_argument("--responsive", type=_shares, default=list(REQUIRED), help="e.g. 0.2,0.1,0.05")
    parser.add_argument("--terms", type=json.loads, default={}, help="JSON: terms of the policy to replace")
    parser.add_argument("--json", type=Path, help="write every run's figures into this file")
    said = parser.parse_args(arguments)
    settings = [
        Setting(responsive, seed, said.questions) for responsive in said.responsive for seed in range(1, said.seeds + 1)
    ]
    with tempfile.TemporaryDirectory(prefix="simulation-") as folder:
        found = []
        for run in _play_all(Path(folder), settings, said.terms):
            found.append(run)
            found.sort(key=lambda run: (-run["responsive"], run["seed"]))
            if said.json:  # each time: the whole takes an hour, and what is known is known
                said.json.write_text(json.dumps(found, indent=1))
    out.print(_table(found))
    missed = list(_missed(found))
    for words in missed:
        out.print(words, style="red")
    return 1 if missed else 0


def _shares(said: str) -> list[float]:
    return [float(share) for share in said.split(",")]


def _play_all(folder: Path, settings: Sequence[Setting], terms: dict[str, Any]) -> Iterator[dict[str, Any]]:
    folder.chmod(0o711)  # for the account that the servers run as
    keys = folder / "keys"
    keys.mkdir()
    FileKeys.make(keys)
    with Embedded(folder / "servers", throwaway=True) as bundled:
        servers = Servers(bundled.admin_url, bundled.redis_url)
        template = make_template(servers)
        runs = [Run(setting, servers, asyncio.run(copy(servers, template)), keys, terms) for setting in settings]
        fresh = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(AT_ONCE, mp_context=fresh) as processes:
            playing = {processes.submit(run): run for run in runs}
            for done in as_completed(playing):
                found = done.result()
                asyncio.run(drop(servers, playing[done].urls))
                out.print(
                    f"{found['responsive']:.0%} responsive, seed {found['seed']}: first {found['firstKept']:.1%}, "
                    f"third {found['thirdKept']:.1%} in {found['realSeconds']:.0f} s",
                    style="dim",
                )
                yield found


# The table ---------------------------------------------------------------------------------------------------------

ROWS = (
    ("first answer in time, %", "firstKept", 100, 1),
    ("third answer in time, %", "thirdKept", 100, 1),
    ("first answer, median s", "firstMedian", 1, 0),
    ("first answer, p95 s", "firstP95", 1, 0),
    ("third answer, median s", "thirdMedian", 1, 0),
    ("third answer, p95 s", "thirdP95", 1, 0),
    ("offers a question", "offers", 1, 1),
    ("fewest offers", "offersMin", 1, 0),
    ("most offers", "offersMax", 1, 0),
    ("answers a question", "answers", 1, 2),
    ("kept later, questions", "keptLater", 1, 1),
    ("never kept, questions", "neverKept", 1, 1),
    ("claims a question", "claimsEach", 1, 2),
)
"""Words, the figure's name, what it is multiplied by, and digits behind the point."""


def _table(found: Sequence[dict[str, Any]]) -> Table:
    settings = _by_setting(found)
    table = Table("mean (least - most)", title="The promise, seed by seed", title_justify="left")
    for responsive, runs in settings.items():
        table.add_column(f"{responsive:.0%} respond, {len(runs)} x {runs[0]['questions']}", justify="right")
    for words, name, times, digits in ROWS:
        table.add_row(words, *(_spread([run[name] for run in runs], times, digits) for runs in settings.values()))
    for code in sorted({code for run in found for code in run["refused"]}):
        each = ([run["refused"].get(code, 0) / run["questions"] for run in runs] for runs in settings.values())
        table.add_row(f"{code} a question", *(_spread(counts, 1, 2) for counts in each))
    return table


def _by_setting(found: Iterable[dict[str, Any]]) -> dict[float, list[dict[str, Any]]]:
    settings: dict[float, list[dict[str, Any]]] = {}
    for run in found:
        settings.setdefault(run["responsive"], []).append(run)
    return settings


def _spread(values: Sequence[float | None], times: float, digits: int) -> str:
    """A figure that some run has not (a 95th percentile that never came) has no mean."""
    known = [value * times for value in values if value is not None]
    if len(known) < len(values):
        return "never"
    mean, least, most = (f"{value:.{digits}f}" for value in (statistics.fmean(known), min(known), max(known)))
    return f"{mean} ({least} - {most})"


def _missed(found: Sequence[dict[str, Any]]) -> Iterator[str]:
    for responsive, runs in _by_setting(found).items():
        first, third, offers = (
            statistics.fmean(run[name] for run in runs) for name in ("firstKept", "thirdKept", "offers")
        )
        wanted = REQUIRED.get(responsive)
        if wanted and first < wanted[0]:
            yield f"{responsive:.0%} responsive: first answer in time {first:.1%}, wanted {wanted[0]:.0%}"
        if wanted and third < wanted[1]:
            yield f"{responsive:.0%} responsive: third answer in time {third:.1%}, wanted {wanted[1]:.0%}"
        if not OFFERS[0] <= offers <= OFFERS[1]:
            yield f"{responsive:.0%} responsive: {offers:.0f} offers a question, wanted {OFFERS[0]} to {OFFERS[1]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
